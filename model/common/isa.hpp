// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace assay {

/// The instruction set that the hot kernels use. All give identical bits (tested); only the speed differs.
enum class Isa : uint8_t { V2, V3, V4 };  ///< x86-64-v2, -v3, -v4

/// The highest level this processor has.
Isa best_isa();

/// The level whose kernels may count the flags that the processor's own floating-point arithmetic raises. Clang computes lanes that are masked out, flags
/// and all, when it finds nobody looking at their results; there it is the lowest, whose arithmetic is integer.
inline Isa counts_flags(Isa isa) {
#ifdef __clang__
  (void)isa;
  return Isa::V2;
#else
  return isa;
#endif
}

/// What a caller gets who asks for `wanted` on a processor that has `best`.
constexpr Isa usable_isa(Isa wanted, Isa best) { return wanted < best ? wanted : best; }

}  // namespace assay
