// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/common/isa.hpp"

namespace assay {

/// Images of one row that move every cycle.
struct FpRow {
  uint8_t* act = nullptr;           ///< C lanes of 16 bits
  int32_t* psum = nullptr;          ///< C lanes
  int32_t* const* delay = nullptr;  ///< L - 1 times C lanes
};

/// What the floating-point array's kernel works on. An operand stands in a 32-bit lane as the FP32 number of its value: x in bits [31:16], low in
/// [15:13]. Everything may be over-read; of the images exactly their bytes are written.
struct FpRows {
  int rows = 0, cols = 0, latency = 1;
  const FpRow* row = nullptr;            ///< [R]
  const uint32_t* in = nullptr;          ///< [R] operand that leaves the skew of row r
  uint32_t* act = nullptr;               ///< [R][stride] operands of act_q; whole vectors are written
  const uint32_t* weight = nullptr;      ///< [R][stride] operands of weight_q
  ptrdiff_t stride = 0;                  ///< a multiple of 16
  const int32_t* zeros = nullptr;        ///< what comes into the partial sums of row 0
  const uint64_t* enable = nullptr;      ///< [R][words] act_valid_q after this edge
  const uint64_t* valid = nullptr;       ///< [R][words] psum_valid_q after this edge
  ptrdiff_t words = 0, valid_words = 0;  ///< 64-bit words from row to row of enable, valid
};

struct FpArrayKernels {
  /// Shifts act, computes the partial sums and moves their delays; bottom row first. Returns the flags that the enabled and valid lanes raise.
  uint32_t (*step)(const FpRows&);
};

/// The kernels of one level; the processor must have it.
const FpArrayKernels& fp_array_kernels(Isa isa);

}  // namespace assay
