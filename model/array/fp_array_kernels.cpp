// SPDX-License-Identifier: Apache-2.0
#include "model/array/fp_array_kernels.hpp"

#include <immintrin.h>

#include <cstring>

#include "model/common/host_float.hpp"
#include "model/pe/fma.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

constexpr uint32_t kNan = 0x7FC00000, kInfinity = 0x7F800000, kMagnitude = 0x7FFFFFFF;

uint16_t load16(const uint8_t* at) {
  uint16_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

bool test_lane(const uint8_t* bits, int c) { return ((bits[c / 8] >> (c % 8)) & 1) != 0; }

// An infinity times a zero: invalid whatever is added, where the processor says so only beside a number.
bool infinity_times_zero(uint32_t a, uint32_t w) {
  a &= kMagnitude, w &= kMagnitude;
  return (a == kInfinity && w == 0) || (a == 0 && w == kInfinity);
}

// Makes the NaNs among the new partial sums canonical; returns the flags that the processor left out.
uint32_t settle_nans(const FpRows& a) {
  uint32_t flags = 0;
  for (int r = 0; r < a.rows; ++r) {
    const FpRow& row = a.row[r];
    for (int c = 0; c < a.cols; ++c) {
      if ((static_cast<uint32_t>(row.psum[c]) & kMagnitude) <= kInfinity) continue;
      row.psum[c] = static_cast<int32_t>(kNan);
      const uint32_t low = a.low_in != nullptr ? a.low[r * a.stride + c] : 0u;
      const uint32_t act = static_cast<uint32_t>(load16(row.act + 2 * c)) << 16 | low;
      if (test_lane(row.enable, c) && test_lane(row.valid, c) && infinity_times_zero(act, a.weight[r * a.stride + c])) flags = kInvalid;
    }
  }
  return flags;
}

namespace v2 {
#define ASSAY_LEVEL 2
#include "model/array/fp_array_kernels.inc"
}  // namespace v2
namespace v3 {
#define ASSAY_LEVEL 3
#include "model/array/fp_array_kernels.inc"
}  // namespace v3
namespace v4 {
#define ASSAY_LEVEL 4
#include "model/array/fp_array_kernels.inc"
}  // namespace v4

}  // namespace

const FpArrayKernels& fp_array_kernels(Isa isa) {
  return counts_flags(isa) == Isa::V4 ? v4::kKernels : counts_flags(isa) == Isa::V3 ? v3::kKernels : v2::kKernels;
}

}  // namespace assay
