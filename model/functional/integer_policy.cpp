// SPDX-License-Identifier: Apache-2.0
#include "model/functional/integer_policy.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

#include "model/common/float_format.hpp"
#include "model/functional/exact_sum.hpp"

namespace assay {
namespace {

RequantResult saturated32(int64_t x) {
  const int64_t limited = std::clamp<int64_t>(x, INT32_MIN, INT32_MAX);
  return {static_cast<int32_t>(limited), limited != x};
}

/// The positive FP32 number significand · 2^exponent.
struct Parts {
  uint64_t significand;
  int exponent;
};

Parts parts(uint32_t fp32) {
  const uint32_t field = fp32 >> 23 & 255, mantissa = fp32 & 0x7FFFFF;
  return {field == 0 ? mantissa : mantissa | 0x800000, static_cast<int>(std::max(field, 1u)) - 150};
}

}  // namespace

IntegerResult dot(std::span<const int16_t> a, std::span<const int16_t> b, int64_t stored, const IntegerPolicy& policy) {
  if (a.size() != b.size()) throw std::invalid_argument("dot: a and b differ in size");
  if (policy.accumulator_bits < 2 || policy.accumulator_bits > 48) throw std::invalid_argument("dot: accumulator_bits: 2 to 48");
  const int unused = 64 - policy.accumulator_bits;
  const int64_t highest = std::numeric_limits<int64_t>::max() >> unused, lowest = -highest - 1;
  if (stored < lowest || stored > highest) throw std::invalid_argument("dot: stored: does not fit accumulator_bits");
  IntegerResult sum{stored, false};
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t k = policy.order == IntegerPolicy::Order::Ascending ? i : a.size() - 1 - i;
    const int64_t exact = sum.value + int64_t{a[k]} * b[k];  // 48 and 31 bits: 49
    const int64_t wrapped = static_cast<int64_t>(static_cast<uint64_t>(exact) << unused) >> unused;
    sum.overflow |= exact != wrapped;
    sum.value = policy.range == IntegerPolicy::Range::Wrap ? wrapped : std::clamp(exact, lowest, highest);
  }
  return sum;
}

int64_t rounding_shift(int64_t x, int shift, Rounding rounding) {
  if (shift == 0) return x;
  const int64_t floor = x >> shift, half = int64_t{1} << (shift - 1);
  const int64_t left = x - (floor << shift);  // in [0, 2^shift)
  const bool negative = x < 0;
  switch (rounding) {
    case Rounding::NearestEven:
      return floor + (left > half || (left == half && (floor & 1) != 0));
    case Rounding::HalfAway:
      return floor + (left > half || (left == half && !negative));
    case Rounding::HalfUp:
      return floor + (left >= half);
    case Rounding::Floor:
      return floor;
    default:
      return floor + (negative && left != 0);
  }
}

RequantResult requantise(int32_t x, uint32_t multiplier, int shift, const RequantPolicy& policy) {
  if (multiplier != 0 && (multiplier < 0x40000000u || multiplier >= 0x80000000u))
    throw std::invalid_argument("requantise: multiplier: 0, or from 2^30 below 2^31");
  if (shift < -31 || shift > 30) throw std::invalid_argument("requantise: shift: -31 to 30");
  if (policy.mode == RequantPolicy::Mode::Single)  // |x·m| < 2^62, 31 − s in 1 … 62
    return saturated32(rounding_shift(int64_t{x} * multiplier, 31 - shift, policy.first));
  const RequantResult left = saturated32(int64_t{x} * (int64_t{1} << std::max(shift, 0)));  // 62 bits
  const int64_t high = rounding_shift(int64_t{left.value} * multiplier, 31, policy.first);  // |high| ≤ 2^31 − 1, as m < 2^31
  return {static_cast<int32_t>(rounding_shift(high, std::max(-shift, 0), policy.second)), left.saturated};
}

RequantResult requantise(int32_t x, float scale, Rounding rounding) {
  const auto bits = std::bit_cast<uint32_t>(scale);
  if (bits >= 0x7F800000u) throw std::invalid_argument("requantise: scale: finite and not negative");
  const uint32_t wide = widen(static_cast<uint32_t>(x), Format::Int32).bits;
  const Parts left = parts(wide & 0x7FFFFFFF), right = parts(bits);
  const uint64_t product = left.significand * right.significand;  // 24 · 24 bits
  if (product == 0) return {0, false};
  const uint32_t rounded = round_to_fp32(false, product, left.exponent + right.exponent, false).bits;
  if (rounded >= 0x4F800000u) return {x < 0 ? INT32_MIN : INT32_MAX, true};  // 2^32 and more, infinity too
  const Parts result = parts(rounded);
  const auto magnitude = static_cast<int64_t>(result.significand);
  const int64_t value = x < 0 ? -magnitude : magnitude;
  // below 2^32: at most 8 places to the left; 24 bits and a half are gone at 26 to the right
  return saturated32(result.exponent >= 0 ? value * (int64_t{1} << result.exponent) : rounding_shift(value, std::min(-result.exponent, 40), rounding));
}

}  // namespace assay
