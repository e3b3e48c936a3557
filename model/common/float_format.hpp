// SPDX-License-Identifier: Apache-2.0
// Floating-point formats: layout and class of a code, operand form, widening to FP32.
// Latency: none, combinational.
// Formats: in bf16, fp16, e5m2, e4m3, e4m3fn, fp32, int8, uint8, int32; out the 1.8.10 operand form or FP32.
// Overflow and rounding: exact, save INT32 to FP32, which is to nearest, ties to even (spec sections 17.1, 17.4, 17.5.8).
// Twin: none
#pragma once

#include <array>
#include <bit>

#include "model/common/assert.hpp"
#include "model/common/float_flags.hpp"
#include "model/common/format.hpp"
#include "model/common/word.hpp"

namespace assay {

/// One row of the table of spec section 17.1.
struct FloatLayout {
  int exponent_bits, mantissa_bits, bias;
  int max_finite;     ///< code of the largest finite magnitude
  int canonical_nan;  ///< the code of every NaN result
  bool has_infinity;  ///< else the exponent of all ones is finite save for the code of all ones

  constexpr int magnitude_bits() const { return exponent_bits + mantissa_bits; }
  constexpr int ones() const { return (1 << exponent_bits) - 1; }                             ///< exponent field of all ones
  constexpr int mantissa_mask() const { return (1 << mantissa_bits) - 1; }                    ///< mantissa field of all ones
  constexpr int infinity() const { return ones() << mantissa_bits; }                          ///< its code, where the format has one
  constexpr int smallest() const { return 128 - bias; }                                       ///< FP32 exponent field of the smallest normal number
  constexpr int lost_bits() const { return 23 - mantissa_bits; }                              ///< mantissa bits that FP32 has more
  constexpr int first_nan() const { return has_infinity ? infinity() + 1 : max_finite + 1; }  ///< magnitudes from here on are NaN
  constexpr int quiet_bit() const { return has_infinity ? 1 << (mantissa_bits - 1) : 0; }     ///< 0: every NaN is quiet
};

/// The layout of a floating-point format; fp32's serves for an integer format, where it has no meaning.
constexpr FloatLayout float_layout(Format f) {
  switch (f) {
    case Format::Bf16:
      return {8, 7, 127, 0x7F7F, 0x7FC0, true};
    case Format::Fp16:
      return {5, 10, 15, 0x7BFF, 0x7E00, true};
    case Format::E5m2:
      return {5, 2, 15, 0x7B, 0x7E, true};
    case Format::E4m3:
      return {4, 3, 7, 0x77, 0x7C, true};
    case Format::E4m3fn:
      return {4, 3, 7, 0x7E, 0x7F, false};
    default:
      return {8, 23, 127, 0x7F7FFFFF, 0x7FC00000, true};
  }
}

enum class FloatClass : uint8_t { Zero, Subnormal, Normal, Infinity, QuietNan, SignallingNan };

/// The class of a code of a floating-point format; bits above the format's width are ignored.
constexpr FloatClass float_class(uint32_t code, Format f) {
  const FloatLayout l = float_layout(f);
  const int magnitude = static_cast<int>(code & ((1u << l.magnitude_bits()) - 1));  // at most 31 bits
  if (magnitude >= l.first_nan()) return l.quiet_bit() == 0 || (magnitude & l.quiet_bit()) != 0 ? FloatClass::QuietNan : FloatClass::SignallingNan;
  if (l.has_infinity && magnitude == l.infinity()) return FloatClass::Infinity;
  if (magnitude > l.mantissa_mask()) return FloatClass::Normal;
  return magnitude == 0 ? FloatClass::Zero : FloatClass::Subnormal;
}

/// The sign bit of a code: 0 or 1.
constexpr uint32_t float_sign(uint32_t code, Format f) { return (code >> float_layout(f).magnitude_bits()) & 1; }

/// Operand form (spec section 17.4): x is a BF16 number, low three mantissa bits more.
struct Operand {
  uint16_t x;
  uint8_t low;
  friend constexpr bool operator==(const Operand&, const Operand&) = default;
};

/// The operand form in an arithmetic template's words: x is 16 bits, low 3; bits above are ignored on the way in, 0 on the way out.
template <class W>
struct OperandWord {
  W x;
  W low;
};

/// A code as 1.8.10: sign·2^18 + exponent·2^10 + M. `l` is the layout of bf16, fp16 or an FP8 format.
template <class W>
constexpr W widened_operand(W code, const FloatLayout& l) {
  const W sign = (code >> W(l.magnitude_bits())) & W(1);
  const W magnitude = code & W((1 << l.magnitude_bits()) - 1);
  const W exponent = magnitude >> W(l.mantissa_bits);
  const W mantissa = (magnitude & W(l.mantissa_mask())) << W(10 - l.mantissa_bits);  // 10 bits
  const W normal = exponent + W(127 - l.bias);                                       // at most 15 + 120 and 30 + 112; bf16 as it is
  // e4m3fn's finite codes with exponent 15 are normal numbers
  const W special = select(magnitude < W(l.has_infinity ? l.infinity() : l.first_nan()), normal, W(255));
  if (l.bias == 127) return (sign << W(18)) | (exponent << W(10)) | mantissa;  // bf16: the code itself
  const Flagged<W> up = normalise<11>(mantissa);                               // leading one to bit 10: a normal number of exponent 128 − bias − shift
  const W subnormal = select(magnitude == W(0), W(0), W(l.smallest()) - up.flag);
  const W is_small = one_if<W>(exponent == W(0));
  const W e = select(is_small == W(1), subnormal, special);
  const W m = select(is_small == W(1), up.value & W(0x3FF), mantissa);
  return (sign << W(18)) | (e << W(10)) | m;
}

template <class W>
constexpr OperandWord<W> operand_form_word(W code, const FloatLayout& l) {
  const W wide = widened_operand(code, l);  // 19 bits
  return {wide >> W(3), wide & W(7)};
}

/// The operand form of a code of bf16, fp16 or an FP8 format; bits above the format's width are ignored.
constexpr Operand operand_form(uint32_t code, Format f) {
  ASSAY_ASSERT(is_operand_float(f));
  const OperandWord<int32_t> word = operand_form_word(static_cast<int32_t>(code & 0xFFFF), float_layout(f));
  return {static_cast<uint16_t>(word.x), static_cast<uint8_t>(word.low)};
}

/// Canonical NaN instead of any NaN, `invalid` for a signalling one; anything else as it is. x is FP32.
template <class W>
constexpr FloatWord<W> quieted(W x) {
  const W magnitude = x & W(0x7FFFFFFF);
  const W nan = one_if<W>(W(0x7F800000) < magnitude);
  const W signalling = nan & (one_if<W>((x & W(0x00400000)) == W(0)));
  return {select(nan == W(1), W(0x7FC00000), x), signalling << W(3)};
}

/// A code of a floating-point format as FP32.
template <class W>
constexpr FloatWord<W> widen_word(W code, const FloatLayout& l) {
  if (l.mantissa_bits == 23) return quieted(code);
  const W wide = widened_operand(code, l);
  return quieted(((wide >> W(18)) << W(31)) | ((wide & W(0x3FFFF)) << W(13)));  // 18 bits: 31 after the shift
}

/// An integer in [−2^31, 2^32) as FP32, to nearest, ties to even. W holds 64 bits.
template <class W>
constexpr FloatWord<W> from_integer_word(W value) {
  const W sign = one_if<W>(value < W(0));
  const W magnitude = select(sign == W(1), W(0) - value, value);  // below 2^32
  // bit 31 of the frame is the leading one: low half and high half each fit the 31 bits of normalise
  const W big = one_if<W>(W(0x7FFFFFFF) < magnitude);
  const Flagged<W> up = normalise<31>(select(big == W(1), W(0x40000000), magnitude));
  const W frame = select(big == W(1), magnitude, up.value << W(1));  // 32 bits
  const W exponent = select(big == W(1), W(158), W(157) - up.flag);
  const W kept = frame >> W(8), lost = frame & W(255);  // 24 bits stay
  const W rounds_up = one_if<W>(W(128) < lost + (kept & W(1)));
  // kept + 1 may be 2^24: the carry makes the exponent one more and the mantissa 0
  const W bits = select(magnitude == W(0), W(0), ((exponent - W(1)) << W(23)) + kept + rounds_up);
  return {(sign << W(31)) | bits, select(lost == W(0), W(0), W(kInexact))};
}

/// The value of an integer code; bits above the format's width are ignored.
constexpr int64_t integer_value(uint32_t code, Format f) {
  ASSAY_ASSERT(is_integer(f));
  if (f == Format::Int32) return static_cast<int32_t>(code);
  return f == Format::Int8 ? int64_t{static_cast<int8_t>(code)} : int64_t{static_cast<uint8_t>(code)};
}

/// Any format to FP32 (spec section 17.5.8): exact but for int32; NaN becomes canonical, `invalid` when it signals.
constexpr FloatResult widen(uint32_t code, Format f) {
  if (is_integer(f)) return float_result(from_integer_word(integer_value(code, f)));
  return float_result(widen_word(static_cast<int32_t>(code), float_layout(f)));
}

/// The value of a code of any format, for printing: exact; a NaN keeps neither payload nor sign.
constexpr double to_double(uint32_t code, Format f) {
  if (is_integer(f)) return static_cast<double>(integer_value(code, f));
  const uint32_t x = widen(code, f).bits;
  return double{std::bit_cast<float>(x)};  // every float is a double
}

}  // namespace assay
