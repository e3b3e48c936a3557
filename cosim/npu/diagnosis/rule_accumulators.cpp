// SPDX-License-Identifier: Apache-2.0
// Spec sections 11 and 17.8.
#include "cosim/npu/diagnosis/integer_rules.hpp"
#include "cosim/npu/diagnosis/rule_float.hpp"
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "model/common/bits.hpp"
#include "model/common/command.hpp"

namespace assay::npu {

bool RuleTile::lane_in(Site site, int lane, int lanes) const {
  if (here(site) && change_->how == How::Always) return true;
  if (here(site) && change_->how == How::Never) return false;
  return lane < limit(site, lanes);
}

RuleTile::Stage RuleTile::stage_1(int c) {
  const int s = hw_.rows * hw_.pe_latency + 1 + c;
  const bool valid = read(Site::AccValid1, tag_valid_, s) != 0 && lane_in(Site::AccLanes1, c, static_cast<int>(read(Site::AccColumns1, tag_columns_, s)));
  return {valid, read(Site::AccMode1, tag_accumulate_, s) != 0, false, static_cast<int>(read(Site::AccEntry1, tag_entry_, s))};
}

RuleTile::Stage RuleTile::stage_2(int c) {
  const int s = hw_.rows * hw_.pe_latency + 2 + c;
  const bool valid = read(Site::AccValid2, tag_valid_, s) != 0 && lane_in(Site::AccLanes2, c, static_cast<int>(read(Site::AccColumns2, tag_columns_, s)));
  return {valid, false, floating_ && read(Site::AccMode2, tag_bf16_, s) != 0, static_cast<int>(read(Site::AccEntry2, tag_entry_, s))};
}

// sum2, and the flags it raises while it is valid.
uint32_t RuleTile::adder(int c, bool bf16, bool valid) {
  const auto old_sum = static_cast<uint32_t>(read(Site::AccAddOld, acc_old_, c)), new_sum = static_cast<uint32_t>(read(Site::AccAddNew, acc_new_, c));
  if (floating_) {
    const FloatSum sum = float_entry_sum(sum_rule(Site::AccSum), choice(Site::AccNarrow), old_sum, new_sum, bf16);
    if (valid) set(acc_flags_, 0) |= sum.flags;
    return sum.bits;
  }
  const bool overflow = sum_overflows(choice(Site::AccOverflow), old_sum, new_sum);
  if (valid && overflow && condition(Site::AccOverflowLane, true)) set(acc_overflow_, 0) = 1;
  return sum32(choice(Site::AccSum), old_sum, new_sum);
}

void RuleTile::step_accumulators() {
  const int entry_bits = clog2(hw_.entries());
  const int last_row = (hw_.rows - 1) * hw_.cols;
  const Slot& sums = psum_delay_.empty() ? psum_ : psum_delay_.back();
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    Stage one = stage_1(c);
    const Stage two = stage_2(c);
    if (floating_) one.valid = value(psum_valid_delay_.empty() ? psum_valid_ : psum_valid_delay_.back(), last_row + c) != 0;
    const uint32_t sum = adder(c, two.bf16, two.valid);
    const int e1 = static_cast<int>(number(Site::AccIndex1, static_cast<uint64_t>(one.entry), entry_bits));
    const int e2 = static_cast<int>(number(Site::AccIndex2, static_cast<uint64_t>(two.entry), entry_bits));
    const int base = c * written_.lanes;
    const bool tagged = change_->site == Site::AccWriteLanes || change_->site == Site::AccMemoryLanes;  // which columns is asked for the writes alone
    const int stage = hw_.rows * hw_.pe_latency + 2 + c;
    const bool valid = tagged ? value(tag_valid_, stage) != 0 : two.valid;
    const int columns = tagged ? static_cast<int>(value(tag_columns_, stage)) : hw_.cols;
    const bool hit = condition(Site::AccHit, two.valid && one.entry == two.entry);
    const bool is_written = value(written_, base + one.entry) != 0 || hit;
    const bool defined = condition(Site::AccDefined, is_written);
    const bool accumulates = one.valid && condition(Site::AccAccumulate, one.accumulate);
    const uint64_t stored = hit ? sum : read(Site::AccMemory, mem_, base + e1);
    constexpr uint64_t kMinusZero = 0x80000000u;
    const int neutral_rule = choice(Site::AccNeutral);
    const uint64_t neutral = floating_ && neutral_rule != kOverwritesOntoPlusZero ? kMinusZero : 0;
    const uint64_t undefined = neutral_rule == kUndefinedMinusZero ? kMinusZero : 0;
    set(acc_old_, c) = condition(Site::AccTakesOld, accumulates) ? (defined ? stored : undefined) : neutral;
    set(acc_new_, c) = read(Site::AccNew, sums, last_row + c);
    if (condition(Site::AccUndefined, accumulates && !is_written)) set(acc_undefined_, 0) = 1;
    const bool writes = valid && lane_in(Site::AccWriteLanes, c, columns);
    if (condition(Site::AccWrite, writes && lane_in(Site::AccMemoryLanes, c, columns))) set(mem_, base + e2 % mem_.lanes) = sum;
    if (condition(Site::AccSetWritten, writes)) set(written_, base + e2 % written_.lanes) = 1;
  }
  at(0, 0);
}

// What the activation unit reads (section 11, read_q).
void RuleTile::step_reads() {
  const int entry_bits = clog2(hw_.entries());
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (!condition(Site::ReadEnable, d_.beat)) continue;
    const int entry = static_cast<int>(number(Site::ReadIndex, static_cast<uint64_t>(d_.act_entry), entry_bits));
    const bool taken = lane_in(Site::ReadLanes, c, d_.act_n);
    const bool is_written = value(written_, c * written_.lanes + entry) != 0;
    set(read_, c) = taken && condition(Site::ReadWritten, is_written) ? read(Site::ReadMemory, mem_, c * mem_.lanes + entry) : 0;
    if (condition(Site::ReadUndefined, d_.beat && taken && !is_written)) set(acc_undefined_, 0) = 1;
  }
  at(0, 0);
}

}  // namespace assay::npu
