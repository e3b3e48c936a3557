// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/common/fadd.hpp"
#include "model/common/narrow.hpp"

namespace assay {

/// Stage 2 of spec section 17.8: old + new, FP32, with bf16 = 1 rounded once more, to BF16, the low half 0.
template <class W>
constexpr FloatWord<W> fp_accumulate(W old_value, W new_value, W bf16) {
  const FloatWord<W> sum = fadd_word(old_value, new_value);
  const FloatWord<W> narrowed = narrow_word(sum.bits, float_layout(Format::Bf16), W(0), W(0), W(0));
  // 16 bits in the upper half
  return {select(bf16 == W(1), narrowed.bits << W(16), sum.bits), sum.flags | select(bf16 == W(1), narrowed.flags, W(0))};
}

/// Stage 1: the next acc_old, where valid1, acc1, defined, hit are 0 or 1. −0 is neutral for the sum; an undefined entry counts as +0.
template <class W>
constexpr W fp_accumulate_operand(W valid1, W acc1, W defined, W hit, W sum2, W stored) {
  const W value = select(defined == W(1), select(hit == W(1), sum2, stored), W(0));
  return select((valid1 & acc1) == W(1), value, W(int32_t{-0x7FFFFFFF - 1}));
}

}  // namespace assay
