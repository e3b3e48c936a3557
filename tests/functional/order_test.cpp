// SPDX-License-Identifier: Apache-2.0
// The order of the floating-point path: rows ascending from +0 within a K tile, K tiles ascending. Replayed here with exact sums that the
// compiler's 113-bit type holds and one rounding each, and shown to be told from other orders.
#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "cosim/common/random.hpp"
#include "model/functional/float_gemm.hpp"
#include "model/functional/tile.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

__extension__ typedef __float128 Quad;

float value(uint32_t code, Format f) { return static_cast<float>(value_of(code, f)); }

/// a·w + c rounded once. Values here lie within 2^±30, so 113 bits hold every sum exactly.
float fma_exact(float a, float w, float c) { return static_cast<float>(Quad(a) * Quad(w) + Quad(c)); }

enum class Order { Specified, DescendingRows, DescendingTiles, OneChain, FromEntry };

/// One element of the product in an order.
uint32_t replay(const FloatGemm& job, int m, int n, int rows, Order order) {
  const int K = job.a.cols;
  const auto term = [&](int k, float sum) {
    return fma_exact(value(static_cast<uint32_t>(job.a.at(m, k)), job.a_format), value(static_cast<uint32_t>(job.b.at(k, n)), job.b_format), sum);
  };
  if (order == Order::OneChain) rows = K;
  std::vector<int> tiles;
  for (int k0 = 0; k0 < K; k0 += rows) tiles.push_back(k0);
  if (order == Order::DescendingTiles) std::reverse(tiles.begin(), tiles.end());
  float entry = -0.0f;
  for (const int k0 : tiles) {
    const int end = std::min(k0 + rows, K);
    float sum = order == Order::FromEntry ? entry : 0.0f;
    if (order == Order::DescendingRows) {
      for (int k = end; k-- > k0;) sum = term(k, sum);
    } else {
      for (int k = k0; k < end; ++k) sum = term(k, sum);
    }
    entry = order == Order::FromEntry ? sum : static_cast<float>(Quad(entry) + Quad(sum));
    if (job.bf16_entries) {  // round to 8 significant bits, ties to even: the values here are normal
      const auto bits = std::bit_cast<uint32_t>(entry);
      entry = std::bit_cast<float>((bits + 0x7FFFu + (bits >> 16 & 1)) & 0xFFFF0000u);
    }
  }
  return std::bit_cast<uint32_t>(entry);
}

FloatGemm random_job(int m, int k, int n, Format fa, Format fb, uint64_t seed) {
  FloatGemm job;
  job.a = Matrix(m, k), job.b = Matrix(k, n);
  job.a_format = fa, job.b_format = fb;
  Random random(seed, 31);
  const auto fill = [&](Matrix& matrix, Format f) {
    for (int32_t& x : matrix.data) x = static_cast<int32_t>(encode_value((static_cast<double>(random.below(1 << 20)) - (1 << 19)) * 0x1p-18, f));
  };
  fill(job.a, fa), fill(job.b, fb);
  return job;
}

size_t differing(const FloatGemm& job, int rows, Order order) {
  const Matrix result = float_gemm(job, rows, 8);
  size_t count = 0;
  for (int m = 0; m < result.rows; ++m)
    for (int n = 0; n < result.cols; ++n) count += static_cast<uint32_t>(result.at(m, n)) != replay(job, m, n, rows, order);
  return count;
}

/// The product by tile commands: K tiles as MATMULs of one bank, read back raw.
std::vector<uint32_t> by_commands(const FloatGemm& job, const HwConfig& config) {
  FunctionalTile tile(config);
  const auto lanes = static_cast<size_t>(config.lane_bytes());
  const auto put = [lanes](std::vector<uint8_t>& bytes, size_t at, int32_t code) {
    for (size_t i = 0; i < lanes; ++i) bytes[at * lanes + i] = static_cast<uint8_t>(code >> (8 * i));
  };
  for (int k0 = 0; k0 < job.a.cols; k0 += config.rows) {
    Command load, matmul;
    load.op = Op::LoadWeights;
    load.k = matmul.k = std::min(config.rows, job.a.cols - k0);
    load.format = static_cast<uint8_t>(job.b_format);
    std::vector<uint8_t> weights(static_cast<size_t>(load.k * config.cols) * lanes), beats(static_cast<size_t>(job.a.rows * config.rows) * lanes);
    for (int r = 0; r < load.k; ++r)
      for (int c = 0; c < job.b.cols; ++c) put(weights, static_cast<size_t>(r * config.cols + c), job.b.at(k0 + r, c));
    for (int i = 0; i < job.a.rows; ++i)
      for (int r = 0; r < load.k; ++r) put(beats, static_cast<size_t>(i * config.rows + r), job.a.at(i, k0 + r));
    tile.push_weights(weights);
    tile.execute(encode(load, Datapath::Floating));
    matmul.op = Op::Matmul;
    matmul.format = static_cast<uint8_t>(job.a_format);
    matmul.m = job.a.rows;
    matmul.n = job.b.cols;
    matmul.stride = 1;
    matmul.switch_weights = true;
    matmul.accumulate = k0 > 0;
    matmul.bf16_entries = job.bf16_entries;
    tile.push_activations(beats);
    tile.execute(encode(matmul, Datapath::Floating));
  }
  Command read;
  read.op = Op::Activate;
  read.raw = true;
  read.m = job.a.rows;
  read.n = job.b.cols;
  read.stride = 1;
  tile.execute(encode(read, Datapath::Floating));
  return tile.take_beats();
}

HwConfig config_of(int rows, uint16_t formats) {
  HwConfig c;
  c.name = "order";
  c.rows = rows;
  c.cols = 4;
  c.acc_banks = 2;
  c.acc_depth = 8;
  c.command_fifo_depth = c.activation_fifo_depth = c.response_fifo_depth = c.queue_depth = 4;
  c.weight_fifo_depth = std::max(2, rows);
  c.output_fifo_depth = 8;
  c.formats = formats;
  return c;
}

}  // namespace

TEST_CASE("functional: sums of up to 4,096 terms are those of the specified order, bit for bit") {
  const std::pair<Format, Format> pairs[] = {
      {Format::Bf16, Format::Bf16}, {Format::Fp16, Format::Fp16}, {Format::E4m3fn, Format::E5m2}, {Format::Bf16, Format::E4m3}, {Format::Fp16, Format::Bf16}};
  uint64_t seed = 1;
  for (const auto& [fa, fb] : pairs)
    for (const int rows : {1, 3, 8, 16, 128})
      for (const int k : {1, 7, 64, 129, 1000, 4096}) {
        INFO(format_name(fa) << " by " << format_name(fb) << ", " << rows << " rows, K " << k);
        REQUIRE(differing(random_job(2, k, 3, fa, fb, ++seed), rows, Order::Specified) == 0);
      }
}

TEST_CASE("functional: entries in BF16 are rounded twice after every K tile, in the specified order") {
  for (const int k : {1, 8, 65, 4096}) {
    FloatGemm job = random_job(3, k, 4, Format::Bf16, Format::Bf16, static_cast<uint64_t>(k));
    job.bf16_entries = true;
    CHECK(differing(job, 8, Order::Specified) == 0);
  }
}

TEST_CASE("functional: another order of rows or tiles, a single chain, a chain from the entry would be caught") {
  const FloatGemm job = random_job(16, 4096, 8, Format::Bf16, Format::Bf16, 99);
  CHECK(differing(job, 16, Order::Specified) == 0);
  for (const Order order : {Order::DescendingRows, Order::DescendingTiles, Order::OneChain, Order::FromEntry}) CHECK(differing(job, 16, order) > 20);
  CHECK(differing(job, 8, Order::Specified) == 0);  // the K tile counts: 8 rows are another result than 16
  CHECK(float_gemm(job, 8, 8).data != float_gemm(job, 16, 8).data);
}

TEST_CASE("functional: short sums tell the orders apart too") {
  size_t rows = 0, chain = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const FloatGemm job = random_job(4, 24, 4, Format::Fp16, Format::Fp16, seed);
    REQUIRE(differing(job, 8, Order::Specified) == 0);
    rows += differing(job, 8, Order::DescendingRows);
    chain += differing(job, 8, Order::OneChain);
  }
  CHECK(rows > 30);
  CHECK(chain > 30);
}

TEST_CASE("functional: the tile's commands give the sums of the specified order") {
  const uint16_t all =
      format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);
  const uint16_t narrow_formats = format_mask(Format::E5m2) | format_mask(Format::E4m3fn);
  const auto check = [](const FloatGemm& job, const HwConfig& config) {
    const auto lanes = by_commands(job, config);
    for (int m = 0; m < job.a.rows; ++m)
      for (int n = 0; n < job.b.cols; ++n) REQUIRE(lanes[static_cast<size_t>(m * config.cols + n)] == replay(job, m, n, config.rows, Order::Specified));
  };
  check(random_job(5, 77, 4, Format::Fp16, Format::E4m3fn, 1), config_of(8, all));
  check(random_job(5, 4096, 3, Format::Bf16, Format::Bf16, 2), config_of(5, all));
  check(random_job(8, 300, 1, Format::E4m3fn, Format::E5m2, 3), config_of(16, narrow_formats));  // 8-bit lanes
  FloatGemm job = random_job(2, 50, 4, Format::Bf16, Format::E5m2, 4);
  job.bf16_entries = true;
  check(job, config_of(8, all));
}
