// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/functional/numerics.hpp"

namespace assay::functional {

/// A dense integer matrix, row after row. INT8, UINT8 and INT32 values all live in 32 bits here.
struct Matrix {
  int rows = 0, cols = 0;
  std::vector<int32_t> data;

  Matrix() = default;
  Matrix(int r, int c) : rows(r), cols(c), data(static_cast<size_t>(r) * static_cast<size_t>(c)) {}
  int32_t& at(int r, int c) { return data[static_cast<size_t>(r) * static_cast<size_t>(cols) + static_cast<size_t>(c)]; }
  int32_t at(int r, int c) const { return data[static_cast<size_t>(r) * static_cast<size_t>(cols) + static_cast<size_t>(c)]; }
  bool operator==(const Matrix&) const = default;
};

/// [M, K] × [K, N] of 8-bit values (each in −128 … 255), wrapped to INT32.
Matrix gemm(const Matrix& a, const Matrix& b);

/// old + added per element, wrapped; raises acc_overflow.
void accumulate(Matrix& old, const Matrix& added, Flags& flags);

/// `bias − zero_point · Σ_k b[k][n]`, modulo 2^32, over the whole K: software's share of an activation zero point.
std::vector<int32_t> fold_zero_point(const std::vector<int32_t>& bias, int zero_point, const Matrix& b);

/// Every element of `acc` through the activation unit; `params` holds one entry per column.
Matrix activate(const Matrix& acc, const std::vector<ColumnParams>& params, const OutputMode& mode, const Table& table, Flags& flags);

/// One row of a product: out[c] += Σ_k a[k] · b[k·ld + c] for c < n, modulo 2^32. Operands are 16-bit so that compilers find the
/// widening multiply.
void multiply_row(const int16_t* a, const int16_t* b, int k, int n, int ld, uint32_t* out);

}  // namespace assay::functional
