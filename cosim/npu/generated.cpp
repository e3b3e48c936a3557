// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/generated.hpp"

#include <algorithm>
#include <array>

#include "cosim/npu/operand.hpp"

namespace assay::npu {
namespace {

functional::Matrix random_matrix(int rows, int cols, bool is_unsigned, RandomClass cls, Random& random) {
  functional::Matrix out(rows, cols);
  out.data = random_values(cls, out.data.size(), is_unsigned ? 0 : -128, is_unsigned ? 255 : 127, random);
  return out;
}

RandomClass random_class(Random& random) { return static_cast<RandomClass>(random.chance(0.5) ? 0 : random.below(7)); }

void random_requant(GemmSpec& spec, Random& random) {
  spec.mode.single = random.chance(0.5);
  spec.mode.output_unsigned = random.chance(0.4);
  const int lo = spec.mode.output_unsigned ? 0 : -128;
  spec.mode.zero_point = static_cast<int>(random.range(lo, lo + 255));
  spec.mode.clamp_lo = random.chance(0.6) ? lo : static_cast<int>(random.range(lo, lo + 255));
  spec.mode.clamp_hi = random.chance(0.6) ? lo + 255 : static_cast<int>(random.range(spec.mode.clamp_lo, lo + 255));
  spec.a_zero_point = random.chance(0.5) ? 0 : static_cast<int>(spec.a_unsigned ? random.range(0, 255) : random.range(-128, 127));
  const bool uniform = random.chance(0.4);
  for (int c = 0; c < spec.b.cols; ++c) {
    functional::ColumnParams p{static_cast<int32_t>(random.range(-20000, 20000)), static_cast<uint32_t>(random.range(1 << 30, INT32_MAX)),
                               static_cast<int>(random.range(-12, -4))};
    if (random.chance(0.05)) p.multiplier = 0;
    if (random.chance(0.05)) p.shift = static_cast<int>(random.range(-31, 30));
    spec.params.push_back(uniform && c > 0 ? spec.params.front() : p);
  }
  if (random.chance(0.3)) {
    spec.table.emplace();
    for (uint8_t& entry : *spec.table) entry = static_cast<uint8_t>(random.below(256));
  }
}

Command legal(Op op, uint8_t tag) {
  Command command;
  command.op = op;
  command.tag = tag;
  return command;
}

std::vector<uint8_t> filled(int rows, int width, uint8_t value) { return std::vector<uint8_t>(static_cast<size_t>(rows) * static_cast<size_t>(width), value); }

}  // namespace

int around_tile(int tile, int most, Random& random) {
  const int64_t multiple = random.range(0, std::max(1, most / tile));
  const int64_t beside = random.range(-1, 1), more = random.chance(0.3) ? random.range(0, tile) : 0;
  return static_cast<int>(std::clamp<int64_t>(multiple * tile + beside + more, 1, most));
}

Program make_gemm_test(const HwConfig& config, uint64_t seed) {
  if (config.floating()) return make_float_gemm(config, seed);
  Planner planner(config, "gemm");
  Random random(seed, 0x6E33);
  for (int i = 0; i < 6; ++i) {
    GemmSpec spec;
    spec.name = "gemm" + std::to_string(i);
    spec.a_unsigned = random.chance(0.4);
    spec.b_unsigned = random.chance(0.3);
    spec.m_tile = random.chance(0.3) ? 0 : around_tile(8, std::min(64, config.acc_depth), random);
    const int m = around_tile(std::min(config.acc_depth, 64), 130, random);
    const int k = around_tile(config.rows, 3 * config.rows + 1, random), n = around_tile(config.cols, 3 * config.cols + 1, random);
    spec.a = random_matrix(m, k, spec.a_unsigned, random_class(random), random);
    spec.b = random_matrix(k, n, spec.b_unsigned, random_class(random), random);
    spec.mode.raw = random.chance(0.25);
    if (!spec.mode.raw) random_requant(spec, random);
    planner.gemm(spec);
  }
  return planner.finish();
}

Program make_dense(const HwConfig& config, int64_t cycles, uint64_t seed) {
  if (config.floating()) return make_float_dense(config, cycles, seed);
  Planner planner(config, "dense");
  Random random(seed, 0xDE45E);
  // Sixteen K tiles hide the hand-over of a bank and the parameters of an N tile behind the matrix work of the next one.
  constexpr int kTilesK = 16;
  const int step = std::max({config.acc_depth, config.rows, config.cols});  // cycles of one MATMUL, loads hidden
  const int64_t tiles = std::max<int64_t>(1, cycles / (int64_t{step} * kTilesK));
  constexpr int kTilesPerJob = 16;
  for (int64_t done = 0; done < tiles; done += kTilesPerJob) {
    GemmSpec spec;
    spec.name = "dense" + std::to_string(done / kTilesPerJob);
    const int k = kTilesK * config.rows, n = static_cast<int>(std::min<int64_t>(kTilesPerJob, tiles - done)) * config.cols;
    spec.a = random_matrix(config.acc_depth, k, false, RandomClass::Uniform, random);
    spec.b = random_matrix(k, n, false, RandomClass::Uniform, random);
    spec.params.assign(static_cast<size_t>(n), {1000, 0x5A5A5A5A, -8});
    planner.gemm(spec);
  }
  return planner.finish();
}

Program make_minimal_test(const HwConfig& config) {
  if (config.floating()) return make_float_minimal(config);
  Planner planner(config, "minimal");
  Command load = legal(Op::LoadWeights, 1);
  load.k = 1;
  planner.command(encode(load), filled(1, config.cols, 3));
  Command matmul = legal(Op::Matmul, 2);
  matmul.switch_weights = true;
  matmul.m = matmul.k = matmul.n = 1;
  planner.command(encode(matmul), {}, filled(1, config.rows, 5));
  Command activate = legal(Op::Activate, 3);
  activate.raw = true;
  activate.m = activate.n = 1;
  planner.command(encode(activate));
  return planner.finish();
}

namespace {

void maximal_table(Planner& planner) {
  for (int line = 0; line < 32; ++line) {
    Command table = legal(Op::LoadTable, static_cast<uint8_t>(line));
    table.line = line;
    for (int i = 0; i < 8; ++i) table.table_bytes[static_cast<size_t>(i)] = static_cast<uint8_t>(255 - 8 * line - i);
    planner.command(encode(table));
  }
}

void maximal_products(Planner& planner) {
  const HwConfig& config = planner.config();
  constexpr std::array<std::array<uint8_t, 2>, 4> extremes{{{0x80, 0x80}, {0xFF, 0xFF}, {0x80, 0xFF}, {0x7F, 0x80}}};
  for (int pass = 0; pass < 4; ++pass) {
    const auto [weight, activation] = extremes[static_cast<size_t>(pass)];
    Command load = legal(Op::LoadWeights, 255);
    load.k = config.rows;
    load.weight_unsigned = pass == 1 || pass == 2;
    planner.command(encode(load), filled(config.rows, config.cols, weight));
    for (int bank = 0; bank < config.acc_banks; ++bank) {
      Command matmul = legal(Op::Matmul, 254);
      matmul.activation_unsigned = pass % 2 != 0;
      matmul.switch_weights = bank == 0;
      matmul.accumulate = pass > 0;
      matmul.bank = bank;
      matmul.m = config.acc_depth;
      matmul.k = config.rows;
      matmul.n = config.cols;
      matmul.stride = 1;
      planner.command(encode(matmul), {}, filled(config.acc_depth, config.rows, activation));
    }
  }
}

void maximal_results(Planner& planner, int bank) {
  const HwConfig& config = planner.config();
  for (int column = 0; column < config.cols; ++column) {
    Command param = legal(Op::LoadParam, 253);
    param.column = column;
    param.bias = bank % 2 ? INT32_MAX : INT32_MIN;
    param.multiplier = (1u << 31) - 1 - static_cast<uint32_t>(column);
    param.shift = column % 2 ? 30 : -31;
    planner.command(encode(param));
  }
  Command activate = legal(Op::Activate, 252);
  activate.single = bank % 2 != 0;
  activate.table = true;
  activate.bank = bank;
  activate.m = config.acc_depth;
  activate.n = config.cols;
  activate.stride = 1;
  activate.zero_point = -128;
  activate.clamp_lo = -128;
  activate.clamp_hi = 127;
  planner.command(encode(activate));
}

}  // namespace

Program make_maximal_test(const HwConfig& config) {
  if (config.floating()) return make_float_maximal(config);
  Planner planner(config, "maximal");
  maximal_table(planner);
  maximal_products(planner);
  for (int bank = 0; bank < config.acc_banks; ++bank) maximal_results(planner, bank);
  return planner.finish();
}

}  // namespace assay::npu
