// SPDX-License-Identifier: Apache-2.0
#include "model/functional/gemm.hpp"

#include <stdexcept>

namespace assay::functional {
namespace {

std::vector<int16_t> narrow(const Matrix& m) {
  std::vector<int16_t> out(m.data.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int16_t>(m.data[i]);
  return out;
}

}  // namespace

void multiply_row(const int16_t* a, const int16_t* b, int k, int n, int ld, uint32_t* out) {
  for (int i = 0; i < k; ++i) {
    const int32_t value = a[i];
    if (value == 0) continue;
    const int16_t* row = b + static_cast<ptrdiff_t>(i) * ld;
    // Each product is exact in 18 bits; the sum wraps, which unsigned addition does by definition.
    for (int c = 0; c < n; ++c) out[c] += static_cast<uint32_t>(value * int32_t{row[c]});
  }
}

Matrix gemm(const Matrix& a, const Matrix& b) {
  if (a.cols != b.rows) throw std::logic_error("functional::gemm: inner dimensions differ");
  const std::vector<int16_t> left = narrow(a), right = narrow(b);
  Matrix out(a.rows, b.cols);
  std::vector<uint32_t> row(static_cast<size_t>(b.cols));
  for (int i = 0; i < a.rows; ++i) {
    row.assign(row.size(), 0);
    multiply_row(left.data() + static_cast<ptrdiff_t>(i) * a.cols, right.data(), a.cols, b.cols, b.cols, row.data());
    for (int c = 0; c < b.cols; ++c) out.at(i, c) = static_cast<int32_t>(row[static_cast<size_t>(c)]);
  }
  return out;
}

void accumulate(Matrix& old, const Matrix& added, Flags& flags) {
  if (old.rows != added.rows || old.cols != added.cols) throw std::logic_error("functional::accumulate: shapes differ");
  for (size_t i = 0; i < old.data.size(); ++i) old.data[i] = wrap_add(old.data[i], added.data[i], flags.acc_overflow);
}

std::vector<int32_t> fold_zero_point(const std::vector<int32_t>& bias, int zero_point, const Matrix& b) {
  if (bias.size() != static_cast<size_t>(b.cols)) throw std::logic_error("functional::fold_zero_point: one bias per column");
  std::vector<uint32_t> sums(bias.size());
  for (int k = 0; k < b.rows; ++k)
    for (int n = 0; n < b.cols; ++n) sums[static_cast<size_t>(n)] += static_cast<uint32_t>(b.at(k, n));
  std::vector<int32_t> out(bias.size());
  for (size_t n = 0; n < out.size(); ++n) out[n] = static_cast<int32_t>(static_cast<uint32_t>(bias[n]) - static_cast<uint32_t>(zero_point) * sums[n]);
  return out;
}

Matrix activate(const Matrix& acc, const std::vector<ColumnParams>& params, const OutputMode& mode, const Table& table, Flags& flags) {
  if (!mode.raw && params.size() != static_cast<size_t>(acc.cols)) throw std::logic_error("functional::activate: one entry per column");
  Matrix out(acc.rows, acc.cols);
  for (int r = 0; r < acc.rows; ++r)
    for (int c = 0; c < acc.cols; ++c) out.at(r, c) = output_lane(acc.at(r, c), mode.raw ? ColumnParams{} : params[static_cast<size_t>(c)], mode, table, flags);
  return out;
}

}  // namespace assay::functional
