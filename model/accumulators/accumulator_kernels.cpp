// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/accumulator_kernels.hpp"

#include <immintrin.h>

#include "model/accumulators/accumulate.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

constexpr uint32_t kEntry = 0xffff, kColumns = 0xff, kNone = ~0u;

// One column in plain code, for the levels without gather and scatter of masked lanes. `a` is a local copy, so that no store through one of
// its pointers can be thought to change the others.
__attribute__((always_inline)) inline uint32_t step_column(const AccumulatorColumns& a, uint32_t c) {
  const uint32_t entry1 = a.tag_entry[c], entry2 = a.tag_entry[c + 1];
  const uint32_t columns1 = a.tag_columns[c], columns2 = a.tag_columns[c + 1];
  const bool valid1 = c < (columns1 & kColumns), valid2 = c < (columns2 & kColumns);
  const uint32_t e1 = entry1 & kEntry, e2 = entry2 & kEntry;
  const bool hit = valid2 && e1 == e2;
  // Written before this beat includes the beat that is one ahead; it makes no difference to `written or hit`.
  const bool written = c < (columns1 >> 8);
  int32_t* mem = a.mem + c * static_cast<uint32_t>(a.stride);
  const auto sum = accumulate<int64_t>(a.acc_old[c], a.acc_new[c]);
  const auto operand = accumulate_operand<int64_t>(valid1, entry1 >> 31, written, hit, sum.value, mem[e1]);
  a.acc_old[c] = static_cast<int32_t>(operand.value);
  a.acc_new[c] = a.psum[c];
  uint32_t flags = operand.flag != 0 ? kSumUndefined : 0u;
  if (valid2) {
    mem[e2] = static_cast<int32_t>(sum.value);
    flags |= sum.flag != 0 ? kSumOverflow : 0u;
    if (c >= (columns2 >> 8)) {
      a.fresh[c / 16] |= 1u << (c % 16);
      flags |= kSumFresh;
    }
  }
  return flags;
}

__attribute__((always_inline)) inline uint32_t step_plain(const AccumulatorColumns a) {
  uint32_t flags = 0;
  const auto cols = static_cast<uint32_t>(a.cols);
  for (uint32_t c = 0; c < cols; c += 16) a.fresh[c / 16] = 0;
  for (uint32_t c = 0; c < cols; ++c) flags |= step_column(a, c);
  return flags;
}

#define ASSAY_TARGET_V2 __attribute__((target("arch=x86-64-v2")))
#define ASSAY_TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#define ASSAY_TARGET_V4 __attribute__((target("arch=x86-64-v4")))

ASSAY_TARGET_V2 uint32_t step_v2(const AccumulatorColumns& a) { return step_plain(a); }
ASSAY_TARGET_V3 uint32_t step_v3(const AccumulatorColumns& a) { return step_plain(a); }

// Words at `index` in the lanes of `wanted`, others from `rest`; `left` columns are left: lanes that do not exist cost as much as others.
ASSAY_TARGET_V4 inline __m512i gather(__m512i rest, __mmask16 wanted, __m512i index, const int32_t* mem, int left) {
  if (left > 8) return _mm512_mask_i32gather_epi32(rest, wanted, index, mem, 4);
  const __m256i low = _mm512_castsi512_si256(rest), at = _mm512_castsi512_si256(index);
  return _mm512_zextsi256_si512(_mm256_mmask_i32gather_epi32(low, static_cast<__mmask8>(wanted), at, mem, 4));
}

ASSAY_TARGET_V4 inline void scatter(int32_t* mem, __mmask16 wanted, __m512i index, __m512i words, int left) {
  if (left > 8) return _mm512_mask_i32scatter_epi32(mem, wanted, index, words, 4);
  _mm256_mask_i32scatter_epi32(mem, static_cast<__mmask8>(wanted), _mm512_castsi512_si256(index), _mm512_castsi512_si256(words), 4);
}

// Sixteen columns at a time; the same as step_column lane by lane.
ASSAY_TARGET_V4 uint32_t step_v4(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;  // see step_column
  const __m512i entry_mask = _mm512_set1_epi32(kEntry), columns_mask = _mm512_set1_epi32(kColumns);
  const __m512i stride = _mm512_set1_epi32(a.stride);
  __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  uint32_t overflow = 0, undefined = 0, any_fresh = 0;
  for (int c = 0; c < a.cols; c += 16, lane = _mm512_add_epi32(lane, _mm512_set1_epi32(16))) {
    const __m512i entry1 = _mm512_loadu_si512(a.tag_entry + c), entry2 = _mm512_loadu_si512(a.tag_entry + c + 1);
    const __m512i columns1 = _mm512_loadu_si512(a.tag_columns + c), columns2 = _mm512_loadu_si512(a.tag_columns + c + 1);
    const __mmask16 valid1 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(columns1, columns_mask));
    const __mmask16 valid2 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(columns2, columns_mask));
    const __m512i e1 = _mm512_and_si512(entry1, entry_mask), e2 = _mm512_and_si512(entry2, entry_mask);
    const __mmask16 hit = _mm512_mask_cmpeq_epi32_mask(valid2, e1, e2);
    const __mmask16 wanted = static_cast<__mmask16>(valid1 & _mm512_movepi32_mask(entry1));
    const __mmask16 written = _mm512_cmplt_epi32_mask(lane, _mm512_srli_epi32(columns1, 8));
    const auto defined = static_cast<__mmask16>(wanted & (written | hit));
    const __mmask16 fresh = _mm512_mask_cmpge_epi32_mask(valid2, lane, _mm512_srli_epi32(columns2, 8));
    // stride·cols + entry < 2^31: at most 128 columns of 65,552 entries
    const __m512i column = _mm512_mullo_epi32(lane, stride);
    const __m512i old_value = _mm512_loadu_si512(a.acc_old + c), new_value = _mm512_loadu_si512(a.acc_new + c);
    // wraps modulo 2^32; the exact sum is not INT32 where both operands differ in sign from the wrapped sum
    const __m512i sum = _mm512_add_epi32(old_value, new_value);
    const __m512i wrong_sign = _mm512_and_si512(_mm512_xor_si512(old_value, sum), _mm512_xor_si512(new_value, sum));
    overflow |= _mm512_movepi32_mask(wrong_sign) & valid2;
    undefined |= wanted & ~static_cast<uint32_t>(defined);
    const auto read = static_cast<__mmask16>(defined & ~hit);
    __m512i operand = _mm512_maskz_mov_epi32(static_cast<__mmask16>(defined & hit), sum);
    if (read != 0) operand = gather(operand, read, _mm512_add_epi32(column, e1), a.mem, a.cols - c);
    if (valid2 != 0) scatter(a.mem, valid2, _mm512_add_epi32(column, e2), sum, a.cols - c);
    _mm512_storeu_si512(a.acc_old + c, operand);
    _mm512_storeu_si512(a.acc_new + c, _mm512_loadu_si512(a.psum + c));
    a.fresh[c / 16] = fresh;
    any_fresh |= fresh;
  }
  return (overflow != 0 ? kSumOverflow : 0u) | (undefined != 0 ? kSumUndefined : 0u) | (any_fresh != 0 ? kSumFresh : 0u);
}

// One column of the entries to compare: stage 2 of the cycle before stands two lanes above stage 1 of this cycle.
inline uint32_t list_column(const uint32_t* tag_entry, const uint32_t* tag_columns, uint32_t c, const AccumulatorEntries& out) {
  const uint32_t columns1 = tag_columns[c];
  const uint32_t e1 = tag_entry[c] & kEntry;
  const bool hit = c < (tag_columns[c + 1] & kColumns) && e1 == (tag_entry[c + 1] & kEntry);
  const bool read = c < (columns1 & kColumns) && (tag_entry[c] >> 31) != 0 && c < (columns1 >> 8) && !hit;
  const bool written = c < (tag_columns[c + 2] & kColumns);
  out.read[c] = read ? e1 : kNone;
  out.written[c] = written ? tag_entry[c + 2] & kEntry : kNone;
  return (read ? kAnyRead : 0u) | (written ? kAnyWritten : 0u);
}

uint32_t entries_plain(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& out) {
  uint32_t any = 0;
  for (uint32_t c = 0; c < static_cast<uint32_t>(cols); ++c) any |= list_column(tag_entry, tag_columns, c, out);
  return any;
}

ASSAY_TARGET_V4 uint32_t entries_v4(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& out) {
  const __m512i entry_mask = _mm512_set1_epi32(kEntry), columns_mask = _mm512_set1_epi32(kColumns), none = _mm512_set1_epi32(-1);
  __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  uint32_t any_read = 0, any_written = 0;
  for (int c = 0; c < cols; c += 16, lane = _mm512_add_epi32(lane, _mm512_set1_epi32(16))) {
    const __m512i entry1 = _mm512_loadu_si512(tag_entry + c), columns1 = _mm512_loadu_si512(tag_columns + c);
    const __m512i e1 = _mm512_and_si512(entry1, entry_mask), e2 = _mm512_and_si512(_mm512_loadu_si512(tag_entry + c + 1), entry_mask);
    const __m512i e3 = _mm512_and_si512(_mm512_loadu_si512(tag_entry + c + 2), entry_mask);
    const __mmask16 valid1 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(columns1, columns_mask));
    const __mmask16 valid2 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(_mm512_loadu_si512(tag_columns + c + 1), columns_mask));
    const __mmask16 valid3 = _mm512_cmplt_epi32_mask(lane, _mm512_and_si512(_mm512_loadu_si512(tag_columns + c + 2), columns_mask));
    const __mmask16 hit = _mm512_mask_cmpeq_epi32_mask(valid2, e1, e2);
    const __mmask16 known = _mm512_cmplt_epi32_mask(lane, _mm512_srli_epi32(columns1, 8));
    const auto read = static_cast<__mmask16>(valid1 & _mm512_movepi32_mask(entry1) & known & ~hit);
    _mm512_storeu_si512(out.read + c, _mm512_mask_mov_epi32(none, read, e1));
    _mm512_storeu_si512(out.written + c, _mm512_mask_mov_epi32(none, valid3, e3));
    any_read |= read, any_written |= valid3;
  }
  return (any_read != 0 ? kAnyRead : 0u) | (any_written != 0 ? kAnyWritten : 0u);
}

constexpr AccumulatorKernels kV2{step_v2, entries_plain}, kV3{step_v3, entries_plain}, kV4{step_v4, entries_v4};

}  // namespace

const AccumulatorKernels& accumulator_kernels(Isa isa) { return isa == Isa::V4 ? kV4 : isa == Isa::V3 ? kV3 : kV2; }

}  // namespace assay
