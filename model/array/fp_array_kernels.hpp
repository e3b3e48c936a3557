// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/common/isa.hpp"

namespace assay {

/// Images of one row that move every cycle.
struct FpRow {
  uint8_t* skew = nullptr;          ///< skew_lanes lanes of 16 bits
  uint8_t* act = nullptr;           ///< C lanes of 16 bits
  int32_t* psum = nullptr;          ///< C lanes
  int32_t* const* delay = nullptr;  ///< L - 1 times C lanes
  const int32_t* above = nullptr;   ///< what comes into psum: the last of the row above, zeros for row 0
  const uint8_t* enable = nullptr;  ///< image of act_valid_q
  const uint8_t* valid = nullptr;   ///< image of psum_valid_q
  int skew_lanes = 0;
};

/// What the floating-point array's kernel works on. An operand stands in a 32-bit lane as the FP32 number of its value: x in bits [31:16], low in
/// [15:13]. Everything may be over-read by a vector on both sides; of the images exactly their lanes are written.
struct FpRows {
  int rows = 0, cols = 0, latency = 1;
  const FpRow* row = nullptr;        ///< [R]; enable and valid already show what comes after this edge
  const uint16_t* front = nullptr;   ///< [R] x that enters the skew of row r
  const uint16_t* low_in = nullptr;  ///< [R] low that leaves the skew of row r, in bits [15:13]; null when every low in the array is 0
  uint16_t* low = nullptr;           ///< [R][stride] low of act_q in the same bits
  const uint32_t* weight = nullptr;  ///< [R][stride] operands of weight_q
  ptrdiff_t stride = 0;              ///< lanes, a multiple of 16
  bool full = false;                 ///< every PE is enabled and valid
};

struct FpArrayKernels {
  /// Shifts skew and act by one, computes the partial sums, moves their delays. Returns the flags that enabled and valid lanes raise.
  uint32_t (*step)(const FpRows&);
};

/// The kernels of one level; the processor must have it.
const FpArrayKernels& fp_array_kernels(Isa isa);

}  // namespace assay
