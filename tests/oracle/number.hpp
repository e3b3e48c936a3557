// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/format.hpp"

namespace assay::oracle {

/// The flag set of spec section 17.1.
constexpr uint8_t kInexact = 1, kUnderflow = 2, kOverflow = 4, kInvalid = 8;

/// A delivered code and the flags of the operation.
struct Rounded {
  uint32_t bits;
  uint8_t flags;
  friend bool operator==(const Rounded&, const Rounded&) = default;
};

/// One row of the table of spec section 17.1. `ieee`: exponent all ones means infinity and NaN; else only the code of all ones is NaN.
struct Layout {
  int exponent_bits, mantissa_bits, bias;
  bool ieee;
  uint32_t canonical_nan, max_finite;

  constexpr uint32_t sign_bit() const { return 1u << (exponent_bits + mantissa_bits); }
  constexpr uint32_t infinity() const { return ((1u << exponent_bits) - 1) << mantissa_bits; }
  constexpr int precision() const { return mantissa_bits + 1; }
  constexpr int min_normal_exponent() const { return 1 - bias; }                     ///< of the value 2^e
  constexpr int min_subnormal_exponent() const { return 1 - bias - mantissa_bits; }  ///< of the value 2^e
};

constexpr Layout layout(Format f) {
  switch (f) {
    case Format::Fp32:
      return {8, 23, 127, true, 0x7FC00000, 0x7F7FFFFF};
    case Format::Bf16:
      return {8, 7, 127, true, 0x7FC0, 0x7F7F};
    case Format::Fp16:
      return {5, 10, 15, true, 0x7E00, 0x7BFF};
    case Format::E5m2:
      return {5, 2, 15, true, 0x7E, 0x7B};
    case Format::E4m3:
      return {4, 3, 7, true, 0x7C, 0x77};
    default:
      return {4, 3, 7, false, 0x7F, 0x7E};
  }
}

enum class Kind : uint8_t { Zero, Finite, Infinity, QuietNan, SignallingNan };

/// What a code means: (−1)^negative · significand · 2^exponent when finite.
struct Number {
  Kind kind;
  bool negative;
  uint32_t significand;
  int exponent;

  constexpr bool nan() const { return kind == Kind::QuietNan || kind == Kind::SignallingNan; }
  constexpr bool finite() const { return kind == Kind::Zero || kind == Kind::Finite; }
};

constexpr Number decode(uint32_t code, Format f) {
  const Layout l = layout(f);
  const bool negative = (code & l.sign_bit()) != 0;
  const uint32_t ones = (1u << l.exponent_bits) - 1, e = (code >> l.mantissa_bits) & ones, m = code & ((1u << l.mantissa_bits) - 1);
  if (!l.ieee && e == ones && m + 1 == 1u << l.mantissa_bits) return {Kind::QuietNan, negative, 0, 0};
  if (l.ieee && e == ones) {
    if (m == 0) return {Kind::Infinity, negative, 0, 0};
    return {(m >> (l.mantissa_bits - 1)) != 0 ? Kind::QuietNan : Kind::SignallingNan, negative, 0, 0};
  }
  if (e == 0) return {m == 0 ? Kind::Zero : Kind::Finite, negative, m, l.min_subnormal_exponent()};
  return {Kind::Finite, negative, m + (1u << l.mantissa_bits), static_cast<int>(e) - l.bias - l.mantissa_bits};
}

constexpr int kCodes16 = 65536;
/// How many codes a format of at most 16 bits has.
constexpr uint32_t codes(Format f) { return 1u << format_bits(f); }

}  // namespace assay::oracle
