// SPDX-License-Identifier: Apache-2.0
// What the directed floating-point vectors claim in their comments, computed by hand from spec section 17.
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::npu::test;

namespace {

using Words = std::vector<uint32_t>;

constexpr uint32_t kInexact = 1, kUnderflow = 2, kOverflow = 4, kInvalid = 8, kAcc = 16, kUndefined = 256, kAct = 512;

Program load(const std::string& name, const char* config = "fp_4x4") {
  const std::filesystem::path root(ASSAY_PROJECT_DIR);
  LoadOptions options;
  options.project_root = root;
  return make_test(name, load_config(root / "rtl/configs" / (std::string(config) + ".yaml")), options);
}

/// The flags that the fences answer, the closing one too where the vector does not end with its own.
Words fences(const Program& program) {
  Words out;
  for (const Phase& phase : program.phases)
    for (const ExpectedResponse& response : phase.responses)
      if (response.status == 0 && response.data_known) out.push_back(response.data);
  return out;
}

Words lanes(const Program& program, size_t beat) { return program.phases[0].beats.at(beat).lanes; }

}  // namespace

TEST_CASE("directed: fp_flags raises each engine's flags alone and clears them") {
  CHECK(fences(load("fp_flags")) == Words{0, kOverflow | kInexact, 0, (kOverflow | kInexact) * kAcc, kInexact * kAct, (kInexact | kInvalid) * kAct, 0,
                                          kUnderflow | kInexact, kUnderflow | kInexact});
}

TEST_CASE("directed: fp_special_values gives canonical NaNs, and invalid only where it is due") {
  const Program program = load("fp_special_values");
  CHECK(fences(program) == Words{0, kInvalid, kInvalid, kInvalid, 0, kInvalid * kAcc, kInvalid * kAct, kInvalid * kAct});
  constexpr uint32_t nan = 0x7FC00000, inf = 0x7F800000;
  CHECK(lanes(program, 0) == Words{0x40000000, nan, 0, 0});
  CHECK(lanes(program, 1) == Words{0x40000000, nan, nan, nan});
  CHECK(lanes(program, 2) == Words{nan, 0, 0, nan});  // 0 times inf, 0, 1, -inf
  CHECK(lanes(program, 3) == Words{inf, nan, inf, inf | 1u << 31});
  CHECK(lanes(program, 4) == Words{nan, 0, 0, nan});  // +0 plus -0 is +0
}

TEST_CASE("directed: fp_stale vectors raise nothing while unused rows hold NaNs") {
  CHECK(fences(load("fp_stale_signalling_weights")) == Words{0, kInvalid});
  for (const char* config : {"fp_4x4", "bf16_8x8", "fp8_16x16"}) {
    const Program program = load("fp_stale_nan_weights", config);
    CHECK(fences(program) == Words{0, 0, 0});
    for (size_t beat = 0; beat < 6; ++beat)
      for (const uint32_t lane : lanes(program, beat)) CHECK(lane != 0x7FC00000);
    for (size_t beat = 6; beat < 8; ++beat)
      for (const uint32_t lane : lanes(program, beat)) CHECK(lane == 0x7FC00000);
  }
}

TEST_CASE("directed: fp_undefined_reads counts an unwritten entry as +0 and raises its flag") {
  const Program program = load("fp_undefined_reads");
  constexpr uint32_t tiny = kUnderflow | kInexact;
  CHECK(fences(program) == Words{kUndefined, kUndefined, tiny, tiny | kUndefined, kUndefined, kUndefined});
  CHECK(lanes(program, 3) == Words{0x80000000, 0, 0, 0});
  CHECK(lanes(program, 4) == Words{0, 0, 0, 0});
}

TEST_CASE("directed: fp_bf16_entries_overflow overflows in the second rounding only") {
  const Program program = load("fp_bf16_entries_overflow");
  const Words flags = fences(program);
  REQUIRE(flags.size() == 2);
  CHECK((flags[0] & (kOverflow * kAcc)) == 0);
  CHECK((flags[0] & kOverflow) == 0);
  CHECK((flags[1] & (kOverflow * kAcc)) != 0);
  CHECK((flags[1] & kOverflow) == 0);
  CHECK(lanes(program, 0) == Words{0x7F800000, 0x00020000, 0x3F800000, 0x7F7F0000});
}

TEST_CASE("directed: fp_rounding_edges meets the thresholds of the specification's examples") {
  const Program program = load("fp_rounding_edges");
  CHECK(lanes(program, 0) == Words{0x7E, 0x7F, 0xF8, 0x77});
  CHECK(lanes(program, 1) == Words{0x78, 0x78, 0xF8, 0x77});
  CHECK(lanes(program, 2) == Words{0x7E, 0x7E, 0xF8, 0x77});
  CHECK(lanes(program, 3) == Words{0x77, 0x77, 0xF7, 0x77});
  CHECK(lanes(program, 4) == Words{0x7C, 0xFB, 0x7C, 0x7C});
  CHECK(lanes(program, 5) == Words{0x7B80, 0xFB80, 0x7C00, 0x7BFF});
  CHECK(lanes(program, 6) == Words{0, 0, 0, 0});
  CHECK(lanes(program, 7) == Words{0, 1, 0x0400, 0x0400});
}

TEST_CASE("directed: fp_illegal answers every status in the order of its list") {
  for (const char* config : {"fp_4x4", "bf16_8x8", "fp8_16x16"}) {
    std::vector<int> statuses;
    const Program program = load("fp_illegal", config);
    for (const auto& response : program.phases[0].responses) statuses.push_back(response.status);
    CHECK(statuses == std::vector<int>{1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0});
  }
}

TEST_CASE("directed: fp_order and fp_stochastic_replay hold what they expect on every floating-point config") {
  for (const char* config : {"fp_4x4", "bf16_8x8", "fp16_8x8", "fp8_16x16", "bf16_16x16", "fp_16x16"})
    for (const char* name : {"fp_order", "fp_stochastic_replay", "fp_single_term"}) {
      INFO(name << " on " << config);
      int expecting = 0;
      const Program program = load(name, config);
      for (const Job& job : program.jobs) {
        if (job.expect.empty()) continue;
        CHECK(job.expect == job.functional);
        ++expecting;
      }
      CHECK(expecting > 0);
    }
}
