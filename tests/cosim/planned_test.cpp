// SPDX-License-Identifier: Apache-2.0
// The plan of memory and FIFO comparisons is counted from registers, what is done from the model's record of accesses: a record with a hole does
// not pass.
#include <functional>

#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

constexpr auto kFifo = static_cast<size_t>(FieldClass::Fifo), kMemory = static_cast<size_t>(FieldClass::Memory);

/// The target with a hole in its record: what the spoilers take out is never looked at, and never counted as done.
class BlindTarget final : public npu::NpuTarget {
 public:
  explicit BlindTarget(const HwConfig& config) : NpuTarget(config, Use::Lockstep) {}
  std::function<void(ColumnAccesses&)> spoil_columns;
  std::function<void(WordAccesses&)> spoil_words;

 protected:
  const ColumnAccesses& column_record() const override {
    columns_ = NpuTarget::column_record();
    if (spoil_columns) spoil_columns(columns_);
    return columns_;
  }
  const WordAccesses& word_record() const override {
    words_ = NpuTarget::word_record();
    if (spoil_words) spoil_words(words_);
    return words_;
  }

 private:
  mutable ColumnAccesses columns_;
  mutable WordAccesses words_;
};

}  // namespace

TEST_CASE("cosim: without resets the planned words are exactly those compared, on every config") {
  for (const char* config : {"int8_4x4", "int8_8x8", "int8_8x16", "int8_16x16", "fp_4x4", "bf16_8x8"}) {
    npu::NpuTarget& target = target_for(config);
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      const LockstepResult result = run(target, npu::make_stress_test(target.config(), seed), seed);
      INFO(config << " seed " << seed << ": " << describe(result));
      REQUIRE(result.verdict == Verdict::Pass);
      for (const size_t cls : {kFifo, kMemory}) REQUIRE(result.counts[cls].done + result.counts[cls].skipped == result.counts[cls].planned);
    }
  }
}

TEST_CASE("cosim: with resets in the middle of work the plan stays behind what is compared, by what was in flight") {
  npu::NpuTarget& target = target_for(GENERATE("int8_8x8", "fp_4x4"));
  uint64_t planned = 0, done = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const LockstepResult result = run(target, npu::make_reset_test(target.config(), seed), seed);
    INFO("seed " << seed << ": " << describe(result));
    REQUIRE(result.verdict == Verdict::Pass);
    for (const size_t cls : {kFifo, kMemory}) {
      REQUIRE(result.counts[cls].done + result.counts[cls].skipped >= result.counts[cls].planned);
      planned += result.counts[cls].planned - result.counts[cls].skipped;
      done += result.counts[cls].done;
    }
  }
  CHECK(done - planned < done / 50);
}

TEST_CASE("cosim: a record of accesses with a hole makes a run inconclusive, not a pass") {
  BlindTarget target(config_named(GENERATE("int8_4x4", "fp_4x4")));
  npu::Program program = npu::make_stress_test(target.config(), 3);
  program.stall = npu::parse_stall("heavy", 3);  // words wait in every FIFO
  check_pass(run(target, program, 3));
  const auto judge = [&](const std::string& cls) {
    const LockstepResult result = run(target, program, 3);
    INFO(describe(result));
    CHECK(result.verdict == Verdict::Inconclusive);
    CHECK(result.reason == "fewer comparisons than planned in class " + cls);
  };
  target.spoil_columns = [](ColumnAccesses& a) { a.any_written = false; };
  judge("memory");
  target.spoil_columns = [](ColumnAccesses& a) { a.any_read = false; };
  judge("memory");
  target.spoil_columns = [](ColumnAccesses& a) { a.activation_read = false; };
  judge("memory");
  target.spoil_columns = [](ColumnAccesses& a) { a.activation_columns = std::min(a.activation_columns, 3); };
  judge("memory");
  target.spoil_columns = nullptr;
  if (!target.config().floating()) {
    target.spoil_words = [](WordAccesses& a) { a.table_lines = 0; };
    judge("memory");
  }
  for (size_t fifo = 0; fifo < WordAccesses::kFifos; ++fifo) {
    target.spoil_words = [fifo](WordAccesses& a) { a.pushed &= ~(1u << fifo); };
    judge("fifo");
    target.spoil_words = [fifo](WordAccesses& a) { a.read &= ~(1u << fifo); };
    judge("fifo");
  }
  target.spoil_words = nullptr;
  check_pass(run(target, program, 3));
}

TEST_CASE("cosim: one word left out in one cycle is enough") {
  BlindTarget target(config_named("int8_4x4"));
  const npu::Program program = npu::make_stress_test(target.config(), 5);
  bool spoilt = false;
  target.spoil_words = [&](WordAccesses& a) {
    if (!spoilt && (a.pushed & 4) != 0) a.pushed &= ~4u, spoilt = true;
  };
  const LockstepResult result = run(target, program, 5);
  CHECK(spoilt);
  CHECK(result.verdict == Verdict::Inconclusive);
}
