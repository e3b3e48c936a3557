// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/float_narrow.hpp"

#include <algorithm>
#include <cmath>

#include "model/common/float_format.hpp"
#include "model/common/float_types.hpp"

namespace assay::npu {
namespace {

/// What the code's places keep of a significand of 24 bits, and what they do not.
struct Cut {
  uint32_t kept, lost;
  int bits;  ///< of `lost`
};

/// Whether a stochastic rounding of `cut` goes up: 17 bits of what is lost plus 2R + 1 carry.
bool by_chance(const Cut& cut, uint16_t random, const NarrowDeviation& d) {
  const uint64_t fraction = cut.bits < 64 ? (uint64_t{cut.lost} << 17) >> cut.bits : 0;
  const uint64_t twice = d.random_shift >= 0 ? uint64_t{random} << (1 + d.random_shift) : (uint64_t{random} << 1) >> -d.random_shift;
  return fraction + twice + 1 > 0x1FFFF;
}

bool goes_up(const Cut& cut, bool negative, std::optional<uint16_t> random, const NarrowDeviation& d, bool deviates) {
  if (cut.bits == 0) return false;
  if (random) return by_chance(cut, *random, d);
  return rounds_up(deviates ? d.rounding : Rounding::HalfEven, negative, cut.kept, cut.lost, std::min(cut.bits, 60));  // 24 bits are below half from 25 on
}

}  // namespace

FloatSum narrow_deviating(uint32_t x, Format f, bool saturate, std::optional<uint16_t> random, const NarrowDeviation& d) {
  const FloatLayout l = float_layout(f);
  const bool negative = x >> 31 != 0;
  uint32_t magnitude = x & 0x7FFFFFFF;
  if (d.flush_in && magnitude < 0x00800000) magnitude = 0;
  const bool nan = magnitude > 0x7F800000, infinite = magnitude == 0x7F800000, finite = !nan && !infinite;
  const int field = static_cast<int>(magnitude >> 23), exponent = std::max(field, 1);
  const uint32_t significand = (magnitude & 0x7FFFFF) | (field == 0 ? 0 : 0x800000);
  const int below = std::max(l.smallest() - exponent, 0), bits = l.lost_bits() + below;
  const uint32_t kept = bits < 32 ? significand >> bits : 0;
  Cut cut{kept, bits < 32 ? significand - (kept << bits) : significand, bits};
  const bool subnormal = below > 0 || (l.smallest() == 1 && field == 0), deviates = !random && (subnormal || !d.only_subnormal);
  const uint32_t first = bits > 0 && bits <= 32 ? 1u << (bits - 1) : 0;
  if (deviates && d.sticky_lost) cut.lost &= first;
  if (deviates && d.guard_lost) cut.lost &= ~first;
  uint32_t rounded = kept + (goes_up(cut, negative, random, d, deviates) ? 1 : 0);
  if (d.carry_lost && rounded == 2u << l.mantissa_bits) rounded >>= 1;
  const uint32_t step = static_cast<uint32_t>(std::max(exponent - l.smallest(), 0)) << l.mantissa_bits;
  uint32_t code = step + rounded;
  const auto largest = static_cast<uint32_t>(l.max_finite);
  const bool before = step + kept > largest || (step + kept == largest && cut.lost != 0);
  const bool overflow = finite && (d.overflow_before ? before : code > largest), inexact = finite && (overflow || cut.lost != 0);
  const uint32_t smallest = static_cast<uint32_t>(l.smallest()) << 23, margin = 1u << (l.lost_bits() - (l.smallest() == 1 ? 2 : 1));
  const bool tiny = magnitude < (random || d.underflow_before ? smallest : smallest - margin);
  const uint64_t flags =
      flag_if(inexact, kInexact) | flag_if(inexact && tiny, kUnderflow) | flag_if(overflow, kOverflow) | flag_if(nan && (x & 0x00400000) == 0, kInvalid);
  const uint32_t sign = negative ? 1u << l.magnitude_bits() : 0;
  const auto canonical = static_cast<uint32_t>(l.canonical_nan);
  if (nan) return {canonical | (d.nan_sign ? sign : 0), flags};
  if (d.flush_out && code < 1u << l.mantissa_bits) code = 0;
  if (!infinite && !overflow) return {sign | code, flags};
  if (saturate && !(infinite && d.infinity_stays)) return {sign | largest, flags};
  return {l.has_infinity ? sign | static_cast<uint32_t>(l.infinity()) : canonical, flags};
}

}  // namespace assay::npu
