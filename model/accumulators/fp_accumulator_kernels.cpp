// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/fp_accumulator_kernels.hpp"

#include "model/accumulators/accumulator_lanes.hpp"
#include "model/accumulators/fp_accumulate.hpp"
#include "model/common/host_lanes.hpp"

// g++ 12 reports its own intrinsics header: the "undefined" vector that fills masked-out lanes (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace assay {
namespace {

constexpr int kAccumulateBit = 31, kBf16Bit = 29;  // see TagView

// fp_accumulate, its sum on the processor.
__attribute__((always_inline)) inline FloatResult host_sum(int32_t old_value, int32_t new_value, bool bf16) {
  const FloatResult sum = host::add(static_cast<uint32_t>(old_value), static_cast<uint32_t>(new_value));
  if (!bf16) return sum;
  const FloatResult narrowed = narrow(sum.bits, Format::Bf16, false, std::nullopt);
  return {narrowed.bits << 16, static_cast<uint8_t>(sum.flags | narrowed.flags)};  // 16 bits in the upper half
}

// One column. `a` is a local copy, so that no store through one of its pointers can be thought to change the others.
template <bool kHost>
__attribute__((always_inline)) inline uint32_t step_column(const AccumulatorColumns& a, uint32_t c) {
  const uint32_t entry1 = a.tag_entry[c], entry2 = a.tag_entry[c + 1];
  const uint32_t columns1 = a.tag_columns[c], columns2 = a.tag_columns[c + 1];
  const bool valid1 = c < (columns1 & kTagColumns), valid2 = c < (columns2 & kTagColumns);
  const uint32_t e1 = entry1 & kTagEntry, e2 = entry2 & kTagEntry;
  const bool hit = valid2 && e1 == e2;
  // Written before this beat includes the beat that is one ahead; it makes no difference to `written or hit`.
  const bool defined = c < (columns1 >> 8) || hit;
  const bool accumulates = (entry1 >> kAccumulateBit) != 0;
  int32_t* mem = a.mem + c * static_cast<uint32_t>(a.stride);
  FloatResult sum{0, 0};
  const uint32_t bf16 = (entry2 >> kBf16Bit) & 1;
  if (valid2 && kHost) sum = host_sum(a.acc_old[c], a.acc_new[c], bf16 != 0);
  if (valid2 && !kHost) sum = float_result(fp_accumulate<int32_t>(a.acc_old[c], a.acc_new[c], static_cast<int32_t>(bf16)));
  const auto bits = static_cast<int32_t>(sum.bits);
  a.acc_old[c] = fp_accumulate_operand<int32_t>(valid1, accumulates, defined, hit, bits, mem[e1]);
  a.acc_new[c] = a.psum[c];
  uint32_t flags = valid1 && accumulates && !defined ? kFpSumUndefined : 0u;
  if (valid2) {
    mem[e2] = bits;
    flags |= sum.flags;
    if (c >= (columns2 >> 8)) {
      a.fresh[c / 16] |= 1u << (c % 16);
      flags |= kFpSumFresh;
    }
  }
  return flags;
}

uint32_t step_v2(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;
  uint32_t flags = 0;
  const auto cols = static_cast<uint32_t>(a.cols);
  for (uint32_t c = 0; c < cols; c += 16) a.fresh[c / 16] = 0;
  for (uint32_t c = 0; c < cols; ++c) flags |= step_column<false>(a, c);
  return flags;
}

uint32_t step_v3(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;
  uint32_t flags = 0;
  const auto cols = static_cast<uint32_t>(a.cols);
  const uint32_t callers = host::enter_quiet();
  for (uint32_t c = 0; c < cols; c += 16) a.fresh[c / 16] = 0;
  for (uint32_t c = 0; c < cols; ++c) flags |= step_column<true>(a, c);
  host::leave_quiet(callers);
  return flags;
}

// FP32 lanes rounded to BF16, in the upper halves: infinities and canonical NaNs stay what they are. Returns the flags of some lanes.
ASSAY_TARGET_V4 inline uint32_t round_to_bf16(__m512i& lanes, __mmask16 chosen) {
  const __m512i lost = _mm512_and_si512(lanes, _mm512_set1_epi32(0xffff)), magnitude = _mm512_and_si512(lanes, _mm512_set1_epi32(0x7FFFFFFF));
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(lanes, 16), _mm512_set1_epi32(1));
  // at most 7F7FFFFF + 8000: the carry goes into the exponent and makes infinity
  const __m512i rounded = _mm512_add_epi32(lanes, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
  lanes = _mm512_mask_andnot_epi32(lanes, chosen, _mm512_set1_epi32(0xffff), rounded);
  const __mmask16 inexact = _mm512_mask_test_epi32_mask(chosen, lost, lost);  // NaN and infinity have no low half
  // with unbounded exponent what lies above 2^-126 - 2^-135 rounds to 2^-126, as in narrow_word
  const __mmask16 tiny = _mm512_mask_cmplt_epi32_mask(inexact, magnitude, _mm512_set1_epi32(0x7FC000));
  const __m512i infinity = _mm512_set1_epi32(0x7F800000);
  const __mmask16 overflow = _mm512_mask_cmpeq_epi32_mask(inexact, _mm512_and_si512(lanes, _mm512_set1_epi32(0x7FFFFFFF)), infinity);
  return host::flag_if(inexact, kInexact) | host::flag_if(tiny, kUnderflow) | host::flag_if(overflow, kOverflow);
}

// Sixteen columns at a time; the same as step_column lane by lane.
ASSAY_TARGET_V4 uint32_t step_v4(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;  // see step_column
  const __m512i stride = _mm512_set1_epi32(a.stride), bf16_mask = _mm512_set1_epi32(kTagBf16);
  __m512i lane = lane_numbers();
  uint32_t flags = 0, undefined = 0, any_fresh = 0;
  const uint32_t callers = host::enter_quiet();
  for (int c = 0; c < a.cols; c += 16, lane = _mm512_add_epi32(lane, _mm512_set1_epi32(16))) {
    const LaneStages s = lane_stages(a, c, lane);
    // stride·cols + entry < 2^31: at most 128 columns of 65,552 entries
    const __m512i column = _mm512_mullo_epi32(lane, stride);
    const host::LaneSums sums = host::add_lanes(_mm512_loadu_si512(a.acc_old + c), _mm512_loadu_si512(a.acc_new + c));
    __m512i sum = sums.bits;
    flags |= host::lane_flags(sums, s.valid2);
    const __mmask16 bf16 = _mm512_mask_test_epi32_mask(s.valid2, s.tag2, bf16_mask);
    if (bf16 != 0) flags |= round_to_bf16(sum, bf16);
    undefined |= s.wanted & ~static_cast<uint32_t>(s.defined);
    const auto read = static_cast<__mmask16>(s.defined & ~s.hit);
    __m512i operand = _mm512_mask_mov_epi32(_mm512_set1_epi32(INT32_MIN), s.wanted, _mm512_maskz_mov_epi32(static_cast<__mmask16>(s.defined & s.hit), sum));
    if (read != 0) operand = gather(operand, read, _mm512_add_epi32(column, s.e1), a.mem, a.cols - c);
    if (s.valid2 != 0) scatter(a.mem, s.valid2, _mm512_add_epi32(column, s.e2), sum, a.cols - c);
    _mm512_storeu_si512(a.acc_old + c, operand);
    _mm512_storeu_si512(a.acc_new + c, _mm512_loadu_si512(a.psum + c));
    a.fresh[c / 16] = s.fresh;
    any_fresh |= s.fresh;
  }
  host::leave_quiet(callers);
  return flags | (undefined != 0 ? kFpSumUndefined : 0u) | (any_fresh != 0 ? kFpSumFresh : 0u);
}

constexpr FpAccumulatorKernels kV2{step_v2}, kV3{step_v3}, kV4{step_v4};

}  // namespace

const FpAccumulatorKernels& fp_accumulator_kernels(Isa isa) { return counts_flags(isa) == Isa::V4 ? kV4 : counts_flags(isa) == Isa::V3 ? kV3 : kV2; }

}  // namespace assay
