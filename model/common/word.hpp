// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>

namespace assay {

// The operations that the arithmetic templates (mac, accumulate, requantise, fma, narrow) need beside the operators + - * & | ^ << >> == <
// and the constructor from an integer. Here they are given for int64_t and int32_t; a symbolic word brings its own overloads, found by
// argument lookup. Every word holds a signed 64-bit value, in the floating-point templates a signed 32-bit value unless they say
// otherwise: the width arguments at the templates show that nothing leaves that range.

constexpr int64_t select(bool condition, int64_t if_true, int64_t if_false) { return condition ? if_true : if_false; }
constexpr int32_t select(bool condition, int32_t if_true, int32_t if_false) { return condition ? if_true : if_false; }

/// 1 where the condition holds, else 0.
template <class W, class Condition>
constexpr W one_if(const Condition& condition) {
  return select(condition, W(1), W(0));
}

/// The value modulo 2^32, as signed 32-bit.
constexpr int64_t wrap32(int64_t x) { return static_cast<int32_t>(static_cast<uint64_t>(x)); }

/// A result and the flag (0 or 1) that it raises.
template <class W>
struct Flagged {
  W value;
  W flag;
};

/// a + b modulo 2^32 and whether the exact sum is not INT32 (spec section 5.2, 5.3).
template <class W>
constexpr Flagged<W> add32(W a, W b) {
  const W exact = a + b;  // both in [-2^31, 2^31): the sum takes 33 bits of the 64
  const W wrapped = wrap32(exact);
  return {wrapped, select(exact == wrapped, W(0), W(1))};
}

/// min(max(x, lo), hi).
template <class W>
constexpr W clamp_to(W x, W lo, W hi) {
  const W above = select(x < lo, lo, x);
  return select(hi < above, hi, above);
}

/// x saturated to INT32, and whether it had to be.
template <class W>
constexpr Flagged<W> sat32(W x) {
  const W limited = clamp_to(x, W(INT32_MIN), W(INT32_MAX));
  return {limited, select(x == limited, W(0), W(1))};
}

/// Zeros above the leading one of x in [0, 2^32); of 0: 32. The plain integers ask the processor; other words get there by halves.
constexpr int64_t leading_zeros(int64_t x) { return std::countl_zero(static_cast<uint32_t>(x)); }
constexpr int32_t leading_zeros(int32_t x) { return std::countl_zero(static_cast<uint32_t>(x)); }
template <class W>
constexpr W leading_zeros(W x) {
  W count(0);
  for (const int step : {16, 8, 4, 2, 1}) {  // x < 2^(2·step) here
    const W high = x >> W(step);             // below 2^step
    count = count + select(high == W(0), W(step), W(0));
    x = select(high == W(0), x, high);
  }
  return count + select(x == W(0), W(1), W(0));
}

/// x shifted left until bit Width−1 is set, and by how much. x in [1, 2^Width), Width ≤ 31; x = 0 gives 0 and Width.
template <int Width, class W>
constexpr Flagged<W> normalise(W x) {
  const W count = leading_zeros(x) - W(32 - Width);  // 0 … Width
  return {x << count, count};
}

/// x / 2^shift with every bit shifted out ORed into bit 0 (round to odd). x in [0, 2^31), 0 ≤ shift ≤ 31.
template <class W>
constexpr W shift_sticky(W x, W shift) {
  const W kept = x >> shift;
  const W lost = x - (kept << shift);  // 0 ≤ lost < 2^shift, and lost ≤ x
  return kept | select(lost == W(0), W(0), W(1));
}

}  // namespace assay
