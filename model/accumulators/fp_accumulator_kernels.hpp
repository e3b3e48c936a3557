// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/accumulators/accumulator_kernels.hpp"

namespace assay {

/// What one edge raised: the flag set in bits [3:0], then these.
enum FpAccumulatorFlags : uint32_t { kFpSumUndefined = 16, kFpSumFresh = 32 };

struct FpAccumulatorKernels {
  /// Both stages of all columns for one edge, entries FP32; returns the flags.
  uint32_t (*step)(const AccumulatorColumns&);
};

/// The kernels of one level; the processor must have it.
const FpAccumulatorKernels& fp_accumulator_kernels(Isa isa);

}  // namespace assay
