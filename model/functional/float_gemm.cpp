// SPDX-License-Identifier: Apache-2.0
#include "model/functional/float_gemm.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace assay::functional {
namespace {

std::vector<float> decoded(const Matrix& codes, Format format) {
  std::vector<float> out(codes.data.size());
  for (size_t i = 0; i < out.size(); ++i) out[i] = std::bit_cast<float>(decode(static_cast<uint32_t>(codes.data[i]), format));
  return out;
}

/// One row of accumulators over all K tiles.
void accumulate_row(const FloatGemm& job, const float* a, const float* b, int rows, std::vector<uint32_t>& acc, std::vector<uint32_t>& sums) {
  const int K = job.a.cols, N = job.b.cols;
  uint8_t flags = 0;
  for (int k0 = 0; k0 < K; k0 += rows) {
    multiply_rows(a + k0, b + static_cast<ptrdiff_t>(k0) * N, std::min(rows, K - k0), N, N, sums.data(), flags);
    for (size_t n = 0; n < acc.size(); ++n) {
      const uint32_t sum = add(k0 == 0 ? kMinusZero : acc[n], sums[n], flags);
      acc[n] = job.bf16_entries ? narrow(sum, Format::Bf16, false, std::nullopt, flags) << 16 : sum;
    }
  }
}

}  // namespace

Matrix float_gemm(const FloatGemm& job, int rows, int cols) {
  const int M = job.a.rows, N = job.b.cols;
  if (job.a.cols != job.b.rows) throw std::logic_error("functional::float_gemm: inner dimensions differ");
  if (!job.raw && job.bias.size() != static_cast<size_t>(N)) throw std::logic_error("functional::float_gemm: one bias per column");
  const std::vector<float> a = decoded(job.a, job.a_format), b = decoded(job.b, job.b_format);
  Matrix out(M, N);
  std::vector<uint32_t> acc(static_cast<size_t>(N)), sums(acc.size());
  for (int m = 0; m < M; ++m) {
    accumulate_row(job, a.data() + static_cast<ptrdiff_t>(m) * job.a.cols, b.data(), rows, acc, sums);
    for (int n = 0; n < N; ++n) out.at(m, n) = static_cast<int32_t>(acc[static_cast<size_t>(n)]);
  }
  if (job.raw) return out;
  std::vector<LaneRandom> generators;
  for (int lane = 0; lane < cols; ++lane) generators.emplace_back(job.seed, static_cast<size_t>(lane));
  uint8_t flags = 0;
  for (int n = 0; n < N; ++n) {  // lane n mod cols meets its N tiles in ascending order
    for (int m = 0; m < M; ++m) {
      uint32_t x = add(static_cast<uint32_t>(out.at(m, n)), job.bias[static_cast<size_t>(n)], flags);
      if (job.relu) x = relu(x);
      std::optional<uint16_t> random;
      if (job.stochastic) random = generators[static_cast<size_t>(n % cols)].draw();
      out.at(m, n) = static_cast<int32_t>(to_lane(x, job.format, job.saturate, random, flags));
    }
  }
  return out;
}

}  // namespace assay::functional
