// SPDX-License-Identifier: Apache-2.0
// Spec sections 10 and 17.7: skew, switch, tags, shadow and active weights, PEs.
#include "cosim/npu/diagnosis/integer_rules.hpp"
#include "cosim/npu/diagnosis/rule_float.hpp"
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"
#include "model/common/command.hpp"

namespace assay::npu {

void RuleTile::step_tags() {
  const Slot* tags[] = {&tag_valid_, &tag_last_, &tag_accumulate_, &tag_bf16_, &tag_columns_, &tag_entry_};
  for (const Slot* tag : tags)
    for (int s = tag->count - 1; s > 0; --s) set(*tag, s) = value(*tag, s - 1);
  at(0, 0);
  set(tag_valid_, 0) = d_.fire;
  set(tag_last_, 0) = d_.last;
  set(tag_accumulate_, 0) = d_.fire ? head(Site::MatmulAccumulate, kMatmul, floating_ ? 5 : 2, 1) : 0;
  if (floating_) set(tag_bf16_, 0) = d_.fire ? head(Site::MatmulBf16, kMatmul, 6, 1) : 0;
  set(tag_columns_, 0) = d_.fire ? static_cast<uint64_t>(d_.n) & low_mask(tag_columns_.width) : 0;
  set(tag_entry_, 0) = d_.fire ? static_cast<uint64_t>(d_.entry) : 0;
}

// The format of a stream's codes: its command's, or, where the formats are mixed up, that of the other stream's command while that one moves, or always.
int RuleTile::stream_format(Site site, FifoName queue, FifoName other, bool other_moves) {
  if (!floating_) return 0;
  if (!here(site) || change_->how != How::Choice) return static_cast<int>(head(site, queue, 0, 4));
  const bool mixed = other_moves || change_->a == kFormatOfOther;
  return static_cast<int>(head_of(*now_, mixed ? other : queue, 0, 4));
}

void RuleTile::step_skew() {
  const int bits = hw_.lane_bits();
  const bool is_unsigned = !floating_ && head(Site::MatmulUnsigned, kMatmul, 0, 1) != 0;
  const int format = stream_format(Site::MatmulFormat, kMatmul, kLoad, d_.load_fire);
  for (int r = 0; r < hw_.rows; ++r) {
    at(r, 0);
    for (const auto* slots : {&skew_, &skew_high_, &skew_low_, &skew_valid_}) {
      const Slot& slot = (*slots)[static_cast<size_t>(r)];
      for (int s = slot.count - 1; s > 0; --s) set(slot, s) = value(slot, s - 1);
    }
    const auto i = static_cast<size_t>(r);
    const int rows = here(Site::SkewRows) && change_->how == How::Always ? hw_.rows : limit(Site::SkewRows, d_.k);
    const bool takes = d_.fire && r < rows;
    const uint64_t code = takes ? head_lane(Site::SkewData, kActivation, r, hw_.rows, bits) : 0;
    if (floating_) {
      const FloatOperand x = takes ? float_operand(choice(Site::DecodeActivation), code, format) : FloatOperand{0, 0};
      set(skew_[i], 0) = x.x, set(skew_valid_[i], 0) = takes;
      if (skew_low_[i].count != 0) set(skew_low_[i], 0) = x.low;
      continue;
    }
    set(skew_[i], 0) = code;
    set(skew_high_[i], 0) = takes ? high_bit(choice(Site::SkewHigh), is_unsigned, code) : 0;
  }
}

// The lane of a data FIFO's head that goes to lane i of n.
uint64_t RuleTile::head_lane(Site site, FifoName fifo, int i, int n, int bits) const {
  const auto lane = [&](const TileState& s, int at) { return head_of(s, fifo, bits * at, bits); };
  if (!here(site)) return lane(*now_, i);
  switch (change_->how) {
    case How::Stale:
      return before_ == nullptr ? lane(*now_, i) : lane(*before_, i);
    case How::Lane:
    case How::Row: {
      const int to = i + change_->a;
      if (to >= 0 && to < n) return lane(*now_, to);
      return change_->b == 0 ? 0 : lane(*now_, change_->b == 1 ? i : (to + n) % n);
    }
    case How::FirstLane:
      return lane(*now_, 0);
    case How::Reversed:
      return lane(*now_, n - 1 - i);
    case How::StuckBit: {
      const uint64_t bit = uint64_t{1} << change_->a;
      return change_->b != 0 ? lane(*now_, i) | bit : lane(*now_, i) & ~bit;
    }
    default:
      return lane(*now_, i);
  }
}

void RuleTile::step_switch() {
  for (int s = switch_line_.count - 1; s > 0; --s) set(switch_line_, s) = value(switch_line_, s - 1);
  if (switch_line_.count != 0) set(switch_line_, 0) = d_.switch_first;
  for (int r = 0; r < hw_.rows; ++r) {
    for (int c = 0; c < hw_.cols; ++c) {
      at(r, c);
      uint64_t& x = set(switch_, r * hw_.cols + c);
      if (c > 0)
        x = read(Site::SwitchRight, switch_, r * hw_.cols + c - 1);
      else if (r == 0)
        x = d_.switch_first;
      else if (floating_)
        x = read(Site::SwitchDown, switch_line_, r * hw_.pe_latency - 1);
      else
        x = read(Site::SwitchDown, switch_, (r - 1) * hw_.cols);
    }
  }
}

void RuleTile::step_shadow() {
  at(0, 0);
  const bool is_unsigned = !floating_ && head(Site::LoadUnsigned, kLoad, 0, 1) != 0;
  const int format = stream_format(Site::LoadFormat, kLoad, kMatmul, d_.fire);
  const int bits = hw_.lane_bits(), row = static_cast<int>(value(load_row_, 0));
  for (int r = 0; r < hw_.rows; ++r) {
    for (int c = 0; c < hw_.cols; ++c) {
      at(r, c);
      const int e = r * hw_.cols + c;
      const int target = static_cast<int>(number(Site::ShadowRow, static_cast<uint64_t>(row), clog2(hw_.rows)));
      bool loads = condition(Site::ShadowEnable, d_.load_fire && target == r);
      // a load that is held off where a switch passes in the same cycle
      if (here(Site::ShadowEnable) && change_->how == How::Choice) loads = loads && value(switch_, change_->a == 1 ? e : r * hw_.cols) == 0;
      if (loads) {
        const uint64_t code = head_lane(Site::ShadowData, kWeight, c, hw_.cols, bits);
        if (floating_) {
          const FloatOperand x = float_operand(choice(Site::DecodeWeight), code, format);
          set(shadow_, e) = x.x;
          if (shadow_low_.count != 0) set(shadow_low_, e) = x.low;
        } else {
          set(shadow_, e) = code;
          set(shadow_high_, e) = high_bit(choice(Site::ShadowHigh), is_unsigned, code);
        }
      }
      if (!condition(Site::WeightEnable, read(Site::WeightSwitch, switch_, e) != 0)) continue;
      set(weight_, e) = read(Site::WeightShadow, shadow_, e);
      if (weight_high_.count != 0) set(weight_high_, e) = read(Site::WeightShadowHigh, shadow_high_, e);
      if (weight_low_.count != 0) set(weight_low_, e) = value(shadow_low_, e);
    }
  }
}

// `act` is empty in a tile without this kind of register.
uint64_t RuleTile::act_in(Site site, const std::vector<Slot>& skew, const Slot& act, int r, int c) {
  const auto plain = [&](int row, int col, const TileState& s) {
    return col == 0 ? value_in(s, skew[static_cast<size_t>(row)], row * hw_.pe_latency + 1) : value_in(s, act, row * hw_.cols + col - 1);
  };
  if (act.count == 0) return 0;
  if (!here(site)) return plain(r, c, *now_);
  const auto beside = [&](int i, int n) {
    const int to = i + change_->a;
    return to >= 0 && to < n ? to : change_->b == 0 ? -1 : change_->b == 1 ? i : (to + n) % n;
  };
  switch (change_->how) {
    case How::Stale:
      return before_ == nullptr ? plain(r, c, *now_) : plain(r, c, *before_);
    case How::Next:
      return next_ == nullptr ? plain(r, c, *now_) : plain(r, c, *next_);
    case How::Lane:
      return beside(c, hw_.cols) < 0 ? 0 : plain(r, beside(c, hw_.cols), *now_);
    case How::Row:
      return beside(r, hw_.rows) < 0 ? 0 : plain(beside(r, hw_.rows), c, *now_);
    case How::FirstLane:
      return plain(r, 0, *now_);
    case How::FirstRow:
      return plain(0, c, *now_);
    default:
      return number(site, plain(r, c, *now_), act.width);
  }
}

void RuleTile::step_pes() {
  uint64_t flags = 0;
  for (int r = 0; r < hw_.rows; ++r) {
    for (int c = 0; c < hw_.cols; ++c) {
      at(r, c);
      const int e = r * hw_.cols + c;
      set(act_, e) = act_in(Site::ActIn, skew_, act_, r, c);
      if (!floating_) {
        set(act_high_, e) = act_in(Site::ActHighIn, skew_high_, act_high_, r, c);
        const uint64_t above = r == 0 ? 0 : read(Site::PsumAbove, psum_, e - hw_.cols);
        set(psum_, e) = sum32(choice(Site::PsumSum), static_cast<uint32_t>(above), static_cast<uint32_t>(product(r, c)));
        continue;
      }
      if (act_low_.count != 0) set(act_low_, e) = act_in(Site::ActIn, skew_low_, act_low_, r, c);
      set(act_valid_, e) = act_in(Site::ActValidIn, skew_valid_, act_valid_, r, c);
      flags |= float_pe(r, c);
    }
  }
  at(0, 0);
  if (!floating_) return;
  set(pe_flags_, 0) = flags;
  set(array_flags_, 0) = value(array_flags_, 0) | value(pe_flags_, 0);
}

// a·w of section 5.1, its operands taken apart as sext(byte) + 256·high.
uint64_t RuleTile::product(int r, int c) {
  const int e = r * hw_.cols + c;
  const bool shadow = choice(Site::PsumOperands) == kShadowWeights;
  const uint64_t a = act_in(Site::PsumAct, skew_, act_, r, c), ah = act_in(Site::PsumActHigh, skew_high_, act_high_, r, c);
  const uint64_t w = read(Site::PsumWeight, shadow ? shadow_ : weight_, e), wh = read(Site::PsumWeightHigh, shadow ? shadow_high_ : weight_high_, e);
  return static_cast<uint64_t>(operand_product(choice(Site::PsumProduct), static_cast<uint8_t>(a), ah != 0, static_cast<uint8_t>(w), wh != 0));
}

}  // namespace assay::npu
