// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/assert.hpp"

/// A word with nothing but the operations that model/common/word.hpp lists, and no way from a comparison to a branch: what compiles with it is
/// straight-line code over any word. Every result must fit Bits bits, signed (the sign of an FP32 pattern comes by a shift by 31).
namespace assay::test {

struct Truth {
  bool holds;
};

template <int Bits>
struct Checked {
  int64_t value;
  explicit constexpr Checked(int64_t v) : value(v) { ASSAY_ASSERT(v >= INT64_MIN >> (64 - Bits) && v <= INT64_MAX >> (64 - Bits)); }

  friend constexpr Checked operator+(Checked a, Checked b) { return Checked(a.value + b.value); }
  friend constexpr Checked operator-(Checked a, Checked b) { return Checked(a.value - b.value); }
  friend constexpr Checked operator*(Checked a, Checked b) { return Checked(a.value * b.value); }
  friend constexpr Checked operator&(Checked a, Checked b) { return Checked(a.value & b.value); }
  friend constexpr Checked operator|(Checked a, Checked b) { return Checked(a.value | b.value); }
  friend constexpr Checked operator^(Checked a, Checked b) { return Checked(a.value ^ b.value); }
  friend constexpr Checked operator>>(Checked a, Checked n) {
    ASSAY_ASSERT(n.value >= 0 && n.value < Bits);
    return Checked(a.value >> n.value);
  }
  friend constexpr Checked operator<<(Checked a, Checked n) {
    ASSAY_ASSERT(n.value >= 0 && n.value < Bits);
    if (Bits == 32 && n.value == 31 && a.value == 1) return Checked(INT32_MIN);
    return Checked(a.value << n.value);
  }
  friend constexpr Truth operator==(Checked a, Checked b) { return {a.value == b.value}; }
  friend constexpr Truth operator<(Checked a, Checked b) { return {a.value < b.value}; }
  friend constexpr Checked select(Truth condition, Checked if_true, Checked if_false) { return condition.holds ? if_true : if_false; }
};

}  // namespace assay::test
