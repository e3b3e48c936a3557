// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/common/float_flags.hpp"
#include "model/common/format.hpp"

namespace assay {

/// Codes of one format, in the low bits of a word each, and the flags of all the conversions.
struct Quantised {
  std::vector<uint32_t> codes;
  uint8_t flags = 0;
};

/// Every value converted as spec section 17.5 converts FP32: one rounding to nearest, ties to even. Integer formats clamp always, with
/// `invalid`; `saturate` says what bf16 … e4m3fn do above their largest finite number. Signed integers come sign-extended to 32 bits.
Quantised quantise(std::span<const float> values, Format format, bool saturate);

/// The same with stochastic rounding (spec sections 17.5.4, 17.5.5), for bf16 … e4m3fn: one generator of this lane, one step per value.
/// Throws std::invalid_argument for another format.
Quantised quantise_stochastic(std::span<const float> values, Format format, bool saturate, uint32_t seed, int lane = 0);

/// The values of codes: exact but for int32 beyond 2^24, which round to nearest, ties to even.
std::vector<float> dequantise(std::span<const uint32_t> codes, Format format);

}  // namespace assay
