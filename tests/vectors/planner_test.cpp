// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/planner.hpp"

#include <Eigen/Core>
#include <algorithm>

#include "cosim/common/random.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/random_values.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;
using functional::Matrix;

namespace {

HwConfig make_config(int rows, int cols, int banks, int depth) {
  HwConfig c;
  c.name = "test";
  c.rows = rows;
  c.cols = cols;
  c.acc_banks = banks;
  c.acc_depth = depth;
  c.command_fifo_depth = c.activation_fifo_depth = c.response_fifo_depth = c.queue_depth = 4;
  c.weight_fifo_depth = std::max(2, rows);
  c.output_fifo_depth = 8;
  return c;
}

HwConfig random_config(Random& random) {
  return make_config(static_cast<int>(random.range(1, 9)), static_cast<int>(random.range(1, 9)), 2 << random.below(4), 4 << random.below(4));
}

Matrix random_matrix(int rows, int cols, bool is_unsigned, Random& random) {
  Matrix out(rows, cols);
  for (int32_t& v : out.data) v = static_cast<int32_t>(is_unsigned ? random.range(0, 255) : random.range(-128, 127));
  return out;
}

GemmSpec random_gemm(Random& random) {
  GemmSpec spec;
  spec.a_unsigned = random.chance(0.5);
  spec.b_unsigned = random.chance(0.5);
  const auto k = static_cast<int>(random.range(1, 30)), n = static_cast<int>(random.range(1, 30));
  spec.a = random_matrix(static_cast<int>(random.range(1, 70)), k, spec.a_unsigned, random);
  spec.b = random_matrix(k, n, spec.b_unsigned, random);
  spec.m_tile = static_cast<int>(random.below(20));
  spec.mode.raw = random.chance(0.4);
  if (spec.mode.raw) return spec;
  spec.a_zero_point = static_cast<int>(random.range(-5, 100));
  spec.mode.single = random.chance(0.5);
  const bool uniform = random.chance(0.3);
  for (int c = 0; c < n; ++c)
    spec.params.push_back({uniform ? 7 : static_cast<int32_t>(random.range(-9999, 9999)), 0x5A5A5A5A, uniform ? -8 : static_cast<int>(random.range(-12, -6))});
  if (random.chance(0.3)) {
    spec.table.emplace();
    for (uint8_t& entry : *spec.table) entry = static_cast<uint8_t>(random.below(256));
  }
  return spec;
}

FloatSpec random_float_gemm(const HwConfig& config, Random& random) {
  FloatSpec spec;
  functional::FloatGemm& p = spec.product;
  const auto format = [&] {
    auto f = static_cast<Format>(random.range(4, 8));
    while (!config.has(f)) f = static_cast<Format>(random.range(4, 8));
    return f;
  };
  p.a_format = format(), p.b_format = format();
  p.a = Matrix(static_cast<int>(random.range(1, 40)), static_cast<int>(random.range(1, 30)));
  p.b = Matrix(p.a.cols, static_cast<int>(random.range(1, 30)));
  p.a.data = random_codes(FloatClass::Normal, p.a_format, p.a.rows, p.a.cols, KAxis::Columns, random);
  p.b.data = random_codes(random.chance(0.5) ? FloatClass::Corners : FloatClass::Normal, p.b_format, p.b.rows, p.b.cols, KAxis::Rows, random);
  p.bf16_entries = random.chance(0.3);
  spec.m_tile = static_cast<int>(random.below(20));
  p.raw = random.chance(0.3);
  if (p.raw) return spec;
  p.format = static_cast<Format>(random.below(9));
  p.relu = random.chance(0.3);
  p.saturate = is_operand_float(p.format) && random.chance(0.5);
  p.stochastic = is_operand_float(p.format) && random.chance(0.5);
  p.seed = static_cast<uint32_t>(random.next());
  const bool uniform = random.chance(0.3);
  for (const int32_t bits : random_codes(FloatClass::Normal, Format::Fp32, 1, p.b.cols, KAxis::Columns, random))
    p.bias.push_back(static_cast<uint32_t>(uniform ? 0x3F800000 : bits));
  return spec;
}

/// The stream bytes of one phase, executed on a tile that knows nothing of jobs.
std::vector<uint32_t> execute(const HwConfig& config, const Phase& phase) {
  functional::FunctionalTile tile(config);
  tile.push_weights(phase.weights);
  tile.push_activations(phase.activations);
  for (const CommandWord& word : phase.commands) {
    REQUIRE(check_command(word, config) == Status::Ok);
    tile.execute(word);
  }
  REQUIRE(tile.weights_left() == 0);
  REQUIRE(tile.activations_left() == 0);
  const auto responses = tile.take_responses();
  REQUIRE(responses.size() == 1);  // the closing fence
  return tile.take_beats();
}

/// Results put together from the beats, and whether every element came exactly once.
std::vector<std::vector<int32_t>> collect(const HwConfig& config, const Program& program, const std::vector<uint32_t>& lanes) {
  std::vector<std::vector<int32_t>> out;
  std::vector<std::vector<int>> seen;
  for (const Job& job : program.jobs) {
    out.emplace_back(job.functional.size());
    seen.emplace_back(job.functional.size());
  }
  const auto& beats = program.phases[0].beats;
  REQUIRE(lanes.size() == beats.size() * static_cast<size_t>(config.cols));
  for (size_t i = 0; i < beats.size(); ++i)
    for (int c = 0; c < beats[i].cols; ++c) {
      const auto job = static_cast<size_t>(beats[i].job);
      const auto at = static_cast<size_t>(beats[i].row * program.jobs[job].cols + beats[i].col + c);
      out[job][at] = static_cast<int32_t>(lanes[i * static_cast<size_t>(config.cols) + static_cast<size_t>(c)]);
      ++seen[job][at];
    }
  for (const auto& counts : seen) REQUIRE(std::all_of(counts.begin(), counts.end(), [](int n) { return n == 1; }));
  return out;
}

std::vector<int32_t> eigen_product(const Matrix& a, const Matrix& b) {
  using Wide = Eigen::Matrix<int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Wide wide = Eigen::Map<const Eigen::Matrix<int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(a.data.data(), a.rows, a.cols).cast<int64_t>() *
                    Eigen::Map<const Eigen::Matrix<int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(b.data.data(), b.rows, b.cols).cast<int64_t>();
  std::vector<int32_t> out(static_cast<size_t>(wide.size()));
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int32_t>(wide.data()[i]);
  return out;
}

int count_ops(const Phase& phase, Op op) {
  return static_cast<int>(std::count_if(phase.commands.begin(), phase.commands.end(), [&](const CommandWord& w) { return decode(w).op == op; }));
}

}  // namespace

TEST_CASE("planner: tile commands executed on the functional tile give the plain matrix results for random shapes and configs") {
  Random random(11, 1);
  for (int i = 0; i < 300; ++i) {
    const HwConfig config = random_config(random);
    Planner planner(config, "test");
    std::vector<GemmSpec> specs;
    for (int64_t n = random.range(1, 3); n > 0; --n) planner.gemm(specs.emplace_back(random_gemm(random)));
    const Program program = planner.finish();
    REQUIRE(program.phases.size() == 1);
    const auto results = collect(config, program, execute(config, program.phases[0]));
    for (size_t j = 0; j < specs.size(); ++j) {
      INFO("program " << i << " job " << j);
      REQUIRE(results[j] == program.jobs[j].functional);
      if (specs[j].mode.raw) REQUIRE(results[j] == eigen_product(specs[j].a, specs[j].b));
    }
  }
}

TEST_CASE("planner: floating-point tile commands give the plain results in the specified order, stochastic rounding included") {
  Random random(17, 1);
  for (int i = 0; i < 300; ++i) {
    HwConfig config = random_config(random);
    while ((config.formats & ~kIntegerFormats) == 0 || (config.formats & 15) != 0) config.formats = static_cast<uint16_t>(random.below(32) << 4);
    Planner planner(config, "test");
    for (int64_t n = random.range(1, 3); n > 0; --n) planner.gemm(random_float_gemm(config, random));
    const Program program = planner.finish();
    REQUIRE(program.phases.size() == 1);
    const auto results = collect(config, program, execute(config, program.phases[0]));
    for (size_t j = 0; j < results.size(); ++j) {
      INFO("program " << i << " job " << j);
      REQUIRE(results[j] == program.jobs[j].functional);
    }
  }
}

TEST_CASE("planner: an equal bias is broadcast once, a seed is loaded once per stochastic product, raw products load nothing") {
  HwConfig config = make_config(4, 4, 2, 8);
  config.formats = format_mask(Format::Bf16);
  FloatSpec spec;
  spec.product.a = Matrix(20, 9), spec.product.b = Matrix(9, 13);
  Planner planner(config, "test");
  planner.gemm(spec);
  spec.product.raw = false;
  spec.product.bias.assign(13, 0x3F800000);
  planner.gemm(spec);
  spec.product.format = Format::E5m2;
  spec.product.stochastic = true;
  planner.gemm(spec);
  planner.gemm(spec);
  const Program program = planner.finish();
  const auto count = [&](Op op) {
    return std::count_if(program.phases[0].commands.begin(), program.phases[0].commands.end(),
                         [&](const CommandWord& w) { return decode(w, Datapath::Floating).op == op; });
  };
  CHECK(count(Op::LoadParam) == 1);
  CHECK(count(Op::LoadSeed) == 2);
  CHECK(count(Op::Activate) == 4 * 3 * 4);
}

TEST_CASE("planner: what it expects is what the functional tile makes of the whole program") {
  Random random(12, 1);
  for (uint64_t seed = 0; seed < 60; ++seed) {
    HwConfig config = random_config(random);
    if (seed % 3 == 0) config.formats = seed % 2 ? format_mask(Format::E4m3fn) : format_mask(Format::Bf16) | format_mask(Format::E5m2);
    const Program program = seed % 2 ? make_reset_test(config, seed) : make_random_program(config, seed, 300);
    for (const Phase& phase : program.phases) {
      functional::FunctionalTile tile(config);
      tile.push_weights(phase.weights);
      tile.push_activations(phase.activations);
      for (const CommandWord& word : phase.commands) tile.execute(word);
      const auto lanes = tile.take_beats();
      const auto responses = tile.take_responses();
      REQUIRE(tile.weights_left() + tile.activations_left() == 0);
      REQUIRE(responses.size() == phase.responses.size());
      for (size_t i = 0; i < responses.size(); ++i) {
        REQUIRE(responses[i].status == phase.responses[i].status);
        REQUIRE(responses[i].tag == phase.responses[i].tag);
        REQUIRE(responses[i].data == phase.responses[i].data);
      }
      std::vector<uint32_t> expected;
      for (const ExpectedBeat& beat : phase.beats) expected.insert(expected.end(), beat.lanes.begin(), beat.lanes.end());
      REQUIRE(expected == lanes);
    }
  }
}

TEST_CASE("planner: equal parameters are broadcast once and not loaded again") {
  const HwConfig config = make_config(4, 4, 2, 8);
  Random random(13, 1);
  GemmSpec spec;
  spec.a = random_matrix(20, 9, false, random);
  spec.b = random_matrix(9, 13, false, random);
  spec.params.assign(13, {5, 1u << 30, -3});
  Planner planner(config, "test");
  planner.gemm(spec);
  planner.gemm(spec);
  const Program program = planner.finish();
  CHECK(count_ops(program.phases[0], Op::LoadParam) == 1);
  CHECK(count_ops(program.phases[0], Op::Activate) == 2 * 3 * 4);
}

TEST_CASE("planner: a product of one K tile keeps its weights for all chunks of M") {
  const HwConfig config = make_config(4, 4, 2, 8);
  Random random(14, 1);
  GemmSpec spec;
  spec.a = random_matrix(50, 3, false, random);
  spec.b = random_matrix(3, 6, false, random);
  spec.mode.raw = true;
  Planner planner(config, "test");
  planner.gemm(spec);
  const Program program = planner.finish();
  CHECK(count_ops(program.phases[0], Op::LoadWeights) == 2);
  CHECK(count_ops(program.phases[0], Op::Matmul) == 2 * 7);
  CHECK(program.macs == 50u * 3u * 6u);
}

TEST_CASE("planner: banks alternate and no tile overwrites a bank whose results were not asked for") {
  Random random(15, 1);
  for (int i = 0; i < 50; ++i) {
    const HwConfig config = random_config(random);
    Planner planner(config, "test");
    planner.gemm(random_gemm(random));
    planner.gemm(random_gemm(random));
    const Program program = planner.finish();
    std::vector<bool> full(static_cast<size_t>(config.acc_banks));
    for (const CommandWord& word : program.phases[0].commands) {
      const Command c = decode(word);
      const auto bank = static_cast<size_t>(c.bank);
      if (c.op == Op::Matmul && !c.accumulate) {
        REQUIRE_FALSE(full[bank]);
        full[bank] = true;
      }
      if (c.op == Op::Activate) full[bank] = false;
    }
  }
}

TEST_CASE("planner: every phase ends with a fence, resets and idles end phases") {
  const HwConfig config = make_config(2, 2, 2, 4);
  Planner planner(config, "test");
  planner.command(CommandWord{});
  planner.idle(9);
  planner.command(CommandWord{7, 0, 0, 0});
  planner.reset(50, 3);
  const Program program = planner.finish();
  REQUIRE(program.phases.size() == 3);
  CHECK(program.phases[0].idle_after == 9);
  CHECK(program.phases[0].reset_after == -1);
  CHECK(program.phases[1].commands.size() == 1);  // its own fence is enough
  CHECK(program.phases[1].reset_after == 50);
  CHECK(program.phases[1].reset_cycles == 3);
  for (const Phase& phase : program.phases) CHECK(decode(phase.commands.back()).op == Op::Fence);
}
