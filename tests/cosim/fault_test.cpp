// SPDX-License-Identifier: Apache-2.0
// The checker is tested by breaking things: a flipped bit must be reported at its cycle, field and element.
#include <set>

#include "cosim/common/random.hpp"
#include "cosim/engine/element.hpp"
#include "cosim/engine/forwarding_target.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

Fault random_fault(const std::vector<Field>& fields, size_t field, uint64_t cycles, Random& random) {
  const Field& f = fields[field];
  Fault fault;
  fault.field = field;
  fault.text = f.block + "." + f.name;
  for (int n : f.shape) {
    fault.index.push_back(random.range(0, n - 1));
    fault.text += "[" + std::to_string(fault.index.back()) + "]";
  }
  fault.bit = static_cast<int>(random.below(static_cast<uint64_t>(f.width)));
  fault.cycle = random.below(cycles);
  fault.text += ":" + std::to_string(fault.bit) + "@" + std::to_string(fault.cycle);
  return fault;
}

/// A memory word must be named itself when something reports it at all; everything else in its very cycle.
void check_fault(const std::vector<Field>& fields, const Fault& fault, const LockstepResult& result) {
  INFO(fault.text << " -> " << describe(result));
  const Field& field = fields[fault.field];
  REQUIRE(result.verdict != Verdict::Pass);
  if (result.verdict == Verdict::Inconclusive) {
    REQUIRE((field.memory || !field.valid.empty()));
    return;
  }
  REQUIRE(result.verdict == Verdict::Mismatch);
  const Mismatch& m = result.mismatches.at(0);
  CHECK(m.block + "." + m.field == field.block + "." + field.name);
  CHECK(m.index == fault.index);
  if (field.memory) {
    CHECK(m.cycle >= fault.cycle);
  } else {
    CHECK(m.cycle == fault.cycle);
  }
}

}  // namespace

namespace {

/// Faults spread over a random program: what is always compared must name each, memories and data pins may prove that nothing could have seen it.
void spread_faults(const char* config, int count) {
  npu::NpuTarget& target = target_for(config);
  const npu::Program program = npu::make_random_program(target.config(), 77, 150);
  const LockstepResult clean = run(target, program, 77);
  check_pass(clean);
  Random random(2026, 1);
  std::array<int, kFieldClasses> caught{}, silent{};
  for (int i = 0; i < count; ++i) {
    // Fields in turn, so that rare classes are hit as often as common ones.
    const Fault fault = random_fault(target.fields(), static_cast<size_t>(i) % target.fields().size(), clean.cycles - 1, random);
    LockstepOptions options;
    options.faults = {fault};
    const LockstepResult result = run(target, program, 77, options);
    check_fault(target.fields(), fault, result);
    auto& tally = result.verdict == Verdict::Mismatch ? caught : silent;
    ++tally[static_cast<size_t>(target.fields()[fault.field].cls)];
  }
  for (size_t c = 0; c < kFieldClasses; ++c) {
    INFO("class " << class_name(static_cast<FieldClass>(c)) << " caught " << caught[c] << " inconclusive " << silent[c]);
    CHECK(caught[c] > 0);
  }
  CHECK(silent[static_cast<size_t>(FieldClass::Register)] == 0);
  CHECK(silent[static_cast<size_t>(FieldClass::Control)] == 0);
  CHECK(silent[static_cast<size_t>(FieldClass::Flag)] == 0);
  CHECK(silent[static_cast<size_t>(FieldClass::Counter)] == 0);
}

}  // namespace

TEST_CASE("cosim: 1,200 random faults over every field class are reported at their cycle, field and element") { spread_faults("int8_4x4", 1200); }
TEST_CASE("cosim: 600 random faults in a floating-point tile are reported at their cycle, field and element") { spread_faults("fp_4x4", 600); }

namespace {

/// The NPU target with one part of one field one cycle late in one cycle: the DUT shows what it showed a cycle before.
class LateTarget final : public ForwardingTarget {
 public:
  LateTarget(npu::NpuTarget& inner, size_t field, size_t part, uint64_t cycle) : ForwardingTarget(inner), field_(field), part_(part), cycle_(cycle) {
    const Field& f = inner.fields()[field];
    bytes_ = image_bytes(static_cast<int>(part_elements(f)) * f.width);
  }
  Drive drive(uint64_t cycle) override {
    auto* image = static_cast<uint8_t*>(inner_.dut_parts()[field_][part_]);
    std::vector<uint8_t> now(image, image + bytes_);
    if (cycle == cycle_) {
      changed = now != before_;
      std::copy(before_.begin(), before_.end(), image);
      inner_.settle_dut();
    }
    before_ = now;
    return inner_.drive(cycle);
  }

  bool changed = false;  ///< the late value differed from the right one

 private:
  size_t field_, part_;
  uint64_t cycle_;
  size_t bytes_ = 0;
  std::vector<uint8_t> before_;
};

}  // namespace

TEST_CASE("cosim: a register that is one cycle late is reported in that cycle") {
  npu::NpuTarget& target = target_for("int8_4x4");
  const npu::Program program = npu::make_random_program(target.config(), 5, 150);
  Random random(2026, 2);
  std::set<std::string> seen;
  int late = 0;
  for (int i = 0; i < 2500; ++i) {
    const size_t f = static_cast<size_t>(i) % target.fields().size();
    const Field& field = target.fields()[f];
    if (field.memory || field.cls == FieldClass::Pin) continue;
    const size_t part = random.below(field.parts.size());
    const uint64_t cycle = 20 + random.below(1500);
    LateTarget wrapped(target, f, part, cycle);
    target.load(program, 5);
    const LockstepResult result = run_lockstep(wrapped, {});
    INFO(field.block << "." << field.name << " part " << part << " late in " << cycle << ": " << describe(result));
    if (!wrapped.changed) {
      REQUIRE(result.verdict == Verdict::Pass);
      continue;
    }
    ++late;
    seen.insert(field.block);
    REQUIRE(result.verdict == Verdict::Mismatch);
    CHECK(result.mismatches[0].cycle == cycle);
    CHECK(result.mismatches[0].field == field.name);
  }
  CHECK(late > 50);
  CHECK(seen.size() == 5);
}
