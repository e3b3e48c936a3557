// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

/// The flag set of spec section 17.1; flags of several operations are ORed.
enum FloatFlag : uint8_t { kInexact = 1, kUnderflow = 2, kOverflow = 4, kInvalid = 8 };

/// The code an operation delivers, in the low bits, and the flags it raises.
struct FloatResult {
  uint32_t bits;
  uint8_t flags;
  friend constexpr bool operator==(const FloatResult&, const FloatResult&) = default;
};

/// The same in an arithmetic template's words. Bits above the code's width are copies of its top bit or 0, so callers mask.
template <class W>
struct FloatWord {
  W bits;
  W flags;
};

/// What a template over plain integers delivered.
template <class W>
constexpr FloatResult float_result(const FloatWord<W>& word) {
  return {static_cast<uint32_t>(word.bits), static_cast<uint8_t>(word.flags)};
}

}  // namespace assay
