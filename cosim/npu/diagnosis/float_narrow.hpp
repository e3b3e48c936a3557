// SPDX-License-Identifier: Apache-2.0
// The conversion of an FP32 number to bf16, fp16 or FP8, step by step, which may go wrong in every one of them. Without a deviation it is that of spec
// section 17.5.3.
#pragma once

#include <cstdint>
#include <optional>

#include "cosim/npu/diagnosis/float_adder.hpp"
#include "model/common/format.hpp"

namespace assay::npu {

/// How a conversion deviates; as it stands, in nothing.
struct NarrowDeviation {
  bool only_subnormal = false;  ///< the following three hold for results below the smallest normal number
  Rounding rounding = Rounding::HalfEven;
  bool sticky_lost = false;  ///< of what is cut off only the first bit counts
  bool guard_lost = false;   ///< the first bit of what is cut off counts as 0
  int random_shift = 0;      ///< the random number enters so many bits higher
  bool carry_lost = false;   ///< the carry of the rounding does not reach the exponent
  bool flush_in = false, flush_out = false;
  bool overflow_before = false;   ///< too large is judged before rounding
  bool underflow_before = false;  ///< and so is tiny
  bool nan_sign = false;          ///< NaN keeps its sign
  bool infinity_stays = false;    ///< also in a saturating conversion
};

/// x to f, a format of operands; `random`: 16 bits of a stochastic rounding.
FloatSum narrow_deviating(uint32_t x, Format f, bool saturate, std::optional<uint16_t> random, const NarrowDeviation& deviation);

}  // namespace assay::npu
