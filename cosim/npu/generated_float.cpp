// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/lanes.hpp"
#include "cosim/npu/random_values.hpp"

namespace assay::npu {
namespace {

using functional::FloatGemm;
using functional::Matrix;

std::vector<Format> formats_of(const HwConfig& config) {
  std::vector<Format> out;
  for (int code = 0; code < kFormats; ++code)
    if (config.has(static_cast<Format>(code))) out.push_back(static_cast<Format>(code));
  return out;
}

Matrix random_operand(FloatClass cls, Format format, int rows, int cols, KAxis axis, Random& random) {
  Matrix out(rows, cols);
  out.data = random_codes(cls, format, rows, cols, axis, random);
  return out;
}

FloatClass random_class(Random& random) { return random.chance(0.4) ? FloatClass::Normal : static_cast<FloatClass>(random.below(kFloatClassNames.size())); }

/// Job i of a test takes result format i, so that all of them come up whatever the seed; the tenth is raw.
void random_results(FloatGemm& product, size_t i, Random& random) {
  product.raw = i % 10 == 9;
  if (product.raw) return;
  product.format = static_cast<Format>(i % 10);
  product.relu = random.chance(0.3);
  const FloatClass cls = random.chance(0.7) ? FloatClass::Normal : random_class(random);
  const bool uniform = random.chance(0.4);
  const auto bias = random_codes(cls, Format::Fp32, 1, product.b.cols, KAxis::Columns, random);
  for (const int32_t bits : bias) product.bias.push_back(static_cast<uint32_t>(uniform ? bias.front() : bits));
  if (!is_operand_float(product.format)) return;
  product.saturate = random.chance(0.5);
  product.stochastic = random.chance(0.5);
  product.seed = static_cast<uint32_t>(random.next());
}

Command legal(const HwConfig& config, Op op, uint8_t tag) {
  Command command;
  command.op = op;
  command.tag = tag;
  command.k = config.rows;
  command.m = config.acc_depth;
  command.n = config.cols;
  command.stride = 1;
  return command;
}

std::vector<uint8_t> filled(const HwConfig& config, int rows, int width, Format format, uint32_t code) {
  LaneRows lanes(config, rows, width, format_bits(format));
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < width; ++c) lanes.put(r, c, static_cast<int32_t>(code));
  return lanes.take();
}

void add(Planner& planner, const Command& command, std::vector<uint8_t> weights = {}, std::vector<uint8_t> activations = {}) {
  planner.command(encode(command, Datapath::Floating), weights, activations);
}

/// Every bank full of one product of extreme operands; each pass adds to the one before.
void maximal_pass(Planner& planner, int pass) {
  const HwConfig& config = planner.config();
  const std::vector<Format> formats = formats_of(config);
  const Format weight_format = formats[static_cast<size_t>(pass) % formats.size()], format = formats[static_cast<size_t>(pass + 1) % formats.size()];
  const uint32_t sign = 1u << (format_bits(format) - 1);
  // Greatest times greatest; least times least, negative; greatest times least; infinity (or NaN) times one.
  const std::array<uint32_t, 4> weights{functional::greatest_code(weight_format), 1, 1, functional::encode_value(1, weight_format)};
  const std::array<uint32_t, 4> beats{functional::greatest_code(format), sign | 1, functional::greatest_code(format), functional::infinity_code(format)};
  Command load = legal(config, Op::LoadWeights, 255);
  load.format = static_cast<uint8_t>(weight_format);
  add(planner, load, filled(config, config.rows, config.cols, weight_format, weights[static_cast<size_t>(pass)]));
  for (int bank = 0; bank < config.acc_banks; ++bank) {
    Command matmul = legal(config, Op::Matmul, 254);
    matmul.format = static_cast<uint8_t>(format);
    matmul.switch_weights = bank == 0;
    matmul.accumulate = pass > 0;
    matmul.bf16_entries = bank % 2 != 0;
    matmul.bank = bank;
    add(planner, matmul, {}, filled(config, config.acc_depth, config.rows, format, beats[static_cast<size_t>(pass)]));
  }
}

void maximal_results(Planner& planner, int bank, int pass) {
  const HwConfig& config = planner.config();
  for (int column = 0; column < config.cols; ++column) {
    Command param = legal(config, Op::LoadParam, 253);
    param.column = column;
    param.bias = static_cast<int32_t>(column % 2 != 0 ? 0xFF7FFFFFu : 0x00000001u);
    add(planner, param);
  }
  Command seed = legal(config, Op::LoadSeed, 251);
  seed.seed = ~0u;
  add(planner, seed);
  Command activate = legal(config, Op::Activate, 252);
  const int code = (bank + 2 * pass) % kFormats;
  activate.format = static_cast<uint8_t>(code);
  activate.relu = pass % 2 != 0;
  activate.stochastic = is_operand_float(static_cast<Format>(code));
  activate.saturate = activate.stochastic && bank % 2 != 0;
  activate.bank = bank;
  add(planner, activate);
}

}  // namespace

Program make_float_gemm(const HwConfig& config, uint64_t seed) {
  Planner planner(config, "gemm");
  Random random(seed, 0xF6E33);
  const std::vector<Format> formats = formats_of(config);
  for (size_t i = 0; i < 10; ++i) {
    FloatSpec spec;
    FloatGemm& p = spec.product;
    spec.name = "gemm" + std::to_string(i);
    p.a_format = formats[random.below(formats.size())];
    p.b_format = formats[random.below(formats.size())];
    p.bf16_entries = random.chance(0.3);
    spec.m_tile = random.chance(0.3) ? 0 : around_tile(8, std::min(64, config.acc_depth), random);
    const int m = around_tile(std::min(config.acc_depth, 32), 66, random);
    const int k = around_tile(config.rows, 3 * config.rows + 1, random), n = around_tile(config.cols, 3 * config.cols + 1, random);
    const FloatClass cls = random_class(random);
    p.a = random_operand(cls, p.a_format, m, k, KAxis::Columns, random);
    p.b = random_operand(cls == FloatClass::Cancel || random.chance(0.5) ? cls : random_class(random), p.b_format, k, n, KAxis::Rows, random);
    random_results(p, i, random);
    planner.gemm(spec);
  }
  return planner.finish();
}

Program make_float_dense(const HwConfig& config, int64_t cycles, uint64_t seed) {
  Planner planner(config, "dense");
  Random random(seed, 0xFDE45E);
  // Sixteen K tiles hide the hand-over of a bank behind the matrix work of the next one.
  constexpr int kTilesK = 16;
  const int step = std::max({config.acc_depth, config.rows, config.cols});  // cycles of one MATMUL, loads hidden
  const int64_t tiles = std::max<int64_t>(1, cycles / (int64_t{step} * kTilesK));
  constexpr int kTilesPerJob = 16;
  const Format format = formats_of(config).front();
  for (int64_t done = 0; done < tiles; done += kTilesPerJob) {
    FloatSpec spec;
    FloatGemm& p = spec.product;
    spec.name = "dense" + std::to_string(done / kTilesPerJob);
    p.a_format = p.b_format = p.format = format;
    const int k = kTilesK * config.rows, n = static_cast<int>(std::min<int64_t>(kTilesPerJob, tiles - done)) * config.cols;
    p.a = random_operand(FloatClass::Normal, format, config.acc_depth, k, KAxis::Columns, random);
    p.b = random_operand(FloatClass::Normal, format, k, n, KAxis::Rows, random);
    p.raw = false;
    p.bias.assign(static_cast<size_t>(n), functional::encode_value(0.5, Format::Fp32));
    planner.gemm(spec);
  }
  return planner.finish();
}

Program make_float_minimal(const HwConfig& config) {
  Planner planner(config, "minimal");
  const Format format = formats_of(config).front();
  Command load = legal(config, Op::LoadWeights, 1);
  load.k = 1;
  load.format = static_cast<uint8_t>(format);
  add(planner, load, filled(config, 1, config.cols, format, functional::encode_value(3, format)));
  Command matmul = legal(config, Op::Matmul, 2);
  matmul.format = load.format;
  matmul.switch_weights = true;
  matmul.m = matmul.k = matmul.n = 1;
  add(planner, matmul, {}, filled(config, 1, config.rows, format, functional::encode_value(5, format)));
  Command activate = legal(config, Op::Activate, 3);
  activate.raw = true;
  activate.m = activate.n = 1;
  add(planner, activate);
  return planner.finish();
}

Program make_float_maximal(const HwConfig& config) {
  Planner planner(config, "maximal");
  for (int pass = 0; pass < 4; ++pass) {
    maximal_pass(planner, pass);
    for (int bank = 0; bank < config.acc_banks; ++bank) maximal_results(planner, bank, pass);
  }
  return planner.finish();
}

}  // namespace assay::npu
