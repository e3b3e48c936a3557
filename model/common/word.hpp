// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

// The operations that the arithmetic templates (mac, accumulate, requantise) need beside the operators + - * & ^ << >> == < and the
// constructor from int64_t. Here they are given for int64_t; a symbolic word brings its own overloads, found by argument lookup.
// Every word holds a signed 64-bit value: the width arguments at the templates show that nothing leaves that range.

constexpr int64_t select(bool condition, int64_t if_true, int64_t if_false) { return condition ? if_true : if_false; }

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

}  // namespace assay
