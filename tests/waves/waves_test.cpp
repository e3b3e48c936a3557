// SPDX-License-Identifier: Apache-2.0
// Waves of a made-up target, read back by a reader of our own (VCD) and by GTKWave's (FST).
#include <cmath>

#include "cosim/waves/save_file.hpp"
#include "cosim/waves/signal_names.hpp"
#include "cosim/waves/wave_writer.hpp"
#include "tests/catch.hpp"
#include "tests/engine/fake_target.hpp"
#include "tests/waves/trace_dump.hpp"

using namespace assay;
using namespace assay::test;
using waves::kCycleTime;

namespace {

Trace trace_of(FakeTarget& target, const std::string& fault, uint64_t from, uint64_t to) {
  LockstepOptions options;
  if (!fault.empty()) options.faults = {parse_fault(fault, target.fields())};
  return trace_run(target, options, from, to);
}

}  // namespace

TEST_CASE("waves: every element has the trace's values on both sides, in every cycle of the window and no other") {
  FakeTarget target;
  const Trace trace = trace_of(target, "core.lanes[2]:5@17", 10, 30);
  const Dump dump = vcd_of(trace);
  check_against(trace, dump);
  CHECK(dump.hex("assay.core.lanes.lanes[2]_rtl", 17 * kCycleTime) == "13");
  CHECK(dump.hex("assay.core.lanes.lanes[2]_model", 17 * kCycleTime) == "33");
  CHECK(dump.value("assay.core.differs", 17 * kCycleTime) == "1");
  CHECK(dump.value("assay.core.differs", 18 * kCycleTime) == "0");
  CHECK(dump.value("assay.top.differs", 17 * kCycleTime) == "0");
}

TEST_CASE("waves: clk rises where a cycle begins and falls in its middle") {
  FakeTarget target;
  const Dump dump = vcd_of(trace_of(target, "", 3, 5));
  CHECK(dump.value("assay.clk", 4 * kCycleTime - 1) == "0");
  CHECK(dump.value("assay.clk", 4 * kCycleTime) == "1");
  CHECK(dump.value("assay.clk", 4 * kCycleTime + kCycleTime / 2) == "0");
}

TEST_CASE("waves: what has no defined value is x on both sides") {
  FakeTarget target;
  const Dump dump = vcd_of(trace_of(target, "", 4, 7));
  CHECK(dump.hex("assay.top.out_data.out_data_rtl", 4 * kCycleTime) == "xxxxxxxx");
  CHECK(dump.hex("assay.top.out_data.out_data_model", 4 * kCycleTime) == "xxxxxxxx");
  CHECK(dump.hex("assay.top.out_data.out_data_rtl", 5 * kCycleTime) == "0000000f");
}

TEST_CASE("waves: of a memory only words that change, differ or are asked for have signals") {
  FakeTarget target;  // words 0 and 1 are written, 2 and 3 never are
  Trace trace = trace_of(target, "", 0, 20);
  Dump dump = vcd_of(trace);
  CHECK(dump.has("assay.core.memory.memory[1]_rtl"));
  CHECK_FALSE(dump.has("assay.core.memory.memory[2]_rtl"));
  target.touch_words = false;  // nothing is written at all
  trace = trace_of(target, "", 0, 20);
  CHECK_FALSE(vcd_of(trace).has("assay.core.memory.memory[1]_rtl"));
  waves::Selection selection(trace.fields());
  selection.ask_for({3, {2}});
  REQUIRE(selection.places(3).size() == 1);
  CHECK(selection.places(3)[0].element == 2);
}

TEST_CASE("waves: a run written in stretches is the run written at once") {
  FakeTarget target;
  const std::string fault = "core.memory[1]:3@20";
  const Trace whole = trace_of(target, fault, 5, 40);
  const ScratchFolder folder;
  write(whole, *waves::open_vcd(folder.path() / "whole.vcd"));
  std::vector<Trace> stretches;
  for (uint64_t from = 5; from < 40; from += 7) stretches.push_back(trace_of(target, fault, from, from + 7));
  waves::Selection selection(whole.fields());
  for (const Trace& trace : stretches) selection.look(trace);
  const auto file = waves::open_vcd(folder.path() / "stretches.vcd");
  waves::WaveWriter writer(whole, selection, *file);
  for (const Trace& trace : stretches) writer.write(trace);
  writer.finish();
  CHECK(contents(folder.path() / "stretches.vcd") == contents(folder.path() / "whole.vcd"));
}

TEST_CASE("waves: GTKWave's reader finds the same in the FST as stands in the trace") {
  if (!waves::has_fst() || !has_fst2vcd()) {
    WARN("skipped: no FST writer, or no fst2vcd (package gtkwave)");
    return;
  }
  FakeTarget target;
  const Trace trace = trace_of(target, "core.control:11@25", 20, 44);
  const ScratchFolder folder;
  for (const char* name : {"a.fst", "b.fst"}) write(trace, *waves::open_fst(folder.path() / name));
  CHECK(contents(folder.path() / "a.fst") == contents(folder.path() / "b.fst"));
  const std::string at = folder.path().string();
  REQUIRE(std::system(("fst2vcd '" + at + "/a.fst' > '" + at + "/a.vcd'").c_str()) == 0);
  const Dump dump(contents(folder.path() / "a.vcd"));
  check_against(trace, dump);
  CHECK(dump.value("assay.core.control.control_differs", 25 * kCycleTime) == "1");
  CHECK(dump.size() == vcd_of(trace).size());
}

TEST_CASE("waves: the numbers beside float codes are what the codes mean") {
  Field field;
  field.format = "bf16";
  CHECK(waves::value_of(field, 0xC040) == -3.0);
  field.format = "fp32";
  CHECK(static_cast<float>(waves::value_of(field, 0x00000001)) == 0x1p-149F);
  CHECK(waves::value_of(field, 0x3DCCCCCD) == 0.100000001);
  CHECK(static_cast<float>(waves::value_of(field, 0x3DCCCCCD)) == 0.1F);
  CHECK(std::isinf(waves::value_of(field, 0xFF800000)));
  CHECK(std::isnan(waves::value_of(field, 0x7FC00000)));
  field.format = "bits";
  CHECK_FALSE(waves::has_value(field));
}

TEST_CASE("waves: a save file shows integers signed, bits in hex, and stands on the cycle") {
  waves::SaveFile save("waves.fst", 70);
  save.mark(69);
  Field field{"pe", "psum", {4, 4}, 32, "int32", FieldClass::Register, "", Split::Row, false, {}};
  save.element(field, {3, 2});
  field.format = "bits";
  save.element(field, {0, 0});
  const std::string text = save.text();
  CHECK(text.find("\n*-11.300000 70000 69000 -1 ") != std::string::npos);
  CHECK(text.find("@420\n[color] 1\n+{pe psum[3][2] RTL} assay.pe.psum.psum[3][2]_rtl[31:0]\n") != std::string::npos);
  CHECK(text.find("@22\n[color] 4\n+{pe psum[0][0] model} assay.pe.psum.psum[0][0]_model[31:0]\n") != std::string::npos);
}
