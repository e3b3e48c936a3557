// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/lockstep.hpp"

#include "cosim/engine/element.hpp"
#include "model/common/config.hpp"
#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;

namespace {

LockstepResult run(FakeTarget& target, LockstepOptions options = {}) { return run_lockstep(target, options); }

LockstepResult run_with_fault(FakeTarget& target, const std::string& fault) {
  LockstepOptions options;
  options.faults = {parse_fault(fault, target.fields())};
  return run(target, options);
}

}  // namespace

TEST_CASE("engine: two equal sides pass and every class is counted") {
  FakeTarget target;
  const LockstepResult result = run(target);
  CHECK(result.verdict == Verdict::Pass);
  CHECK(result.cycles == 51);
  CHECK(result.counts[size_t(FieldClass::Register)].done == 4 * 51);
  CHECK(result.counts[size_t(FieldClass::Counter)].planned == 51);
  CHECK(result.counts[size_t(FieldClass::Pin)].planned == 2 * 51);
  CHECK(result.counts[size_t(FieldClass::Pin)].skipped == 26);  // out_data in the even cycles
  CHECK(result.counts[size_t(FieldClass::Memory)].skipped == 2);
  for (const ClassCount& count : result.counts) CHECK(count.done + count.skipped == count.planned);
}

TEST_CASE("engine: a fault in a register is reported at its own cycle, field and element") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "core.lanes[2]:5@17");
  REQUIRE(result.verdict == Verdict::Mismatch);
  const Mismatch& m = result.mismatches.at(0);
  CHECK(m.kind == "state");
  CHECK(m.cycle == 17);
  CHECK(m.block + "." + m.field == "core.lanes");
  CHECK(m.index == std::vector<int64_t>{2});
  CHECK(m.xor_ == "20");
  CHECK(m.model == "33");  // 17 · 3
}

TEST_CASE("engine: the first divergence is the first in table order, not in time of discovery") {
  FakeTarget target;
  target.on_drive = [&](uint64_t cycle) {
    if (cycle == 9) {
      target.dut.counter ^= 1;
      target.dut.control ^= 4;
    }
  };
  LockstepOptions options;
  options.max_mismatches = 2;
  const LockstepResult result = run(target, options);
  REQUIRE(result.mismatches.size() == 2);
  CHECK(result.mismatches[0].field == "control");
  CHECK(result.mismatches[1].field == "counter");
}

TEST_CASE("engine: a pin fault is seen in its cycle and leaves the device alone") {
  FakeTarget target;
  LockstepOptions options;
  options.faults = {parse_fault("top.out_valid:0@20", target.fields())};
  options.max_mismatches = 100;
  const LockstepResult result = run(target, options);
  REQUIRE(result.mismatches.size() == 1);
  CHECK(result.mismatches[0].kind == "pin");
  CHECK(result.mismatches[0].cycle == 20);
}

TEST_CASE("engine: a fault in an undefined data pin is inconclusive") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "top.out_data:3@20");
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("undefined") != std::string::npos);
}

TEST_CASE("engine: a fault in a data pin is seen while its valid is 1") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "top.out_data:3@21");
  REQUIRE(result.verdict == Verdict::Mismatch);
  CHECK(result.mismatches[0].cycle == 21);
}

TEST_CASE("engine: a fault in a memory word is found where the word is read, written or compared in full") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "core.memory[0]:31@50");
  REQUIRE(result.verdict == Verdict::Mismatch);
  CHECK(result.mismatches[0].field == "memory");
  CHECK(result.mismatches[0].cycle == 50);
}

TEST_CASE("engine: a fault overwritten before any compare is inconclusive, never a pass") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "core.memory[1]:0@5");  // word 1 is written again by the edge of cycle 5
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("overwritten") != std::string::npos);
}

TEST_CASE("engine: a fault in an undefined word is inconclusive and says so") {
  FakeTarget target;
  const LockstepResult result = run_with_fault(target, "core.memory[3]:0@5");
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("undefined") != std::string::npos);
}

TEST_CASE("engine: a fault after the end is inconclusive") {
  FakeTarget target;
  CHECK(run_with_fault(target, "core.flag:0@5000").verdict == Verdict::Inconclusive);
}

TEST_CASE("engine: a run that compares nothing in a class is not a pass") {
  FakeTarget target;
  target.touch_words = false;
  const LockstepResult result = run(target);
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("nothing compared in class") != std::string::npos);
}

TEST_CASE("engine: fewer comparisons than planned is not a pass") {
  FakeTarget target;
  target.lose_words = true;
  const LockstepResult result = run(target);
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("fewer comparisons than planned") != std::string::npos);
}

TEST_CASE("engine: leftovers at the end are not a pass") {
  FakeTarget target;
  target.leftover = "two beats were never received";
  const LockstepResult result = run(target);
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason == "two beats were never received");
}

TEST_CASE("engine: no progress ends the run as inconclusive") {
  FakeTarget target;
  target.length = ~0ull;
  target.stuck = true;
  const LockstepResult result = run(target);
  CHECK(result.verdict == Verdict::Inconclusive);
  CHECK(result.reason.find("no progress") != std::string::npos);
}

TEST_CASE("engine: a broken assertion is a mismatch after the compare of its cycle") {
  FakeTarget target;
  target.on_drive = [&](uint64_t cycle) {
    if (cycle == 12) target.assertions = {"tile.weight_stable"};
  };
  const LockstepResult result = run(target);
  REQUIRE(result.verdict == Verdict::Mismatch);
  CHECK(result.mismatches[0].kind == "assertion");
  CHECK(result.mismatches[0].cycle == 12);
  CHECK(result.mismatches[0].block + "." + result.mismatches[0].field == "tile.weight_stable");
}

TEST_CASE("engine: a state difference outranks an output error of the same cycle") {
  FakeTarget target;
  target.on_drive = [&](uint64_t cycle) {
    if (cycle != 30) return;
    target.dut.flag ^= 1;
    target.output_error = OutputError{OutputError::Kind::Expect, "activation", "fc1", {0, 0}, "01", "02"};
  };
  LockstepOptions options;
  options.max_mismatches = 5;
  const LockstepResult result = run(target, options);
  REQUIRE(result.mismatches.size() >= 2);
  CHECK(result.mismatches[0].kind == "state");
  CHECK(result.mismatches[1].kind == "expect");
}

TEST_CASE("engine: a truncated run plans for the cycles it ran and says so") {
  FakeTarget target;
  LockstepOptions options;
  options.max_cycles = 20;
  const LockstepResult result = run(target, options);
  CHECK(result.verdict == Verdict::Pass);
  CHECK(result.truncated);
  CHECK(result.cycles == 20);
  CHECK(result.counts[size_t(FieldClass::Counter)].planned == 20);
  CHECK(result.full_compares == 1);
}

TEST_CASE("engine: every single bit of every always-compared field is seen when it flips") {
  FakeTarget probe;
  int tried = 0;
  for (const Field& field : probe.fields()) {
    if (field.memory || !field.valid.empty()) continue;
    const int elements = field.shape.empty() ? 1 : field.shape[0];
    for (int e = 0; e < elements; ++e) {
      for (int bit = 0; bit < field.width; ++bit) {
        FakeTarget target;
        const std::string index = field.shape.empty() ? "" : "[" + std::to_string(e) + "]";
        const auto result = run_with_fault(target, field.block + "." + field.name + index + ":" + std::to_string(bit) + "@7");
        REQUIRE(result.verdict == Verdict::Mismatch);
        REQUIRE(result.mismatches[0].cycle == 7);
        REQUIRE(result.mismatches[0].field == field.name);
        ++tried;
      }
    }
  }
  CHECK(tried == 32 + 12 + 1 + 32 + 1);
}

TEST_CASE("engine: a fault that does not fit the field table is refused with what would fit") {
  FakeTarget target;
  const auto message = [&](const char* text) {
    try {
      parse_fault(text, target.fields());
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(message("core.lanes:1@2") == "command line:1: --fault: 'core.lanes:1@2': the index does not fit, core.lanes is [4]");
  CHECK(message("core.lanes[4]:1@2") == "command line:1: --fault: 'core.lanes[4]:1@2': the index does not fit, core.lanes is [4]");
  CHECK(message("core.lanes[0]:8@2") == "command line:1: --fault: 'core.lanes[0]:8@2': bit out of range, the element has 8 bits");
  CHECK(message("core.nothing:0@2").find("no such field") != std::string::npos);
  CHECK(message("core.flag").find("expected BLOCK.NAME[i][j]:BIT@CYCLE") != std::string::npos);
  CHECK(message("core.flag:0@99999999999999999999").find("too large") != std::string::npos);
}

TEST_CASE("engine: elements of odd widths are found at their bits") {
  Field field;
  field.shape = {5};
  field.width = 6;
  const uint32_t image = (33u << 24) | (7u << 18) | (63u << 12) | (1u << 6) | 42u;
  CHECK(element_hex(field, &image, 0) == "2a");
  CHECK(element_hex(field, &image, 2) == "3f");
  CHECK(element_hex(field, &image, 4) == "21");
}
