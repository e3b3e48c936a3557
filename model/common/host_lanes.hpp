// SPDX-License-Identifier: Apache-2.0
// The FP32 sum of spec section 17.5.2 on the processor, sixteen lanes at a time (x86-64-v4) or one (any). Between host::enter_quiet and leave_quiet.
// Only for kernels' sources.
#pragma once

#include <immintrin.h>

#include <bit>

#include "model/common/float_flags.hpp"
#include "model/common/host_float.hpp"

namespace assay::host {

#define ASSAY_HOST_V4 __attribute__((target("arch=x86-64-v4")))

constexpr int kQuiet = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

/// The flag when any of the lanes has it.
constexpr uint32_t flag_if(uint32_t lanes, FloatFlag flag) { return lanes != 0 ? uint32_t{flag} : 0u; }

struct LaneSums {
  __m512i bits;
  __mmask16 inexact, overflow, invalid;
};

/// The flag set that some lanes of it raise.
ASSAY_HOST_V4 inline uint32_t lane_flags(const LaneSums& sums, uint32_t lanes) {
  return flag_if(sums.inexact & lanes, kInexact) | flag_if(sums.overflow & lanes, kOverflow) | flag_if(sums.invalid & lanes, kInvalid);
}

/// x + y. A sum of FP32 numbers below 2^-126 is exact, so nothing underflows. With |high| >= |low| the difference sum − high is exact and what the
/// rounding left of low: the sum is exact when it is low itself.
ASSAY_HOST_V4 inline LaneSums add_lanes(__m512i x, __m512i y) {
  const __m512 a = _mm512_castsi512_ps(x), b = _mm512_castsi512_ps(y);
  const __m512 sum = _mm512_add_round_ps(a, b, kQuiet);
  const __m512i magnitude = _mm512_set1_epi32(0x7FFFFFFF);
  const __m512i abs_x = _mm512_and_si512(x, magnitude), abs_y = _mm512_and_si512(y, magnitude);
  const __mmask16 swap = _mm512_cmplt_epi32_mask(abs_x, abs_y);
  const __m512 high = _mm512_mask_mov_ps(a, swap, b), low = _mm512_mask_mov_ps(b, swap, a);
  const __m512 kept = _mm512_sub_round_ps(sum, high, kQuiet);
  const __m512i infinity = _mm512_set1_epi32(0x7F800000);
  const __mmask16 finite = _mm512_cmplt_epi32_mask(_mm512_max_epi32(abs_x, abs_y), infinity);
  LaneSums out;
  out.inexact = _mm512_mask_cmp_round_ps_mask(finite, kept, low, _CMP_NEQ_UQ, _MM_FROUND_NO_EXC);
  out.overflow = _mm512_mask_cmpeq_epi32_mask(finite, _mm512_and_si512(_mm512_castps_si512(sum), magnitude), infinity);
  out.invalid = 0;
  out.bits = _mm512_castps_si512(sum);
  const __mmask16 nan = _mm512_cmp_round_ps_mask(sum, sum, _CMP_UNORD_Q, _MM_FROUND_NO_EXC);
  if (nan != 0) {
    const __mmask16 of_nan = _mm512_cmp_round_ps_mask(a, b, _CMP_UNORD_Q, _MM_FROUND_NO_EXC);
    const auto signalling = static_cast<__mmask16>(_mm512_fpclass_ps_mask(a, 0x80) | _mm512_fpclass_ps_mask(b, 0x80));
    out.invalid = static_cast<__mmask16>((nan & ~of_nan) | signalling);
    out.bits = _mm512_mask_mov_epi32(out.bits, nan, _mm512_set1_epi32(0x7FC00000));
  }
  return out;
}

/// One lane of the same.
inline FloatResult add(uint32_t x, uint32_t y) {
  constexpr uint32_t kMagnitude = 0x7FFFFFFF, kInfinity = 0x7F800000;
  const auto a = std::bit_cast<float>(x), b = std::bit_cast<float>(y);
  const float sum = a + b;
  const auto bits = std::bit_cast<uint32_t>(sum);
  const uint32_t abs_x = x & kMagnitude, abs_y = y & kMagnitude;
  if ((bits & kMagnitude) > kInfinity) {
    const auto signalling = [](uint32_t magnitude) { return magnitude > kInfinity && (magnitude & 0x400000) == 0; };
    const bool of_nan = abs_x > kInfinity || abs_y > kInfinity;
    return {0x7FC00000, !of_nan || signalling(abs_x) || signalling(abs_y) ? uint8_t{kInvalid} : uint8_t{0}};
  }
  if (abs_x >= kInfinity || abs_y >= kInfinity) return {bits, 0};
  if ((bits & kMagnitude) == kInfinity) return {bits, kOverflow | kInexact};
  const float high = abs_x < abs_y ? b : a, low = abs_x < abs_y ? a : b;
  return {bits, sum - high != low ? uint8_t{kInexact} : uint8_t{0}};
}

}  // namespace assay::host
