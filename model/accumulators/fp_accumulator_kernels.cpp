// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/fp_accumulator_kernels.hpp"

#include "model/accumulators/fp_accumulate.hpp"

namespace assay {
namespace {

constexpr uint32_t kEntry = 0xffff, kColumns = 0xff, kAccumulateBit = 31, kBf16Bit = 29;  // see TagView

// One column. `a` is a local copy, so that no store through one of its pointers can be thought to change the others.
__attribute__((always_inline)) inline uint32_t step_column(const AccumulatorColumns& a, uint32_t c) {
  const uint32_t entry1 = a.tag_entry[c], entry2 = a.tag_entry[c + 1];
  const uint32_t columns1 = a.tag_columns[c], columns2 = a.tag_columns[c + 1];
  const bool valid1 = c < (columns1 & kColumns), valid2 = c < (columns2 & kColumns);
  const uint32_t e1 = entry1 & kEntry, e2 = entry2 & kEntry;
  const bool hit = valid2 && e1 == e2;
  // Written before this beat includes the beat that is one ahead; it makes no difference to `written or hit`.
  const bool defined = c < (columns1 >> 8) || hit;
  const bool accumulates = (entry1 >> kAccumulateBit) != 0;
  int32_t* mem = a.mem + c * static_cast<uint32_t>(a.stride);
  FloatWord<int32_t> sum{0, 0};
  if (valid2) sum = fp_accumulate<int32_t>(a.acc_old[c], a.acc_new[c], (entry2 >> kBf16Bit) & 1);
  a.acc_old[c] = fp_accumulate_operand<int32_t>(valid1, accumulates, defined, hit, sum.bits, mem[e1]);
  a.acc_new[c] = a.psum[c];
  uint32_t flags = valid1 && accumulates && !defined ? kFpSumUndefined : 0u;
  if (valid2) {
    mem[e2] = sum.bits;
    flags |= static_cast<uint32_t>(sum.flags);
    if (c >= (columns2 >> 8)) {
      a.fresh[c / 16] |= 1u << (c % 16);
      flags |= kFpSumFresh;
    }
  }
  return flags;
}

uint32_t step_plain(const AccumulatorColumns& columns) {
  const AccumulatorColumns a = columns;
  uint32_t flags = 0;
  const auto cols = static_cast<uint32_t>(a.cols);
  for (uint32_t c = 0; c < cols; c += 16) a.fresh[c / 16] = 0;
  for (uint32_t c = 0; c < cols; ++c) flags |= step_column(a, c);
  return flags;
}

constexpr FpAccumulatorKernels kPlain{step_plain};

}  // namespace

const FpAccumulatorKernels& fp_accumulator_kernels(Isa) { return kPlain; }

}  // namespace assay
