// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/trace.hpp"

#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;

namespace {

constexpr size_t kLanes = 0, kMemory = 3, kOutData = 7;

LockstepOptions with_fault(const FakeTarget& target, const std::string& fault) {
  LockstepOptions options;
  options.faults = {parse_fault(fault, target.fields())};
  return options;
}

}  // namespace

TEST_CASE("trace: it holds the cycles asked for and ends with the run") {
  FakeTarget target;
  const Trace middle = trace_run(target, {}, 10, 20);
  CHECK(middle.first() == 10);
  CHECK(middle.last() == 20);
  CHECK_FALSE(middle.holds(21));
  CHECK(trace_run(target, {}, 40, 1000).last() == 50);
}

TEST_CASE("trace: both sides stand in it as they were in each cycle") {
  FakeTarget target;
  const Trace trace = trace_run(target, with_fault(target, "core.lanes[2]:5@17"), 16, 18);
  CHECK(trace.bits(Side::Model, 16, kLanes, {0, 2}) == 16 * 3);
  CHECK(trace.bits(Side::Rtl, 16, kLanes, {0, 2}) == 16 * 3);
  CHECK(trace.bits(Side::Model, 17, kLanes, {0, 2}) == 17 * 3);
  CHECK(trace.bits(Side::Rtl, 17, kLanes, {0, 2}) == (17 * 3 ^ 0x20));
  CHECK(trace.hex(Side::Rtl, 17, kLanes, {0, 2}) == "13");
  CHECK(trace.differs(17, kLanes, {0, 2}));
  CHECK_FALSE(trace.differs(17, kLanes, {0, 1}));
  CHECK_FALSE(trace.differs(18, kLanes, {0, 2}));  // the lane is loaded anew at every edge
}

TEST_CASE("trace: a run goes on after a difference, however many there are") {
  FakeTarget target;
  target.on_drive = [&](uint64_t cycle) { target.dut.lanes[cycle % 4] ^= 1; };
  CHECK(trace_run(target, {}, 0, 30).last() == 30);
}

TEST_CASE("trace: what has no value on the reference does not differ") {
  FakeTarget target;
  const Trace trace = trace_run(target, {}, 0, 5);
  CHECK_FALSE(trace.defined(0, kMemory, {0, 0}));  // 0xDEAD against 0
  CHECK_FALSE(trace.differs(0, kMemory, {0, 0}));
  CHECK(trace.defined(1, kMemory, {0, 0}));
  CHECK_FALSE(trace.defined(2, kOutData, {}));  // the output is valid in odd cycles
  CHECK_FALSE(trace.differs(2, kOutData, {}));
  CHECK(trace.defined(3, kOutData, {}));
}

TEST_CASE("trace: a fault of a pin is in it, in its cycle only") {
  FakeTarget target;
  const Trace trace = trace_run(target, with_fault(target, "top.out_data:3@7"), 6, 9);
  CHECK(trace.bits(Side::Rtl, 7, kOutData, {}) == (7 * 3 ^ 8));
  CHECK(trace.differs(7, kOutData, {}));
  CHECK_FALSE(trace.differs(9, kOutData, {}));
}
