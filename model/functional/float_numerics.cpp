// SPDX-License-Identifier: Apache-2.0
#include "model/functional/float_numerics.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace assay::functional {
namespace {

constexpr FloatLayout make_layout(int exponent_bits, int mantissa_bits, bool infinity, uint32_t nan, double greatest, double least_normal) {
  return {exponent_bits, mantissa_bits, (1 << (exponent_bits - 1)) - 1, infinity, nan, greatest, least_normal};
}

// In the order of the codes from fp32 = 3 on.
constexpr std::array<FloatLayout, 6> kLayouts{make_layout(8, 23, true, kNanFp32, 0x1.FFFFFEp127, 0x1p-126),
                                              make_layout(8, 7, true, 0x7FC0, 0x1.FEp127, 0x1p-126),
                                              make_layout(5, 10, true, 0x7E00, 65504, 0x1p-14),
                                              make_layout(5, 2, true, 0x7E, 57344, 0x1p-14),
                                              make_layout(4, 3, true, 0x7C, 240, 0x1p-6),
                                              make_layout(4, 3, false, 0x7F, 448, 0x1p-6)};

float as_float(uint32_t bits) { return std::bit_cast<float>(bits); }
uint32_t as_bits(float x) { return std::bit_cast<uint32_t>(x); }

bool nan32(uint32_t x) { return (x & 0x7FFFFFFFu) > 0x7F800000u; }
bool signalling32(uint32_t x) { return nan32(x) && (x & 0x00400000u) == 0; }
bool infinite32(uint32_t x) { return (x & 0x7FFFFFFFu) == 0x7F800000u; }
bool zero32(uint32_t x) { return (x & 0x7FFFFFFFu) == 0; }

uint32_t exponent_mask(const FloatLayout& l) { return ((1u << l.exponent_bits) - 1) << l.mantissa_bits; }
uint32_t magnitude_mask(const FloatLayout& l) { return (1u << (l.exponent_bits + l.mantissa_bits)) - 1; }

/// x + y rounded to odd: truncated, the last bit set when something was lost. With 53 bits that rounds again to 24 or fewer as the exact sum
/// would (53 ≥ 24 + 2). Neither is near the ends of a double's range, so the error term is exact.
double add_to_odd(double x, double y) {
  const double sum = x + y, part = sum - x;
  const double error = (x - (sum - part)) + (y - part);
  const auto bits = std::bit_cast<uint64_t>(sum);
  if (error == 0 || (bits & 1) != 0) return sum;
  return std::bit_cast<double>((error > 0) == (sum > 0) ? bits + 1 : bits - 1);
}

/// The nearest FP32 number of what add_to_odd gave, with the flags of spec section 17.5.1.
uint32_t round_to_fp32(double exact, uint8_t& flags) {
  const auto rounded = static_cast<float>(exact);
  if (std::isinf(rounded)) {
    flags |= kFlagOverflow | kFlagInexact;
  } else if (static_cast<double>(rounded) != exact) {
    flags |= kFlagInexact;
    // Rounded to 24 bits with unbounded exponent it is below 2^−126 when it lies below the midpoint of 2^−126 and its lower neighbour there.
    if (std::fabs(exact) < 0x1p-126 - 0x1p-151) flags |= kFlagUnderflow;
  }
  return as_bits(rounded);
}

/// Whether the magnitude in units of the grid (fraction and all) goes up (spec section 17.5.4).
bool goes_up(double units, uint16_t random) {
  const double fraction = units - std::floor(units);
  return static_cast<uint32_t>(fraction * 0x1p17) + 2u * random + 1u >= (1u << 17);  // each below 2^17: 18 bits
}

/// The magnitude rounded to a multiple of `unit`, a power of two.
double round_to_grid(double magnitude, double unit, std::optional<uint16_t> random) {
  const double units = magnitude / unit;  // exact: a power of two, far from the ends of the range
  if (!random) return std::nearbyint(units) * unit;
  return (std::floor(units) + (goes_up(units, *random) ? 1.0 : 0.0)) * unit;
}

/// The code of a magnitude that lies on the format's grid.
uint32_t code_of(double magnitude, const FloatLayout& l) {
  if (magnitude < l.least_normal) return static_cast<uint32_t>(std::ldexp(magnitude, l.bias - 1 + l.mantissa_bits));
  int exponent = 0;
  const double fraction = std::frexp(magnitude, &exponent);  // in [1/2, 1)
  const auto mantissa = static_cast<uint32_t>(std::ldexp(fraction, l.mantissa_bits + 1)) - (1u << l.mantissa_bits);
  return static_cast<uint32_t>(exponent - 1 + l.bias) << l.mantissa_bits | mantissa;
}

struct Narrowed {
  uint32_t code;
  uint8_t flags;
};

/// A finite magnitude, not 0, in the format: spec section 17.5.3 from "Else" on.
Narrowed narrow_finite(double magnitude, Format g, bool saturate, std::optional<uint16_t> random) {
  const FloatLayout& l = layout_of(g);
  int exponent = 0;
  std::frexp(magnitude, &exponent);  // magnitude in [2^(exponent−1), 2^exponent)
  const double unit = std::ldexp(1.0, exponent - 1 - l.mantissa_bits);
  const double unbounded = round_to_grid(magnitude, unit, random);
  if (unbounded > l.greatest) return {saturate ? greatest_code(g) : infinity_code(g), kFlagOverflow | kFlagInexact};
  const double smallest = std::ldexp(l.least_normal, -l.mantissa_bits);
  const double result = unit >= smallest ? unbounded : round_to_grid(magnitude, smallest, random);
  const bool inexact = result != magnitude, tiny = (random ? magnitude : unbounded) < l.least_normal;
  return {code_of(result, l), static_cast<uint8_t>((inexact ? kFlagInexact : 0) | (inexact && tiny ? kFlagUnderflow : 0))};
}

}  // namespace

const FloatLayout& layout_of(Format f) { return kLayouts.at(static_cast<size_t>(f) - static_cast<size_t>(Format::Fp32)); }

uint32_t greatest_code(Format f) {
  const FloatLayout& l = layout_of(f);
  return l.infinity ? exponent_mask(l) - 1 : magnitude_mask(l) - 1;
}

uint32_t infinity_code(Format f) {
  const FloatLayout& l = layout_of(f);
  return l.infinity ? exponent_mask(l) : l.nan;
}

bool is_nan(uint32_t code, Format f) {
  const FloatLayout& l = layout_of(f);
  const uint32_t magnitude = code & magnitude_mask(l);
  return l.infinity ? magnitude > exponent_mask(l) : magnitude == magnitude_mask(l);
}

bool is_signalling(uint32_t code, Format f) { return is_nan(code, f) && (code >> (layout_of(f).mantissa_bits - 1) & 1) == 0; }

bool is_infinite(uint32_t code, Format f) {
  const FloatLayout& l = layout_of(f);
  return l.infinity && (code & magnitude_mask(l)) == exponent_mask(l);
}

uint32_t decode(uint32_t code, Format f) {
  if (f == Format::Fp32) return code;
  const FloatLayout& l = layout_of(f);
  const uint32_t sign = (code >> (l.exponent_bits + l.mantissa_bits) & 1) << 31;
  const uint32_t exponent = (code & exponent_mask(l)) >> l.mantissa_bits, mantissa = code & ((1u << l.mantissa_bits) - 1);
  const uint32_t aligned = mantissa << (23 - l.mantissa_bits);  // at most 10 bits: below 2^23
  if (is_nan(code, f) || is_infinite(code, f)) return sign | 0x7F800000u | aligned;
  if (exponent != 0) return sign | (exponent + 127 - static_cast<uint32_t>(l.bias)) << 23 | aligned;
  // Subnormal: exact in FP32, of the narrow formats as a normal number, of bf16 as a subnormal one.
  return sign | as_bits(static_cast<float>(std::ldexp(static_cast<double>(mantissa), 1 - l.bias - l.mantissa_bits)));
}

double value_of(uint32_t code, Format f) {
  switch (f) {
    case Format::Int8:
      return static_cast<int8_t>(code);
    case Format::Uint8:
      return static_cast<uint8_t>(code);
    case Format::Int32:
      return static_cast<int32_t>(code);
    default:
      return static_cast<double>(as_float(decode(code, f)));
  }
}

uint32_t fused(uint32_t a, uint32_t w, uint32_t c, uint8_t& flags) {
  const bool undefined = (infinite32(a) && zero32(w)) || (zero32(a) && infinite32(w));
  const bool product_infinite = infinite32(a) || infinite32(w);
  const uint32_t product_sign = (a ^ w) & kMinusZero;
  if (nan32(a) || nan32(w) || nan32(c)) {
    if (undefined || signalling32(a) || signalling32(w) || signalling32(c)) flags |= kFlagInvalid;
    return kNanFp32;
  }
  if (undefined || (product_infinite && infinite32(c) && product_sign != (c & kMinusZero))) {
    flags |= kFlagInvalid;
    return kNanFp32;
  }
  if (product_infinite) return product_sign | 0x7F800000u;
  if (infinite32(c)) return c;
  // At most 24 significant bits times 11 or 1, exponents within ±300: the product is exact. Exact zeros get their sign from the host's sum.
  const double product = static_cast<double>(as_float(a)) * static_cast<double>(as_float(w));
  return round_to_fp32(add_to_odd(product, static_cast<double>(as_float(c))), flags);
}

uint32_t add(uint32_t x, uint32_t y, uint8_t& flags) { return fused(x, as_bits(1.0f), y, flags); }

uint32_t narrow(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random, uint8_t& flags) {
  const FloatLayout& l = layout_of(g);
  if (nan32(x)) {
    if (signalling32(x)) flags |= kFlagInvalid;
    return l.nan;
  }
  const uint32_t sign = x >> 31 << (l.exponent_bits + l.mantissa_bits);
  const bool no_infinity = !l.infinity && !saturate;
  if (infinite32(x)) return no_infinity ? l.nan : sign | (saturate ? greatest_code(g) : infinity_code(g));
  if (zero32(x)) return sign;
  const Narrowed n = narrow_finite(std::fabs(static_cast<double>(as_float(x))), g, saturate, random);
  flags |= n.flags;
  return no_infinity && n.code == l.nan ? l.nan : sign | n.code;
}

int32_t to_integer(uint32_t x, Format g, uint8_t& flags) {
  const double lo = g == Format::Uint8 ? 0 : g == Format::Int8 ? -128 : std::numeric_limits<int32_t>::min();
  const double hi = g == Format::Uint8 ? 255 : g == Format::Int8 ? 127 : std::numeric_limits<int32_t>::max();
  if (nan32(x)) {
    flags |= kFlagInvalid;
    return 0;
  }
  const double value = static_cast<double>(as_float(x)), rounded = std::nearbyint(value);
  if (rounded < lo || rounded > hi) {
    flags |= kFlagInvalid;
    return static_cast<int32_t>(std::clamp(rounded, lo, hi));
  }
  if (rounded != value) flags |= kFlagInexact;
  return static_cast<int32_t>(rounded);
}

uint32_t relu(uint32_t x) {
  if (nan32(x)) return kNanFp32;
  return (x & kMinusZero) != 0 ? 0 : x;
}

uint32_t to_lane(uint32_t x, Format g, bool saturate, std::optional<uint16_t> random, uint8_t& flags) {
  if (g == Format::Fp32) return x;
  if (is_integer(g)) return static_cast<uint32_t>(to_integer(x, g, flags));
  return narrow(x, g, saturate, random, flags);
}

uint32_t encode_value(double value, Format f) {
  const FloatLayout& l = layout_of(f);
  if (std::isnan(value)) return l.nan;
  const uint32_t sign = (std::signbit(value) ? 1u : 0u) << (l.exponent_bits + l.mantissa_bits);
  const double magnitude = std::fabs(value);
  if (magnitude < 0x1p-200) return sign;  // far below half of every format's smallest number
  const uint32_t code = std::isinf(magnitude) ? infinity_code(f) : narrow_finite(magnitude, f, false, std::nullopt).code;
  return code == l.nan ? l.nan : sign | code;
}

LaneRandom::LaneRandom(uint32_t seed, size_t lane) : state_(seed ^ static_cast<uint32_t>(lane + 1) * 0x9E3779B9u) {
  if (state_ == 0) state_ = 1;
}

uint16_t LaneRandom::draw() {
  const auto random = static_cast<uint16_t>(state_ >> 16);
  state_ ^= state_ << 13;
  state_ ^= state_ >> 17;
  state_ ^= state_ << 5;
  return random;
}

}  // namespace assay::functional
