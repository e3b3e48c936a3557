// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/accumulator_kernels.hpp"

#include "model/accumulators/accumulate.hpp"
#include "model/accumulators/accumulator_lanes.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

constexpr uint32_t kNone = ~0u;

// One column in plain code, for the levels without gather and scatter of masked lanes. `a` is a local copy, so that no store through one of
// its pointers can be thought to change the others.
__attribute__((always_inline)) inline uint32_t step_column(const AccumulatorColumns& a, uint32_t c) {
  const uint32_t entry1 = a.tag_entry[c], entry2 = a.tag_entry[c + 1];
  const uint32_t columns1 = a.tag_columns[c], columns2 = a.tag_columns[c + 1];
  const bool valid1 = c < (columns1 & kTagColumns), valid2 = c < (columns2 & kTagColumns);
  const uint32_t e1 = entry1 & kTagEntry, e2 = entry2 & kTagEntry;
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

ASSAY_TARGET_V2 uint32_t step_v2(const AccumulatorColumns& a) { return step_plain(a); }
ASSAY_TARGET_V3 uint32_t step_v3(const AccumulatorColumns& a) { return step_plain(a); }

// Sixteen columns at a time; the same as step_column lane by lane.
ASSAY_TARGET_V4 uint32_t step_v4(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;  // see step_column
  const __m512i stride = _mm512_set1_epi32(a.stride);
  __m512i lane = lane_numbers();
  uint32_t overflow = 0, undefined = 0, any_fresh = 0;
  for (int c = 0; c < a.cols; c += 16, lane = _mm512_add_epi32(lane, _mm512_set1_epi32(16))) {
    const LaneStages s = lane_stages(a, c, lane);
    // stride·cols + entry < 2^31: at most 128 columns of 65,552 entries
    const __m512i column = _mm512_mullo_epi32(lane, stride);
    const __m512i old_value = _mm512_loadu_si512(a.acc_old + c), new_value = _mm512_loadu_si512(a.acc_new + c);
    // wraps modulo 2^32; the exact sum is not INT32 where both operands differ in sign from the wrapped sum
    const __m512i sum = _mm512_add_epi32(old_value, new_value);
    const __m512i wrong_sign = _mm512_and_si512(_mm512_xor_si512(old_value, sum), _mm512_xor_si512(new_value, sum));
    overflow |= _mm512_movepi32_mask(wrong_sign) & s.valid2;
    undefined |= s.wanted & ~static_cast<uint32_t>(s.defined);
    const auto read = static_cast<__mmask16>(s.defined & ~s.hit);
    __m512i operand = _mm512_maskz_mov_epi32(static_cast<__mmask16>(s.defined & s.hit), sum);
    if (read != 0) operand = gather(operand, read, _mm512_add_epi32(column, s.e1), a.mem, a.cols - c);
    if (s.valid2 != 0) scatter(a.mem, s.valid2, _mm512_add_epi32(column, s.e2), sum, a.cols - c);
    _mm512_storeu_si512(a.acc_old + c, operand);
    _mm512_storeu_si512(a.acc_new + c, _mm512_loadu_si512(a.psum + c));
    a.fresh[c / 16] = s.fresh;
    any_fresh |= s.fresh;
  }
  return (overflow != 0 ? kSumOverflow : 0u) | (undefined != 0 ? kSumUndefined : 0u) | (any_fresh != 0 ? kSumFresh : 0u);
}

// One column of the entries to compare: stage 2 of the cycle before stands two lanes above stage 1 of this cycle.
inline uint32_t list_column(const uint32_t* tag_entry, const uint32_t* tag_columns, uint32_t c, const AccumulatorEntries& out) {
  const uint32_t columns1 = tag_columns[c];
  const uint32_t e1 = tag_entry[c] & kTagEntry;
  const bool hit = c < (tag_columns[c + 1] & kTagColumns) && e1 == (tag_entry[c + 1] & kTagEntry);
  const bool read = c < (columns1 & kTagColumns) && (tag_entry[c] >> 31) != 0 && c < (columns1 >> 8) && !hit;
  const bool written = c < (tag_columns[c + 2] & kTagColumns);
  out.read[c] = read ? e1 : kNone;
  out.written[c] = written ? tag_entry[c + 2] & kTagEntry : kNone;
  return (read ? kAnyRead : 0u) | (written ? kAnyWritten : 0u);
}

uint32_t entries_plain(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& out) {
  uint32_t any = 0;
  for (uint32_t c = 0; c < static_cast<uint32_t>(cols); ++c) any |= list_column(tag_entry, tag_columns, c, out);
  return any;
}

ASSAY_TARGET_V4 uint32_t entries_v4(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& out) {
  const __m512i entry_mask = _mm512_set1_epi32(kTagEntry), columns_mask = _mm512_set1_epi32(kTagColumns), none = _mm512_set1_epi32(-1);
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
