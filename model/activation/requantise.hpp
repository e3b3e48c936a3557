// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/common/word.hpp"

namespace assay {

// Spec section 5.4 and 5.5, cut at the registers of the activation unit (section 12). x and y are INT32, the multiplier is 0 or in
// [2^30, 2^31), the shift s in [-31, 30], all held in 64-bit words.

/// Stage 2, double rounding: sat32(x·2^max(s,0))·m; the flag is the saturation.
template <class W>
constexpr Flagged<W> multiply_double(W x, W multiplier, W shift) {
  const W left = select(shift < W(0), W(0), shift);
  const Flagged<W> wide = sat32(x << left);     // |x| <= 2^31, left <= 30: |x·2^left| <= 2^61
  return {wide.value * multiplier, wide.flag};  // |x'| <= 2^31, m < 2^31: below 2^62
}

/// Stage 2, single rounding: x·m.
template <class W>
constexpr W multiply_single(W x, W multiplier) {
  return x * multiplier;  // |x| <= 2^31, m < 2^31: below 2^62
}

/// Stage 3, double rounding: h = floor((product + 2^30) / 2^31), then h / 2^max(-s,0) to nearest, ties away from zero.
template <class W>
constexpr W scale_double(W product, W shift) {
  // |product| < 2^62 and 2^30: the sum stays below 2^63; h fits INT32
  const W h = (product + W(int64_t{1} << 30)) >> W(31);
  const W e = select(shift < W(0), W(0) - shift, W(0));
  const W sign = h >> W(63);                  // 0 or -1
  const W magnitude = (h ^ sign) - sign;      // |h| <= 2^31
  const W half = (W(1) << e) >> W(1);         // 2^(e-1), or 0 for e = 0; e <= 31
  const W rounded = (magnitude + half) >> e;  // at most 2^31 + 2^30 before the shift
  return (rounded ^ sign) - sign;
}

/// Stage 3, single rounding: sat32(floor((product + 2^(30-s)) / 2^(31-s))); the flag is the saturation.
template <class W>
constexpr Flagged<W> scale_single(W product, W shift) {
  // 31 - s in [1, 62]; |product| < 2^62 and 2^(30-s) <= 2^61: the sum stays below 2^63
  const W half = W(1) << (W(30) - shift);
  return sat32((product + half) >> (W(31) - shift));
}

/// x·multiplier·2^(shift-31), rounded once (`single` = 1) or twice (0), and whether it saturated.
template <class W>
constexpr Flagged<W> requantise(W x, W multiplier, W shift, W single) {
  const Flagged<W> wide = multiply_double(x, multiplier, shift);
  const W twice = scale_double(wide.value, shift);
  const Flagged<W> once = scale_single(multiply_single(x, multiplier), shift);
  return {select(single == W(1), once.value, twice), select(single == W(1), once.flag, wide.flag)};
}

/// Stage 4: y + zero_point, clamped; the flag says that y + zero_point left the destination format (spec section 5.5).
template <class W>
constexpr Flagged<W> zero_point_clamp(W y, W zero_point, W clamp_lo, W clamp_hi, W output_unsigned) {
  const W z0 = y + zero_point;  // INT32 and 9 bits: 33 bits
  const W lowest = select(output_unsigned == W(1), W(0), W(-128));
  const W highest = select(output_unsigned == W(1), W(255), W(127));
  const W inside = clamp_to(z0, lowest, highest);
  return {clamp_to(z0, clamp_lo, clamp_hi), select(z0 == inside, W(0), W(1))};
}

}  // namespace assay
