// SPDX-License-Identifier: Apache-2.0
// The tile's RTL beside its golden model: real networks, directed and random programs, on every shipped config.
#include "model/common/config.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

const char* const kConfigs[] = {"int8_4x4", "int8_8x8", "int8_8x16", "int8_16x16", "int8_32x32"};

/// All four inputs: one with every layer's bytes, three with the last layer's.
void run_autoencoder(const std::string& config) {
  for (const char* test : {"autoencoder", "autoencoder_s0m1", "autoencoder_s0m2", "autoencoder_s0m3"}) run_named(test, config);
}

}  // namespace

TEST_CASE("cosim: the digits network runs in lockstep on int8_8x8") { run_named("digits", "int8_8x8"); }
TEST_CASE("cosim: the digits network runs in lockstep on int8_16x16") { run_named("digits", "int8_16x16"); }
TEST_CASE("cosim: the MLPerf Tiny autoencoder matches byte for byte on int8_16x16") { run_autoencoder("int8_16x16"); }
TEST_CASE("cosim: the MLPerf Tiny autoencoder matches byte for byte on int8_32x32") { run_autoencoder("int8_32x32"); }
TEST_CASE("cosim: the MLPerf Tiny autoencoder matches byte for byte on int8_8x16") { run_autoencoder("int8_8x16"); }

TEST_CASE("cosim: the synthetic ten-layer network runs on every config") {
  for (const char* config : kConfigs) run_named("synthetic_net", config);
}

TEST_CASE("cosim: every named test passes on int8_8x8") {
  for (const npu::TestInfo& test : npu::list_tests(load_options())) {
    if (test.name == "digits" || test.name.starts_with("autoencoder")) continue;  // cases of their own
    if (!test.needs.fit(config_named("int8_8x8"))) continue;
    run_named(test.name, "int8_8x8");
  }
}

TEST_CASE("cosim: directed vectors pass on every config") {
  for (const char* config : kConfigs) {
    int ran = 0;
    for (const npu::TestInfo& test : npu::list_tests(load_options())) {
      if (test.folder != "directed" || !test.needs.fit(config_named(config))) continue;
      run_named(test.name, config);
      ++ran;
    }
    CHECK(ran >= 30);
  }
}

TEST_CASE("cosim: stall profiles change the timing, not the results") {
  for (const char* profile : {"none", "light", "heavy", "burst", "random"}) {
    INFO("profile " << profile);
    npu::Program program = npu::make_gemm_test(config_named("int8_8x8"), 5);
    program.stall = npu::parse_stall(profile, 5);
    check_pass(run(target_for("int8_8x8"), program, 5));
  }
}

TEST_CASE("cosim: the same vector gives the same bits whatever ran before it") {
  npu::NpuTarget& target = target_for("int8_8x8");
  const npu::Program first = npu::make_stress_test(target.config(), 11);
  const npu::Program other = npu::make_stress_test(target.config(), 12);
  const LockstepResult alone = run(target, first, 11);
  const auto results = target.driver().results();
  check_pass(run(target, other, 12));
  const LockstepResult again = run(target, first, 11);
  CHECK(again.cycles == alone.cycles);
  CHECK(target.driver().results() == results);
  for (size_t c = 0; c < kFieldClasses; ++c) CHECK(again.counts[c].done == alone.counts[c].done);
}

TEST_CASE("cosim: two configs run in turn in one process") {
  for (int turn = 0; turn < 3; ++turn) {
    for (const char* config : {"int8_4x4", "int8_8x16"}) run_named("gemm", config, static_cast<uint64_t>(20 + turn));
  }
}

TEST_CASE("cosim: the smallest and odd shapes run in lockstep") {
  const int shapes[][2] = {{1, 1}, {1, 4}, {5, 1}, {3, 7}};
  for (const auto& shape : shapes) {
    HwConfig config = config_named("int8_4x4");
    config.name = "odd_" + std::to_string(shape[0]) + "x" + std::to_string(shape[1]);
    config.rows = shape[0];
    config.cols = shape[1];
    INFO(config.name);
    npu::NpuTarget target(config, npu::NpuTarget::Use::Lockstep);
    for (uint64_t seed = 1; seed <= 3; ++seed) check_pass(run(target, npu::make_stress_test(config, seed), seed));
  }
}

TEST_CASE("cosim: 128 by 128 elaborates and runs in lockstep", "[nightly]") {
  HwConfig config = config_named("int8_32x32");
  config.name = "large_128x128";
  config.rows = config.cols = config.weight_fifo_depth = 128;
  npu::NpuTarget target(config, npu::NpuTarget::Use::Lockstep);
  check_pass(run(target, npu::make_gemm_test(config, 1)));
}

TEST_CASE("cosim: RTL whose own parameters or fields are not the config's is refused") {
  const npu::NpuTarget& target = target_for("int8_8x8");
  const npu::Dut dut(target.build().library);
  CHECK_NOTHROW(npu::NpuTarget::require_same_hardware(dut, target.config(), target.fields()));
  const auto message = [&](const HwConfig& config, const std::vector<Field>& fields) {
    try {
      npu::NpuTarget::require_same_hardware(dut, config, fields);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  HwConfig config = target.config();
  config.output_fifo_depth = 32;
  CHECK(message(config, target.fields()) == "output_fifo_depth: the RTL was elaborated with 16, the config says 32");
  std::vector<Field> fields = target.fields();
  fields[0].width += 1;
  CHECK(message(target.config(), fields) == "the Verilated library was made from another field table");
}

TEST_CASE("cosim: 10^7 cycles of random programs over all configs bring no false alarm") {
  soak("int8_4x4", 3000000, 1000);
  soak("int8_8x8", 3000000, 2000);
  soak("int8_8x16", 2000000, 3000);
  soak("int8_16x16", 1400000, 4000);
  soak("int8_32x32", 600000, 5000);
}

TEST_CASE("cosim: 10^8 cycles of random programs over all configs bring no false alarm", "[nightly]") {
  soak("int8_4x4", 30000000, 100000);
  soak("int8_8x8", 30000000, 200000);
  soak("int8_8x16", 20000000, 300000);
  soak("int8_16x16", 14000000, 400000);
  soak("int8_32x32", 6000000, 500000);
}
