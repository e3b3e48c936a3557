// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/common/word.hpp"

namespace assay {

/// What one accumulator column does in stage 1 (spec section 11): the next acc_old and whether an undefined entry was met.
/// valid1, acc1, written, hit are 0 or 1; sum2 and stored are INT32.
template <class W>
constexpr Flagged<W> accumulate_operand(W valid1, W acc1, W written, W hit, W sum2, W stored) {
  const W wanted = valid1 & acc1;
  const W defined = written | hit;
  const W value = select(hit == W(1), sum2, stored);
  return {select((wanted & defined) == W(1), value, W(0)), wanted & (defined ^ W(1))};
}

/// Stage 2: old + new modulo 2^32 and whether the exact sum is not INT32 (33 bits are exact, see add32).
template <class W>
constexpr Flagged<W> accumulate(W old_value, W new_value) {
  return add32(old_value, new_value);
}

}  // namespace assay
