// SPDX-License-Identifier: Apache-2.0
// Sixteen accumulator columns at a time, for processors of x86-64-v4: what both kinds of tile share. Only for the kernels' sources.
#pragma once

#include <immintrin.h>

#include "model/accumulators/accumulator_kernels.hpp"

namespace assay {

#define ASSAY_TARGET_V4 __attribute__((target("arch=x86-64-v4")))

/// Fields of the unpacked tags (see TagView).
constexpr uint32_t kTagEntry = 0xffff, kTagColumns = 0xff, kTagBf16 = 1u << 29;

/// What stages 1 and 2 of columns c … c + 15 do (spec section 11).
struct LaneStages {
  __m512i e1, e2, tag2;
  __mmask16 valid1, valid2, hit, wanted, defined, fresh;
};

ASSAY_TARGET_V4 inline __m512i lane_numbers() { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }

/// `lane` holds the numbers c … c + 15.
ASSAY_TARGET_V4 inline LaneStages lane_stages(const AccumulatorColumns& a, int c, __m512i lane) {
  const __m512i entry_mask = _mm512_set1_epi32(kTagEntry), columns_mask = _mm512_set1_epi32(kTagColumns);
  const __m512i entry1 = _mm512_loadu_si512(a.tag_entry + c), entry2 = _mm512_loadu_si512(a.tag_entry + c + 1);
  const __m512i columns1 = _mm512_loadu_si512(a.tag_columns + c), columns2 = _mm512_loadu_si512(a.tag_columns + c + 1);
  LaneStages s;
  s.valid1 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(columns1, columns_mask));
  s.valid2 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(columns2, columns_mask));
  s.e1 = _mm512_and_si512(entry1, entry_mask), s.e2 = _mm512_and_si512(entry2, entry_mask), s.tag2 = entry2;
  s.hit = _mm512_mask_cmpeq_epi32_mask(s.valid2, s.e1, s.e2);
  s.wanted = static_cast<__mmask16>(s.valid1 & _mm512_movepi32_mask(entry1));
  // Written before this beat includes the beat that is one ahead; it makes no difference to `written or hit`.
  const __mmask16 written = _mm512_cmplt_epi32_mask(lane, _mm512_srli_epi32(columns1, 8));
  s.defined = static_cast<__mmask16>(s.wanted & (written | s.hit));
  s.fresh = _mm512_mask_cmpge_epi32_mask(s.valid2, lane, _mm512_srli_epi32(columns2, 8));
  return s;
}

/// Words at `index` in the lanes of `wanted`, others from `rest`; `left` columns are left: lanes that do not exist cost as much as others.
ASSAY_TARGET_V4 inline __m512i gather(__m512i rest, __mmask16 wanted, __m512i index, const int32_t* mem, int left) {
  if (left > 8) return _mm512_mask_i32gather_epi32(rest, wanted, index, mem, 4);
  const __m256i low = _mm512_castsi512_si256(rest), at = _mm512_castsi512_si256(index);
  return _mm512_zextsi256_si512(_mm256_mmask_i32gather_epi32(low, static_cast<__mmask8>(wanted), at, mem, 4));
}

ASSAY_TARGET_V4 inline void scatter(int32_t* mem, __mmask16 wanted, __m512i index, __m512i words, int left) {
  if (left > 8) return _mm512_mask_i32scatter_epi32(mem, wanted, index, words, 4);
  _mm256_mask_i32scatter_epi32(mem, static_cast<__mmask8>(wanted), _mm512_castsi512_si256(index), _mm512_castsi512_si256(words), 4);
}

}  // namespace assay
