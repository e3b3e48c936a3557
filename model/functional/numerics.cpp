// SPDX-License-Identifier: Apache-2.0
#include "model/functional/numerics.hpp"

#include <algorithm>
#include <limits>

namespace assay::functional {
namespace {

constexpr int64_t kMin32 = std::numeric_limits<int32_t>::min();
constexpr int64_t kMax32 = std::numeric_limits<int32_t>::max();

int32_t saturate32(int64_t x, bool& saturated) {
  const int64_t y = std::clamp(x, kMin32, kMax32);
  saturated |= y != x;
  return static_cast<int32_t>(y);
}

/// Nearest, ties away from zero, of h / 2^e with e ≤ 31: done on the magnitude, where adding half and flooring is exactly that.
/// |h| ≤ 2^31 and half ≤ 2^30, so the sum needs 33 bits.
int32_t rounding_divide(int64_t h, int e) {
  if (e == 0) return static_cast<int32_t>(h);
  const int64_t magnitude = h < 0 ? -h : h;
  const int64_t rounded = (magnitude + (int64_t{1} << (e - 1))) >> e;
  return static_cast<int32_t>(h < 0 ? -rounded : rounded);
}

}  // namespace

uint32_t Flags::bits() const {
  return (acc_overflow ? 1u : 0u) | (acc_undefined ? 2u : 0u) | (act_overflow ? 4u : 0u) | (act_undefined ? 8u : 0u) | (act_saturated ? 16u : 0u);
}

int32_t wrap_add(int32_t a, int32_t b, bool& overflow) {
  const int64_t exact = int64_t{a} + b;  // 33 bits
  overflow |= exact < kMin32 || exact > kMax32;
  return static_cast<int32_t>(static_cast<uint32_t>(exact));
}

int32_t requantise_double(int32_t x, uint32_t multiplier, int shift, bool& saturated) {
  // x · 2^30 needs 62 bits: no overflow before the saturation.
  const int32_t scaled = shift > 0 ? saturate32(int64_t{x} * (int64_t{1} << shift), saturated) : x;
  // |scaled · m| < 2^62, plus 2^30: fits 64 bits; >> of a negative value floors (C++20).
  const int64_t high = (int64_t{scaled} * multiplier + (int64_t{1} << 30)) >> 31;
  return rounding_divide(high, shift < 0 ? -shift : 0);
}

int32_t requantise_single(int32_t x, uint32_t multiplier, int shift, bool& saturated) {
  // 31 − shift lies in 1 … 62; |x · m| < 2^62 and 2^(30 − shift) ≤ 2^61: the sum fits 64 bits.
  const int64_t y = (int64_t{x} * multiplier + (int64_t{1} << (30 - shift))) >> (31 - shift);
  return saturate32(y, saturated);
}

int32_t output_lane(int32_t acc, const ColumnParams& params, const OutputMode& mode, const Table& table, Flags& flags) {
  if (mode.raw) return acc;
  const int32_t x = wrap_add(acc, params.bias, flags.act_overflow);
  const int32_t y = mode.single ? requantise_single(x, params.multiplier, params.shift, flags.act_saturated)
                                : requantise_double(x, params.multiplier, params.shift, flags.act_saturated);
  const int64_t z0 = int64_t{y} + mode.zero_point;
  const int64_t lo = mode.output_unsigned ? 0 : -128;
  flags.act_saturated |= z0 < lo || z0 > lo + 255;
  const auto z = static_cast<int32_t>(std::min(std::max(z0, int64_t{mode.clamp_lo}), int64_t{mode.clamp_hi}));
  if (!mode.table) return z;
  const auto index = static_cast<uint8_t>(z);
  const bool written = table.written[index / 8u];
  flags.act_undefined |= !written;
  const uint8_t entry = written ? table.entries[index] : uint8_t{0};
  return mode.output_unsigned ? int32_t{entry} : int32_t{static_cast<int8_t>(entry)};
}

}  // namespace assay::functional
