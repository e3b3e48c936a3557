// SPDX-License-Identifier: Apache-2.0
// Fused add: exact product or FP32 number plus FP32 number, one rounding.
// Latency: none, combinational.
// Formats: in FP32, or a product as sign, exponent and normalised 24-bit significand; inside 28 bits; out FP32.
// Overflow and rounding: to nearest, ties to even; infinity above the range; subnormals kept (spec sections 17.5.1, 17.5.2).
// Twin: none
#pragma once

#include "model/common/float_flags.hpp"
#include "model/common/word.hpp"

namespace assay {

/// One addend. Finite: (−1)^sign · significand · 2^(exponent − 150), the significand below 2^24. An FP32 number has an exponent of 1 … 254
/// and, above 1, bit 23 set; a product has bit 23 set and any exponent in −1000 … 1000, or is 0 with exponent 0.
/// infinite, nan and invalid are 0 or 1, at most one of infinite and nan is 1; exponent and significand then mean nothing.
template <class W>
struct Addend {
  W sign, exponent, significand;
  W infinite;
  W nan;      ///< the sum is NaN
  W invalid;  ///< and `invalid`
};

template <class W>
constexpr Addend<W> unpack_fp32(W x) {
  const W sign = (x >> W(31)) & W(1);
  const W field = (x >> W(23)) & W(255);
  const W mantissa = x & W(0x7FFFFF);
  const W special = one_if<W>(field == W(255));
  const W empty = one_if<W>(mantissa == W(0));
  const W hidden = select(field == W(0), W(0), W(0x800000));
  const W exponent = select(field == W(0), W(1), field);
  const W nan = special & (empty ^ W(1));
  return {sign, exponent, mantissa | hidden, special & empty, nan, nan & one_if<W>(mantissa < W(0x400000))};
}

/// Rounding of a 28-bit frame: 24 bits stay (at most 2^24 after the carry), to nearest, ties to even.
template <class W>
constexpr W round_frame(W frame) {
  const W kept = frame >> W(4);
  return kept + one_if<W>(W(8) < (frame & W(15)) + (kept & W(1)));
}

/// Sum of two finite addends of which the second is an FP32 number, rounded to FP32.
template <class W>
constexpr FloatWord<W> add_finite(const Addend<W>& p, const Addend<W>& c) {
  const W swap = one_if<W>(p.exponent < c.exponent);
  const W top = select(swap == W(1), c.exponent, p.exponent);  // at least 1: c's is
  const W distance = top - select(swap == W(1), p.exponent, c.exponent);
  const W high = select(swap == W(1), c.significand, p.significand) << W(3);  // 27 bits
  const W far = select(distance < W(31), distance, W(31));                    // 27 bits are gone at 27 already
  // Three bits below the last place are enough: a distance of 0 to 3 is exact; beyond it, either the high addend is normalised and the sum
  // has at most one leading zero, or the high exponent is 1 and nothing below the grid of 2^-149 is kept. Round to odd keeps the order
  // against every even multiple, hence also the sign of the difference.
  const W low = shift_sticky(select(swap == W(1), p.significand, c.significand) << W(3), far);
  const W subtract = p.sign ^ c.sign;
  const W sum = high + select(subtract == W(1), W(0) - low, low);  // 28 bits and sign
  const W negative = one_if<W>(sum < W(0));
  const W magnitude = select(negative == W(1), W(0) - sum, sum);
  const W sign = select(swap == W(1), c.sign, p.sign) ^ negative;

  const Flagged<W> frame = normalise<28>(magnitude);  // leading one in bit 27, weight 2^(exponent − 127)
  const W exponent = top + W(1) - frame.flag;         // −30 … 1001
  const W below = W(1) - exponent;                    // places below the smallest normal number
  const W deep = select(below < W(0), W(0), below);   // at most 31
  const W placed = shift_sticky(frame.value, deep);   // on FP32's own grid
  const W base = select(exponent < W(1), W(1), select(exponent < W(255), exponent, W(254)));
  // (base − 1)·2^23 + at most 2^24: at most 7F800000h. The carry of the rounding goes into the exponent by itself
  const W rounded = ((base - W(1)) << W(23)) + round_frame(placed);
  const W overflow = one_if<W>(W(254) < exponent) | one_if<W>(W(0x7F7FFFFF) < rounded);
  const W inexact = overflow | one_if<W>(W(0) < (placed & W(15)));
  // tiny: below 2^-126 after rounding to 24 bits with unbounded exponent; only exponent 0 can reach it by a carry
  const W carried = one_if<W>(exponent == W(0)) & one_if<W>(W(0xFFFFFF) < round_frame(frame.value));
  const W tiny = one_if<W>(exponent < W(1)) & (carried ^ W(1));
  const W bits = select(overflow == W(1), W(0x7F800000), rounded);
  const W zero = one_if<W>(magnitude == W(0));  // exact: a sum that is not exact is odd
  const W final_sign = select(zero == W(1), p.sign & c.sign, sign);
  return {(final_sign << W(31)) | select(zero == W(1), W(0), bits), inexact | ((tiny & inexact) << W(1)) | (overflow << W(2))};
}

/// Spec section 17.5.1 from the addends on: p + c rounded once.
template <class W>
constexpr FloatWord<W> add_addends(const Addend<W>& p, const Addend<W>& c) {
  const FloatWord<W> finite = add_finite(p, c);
  const W opposite = p.infinite & c.infinite & (p.sign ^ c.sign);
  const W nan = p.nan | c.nan | opposite;
  const W invalid = p.invalid | c.invalid | opposite;
  const W infinite = p.infinite | c.infinite;
  const W infinity = (select(p.infinite == W(1), p.sign, c.sign) << W(31)) | W(0x7F800000);
  const W bits = select(nan == W(1), W(0x7FC00000), select(infinite == W(1), infinity, finite.bits));
  return {bits, select((nan | infinite) == W(1), invalid << W(3), finite.flags)};
}

/// x + y of FP32 numbers, one rounding; bits above 31 of a wider word are ignored.
template <class W>
constexpr FloatWord<W> fadd_word(W x, W y) {
  return add_addends(unpack_fp32(x), unpack_fp32(y));
}

/// fadd of spec section 17.5.2: x + y, FP32, with the flags of fma(x, 1, y).
constexpr FloatResult fadd(uint32_t x, uint32_t y) { return float_result(fadd_word(static_cast<int32_t>(x), static_cast<int32_t>(y))); }

}  // namespace assay
