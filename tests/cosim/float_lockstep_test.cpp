// SPDX-License-Identifier: Apache-2.0
// The floating-point tile's RTL beside its golden model: the BF16 network, directed and random programs, on every shipped config.
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

const char* const kConfigs[] = {"fp_4x4", "bf16_8x8", "fp16_8x8", "fp8_16x16", "bf16_16x16", "fp_16x16"};

}  // namespace

TEST_CASE("cosim: the BF16 digits network runs in lockstep on bf16_8x8, every output as expected") {
  npu::NpuTarget& target = target_for("bf16_8x8");
  const npu::Program program = npu::make_test("digits_bf16", target.config(), load_options());
  for (const npu::Job& job : program.jobs) REQUIRE_FALSE(job.expect.empty());
  check_pass(run(target, program));
}

TEST_CASE("cosim: the BF16 digits network runs in lockstep on bf16_16x16") { run_named("digits_bf16", "bf16_16x16"); }

TEST_CASE("cosim: every generated test passes on every floating-point config") {
  for (const char* config : kConfigs)
    for (const char* test : {"gemm", "stress", "reset", "minimal", "maximal"}) run_named(test, config, 31);
}

TEST_CASE("cosim: directed vectors pass on every floating-point config that has their formats") {
  const std::map<std::string, int> at_least{{"fp_4x4", 26}, {"bf16_8x8", 24}, {"fp16_8x8", 17}, {"fp8_16x16", 18}, {"bf16_16x16", 24}, {"fp_16x16", 26}};
  for (const auto& [config, least] : at_least) {
    int ran = 0;
    for (const npu::TestInfo& test : npu::list_tests(load_options())) {
      if (test.folder != "directed" || !test.needs.fit(config_named(config))) continue;
      run_named(test.name, config);
      ++ran;
    }
    INFO(config);
    CHECK(ran >= least);
  }
}

TEST_CASE("cosim: stall profiles change the timing of a floating-point tile, not the results") {
  npu::NpuTarget& target = target_for("fp_4x4");
  std::vector<std::vector<int32_t>> results;
  for (const char* profile : {"none", "light", "heavy", "burst", "random"}) {
    INFO("profile " << profile);
    npu::Program program = npu::make_gemm_test(target.config(), 5);
    program.stall = npu::parse_stall(profile, 5);
    check_pass(run(target, program, 5));
    if (results.empty()) results = target.driver().results();
    CHECK(target.driver().results() == results);
  }
}

TEST_CASE("cosim: latency of the PEs changes the timing, not the results") {
  HwConfig config = config_named("fp_4x4");
  std::vector<std::vector<int32_t>> results;
  uint64_t cycles = 0;
  for (const int latency : {1, 2, 5}) {
    config.name = "latency_" + std::to_string(latency);
    config.pe_latency = latency;
    npu::NpuTarget target(config, npu::NpuTarget::Use::Lockstep);
    const LockstepResult result = run(target, npu::make_gemm_test(config, 9), 9);
    check_pass(result);
    CHECK(result.cycles > cycles);
    cycles = result.cycles;
    if (results.empty()) results = target.driver().results();
    CHECK(target.driver().results() == results);
    check_pass(run(target, npu::make_stress_test(config, 8), 8));
  }
}

TEST_CASE("cosim: odd shapes of floating-point tiles run in lockstep") {
  const int shapes[][3] = {{1, 1, 1}, {1, 4, 8}, {5, 1, 3}};
  for (const auto& shape : shapes) {
    HwConfig config = config_named("fp_4x4");
    config.name = "odd_fp_" + std::to_string(shape[0]) + "x" + std::to_string(shape[1]);
    config.rows = shape[0];
    config.cols = shape[1];
    config.pe_latency = shape[2];
    INFO(config.name);
    npu::NpuTarget target(config, npu::NpuTarget::Use::Lockstep);
    for (uint64_t seed = 1; seed <= 3; ++seed) check_pass(run(target, npu::make_stress_test(config, seed), seed));
  }
}

TEST_CASE("cosim: 10^6 cycles of random programs over all floating-point configs bring no false alarm") {
  soak("fp_4x4", 400000, 6000);
  soak("bf16_8x8", 250000, 7000);
  soak("fp16_8x8", 200000, 8000);
  soak("fp8_16x16", 80000, 9000);
  soak("bf16_16x16", 40000, 10000);
  soak("fp_16x16", 30000, 11000);
}

TEST_CASE("cosim: 10^7 cycles of random programs over all floating-point configs bring no false alarm", "[nightly]") {
  soak("fp_4x4", 4000000, 600000);
  soak("bf16_8x8", 2500000, 700000);
  soak("fp16_8x8", 2000000, 800000);
  soak("fp8_16x16", 800000, 900000);
  soak("bf16_16x16", 400000, 1000000);
  soak("fp_16x16", 300000, 1100000);
}
