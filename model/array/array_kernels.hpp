// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/common/isa.hpp"

namespace assay {

/// Images of one row that move every cycle.
struct ArrayRow {
  uint8_t* skew = nullptr;  ///< r + 2 bytes
  uint8_t* act = nullptr;   ///< C bytes
  int32_t* psum = nullptr;  ///< C lanes
};

/// What the array's kernels work on. Everything may be over-read; of the images exactly their bytes are written, of psum whole vectors.
struct ArrayRows {
  int rows = 0, cols = 0;
  const ArrayRow* row = nullptr;  ///< [R]
  const uint8_t* beat = nullptr;  ///< R bytes that come in; only the first k enter the skew, the others as 0 (k = 0: no issue, may be null)
  int k = 0;
  const int32_t* above = nullptr;      ///< what comes into the partial sums of row 0: zeros
  const uint32_t* weight = nullptr;    ///< [R][stride] active weight values, the low 16 bits of each lane; 0 beyond column C
  ptrdiff_t lane_stride = 0;           ///< lanes from row to row of weight, a multiple of the vector's
  const uint64_t* act_high = nullptr;  ///< image words of act_high after this edge, or null when all are 0
  ptrdiff_t high_stride = 0;           ///< 64-bit words from row to row
};

/// One packed shift register of n words. Storage and mask are padded with zeros to a multiple of 8 words.
struct TagShift {
  uint64_t* words = nullptr;
  const uint64_t* mask = nullptr;  ///< the bits that exist
  int n = 0, width = 0;
  uint64_t in = 0;
};

struct ArrayKernels {
  /// Shifts every row by one (skew, act), takes in `beat`, and advances the partial sums; bottom row first.
  void (*step)(const ArrayRows&);
  /// words <- ((words << width) | in) & mask for each.
  void (*shift_tags)(const TagShift* tags, int count);
};

/// The kernels of one level; the processor must have it.
const ArrayKernels& array_kernels(Isa isa);

}  // namespace assay
