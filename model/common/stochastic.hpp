// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

// The generator of stochastic rounding (spec section 17.5.5). U holds unsigned 32-bit values modulo 2^32.

/// One step of xorshift32: period 2^32 − 1 over the states other than 0.
template <class U>
constexpr U xorshift_word(U s) {
  s = s ^ (s << U(13));
  s = s ^ (s >> U(17));
  return s ^ (s << U(5));
}

constexpr uint32_t xorshift(uint32_t s) { return xorshift_word(s); }

/// The state a lane starts from: never 0.
constexpr uint32_t seeded(uint32_t seed, int lane) {
  const uint32_t v = seed ^ (static_cast<uint32_t>(lane + 1) * 0x9E3779B9u);  // modulo 2^32
  return v != 0 ? v : 1;
}

/// The 16 random bits of an element: of the state before its step.
constexpr uint16_t random_of(uint32_t s) { return static_cast<uint16_t>(s >> 16); }

}  // namespace assay
