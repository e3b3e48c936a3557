// SPDX-License-Identifier: Apache-2.0
// Spec section 12, and what section 17.9 shares with it: parameters, control words, bias, multiply, scale, clamp, table, output lanes.
#include <algorithm>

#include "cosim/npu/diagnosis/integer_rules.hpp"
#include "cosim/npu/diagnosis/rule_float.hpp"
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "model/common/bits.hpp"
#include "model/common/command.hpp"
#include "model/common/stochastic.hpp"

namespace assay::npu {
namespace {

int64_t signed_bits(uint64_t x, int width) { return static_cast<int64_t>(x << (64 - width)) >> (64 - width); }

// Places of the control word (section 12): raw 0, single 1, table 2, output_unsigned 3, zero_point 4, clamp_lo 13, clamp_hi 22, columns 31.
constexpr int kRaw = 0, kSingle = 1, kTable = 2, kUnsigned = 3, kZero = 4, kLow = 13, kHigh = 22, kColumns = 31, kFloatColumns = 8;

}  // namespace

// A field of a control word, read through its site.
uint64_t RuleTile::mode(Site site, int stage, int lo, int n) const {
  const Slot& slot = ctl_[static_cast<size_t>(stage)];
  const auto of = [&](const TileState& s) { return (value_in(s, slot, 0) >> lo) & low_mask(n); };
  if (!here(site)) return of(*now_);
  switch (change_->how) {
    case How::Stale:
      return before_ == nullptr ? of(*now_) : of(*before_);
    case How::Next:
      return next_ == nullptr ? of(*now_) : of(*next_);
    case How::Lane: {  // the control word of the stage beside it
      const auto to = stage + change_->a;
      if (to < 0 || to >= static_cast<int>(ctl_.size())) return 0;
      return (value(ctl_[static_cast<size_t>(to)], 0) >> lo) & low_mask(n);
    }
    default:
      return number(site, of(*now_), n) & low_mask(n);
  }
}

bool RuleTile::stage(Site hold, int number) { return condition(hold, value(stage_valid_, number - 1) != 0); }

void RuleTile::step_activation() {
  at(0, 0);
  set(stage_valid_, 0) = d_.beat;
  for (int s = 1; s < stages_; ++s) set(stage_valid_, s) = value(stage_valid_, s - 1);
  if (d_.beat) {
    const auto field = [&](int lo, int n) { return head_of(*now_, kAct, lo, n); };
    const uint64_t columns = number(Site::ControlColumns, field(48, 8), 8);
    uint64_t word = 0;
    if (floating_)
      word = field(17, 1) | field(19, 1) << 1 | field(88, 4) << 2 | field(92, 1) << 6 | field(93, 1) << 7 | columns << kFloatColumns;
    else
      word = field(17, 1) | field(18, 1) << 1 | field(19, 1) << 2 | field(16, 1) << 3 | field(88, 9) << 4 | field(97, 9) << 13 | field(106, 9) << 22 |
             columns << kColumns;
    set(ctl_[0], 0) = word & low_mask(ctl_[0].width);
  }
  for (size_t s = 1; s < ctl_.size(); ++s) {
    at(0, static_cast<int>(s));
    if (condition(Site::ControlHold, value(stage_valid_, static_cast<int>(s) - 1) != 0)) set(ctl_[s], 0) = value(ctl_[s - 1], 0);
  }
  stage_bias();
  if (floating_) {
    stage_convert();
  } else {
    stage_multiply();
    stage_scale();
    stage_clamp();
    stage_table();
  }
  step_parameters();
}

void RuleTile::step_parameters() {
  at(0, 0);
  if (!d_.parameter) return;
  const auto field = [&](int lo, int n) { return head_of(*now_, kAct, lo, n); };
  if (d_.act_op == static_cast<int>(Op::LoadTable)) {
    const auto line = static_cast<int>(number(Site::TableLine, field(24, 5), 5));
    const uint64_t bytes = field(32, 64);
    set(table_, line) = choice(Site::TableOrder) == kBytesReversed ? __builtin_bswap64(bytes) : bytes;
    set(table_written_, line) = 1;
    return;
  }
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (d_.act_op == static_cast<int>(Op::LoadSeed)) {
      set(random_, c) = seed_of(choice(Site::SeedRule), static_cast<uint32_t>(field(32, 32)), c);
      continue;
    }
    if (field(16, 1) == 0 && static_cast<int>(number(Site::ParamColumn, field(24, 8), 8)) != c) continue;
    if (condition(Site::ParamBias, true)) set(bias_, c) = field(32, 32);
    if (floating_) continue;
    if (condition(Site::ParamMultiplier, true)) set(multiplier_, c) = field(64, 32);
    if (condition(Site::ParamShift, true)) set(shift_, c) = field(96, 6);
  }
}

void RuleTile::stage_bias() {
  const bool valid = value(stage_valid_, 0) != 0;
  const int columns = static_cast<int>(mode(Site::Count, 0, floating_ ? kFloatColumns : kColumns, 8));
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (!stage(Site::BiasHold, 1)) continue;
    const bool raw = mode(Site::BiasRaw, 0, kRaw, 1) != 0;
    const auto x = static_cast<uint32_t>(read(Site::BiasRead, read_, c)), bias = static_cast<uint32_t>(read(Site::BiasParam, bias_, c));
    const int rule = floating_ ? sum_rule(Site::BiasSum) : choice(Site::BiasSum);
    if (floating_) {
      const FloatSum sum = float_add(rule, x, bias);
      set(biased_, c) = raw ? x : sum.bits;
      if (valid && !raw && lane_in(Site::FloatFlagLanes, c, columns)) set(act_flags_, 0) |= flags_kept(choice(Site::FloatFlags), sum.flags);
      continue;
    }
    set(biased_, c) = raw ? x : sum32(rule, x, bias);
    const bool counts = valid && !raw && lane_in(Site::BiasOverflowLanes, c, columns);
    if (counts && sum_overflows(choice(Site::BiasOverflow), x, bias)) set(act_overflow_, 0) = 1;
  }
}

// The flag of a lane that counts (section 12, act_saturated_q).
void RuleTile::saturated(int c, int stage, bool flag, int not_counted) {
  const int columns = static_cast<int>(mode(Site::Count, stage - 1, kColumns, 8));
  if (flag && choice(Site::SaturatedRule) != not_counted && value(stage_valid_, stage - 1) != 0 && lane_in(Site::SaturatedLanes, c, columns))
    set(act_saturated_, 0) = 1;
}

void RuleTile::stage_multiply() {
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (!stage(Site::MultiplyHold, 2)) continue;
    const bool raw = mode(Site::MultiplyRaw, 1, kRaw, 1) != 0, single = mode(Site::MultiplySingle, 1, kSingle, 1) != 0;
    const int64_t x = static_cast<int32_t>(read(Site::MultiplyIn, biased_, c));
    const auto m = static_cast<int64_t>(read(Site::MultiplyMultiplier, multiplier_, c));
    const int64_t s = signed_bits(read(Site::MultiplyShift, shift_, c), 6);
    const int rule = choice(Site::MultiplySaturate);
    int left = static_cast<int>(std::max<int64_t>(s, 0));
    if (rule >= kShiftBits) left &= static_cast<int>(low_mask(rule - kShiftBits));
    const Saturated wide = saturate32(rule, Wide{x} << left);
    const bool limited = !single || rule == kBothModesSaturate;
    set(product_, c) = static_cast<uint64_t>(raw ? x : (limited ? wide.value : x) * m);
    if (!raw && limited) saturated(c, 2, wide.flag, kNotBefore);
  }
}

void RuleTile::stage_scale() {
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (!stage(Site::ScaleHold, 3)) continue;
    const bool raw = mode(Site::ScaleRaw, 2, kRaw, 1) != 0, single = mode(Site::ScaleSingle, 2, kSingle, 1) != 0;
    const auto product = static_cast<int64_t>(read(Site::ScaleIn, product_, c));
    const int s = static_cast<int>(signed_bits(read(Site::ScaleShift, shift_, c), 6));
    if (raw) {
      set(scaled_, c) = static_cast<uint32_t>(product);
    } else if (single) {
      const Saturated y = saturate32(choice(Site::ScaleSaturate), divide_rounding(choice(Site::ScaleOnce), product, std::clamp(31 - s, 0, 62)));
      set(scaled_, c) = static_cast<uint32_t>(y.value);
      saturated(c, 3, y.flag, kNotScaled);
    } else {
      const int second = choice(Site::ScaleSecond);
      const int64_t h = divide_rounding(choice(Site::ScaleFirst), product, 31);
      set(scaled_, c) = static_cast<uint32_t>(divide_rounding(second == 0 ? kHalfAway : second, h, std::max(-s, 0)));
    }
  }
}

void RuleTile::stage_clamp() {
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    if (!stage(Site::ClampHold, 4)) continue;
    const int64_t y = static_cast<int32_t>(read(Site::ClampIn, scaled_, c));
    if (mode(Site::ClampRaw, 3, kRaw, 1) != 0) {
      set(clamped_, c) = static_cast<uint32_t>(y);
      continue;
    }
    const int64_t zero = signed_bits(mode(Site::ClampZero, 3, kZero, 9), 9), low = signed_bits(mode(Site::ClampLow, 3, kLow, 9), 9);
    const int64_t high = signed_bits(mode(Site::ClampHigh, 3, kHigh, 9), 9);
    set(clamped_, c) = static_cast<uint32_t>(clamp_value(choice(Site::ClampRule), y, zero, low, high));
    const bool is_unsigned = mode(Site::ClampUnsigned, 3, kUnsigned, 1) != 0 && choice(Site::SaturatedRule) != kSignedDestination;
    const int64_t z0 = y + zero;
    bool out = z0 < (is_unsigned ? 0 : -128) || z0 > (is_unsigned ? 255 : 127);
    if (choice(Site::SaturatedRule) == kClampCounts) out = out || z0 < low || z0 > high;
    saturated(c, 4, out, kNotDestination);
  }
}

void RuleTile::stage_table() {
  if (value(stage_valid_, 4) == 0) return;
  std::vector<uint64_t> lanes(static_cast<size_t>(hw_.cols));
  at(0, 0);
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    const int columns = static_cast<int>(mode(Site::OutputColumns, 4, kColumns, 8));
    const bool table = mode(Site::TableMode, 4, kTable, 1) != 0;
    const uint64_t z = read(Site::OutputIn, clamped_, c);
    const auto index = static_cast<int>(number(Site::TableIndex, z & 255, 8));
    const bool is_written = value(table_written_, index / 8) != 0;
    const uint64_t byte = condition(Site::TableWritten, is_written)
                              ? (value(table_, index / 8) >> (8 * (choice(Site::TableBytes) == kBytesReversed ? 7 - index % 8 : index % 8))) & 255
                              : 0;
    const bool is_unsigned = mode(Site::TableUnsigned, 4, kUnsigned, 1) != 0;
    const uint64_t looked_up = is_unsigned ? byte : static_cast<uint32_t>(signed_bits(byte, 8));
    lanes[static_cast<size_t>(c)] = lane_in(Site::OutputLanes, c, columns) ? (table ? looked_up : z) : 0;
    if (condition(Site::TableUndefined, table && lane_in(Site::TableUndefinedLanes, c, columns) && !is_written)) set(act_undefined_, 0) = 1;
  }
  push_lanes(lanes);
}

void RuleTile::push_lanes(const std::vector<uint64_t>& lanes) {
  Transfer& t = transfers_[kOutput];
  t.push = true;
  std::fill(t.data.begin(), t.data.end(), 0);
  for (size_t c = 0; c < lanes.size(); ++c) put_word_bits(t.data.data(), static_cast<int>(32 * c), 32, lanes[c]);
}

}  // namespace assay::npu
