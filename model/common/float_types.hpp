// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <type_traits>

#include "model/common/narrow.hpp"

namespace assay {

/// A number of one floating-point format, held as its code. Nothing converts implicitly: not to or from float, not from one format to
/// another, not even between E4M3 and E4M3FN. `Fp8E4M3(float{x})` is the way from one format to another: float holds every value of every
/// format, so this rounds once.
template <Format F>
class Float {
 public:
  static_assert(!is_integer(F));
  using Bits = std::conditional_t<format_bits(F) == 8, uint8_t, std::conditional_t<format_bits(F) == 16, uint16_t, uint32_t>>;
  static constexpr Format format = F;

  /// +0
  constexpr Float() = default;
  /// The nearest value, ties to even. Too large becomes infinity, in E4M3FN NaN; NaN becomes the canonical NaN. (Fp32 keeps the float's own bits.)
  explicit constexpr Float(float value) : bits_(code_of(convert(std::bit_cast<uint32_t>(value), F, false, {}))) {}
  template <class Other>
  Float(Other) = delete;  // double, integers, other formats: say how, by way of float

  /// The number with this code.
  static constexpr Float from_bits(Bits bits) {
    Float f;
    f.bits_ = bits;
    return f;
  }
  /// As the constructor, but infinity and what is too large become the largest finite number of that sign.
  static constexpr Float saturated(float value) {
    if constexpr (F == Format::Fp32) return limited_fp32(value);
    return from_bits(code_of(convert(std::bit_cast<uint32_t>(value), F, true, {})));
  }
  /// Stochastic rounding with these 16 random bits (spec section 17.5.4).
  static constexpr Float stochastic(float value, uint16_t random, bool saturate = false) {
    static_assert(F != Format::Fp32, "float to Fp32 rounds nothing");
    return from_bits(code_of(narrow(std::bit_cast<uint32_t>(value), F, saturate, random)));
  }

  static constexpr Float max_finite() { return from_bits(static_cast<Bits>(kLayout.max_finite)); }
  static constexpr Float smallest_normal() { return from_bits(static_cast<Bits>(1u << kLayout.mantissa_bits)); }
  static constexpr Float smallest_subnormal() { return from_bits(1); }
  static constexpr Float nan() { return from_bits(static_cast<Bits>(kLayout.canonical_nan)); }  ///< the canonical one
  static constexpr Float infinity() requires(float_layout(F).has_infinity) { return from_bits(static_cast<Bits>(kLayout.infinity())); }

  constexpr Bits bits() const { return bits_; }
  /// Exact; every NaN becomes the canonical quiet NaN.
  explicit constexpr operator float() const { return std::bit_cast<float>(widen(bits_, F).bits); }
  /// What the processing element takes; not for Fp32.
  constexpr Operand operand() const requires(F != Format::Fp32) { return operand_form(bits_, F); }

  constexpr FloatClass classify() const { return float_class(bits_, F); }
  constexpr bool is_nan() const { return classify() >= FloatClass::QuietNan; }
  constexpr bool is_signalling() const { return classify() == FloatClass::SignallingNan; }
  constexpr bool is_infinite() const { return classify() == FloatClass::Infinity; }
  constexpr bool is_finite() const { return classify() <= FloatClass::Normal; }
  constexpr bool is_subnormal() const { return classify() == FloatClass::Subnormal; }
  constexpr bool is_zero() const { return classify() == FloatClass::Zero; }
  constexpr bool is_negative() const { return float_sign(bits_, F) != 0; }  ///< the sign bit, of zeros and NaNs too

  /// The same code: a NaN equals itself, +0 and −0 differ. Compare values as floats.
  friend constexpr bool operator==(const Float&, const Float&) = default;

 private:
  static constexpr FloatLayout kLayout = float_layout(F);
  static constexpr Bits code_of(const FloatResult& result) { return static_cast<Bits>(result.bits); }
  static constexpr Float limited_fp32(float value) {
    const Float x(value);
    if (!x.is_infinite()) return x;
    return from_bits((x.bits() & 0x80000000u) | static_cast<uint32_t>(kLayout.max_finite));
  }

  Bits bits_ = 0;
};

using Fp32 = Float<Format::Fp32>;
using Bf16 = Float<Format::Bf16>;
using Fp16 = Float<Format::Fp16>;
using Fp8E5M2 = Float<Format::E5m2>;
using Fp8E4M3 = Float<Format::E4m3>;      ///< IEEE style: infinity, up to 240
using Fp8E4M3FN = Float<Format::E4m3fn>;  ///< OCP: no infinity, up to 448

}  // namespace assay
