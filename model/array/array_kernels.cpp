// SPDX-License-Identifier: Apache-2.0
#include "model/array/array_kernels.hpp"

#include <immintrin.h>

#include <cstring>

#include "model/common/fields.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

// kByteMask + kByteMaskOnes - n begins with n bytes of ones, then zeros (n <= 32).
constexpr int kByteMaskOnes = 32;
constexpr struct ByteMask {
  uint8_t bytes[2 * kByteMaskOnes]{};
  constexpr ByteMask() {
    for (int i = 0; i < kByteMaskOnes; ++i) bytes[i] = 0xff;
  }
} kByteMaskTable;
constexpr const uint8_t* kByteMask = kByteMaskTable.bytes;

namespace v2 {
#define ASSAY_LEVEL 2
#include "model/array/array_kernels.inc"
}  // namespace v2
namespace v3 {
#define ASSAY_LEVEL 3
#include "model/array/array_kernels.inc"
}  // namespace v3
namespace v4 {
#define ASSAY_LEVEL 4
#include "model/array/array_kernels.inc"
}  // namespace v4

}  // namespace

const ArrayKernels& array_kernels(Isa isa) { return isa == Isa::V4 ? v4::kKernels : isa == Isa::V3 ? v3::kKernels : v2::kKernels; }

}  // namespace assay
