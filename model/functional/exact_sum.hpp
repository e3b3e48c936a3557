// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "model/common/fadd.hpp"

namespace assay {

enum class RoundTo : uint8_t { NearestEven, Zero };

/// (−1)^negative · magnitude · 2^lowest as FP32, with the flags of spec section 17.5.1; magnitude > 0. `sticky`: there is more below, less
/// than one of magnitude's lowest place, and magnitude ≥ 2^63. The result keeps mantissa_bits (at most 23) of the mantissa, on FP32's exponent range;
/// towards zero, too, what is 2^128 or more becomes infinity.
FloatResult round_to_fp32(bool negative, uint64_t magnitude, int lowest, bool sticky, RoundTo mode = RoundTo::NearestEven, int mantissa_bits = 23);

/// A sum of finite addends without any rounding: 640 bits in two's complement, the lowest of weight 2^−296. Products of two operands and FP32
/// numbers lie between 2^−296 and 2^256, so 2^87 of them fit.
class ExactSum {
 public:
  void add(const Addend<int32_t>& addend);
  /// Rounded once to nearest, ties to even; an exact zero is +0.
  FloatResult rounded() const;

 private:
  static constexpr size_t kWords = 10;
  static constexpr int kLowest = -296;
  std::array<uint64_t, kWords> words_{};  ///< least significant first
};

}  // namespace assay
