// SPDX-License-Identifier: Apache-2.0
// Conversions from FP32: narrowing to bf16, fp16 and FP8, to integers, relu, and any format to any other.
// Latency: none, combinational; the activation unit registers around it.
// Formats: in FP32; out a code of any format of spec section 17.1.
// Overflow and rounding: once, to nearest, ties to even, or stochastic with 16 random bits; infinity, NaN or saturation (17.5.3, 17.5.4, 17.5.6).
// Twin: none
#pragma once

#include <optional>

#include "model/common/float_format.hpp"

namespace assay {

/// Whether a magnitude that discards `lost` of 2^shift rounds up: lost < 2^shift, shift in [1, 149]; kept is what stays.
template <class W>
constexpr W rounds_up(W kept, W lost, W shift, W stochastic, W random) {
  // to nearest: lost < 2^24, so from shift 25 on it is below half
  const W half = W(1) << (select(shift < W(26), shift, W(26)) - W(1));
  const W nearest = one_if<W>(half < lost + (kept & W(1)));
  // stochastic: ⌊δ·2^17⌋ of δ = lost / 2^shift: at most 17 bits; plus 2R + 1: 18 bits. A shift above 41 leaves nothing of 24 bits
  const W left = select(shift < W(17), W(17) - shift, W(0));
  const W right = select(W(17) < shift, select(shift < W(48), shift - W(17), W(31)), W(0));
  const W fraction = (lost << left) >> right;
  const W by_chance = one_if<W>(W(0x1FFFF) < fraction + (random << W(1)) + W(1));
  return select(stochastic == W(1), by_chance, nearest);
}

/// FP32 to the format of `l` (not fp32). saturate and stochastic are 0 or 1, random 16 bits.
template <class W>
constexpr FloatWord<W> narrow_word(W x, const FloatLayout& l, W saturate, W stochastic, W random) {
  const W sign = (x >> W(31)) & W(1);
  const W magnitude = x & W(0x7FFFFFFF);
  const W field = magnitude >> W(23);
  const W significand = (magnitude & W(0x7FFFFF)) | select(field == W(0), W(0), W(0x800000));
  const W exponent = select(field == W(0), W(1), field);  // value = significand · 2^(exponent − 150)

  // Places to drop: lost_bits of a normal result, one more for each binade below; 13 … 157. 24 bits are gone at 24.
  const W below = W(l.smallest()) - exponent;
  const W shift = W(l.lost_bits()) + select(below < W(0), W(0), below);
  const W near = select(shift < W(31), shift, W(31));
  const W kept = significand >> near;
  const W lost = significand - (kept << near);
  // (exponent − smallest)·2^mantissa_bits + kept: at most 2^18; the carry of the rounding goes into the exponent by itself
  const W up = rounds_up(kept, lost, shift, stochastic, random);
  const W code = (select(below < W(0), W(0) - below, W(0)) << W(l.mantissa_bits)) + kept + up;

  const W nan = one_if<W>(W(0x7F800000) < magnitude);
  const W infinite = one_if<W>(magnitude == W(0x7F800000));
  const W finite = (nan | infinite) ^ W(1);
  const W overflow = finite & one_if<W>(W(l.max_finite) < code);
  const W inexact = finite & (overflow | one_if<W>(W(0) < lost));
  // Tiny, to nearest: with unbounded exponent what lies half a place of the binade below, or nearer, rounds to the smallest normal number;
  // 2^(22 − mantissa_bits) FP32 places of that binade, which for bf16 are the subnormals' twice as large ones. Stochastic: |x| itself
  const W smallest = W(l.smallest() << 23);
  const W margin = W(1 << (l.lost_bits() - (l.smallest() == 1 ? 2 : 1)));
  const W tiny = one_if<W>(magnitude < select(stochastic == W(1), smallest, smallest - margin));

  const W large = infinite | overflow;
  const W limit = select(saturate == W(1), W(l.max_finite), W(l.has_infinity ? l.infinity() : l.canonical_nan));
  const W is_nan = nan | (large & (saturate ^ W(1)) & W(l.has_infinity ? 0 : 1));
  const W signed_code = (sign << W(l.magnitude_bits())) | select(large == W(1), limit, code);
  const W signalling = nan & one_if<W>((x & W(0x00400000)) == W(0));
  return {select(is_nan == W(1), W(l.canonical_nan), signed_code), inexact | ((inexact & tiny) << W(1)) | (overflow << W(2)) | (signalling << W(3))};
}

/// FP32 to an integer in [lowest, highest], within INT32 (spec section 17.5.6). W holds 64 bits.
template <class W>
constexpr FloatWord<W> to_integer_word(W x, W lowest, W highest) {
  const W magnitude = x & W(0x7FFFFFFF);
  const W field = magnitude >> W(23);
  const W significand = (magnitude & W(0x7FFFFF)) | select(field == W(0), W(0), W(0x800000));
  const W places = field - W(150);                                                             // value = significand · 2^places
  const W left = select(places < W(0), W(0), select(places < W(9), places, W(9)));             // 2^32 and beyond is out of every range
  const W right = select(places < W(0), select(places < W(-30), W(30), W(0) - places), W(0));  // 24 bits and the half are gone at 26
  const W kept = (significand << left) >> right;                                               // at most 33 bits
  const W lost = significand - select(right == W(0), significand, kept << right);
  const W half = (W(1) << right) >> W(1);
  const W up = select(right == W(0), W(0), one_if<W>(half < lost + (kept & W(1))));
  const W rounded = kept + up;
  const W value = select(((x >> W(31)) & W(1)) == W(1), W(0) - rounded, rounded);
  const W limited = clamp_to(value, lowest, highest);
  const W nan = one_if<W>(W(0x7F800000) < magnitude);
  const W invalid = nan | select(limited == value, W(0), W(1));
  const W inexact = (invalid ^ W(1)) & one_if<W>(W(0) < lost);
  return {select(nan == W(1), W(0), limited), inexact | (invalid << W(3))};
}

/// x > 0 or NaN made canonical, else +0 (spec section 17.5.7).
template <class W>
constexpr W relu_word(W x) {
  const W positive = one_if<W>(((x >> W(31)) & W(1)) == W(0));
  const W nan = one_if<W>(W(0x7F800000) < (x & W(0x7FFFFFFF)));
  return select(nan == W(1), W(0x7FC00000), select(positive == W(1), x, W(0)));
}

/// FP32 to bf16, fp16 or FP8 (spec section 17.5.3): to nearest even, or stochastic with the given 16 random bits (17.5.4).
constexpr FloatResult narrow(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random) {
  ASSAY_ASSERT(is_operand_float(g));
  return float_result(narrow_word<int32_t>(static_cast<int32_t>(x), float_layout(g), saturate, random.has_value(), random.value_or(0)));
}

/// FP32 to int8, uint8 or int32 (spec section 17.5.6): sign-extended, uint8 zero-extended, to 32 bits.
constexpr FloatResult to_integer(uint32_t x, Format g) {
  ASSAY_ASSERT(is_integer(g));
  const int64_t lowest = g == Format::Uint8 ? 0 : g == Format::Int8 ? INT8_MIN : INT32_MIN;
  const int64_t highest = g == Format::Uint8 ? UINT8_MAX : g == Format::Int8 ? INT8_MAX : INT32_MAX;
  return float_result(to_integer_word<int64_t>(x, lowest, highest));
}

constexpr uint32_t relu(uint32_t x) { return static_cast<uint32_t>(relu_word(static_cast<int32_t>(x))); }

/// FP32 to any format: fp32 passes unchanged; saturate and random serve bf16 … e4m3fn only.
constexpr FloatResult convert(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random) {
  if (g == Format::Fp32) return {x, 0};
  return is_integer(g) ? to_integer(x, g) : narrow(x, g, saturate, random);
}

/// Any format to any other. Between integers: exact, clamped with `invalid`; else through FP32, flags of both steps.
constexpr FloatResult cast(uint32_t code, Format from, Format to, bool saturate, std::optional<uint16_t> random) {
  if (is_integer(from) && is_integer(to)) {
    const int64_t value = integer_value(code, from);
    const int64_t lowest = to == Format::Uint8 ? 0 : to == Format::Int8 ? INT8_MIN : INT32_MIN;
    const int64_t highest = to == Format::Uint8 ? UINT8_MAX : to == Format::Int8 ? INT8_MAX : INT32_MAX;
    const int64_t limited = clamp_to(value, lowest, highest);
    return {static_cast<uint32_t>(limited), limited == value ? uint8_t{0} : uint8_t{kInvalid}};
  }
  const FloatResult wide = widen(code, from);
  const FloatResult result = convert(wide.bits, to, saturate, random);
  return {result.bits, static_cast<uint8_t>(wide.flags | result.flags)};
}

}  // namespace assay
