// SPDX-License-Identifier: Apache-2.0
// What only a floating-point tile has: its PEs (spec section 17.7) and the conversion stage of its activation unit (17.9).
#include "cosim/npu/diagnosis/rule_float.hpp"

#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "model/common/bits.hpp"
#include "model/common/stochastic.hpp"

namespace assay::npu {

// The registers of PE(r, c) but act; returns the flags that it raises.
uint64_t RuleTile::float_pe(int r, int c) {
  const int e = r * hw_.cols + c;
  const Slot& sums = psum_delay_.empty() ? psum_ : psum_delay_.back();
  const Slot& valids = psum_valid_delay_.empty() ? psum_valid_ : psum_valid_delay_.back();
  const bool top_valid = value(tag_valid_, c + 1) != 0 && lane_in(Site::PeFlagsLanes, c, static_cast<int>(value(tag_columns_, c + 1)));
  const uint64_t valid = r == 0 ? (top_valid ? 1 : 0) : read(Site::PsumValidIn, valids, e - hw_.cols);
  const auto above = static_cast<uint32_t>(r == 0 ? 0 : read(Site::PsumAbove, sums, e - hw_.cols));
  const bool shadow = choice(Site::PsumOperands) == kShadowWeights;
  const FloatOperand a{act_in(Site::PsumAct, skew_, act_, r, c), act_in(Site::PsumActLow, skew_low_, act_low_, r, c)};
  const FloatOperand w{read(Site::PsumWeight, shadow ? shadow_ : weight_, e), read(Site::PsumWeightLow, shadow ? shadow_low_ : weight_low_, e)};
  const bool works = act_in(Site::PsumActValid, skew_valid_, act_valid_, r, c) != 0;
  const bool computes = condition(Site::PsumComputes, works);
  const FloatSum sum = computes ? float_fma(sum_rule(Site::PsumSum), a, w, above) : FloatSum{above, 0};
  set(psum_, e) = sum.bits;
  set(psum_valid_, e) = valid;
  for (size_t i = 0; i < psum_delay_.size(); ++i) {
    set(psum_delay_[i], e) = value(i == 0 ? psum_ : psum_delay_[i - 1], e);
    set(psum_valid_delay_[i], e) = value(i == 0 ? psum_valid_ : psum_valid_delay_[i - 1], e);
  }
  const int rule = choice(Site::PeFlags);
  return works && (valid != 0 || rule == kInvalidLanesToo) ? flags_kept(rule, sum.flags) : 0;
}

void RuleTile::stage_convert() {
  constexpr int kRaw = 0, kRelu = 1, kFormat = 2, kSaturate = 6, kStochastic = 7, kColumns = 8;
  const bool valid = value(stage_valid_, 1) != 0;
  const int columns = static_cast<int>(mode(Site::Count, 1, kColumns, 8));
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    const bool raw = mode(Site::ConvertRaw, 1, kRaw, 1) != 0, stochastic = mode(Site::ConvertStochastic, 1, kStochastic, 1) != 0;
    const auto state = static_cast<uint32_t>(read(Site::ConvertRandom, random_, c));
    if (condition(Site::RandomStep, valid && stochastic) && lane_in(Site::RandomLanes, c, columns)) set(random_, c) = xorshift(state);
    if (!stage(Site::MultiplyHold, 2)) continue;
    const auto x = static_cast<uint32_t>(read(Site::ConvertIn, biased_, c));
    const int format = static_cast<int>(mode(Site::ConvertMode, 1, kFormat, 4));
    const bool saturate = mode(Site::ConvertSaturate, 1, kSaturate, 1) != 0, relu = mode(Site::ConvertRelu, 1, kRelu, 1) != 0;
    const FloatSum y = float_convert(choice(Site::ConvertRule), x, format, relu, saturate, stochastic ? random_of(state) : -1);
    set(converted_, c) = raw ? x : y.bits;
    if (valid && !raw && lane_in(Site::FloatFlagLanes, c, columns)) set(act_flags_, 0) |= flags_kept(choice(Site::FloatFlags), y.flags);
  }
  if (value(stage_valid_, 2) == 0) return;
  std::vector<uint64_t> lanes(static_cast<size_t>(hw_.cols));
  for (int c = 0; c < hw_.cols; ++c) {
    at(0, c);
    const int shown = static_cast<int>(mode(Site::OutputColumns, 2, kColumns, 8));
    lanes[static_cast<size_t>(c)] = lane_in(Site::OutputLanes, c, shown) ? read(Site::OutputIn, converted_, c) : 0;
  }
  push_lanes(lanes);
}

}  // namespace assay::npu
