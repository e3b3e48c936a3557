// SPDX-License-Identifier: Apache-2.0
#include <xmmintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "model/functional/float_numerics.hpp"

namespace assay::functional {
namespace {

// MXCSR: the sticky exceptions in bits 0 … 5 (invalid, denormal, divide, overflow, underflow, precision), all of them masked by bits 7 … 12, round
// to nearest even, no flushing. With underflow masked its bit is set for results that are inexact and, rounded with unbounded exponent, below
// 2^−126: the definition of spec section 17.5.1.
constexpr unsigned kDefaultControl = 0x1F80;
constexpr unsigned kInvalidBit = 1, kOverflowBit = 8, kUnderflowBit = 16, kPrecisionBit = 32;

/// The processor's floating-point flags, cleared for the time of a scope.
class HostFlags {
 public:
  HostFlags() : saved_(_mm_getcsr()) { _mm_setcsr(kDefaultControl); }
  ~HostFlags() { _mm_setcsr(saved_); }
  HostFlags(const HostFlags&) = delete;
  HostFlags& operator=(const HostFlags&) = delete;

  uint8_t flags() const {
    const unsigned csr = _mm_getcsr();
    const auto has = [csr](unsigned bit, FlagSet flag) { return (csr & bit) != 0 ? flag : 0; };
    return static_cast<uint8_t>(has(kInvalidBit, kFlagInvalid) | has(kOverflowBit, kFlagOverflow) | has(kUnderflowBit, kFlagUnderflow) |
                                has(kPrecisionBit, kFlagInexact));
  }

 private:
  unsigned saved_;
};

// Never inlined: the flags are read before and after, and a compiler may otherwise move arithmetic across that.
__attribute__((noinline, target("avx2,fma"))) void multiply_with_fma(const float* a, const float* w, int k, int n, int ld, float* sums) {
  for (int c = 0; c < n; ++c) sums[c] = 0.0f;
  for (int r = 0; r < k; ++r) {
    const float value = a[r];
    const float* row = w + static_cast<ptrdiff_t>(r) * ld;
    for (int c = 0; c < n; ++c) sums[c] = __builtin_fmaf(value, row[c], sums[c]);
  }
}

/// inf·0 is invalid whatever is added; the processor says nothing when that is a NaN.
bool infinity_meets_zero(const float* a, const float* w, int k, int n, int ld) {
  for (int r = 0; r < k; ++r) {
    const float* row = w + static_cast<ptrdiff_t>(r) * ld;
    for (int c = 0; c < n; ++c)
      if ((std::isinf(a[r]) && row[c] == 0.0f) || (a[r] == 0.0f && std::isinf(row[c]))) return true;
  }
  return false;
}

}  // namespace

void multiply_rows_plainly(const float* a, const float* w, int k, int n, int ld, uint32_t* sums, uint8_t& flags) {
  for (int c = 0; c < n; ++c) {
    uint32_t sum = 0;
    for (int r = 0; r < k; ++r) sum = fused(std::bit_cast<uint32_t>(a[r]), std::bit_cast<uint32_t>(w[static_cast<ptrdiff_t>(r) * ld + c]), sum, flags);
    sums[c] = sum;
  }
}

void multiply_rows(const float* a, const float* w, int k, int n, int ld, uint32_t* sums, uint8_t& flags) {
  static const bool has_fma = __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx2");
  if (!has_fma) return multiply_rows_plainly(a, w, k, n, ld, sums, flags);
  constexpr int kColumns = 128;  // the widest tile
  float values[kColumns];
  for (int from = 0; from < n; from += kColumns) {
    const int count = std::min(kColumns, n - from);
    {
      const HostFlags host;
      multiply_with_fma(a, w + from, k, count, ld, values);
      flags |= host.flags();
    }
    bool nan = false;
    for (int c = 0; c < count; ++c) {
      nan |= std::isnan(values[c]);
      sums[from + c] = std::isnan(values[c]) ? kNanFp32 : std::bit_cast<uint32_t>(values[c]);
    }
    // A product of infinity and 0 leaves a NaN, and a NaN stays: without one nothing was missed.
    if (nan && infinity_meets_zero(a, w + from, k, count, ld)) flags |= kFlagInvalid;
  }
}

}  // namespace assay::functional
