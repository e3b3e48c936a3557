// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/functional/float_numerics.hpp"
#include "model/functional/gemm.hpp"

namespace assay::functional {

/// A whole floating-point product with what happens to its results. Matrices hold codes of their formats.
struct FloatGemm {
  Matrix a, b;  ///< [M, K], [K, N]
  Format a_format = Format::Bf16, b_format = Format::Bf16;
  bool bf16_entries = false;
  bool raw = true;             ///< FP32 accumulators as they are; then nothing below counts
  std::vector<uint32_t> bias;  ///< [N] FP32 bits
  bool relu = false;
  Format format = Format::Fp32;  ///< of the results
  bool saturate = false, stochastic = false;
  uint32_t seed = 0;  ///< of the stochastic rounding of this product
};

/// The results as output lanes: K tiles of `rows` rows, ascending, each summed from +0 in ascending row order; N tiles of `cols` lanes, each lane's
/// generator stepping down the rows of one N tile after the other.
Matrix float_gemm(const FloatGemm& job, int rows, int cols);

}  // namespace assay::functional
