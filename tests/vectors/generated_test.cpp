// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/generated.hpp"

#include <array>

#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

const LoadOptions kOptions{1, {}, ASSAY_PROJECT_DIR};

HwConfig config_8x8() { return load_config(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs/int8_8x8.yaml"); }

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
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ASSAY_PROJECT_DIR) / "rtl/configs")) {
    const HwConfig config = load_config(entry.path());
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
}

TEST_CASE("vector: an unknown test is refused with the known ones") {
  CHECK_THROWS_WITH(make_test("nonsense", config_8x8(), kOptions),
                    Catch::Matchers::StartsWith("--test: no test 'nonsense', expected one of gemm, stress, reset, dense, minimal, maximal"));
}
