// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/common/isa.hpp"

namespace assay {

/// What the accumulators' kernel works on. acc_old and acc_new hold a multiple of 16 lanes; everything may be over-read by 16 lanes.
struct AccumulatorColumns {
  int cols = 0;
  const int32_t* psum = nullptr;        ///< psum_q[R-1]
  const uint32_t* tag_entry = nullptr;  ///< of column 0 in stage 1: tag stage R+1; stage 2 and further columns lie above (see TagView)
  const uint32_t* tag_columns = nullptr;
  int32_t* acc_old = nullptr;
  int32_t* acc_new = nullptr;
  int32_t* mem = nullptr;  ///< entry e of column c: mem[c·stride + e]
  int32_t stride = 0;
  uint32_t* fresh = nullptr;  ///< [cols / 16 rounded up]: columns whose written bit this edge sets and was 0
};

/// What one edge raised, as bits of a plain number: a struct of bools would be put together and taken apart through memory.
enum AccumulatorFlags : uint32_t { kSumOverflow = 1, kSumUndefined = 2, kSumFresh = 4 };
enum AccumulatorAccesses : uint32_t { kAnyWritten = 1, kAnyRead = 2 };

/// The entries that a comparer looks at in one cycle, ~0 where there is none; arrays hold a multiple of 16 columns.
struct AccumulatorEntries {
  uint32_t* written = nullptr;  ///< by the edge that began the cycle
  uint32_t* read = nullptr;     ///< by stage 1 in the cycle
};

struct AccumulatorKernels {
  /// Both stages of all columns for one edge; returns AccumulatorFlags.
  uint32_t (*step)(const AccumulatorColumns&);
  /// Fills `entries` from the tags (pointers as in AccumulatorColumns); returns AccumulatorAccesses.
  uint32_t (*entries)(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& entries);
};

/// The kernels of one level; the processor must have it.
const AccumulatorKernels& accumulator_kernels(Isa isa);

}  // namespace assay
