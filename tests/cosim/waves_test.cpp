// SPDX-License-Identifier: Apache-2.0
// Waves of the tile: every field, pin and memory against what was traced.
#include "tests/cosim/common.hpp"
#include "tests/waves/trace_dump.hpp"

using namespace assay;
using namespace assay::test;

namespace {

Trace trace_of(npu::NpuTarget& target, const npu::Program& program, const std::string& fault, uint64_t from, uint64_t to) {
  LockstepOptions options;
  options.faults = {parse_fault(fault, target.fields())};
  target.load(program, 1);
  return trace_run(target, options, from, to);
}

}  // namespace

TEST_CASE("waves: all that a tile shows has the traced values on both sides") {
  for (const char* config : {"int8_4x4", "fp_4x4"}) {
    INFO(config);
    npu::NpuTarget& target = target_for(config);
    npu::Program program = npu::make_random_program(target.config(), 7, 40);
    program.stall = npu::parse_stall("random", 7);
    const Trace trace = trace_of(target, program, "pe.psum[1][2]:7@90", 60, 160);
    const Dump dump = vcd_of(trace);
    check_against(trace, dump);
    CHECK(dump.value("assay.pe.psum.psum[1][2]_rtl", 90000) != dump.value("assay.pe.psum.psum[1][2]_model", 90000));
    for (size_t i = 0; i < trace.pins().size(); ++i) {
      const Trace::Pin& pin = trace.pins()[i];
      REQUIRE(dump.bits("assay.pins." + pin.name) == pin.bits);
      for (uint64_t cycle = trace.first(); cycle <= trace.last(); ++cycle) {
        const std::string digits = dump.value("assay.pins." + pin.name, cycle * 1000);
        for (int bit = 0; bit < pin.bits; ++bit) {
          const bool set = ((trace.pin(cycle, i)[bit / 8] >> (bit % 8)) & 1) != 0;
          REQUIRE((digits[static_cast<size_t>(pin.bits - 1 - bit)] == '1') == set);
        }
      }
    }
  }
}

TEST_CASE("waves: an accumulator entry that differs without changing in the window is there, one that nobody touches is not") {
  npu::NpuTarget& target = target_for("int8_4x4");
  const npu::Program program = npu::make_random_program(target.config(), 5, 12);
  target.load(program, 1);
  const uint64_t cycles = run_lockstep(target, {}).cycles;
  std::string fault, path;
  const Trace plain = trace_of(target, program, "pe.psum[0][0]:0@" + std::to_string(cycles + 9), cycles - 3, cycles - 1);
  for (size_t f = 0; f < plain.fields().size(); ++f) {
    const Field& field = plain.fields()[f];
    if (field.name != "mem") continue;
    for (uint64_t e = 0; e < part_elements(field) && fault.empty(); ++e) {
      if (!plain.defined(cycles - 3, f, {2, e})) continue;
      fault = "accumulators.mem[2][" + std::to_string(e) + "]:4@" + std::to_string(cycles - 4);
      path = waves::element_path(field, {2, static_cast<int64_t>(e)}, Side::Rtl);
    }
  }
  REQUIRE(!fault.empty());
  CHECK_FALSE(vcd_of(plain).has(path));
  const Trace trace = trace_of(target, program, fault, cycles - 3, cycles - 1);
  const Dump dump = vcd_of(trace);
  REQUIRE(dump.has(path));
  CHECK(dump.changes(path) == 1);
  check_against(trace, dump);
}
