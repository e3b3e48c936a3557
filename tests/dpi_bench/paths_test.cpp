// SPDX-License-Identifier: Apache-2.0
#include "tests/dpi_bench/paths.hpp"

#include <algorithm>
#include <filesystem>

#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"
#include "cosim/npu/vector.hpp"
#include "tests/catch.hpp"

using namespace assay;
using assay::test::BothPaths;

namespace {

cli::RunOptions options_of(const std::string& test, const std::string& config, const std::string& seed) {
  cli::RunOptions options;
  options.test = test;
  options.config = config;
  options.seed = seed;
  return options;
}

/// A bit of any element of any field, in one of the first cycles.
std::string random_fault(const std::vector<Field>& fields, Random& random, uint64_t cycles) {
  const Field& field = fields[static_cast<size_t>(random.range(0, static_cast<int64_t>(fields.size()) - 1))];
  std::string text = field.block + "." + field.name;
  for (int n : field.shape) text += "[" + std::to_string(random.range(0, n - 1)) + "]";
  return text + ":" + std::to_string(random.range(0, field.width - 1)) + "@" + std::to_string(random.range(0, static_cast<int64_t>(cycles) - 1));
}

/// Number of runs that did not pass; every run must give the same record on both paths.
int run_faults(BothPaths& paths, const std::string& config, int count, uint64_t seed) {
  Random random(seed, 1);
  int found = 0;
  for (int i = 0; i < count; ++i) {
    cli::RunOptions options = options_of("gemm", config, std::to_string(1 + i % 5));
    if (i % 2 == 1) options.stall = "random";
    options.faults = {random_fault(paths.fields(config), random, 2000)};
    INFO(config << " seed " << options.seed << " stall " << options.stall << " " << options.faults[0]);
    const BothPaths::Bits bits = paths.run(options);
    CHECK(bits.dpi == bits.in_place);
    found += bits.verdict == Verdict::Mismatch;
  }
  return found;
}

/// Every so many-th of the directed vectors that fit the config, by name.
void run_directed(BothPaths& paths, const std::string& config, size_t every) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(project_root() / "vectors/directed"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  const HwConfig hardware = load_config(cli::config_file(config));
  size_t fitting = 0;
  for (const std::string& file : files) {
    if (!npu::vector_needs(file).fit(hardware) || fitting++ % every != 0) continue;
    cli::RunOptions options;
    options.vector = file;
    options.config = config;
    INFO(file << " on " << config);
    const BothPaths::Bits bits = paths.run(options);
    CHECK(bits.dpi == bits.in_place);
    CHECK(bits.verdict == Verdict::Pass);
  }
  CHECK(fitting > 10);
}

}  // namespace

TEST_CASE("dpi: generated tests give the record of the in-place path, byte for byte", "[dpi]") {
  BothPaths paths;
  for (const char* config : {"int8_4x4", "fp_4x4"}) {
    for (const char* test : {"gemm", "stress", "reset", "minimal", "maximal"}) {
      for (const char* stall : {"", "random"}) {
        cli::RunOptions options = options_of(test, config, "3");
        options.stall = stall;
        INFO(test << " on " << config << " stall " << stall);
        const BothPaths::Bits bits = paths.run(options);
        CHECK(bits.dpi == bits.in_place);
        CHECK(bits.verdict == Verdict::Pass);
      }
    }
  }
}

TEST_CASE("dpi: every third directed vector gives the record of the in-place path", "[dpi]") {
  BothPaths paths;
  run_directed(paths, "int8_4x4", 3);
  run_directed(paths, "fp_4x4", 3);
}

TEST_CASE("dpi: random faults give the record of the in-place path", "[dpi]") {
  BothPaths paths;
  CHECK(run_faults(paths, "int8_4x4", 60, 1) > 40);
  CHECK(run_faults(paths, "fp_4x4", 40, 2) > 20);
}

TEST_CASE("dpi: a run that is cut short and one that stops at the first difference end as in place", "[dpi]") {
  BothPaths paths;
  cli::RunOptions options = options_of("gemm", "int8_4x4", "1");
  options.cycles = "500";
  BothPaths::Bits bits = paths.run(options);
  CHECK(bits.dpi == bits.in_place);
  options.cycles.clear();
  options.max_mismatches = "1";
  options.faults = {"accumulators.mem[1][3]:7@900", "pe.psum[2][3]:7@1200", "tile.out_data[1]:3@1300"};
  bits = paths.run(options);
  CHECK(bits.dpi == bits.in_place);
}

TEST_CASE("dpi: every vector of the quick suite's folders and tests gives the record of the in-place path", "[dpi][nightly]") {
  BothPaths paths;
  for (const char* config : {"int8_4x4", "int8_8x8", "int8_8x16", "fp_4x4", "bf16_8x8"}) {
    run_directed(paths, config, 1);
    for (const char* test : {"minimal", "maximal"}) {
      const BothPaths::Bits bits = paths.run(options_of(test, config, "1"));
      CHECK(bits.dpi == bits.in_place);
    }
  }
  for (const char* config : {"int8_4x4", "int8_8x8", "int8_8x16", "fp_4x4"}) {
    for (const char* test : {"gemm", "stress", "reset"}) {
      for (int seed = 1; seed <= 20; ++seed) {
        for (const char* stall : {"none", "random"}) {
          cli::RunOptions options = options_of(test, config, std::to_string(seed));
          options.stall = stall;
          INFO(test << " on " << config << " stall " << stall << " seed " << seed);
          const BothPaths::Bits bits = paths.run(options);
          CHECK(bits.dpi == bits.in_place);
        }
      }
    }
  }
}

TEST_CASE("dpi: two thousand random faults give the record of the in-place path", "[dpi][nightly]") {
  BothPaths paths;
  CHECK(run_faults(paths, "int8_4x4", 800, 11) > 600);
  CHECK(run_faults(paths, "fp_4x4", 600, 12) > 300);
  CHECK(run_faults(paths, "int8_8x8", 300, 13) > 200);
  CHECK(run_faults(paths, "bf16_8x8", 300, 14) > 150);
}
