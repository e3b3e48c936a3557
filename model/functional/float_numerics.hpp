// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/common/format.hpp"

// The floating-point arithmetic of spec section 17.5, written from the text alone on the host's doubles: every value of our formats, every
// product of two operands and every discarded fraction is exact in one. The cycle model works on integers, so that a slip in one of them
// shows as a difference. The host rounds to nearest even and flushes nothing: that is the state a program starts in.
namespace assay::functional {

/// Flag set of spec section 17.1. Functions below only ever set bits.
enum FlagSet : uint8_t { kFlagInexact = 1, kFlagUnderflow = 2, kFlagOverflow = 4, kFlagInvalid = 8 };

constexpr uint32_t kNanFp32 = 0x7FC00000u, kMinusZero = 0x80000000u;

/// A floating-point format of spec section 17.1.
struct FloatLayout {
  int exponent_bits, mantissa_bits, bias;
  bool infinity;        ///< false: the greatest exponent is an ordinary one, only all ones is NaN
  uint32_t nan;         ///< the canonical code
  double greatest;      ///< finite
  double least_normal;  ///< smallest normal
};
const FloatLayout& layout_of(Format f);

/// Canonical NaN, greatest finite code and infinity (or NaN where there is none), sign 0.
uint32_t greatest_code(Format f);
uint32_t infinity_code(Format f);

bool is_nan(uint32_t code, Format f);
bool is_signalling(uint32_t code, Format f);
bool is_infinite(uint32_t code, Format f);

/// The FP32 bits of a floating-point code, exact. A NaN keeps its sign and payload, so a signalling one stays signalling.
uint32_t decode(uint32_t code, Format f);

/// The value of a code of any format; a NaN is some NaN.
double value_of(uint32_t code, Format f);

/// fma(a, w, c) of spec section 17.5.1 on FP32 bits; a and w are operands (at most 11 significant bits), or one of them is 1.
uint32_t fused(uint32_t a, uint32_t w, uint32_t c, uint8_t& flags);

/// fadd(x, y) of spec section 17.5.2.
uint32_t add(uint32_t x, uint32_t y, uint8_t& flags);

/// narrow of spec sections 17.5.3 and 17.5.4; without a random number to nearest even.
uint32_t narrow(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random, uint8_t& flags);

/// FP32 to int8, uint8, int32 (spec section 17.5.6).
int32_t to_integer(uint32_t x, Format g, uint8_t& flags);

/// relu of spec section 17.5.7.
uint32_t relu(uint32_t x);

/// FP32 to any format of spec section 17.1 as an output lane: codes zero-extended, signed integers sign-extended.
uint32_t to_lane(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random, uint8_t& flags);

/// A real number in any floating-point format, rounded once to nearest even, not saturating: how vectors become codes.
uint32_t encode_value(double value, Format f);

/// The generator of one lane (spec section 17.5.5).
class LaneRandom {
 public:
  LaneRandom(uint32_t seed, size_t lane);
  uint16_t draw();  ///< R of the element, then one step
  uint32_t state() const { return state_; }

 private:
  uint32_t state_;
};

/// One beat through a K tile: sums[c] = fma(a[k−1], w[k−1][c], … fma(a[0], w[0][c], +0)) for c < n, rows ld apart, and every flag on the way.
/// Uses the processor's own fused multiply-add and flags where it has them: the same bits (tests/functional).
void multiply_rows(const float* a, const float* w, int k, int n, int ld, uint32_t* sums, uint8_t& flags);

/// The same without them.
void multiply_rows_plainly(const float* a, const float* w, int k, int n, int ld, uint32_t* sums, uint8_t& flags);

}  // namespace assay::functional
