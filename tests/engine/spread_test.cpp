// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/spread.hpp"

#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"

using namespace assay;
using assay::test::FakeTarget;

namespace {

constexpr size_t kLanes = 0, kControl = 1, kMemory = 3;

using Index = std::vector<int64_t>;

}  // namespace

TEST_CASE("spread: fields come by the cycle in which they begin to differ, elements with their counts") {
  FakeTarget target;
  target.on_drive = [&](uint64_t cycle) {
    if (cycle == 12) target.dut.control ^= 0x800;
    if (cycle == 14 || cycle == 16) target.dut.lanes[3] ^= 1;
    if (cycle == 15) target.dut.lanes[1] ^= 0x80;
    if (cycle == 14) target.dut.memory[1] ^= 1;
  };
  const Spread spread = find_spread(trace_run(target, {}, 0, 30), 10, 100);
  CHECK(spread.from == 10);
  CHECK(spread.to == 30);
  CHECK(spread.elements == 4);
  REQUIRE(spread.fields.size() == 3);
  CHECK(spread.fields[0].field == kControl);
  CHECK(spread.fields[0].first == 12);
  CHECK(spread.fields[0].elements[0].index == Index{});
  CHECK(spread.fields[0].elements[0].cycles == 1);
  CHECK(spread.fields[1].field == kLanes);
  REQUIRE(spread.fields[1].elements.size() == 2);
  CHECK(spread.fields[1].elements[0].index == Index{3});
  CHECK(spread.fields[1].elements[0].cycles == 2);
  CHECK(spread.fields[1].elements[1].index == Index{1});
  CHECK(spread.fields[1].elements[1].first == 15);
  CHECK(spread.fields[2].field == kMemory);
  CHECK(spread.fields[2].elements[0].cycles == 2);  // until the word is written anew
  CHECK(spread.map_cycles == 21);                   // no field has two dimensions, nothing is cut
}

TEST_CASE("spread: what has no value does not differ, and outside the trace nothing does") {
  FakeTarget target;
  target.on_drive = [&](uint64_t) { target.dut.memory[3] ^= 1; };
  const Trace trace = trace_run(target, {}, 0, 20);
  CHECK(find_spread(trace, 0, 100).elements == 0);
  CHECK(find_spread(trace, 21, 100).fields.empty());
  CHECK(find_spread(Trace(target), 0, 100).elements == 0);
}
