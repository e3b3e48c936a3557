// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/generated.hpp"

#include <array>
#include <cmath>

#include "model/functional/float_numerics.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

const LoadOptions kOptions{1, {}, ASSAY_PROJECT_DIR};

HwConfig config_8x8() { return load_config(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs/int8_8x8.yaml"); }

HwConfig float_8x8() {
  HwConfig config = config_8x8();
  config.name = "float_8x8";
  config.formats = format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);
  return config;
}

bool same_commands(const Program& a, const Program& b) {
  return a.phases.size() == b.phases.size() && a.phases[0].commands == b.phases[0].commands && a.phases[0].weights == b.phases[0].weights &&
         a.phases[0].activations == b.phases[0].activations;
}

}  // namespace

TEST_CASE("vector: a generated program is a function of its seed") {
  const HwConfig config = config_8x8();
  CHECK(same_commands(make_random_program(config, 5, 200), make_random_program(config, 5, 200)));
  CHECK_FALSE(same_commands(make_random_program(config, 5, 200), make_random_program(config, 6, 200)));
}

TEST_CASE("vector: a long random program holds every command and every illegal status") {
  const HwConfig config = config_8x8();
  const Program program = make_random_program(config, 1, 4000);
  std::array<int, 6> status{};
  std::array<int, 9> legal{};
  for (const CommandWord& word : program.phases[0].commands) {
    const Status s = check_command(word, config);
    ++status[static_cast<size_t>(s)];
    if (s == Status::Ok) ++legal[static_cast<size_t>(decode(word).op)];
  }
  for (const int count : status) CHECK(count >= 10);
  for (const int count : legal) CHECK(count >= 10);
}

TEST_CASE("vector: a long random floating-point program holds every command, mode, format and illegal status") {
  const HwConfig config = float_8x8();
  const Program program = make_random_program(config, 1, 4000);
  std::array<int, 6> status{};
  std::array<int, 10> legal{};
  std::array<std::array<int, kFormats>, 3> formats{};  // of loads, matmuls, results
  std::array<int, 6> modes{};
  for (const CommandWord& word : program.phases[0].commands) {
    const Status s = check_command(word, config);
    ++status[static_cast<size_t>(s)];
    const Command c = decode(word, Datapath::Floating);
    if (s != Status::Ok) continue;
    ++legal[static_cast<size_t>(c.op)];
    if (c.op == Op::LoadWeights) ++formats[0][c.format];
    if (c.op == Op::Matmul) ++formats[1][c.format], modes[0] += c.bf16_entries;
    if (c.op != Op::Activate) continue;
    modes[1] += c.raw;
    if (c.raw) continue;
    ++formats[2][c.format];
    modes[2] += c.relu, modes[3] += c.saturate, modes[4] += c.stochastic, modes[5] += c.saturate && c.stochastic && c.relu;
  }
  for (const int count : status) CHECK(count >= 10);
  for (size_t op = 0; op < legal.size(); ++op) CHECK((legal[op] >= 10) == (op != static_cast<size_t>(Op::LoadTable)));
  for (const int count : modes) CHECK(count >= 10);
  for (size_t f = 0; f < kFormats; ++f) {
    INFO(format_name(static_cast<Format>(f)));
    for (size_t use = 0; use < 2; ++use) CHECK((formats[use][f] >= 10) == is_operand_float(static_cast<Format>(f)));
    CHECK(formats[2][f] >= 10);
  }
}

TEST_CASE("vector: the generated products of a floating-point tile give every result format, saturated, stochastic and mixed") {
  const HwConfig config = float_8x8();
  std::array<int, 3> modes{};
  int mixed = 0;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const Program program = make_gemm_test(config, seed);
    REQUIRE(program.jobs.size() == 10);
    for (size_t i = 0; i < 9; ++i) CHECK(program.jobs[i].format == static_cast<Format>(i));
    uint8_t load_format = 0;
    for (const CommandWord& word : program.phases[0].commands) {
      const Command c = decode(word, Datapath::Floating);
      REQUIRE(check_command(word, config) == Status::Ok);
      if (c.op == Op::LoadWeights) load_format = c.format;
      mixed += c.op == Op::Matmul && c.format != load_format;
      if (c.op == Op::Activate) modes[0] += c.saturate, modes[1] += c.stochastic, modes[2] += c.relu;
    }
  }
  for (const int count : modes) CHECK(count > 10);
  CHECK(mixed > 10);
}

TEST_CASE("vector: most results of the generated floating-point products are ordinary numbers") {
  size_t results = 0, special = 0, zero = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const Program program = make_gemm_test(float_8x8(), seed);
    for (const Job& job : program.jobs) {
      if (is_integer(job.format)) continue;
      for (const int32_t lane : job.functional) {
        const double value = functional::value_of(static_cast<uint32_t>(lane), job.format);
        ++results;
        special += !std::isfinite(value);
        zero += value == 0;
      }
    }
  }
  CHECK(special * 3 < results);
  CHECK(special * 50 > results);
  CHECK(zero * 2 < results);
}

TEST_CASE("vector: the soak's programs bring every ordered pair of commands, the illegal ones among them") {
  const HwConfig config = config_8x8();
  constexpr size_t kKinds = 10;  // nine opcodes, and illegal
  std::array<std::array<int, kKinds>, kKinds> pairs{};
  for (uint64_t seed = 1; seed <= 16; ++seed) {
    size_t before = kKinds;
    const Program program = make_random_program(config, seed, 600);
    for (const CommandWord& word : program.phases[0].commands) {
      const size_t kind = check_command(word, config) == Status::Ok ? static_cast<size_t>(decode(word).op) : kKinds - 1;
      if (before < kKinds) ++pairs[before][kind];
      before = kind;
    }
  }
  for (size_t a = 0; a < kKinds; ++a) {
    for (size_t b = 0; b < kKinds; ++b) {
      INFO("command " << a << " followed by command " << b);
      CHECK(pairs[a][b] > 0);
    }
  }
}

TEST_CASE("vector: every named test can be made for every config of the tree") {
  std::vector<HwConfig> configs{float_8x8()};
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs"))
    configs.push_back(load_config(entry.path()));
  for (const HwConfig& config : configs) {
    for (const char* name : {"gemm", "stress", "reset", "minimal", "maximal"}) {
      INFO(name << " on " << config.name);
      const Program program = make_test(name, config, kOptions);
      CHECK(program.name == name);
      CHECK_FALSE(program.phases.empty());
      CHECK_FALSE(program.phases.back().commands.empty());
    }
  }
}

TEST_CASE("vector: the dense program holds the work it promises") {
  const HwConfig config = config_8x8();
  const Program program = make_dense(config, 100000);
  CHECK(program.macs >= 95000u * 64u);
  CHECK(program.macs <= 100000u * 64u);
  const Program floating = make_dense(float_8x8(), 100000);
  CHECK(floating.macs == program.macs);
  for (const Job& job : floating.jobs)
    for (const int32_t lane : job.functional) REQUIRE(std::isfinite(functional::value_of(static_cast<uint32_t>(lane), job.format)));
}

TEST_CASE("vector: an unknown test is refused with the known ones") {
  CHECK_THROWS_WITH(make_test("nonsense", config_8x8(), kOptions),
                    Catch::Matchers::StartsWith("--test: no test 'nonsense', expected one of gemm, stress, reset, dense, minimal, maximal"));
}
