// SPDX-License-Identifier: Apache-2.0
// The waves that a failure leaves, read back with GTKWave's own reader.
#include <filesystem>
#include <string>

#include "cosim/waves/wave_file.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"
#include "tests/waves/dump.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Dump;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
namespace {

constexpr uint64_t kCycle = 1000;
const std::string kWaveFile = assay::waves::has_fst() ? "waves.fst" : "waves.vcd";

bool readable() {
  if (!assay::waves::has_fst() || assay::test::has_fst2vcd()) return true;
  WARN("skipped: no fst2vcd (package gtkwave)");
  return false;
}

Dump dump_of(const Folder& here, const std::string& directory) {
  const std::string file = directory + "/" + kWaveFile;
  return Dump(assay::waves::has_fst() ? here.shell("fst2vcd '" + file + "'").out : here.read(file));
}

std::string path_of(const Json& m, const std::string& side) {
  std::string path = "assay." + m["block"].get<std::string>() + "." + m["field"].get<std::string>() + "." + m["field"].get<std::string>();
  for (const Json& i : m["index"]) path += "[" + i.dump() + "]";
  return path + "_" + side;
}

/// Every state and pin mismatch of the record stands in the dump with its values, and the window is the one that the record names.
void check_record(const Json& record, const Dump& dump) {
  const uint64_t from = record["waves"]["from"], to = record["waves"]["to"];
  CHECK(dump.start() == from * kCycle);
  CHECK(dump.end() == (to + 1) * kCycle);
  size_t found = 0;
  for (const Json& m : record["mismatches"]) {
    if (m["kind"] != "state" && m["kind"] != "pin") continue;
    const uint64_t time = m["cycle"].get<uint64_t>() * kCycle;
    if (m["cycle"] > to) continue;
    INFO(m.dump());
    CHECK(dump.hex(path_of(m, "rtl"), time) == m["rtl"]);
    CHECK(dump.hex(path_of(m, "model"), time) == m["model"]);
    CHECK(dump.value("assay." + m["block"].get<std::string>() + ".differs", time) == "1");
    ++found;
  }
  CHECK(found > 0);
  const uint64_t first = record["first"]["cycle"];
  CHECK(first >= from);
  CHECK(first <= to);
  for (const char* block : {"tile", "array", "pe", "accumulators", "activation"}) {
    if (first > from) CHECK(dump.value(std::string("assay.") + block + ".differs", first * kCycle - 1) == "0");
  }
}

/// What a save file opens: (path, bits).
std::vector<std::pair<std::string, int>> opened(const std::string& save) {
  std::vector<std::pair<std::string, int>> signals;
  std::istringstream lines(save);
  for (std::string line; std::getline(lines, line);) {
    const size_t alias = line.starts_with("+{") ? line.find("} ") + 2 : 0;
    if (line.compare(alias, 6, "assay.") != 0) continue;
    std::string path = line.substr(alias);
    int bits = 1;
    if (const size_t range = path.rfind(":0]"); range != std::string::npos) {
      const size_t bracket = path.rfind('[');
      bits = std::stoi(path.substr(bracket + 1)) + 1;
      path.resize(bracket);
    }
    signals.emplace_back(path, bits);
  }
  return signals;
}

}  // namespace

TEST_CASE("waves: a failure leaves them with the values of its record, and a save file that opens on them", "[cli]") {
  if (!readable()) return;
  const std::pair<const char*, const char*> runs[] = {
      {"v.yaml --config int8_4x4 --fault 'pe.psum[3][2]:5@40'", "product-0x1-int8_4x4"},
      {"v.yaml --config int8_4x4 --seed 2 --stall heavy --fault 'accumulators.acc_new[2]:5@81' --max-mismatches 40", "product-0x2-int8_4x4"},
      {"v.yaml --config int8_4x4 --seed 3 --fault 'tile.flags:4@17'", "product-0x3-int8_4x4"},
      {"v.yaml --config int8_4x4 --seed 4 --fault 'tile.output_fifo_rptr:0@60'", "product-0x4-int8_4x4"},
      {"--test gemm --config fp_4x4 --seed 5 --fault 'pe.psum[1][1]:30@150'", "gemm-0x5-fp_4x4"}};
  const Folder here;
  here.write("v.yaml", kProduct);
  for (const auto& [run, name] : runs) {
    INFO(run);
    REQUIRE(here.assay(std::string("run ") + run).code == 1);
    const std::string directory = std::string("assay-out/") + name;
    const Json record = here.json(directory + "/mismatch.json");
    CHECK(schema_errors(record, "mismatch") == "");
    CHECK(record["waves"]["file"] == kWaveFile);
    CHECK(record["waves"]["save_file"] == "waves.gtkw");
    const Dump dump = dump_of(here, directory);
    check_record(record, dump);
    const std::string save = here.read(directory + "/waves.gtkw");
    const auto signals = opened(save);
    CHECK(signals.size() > 10);
    for (const auto& [path, bits] : signals) {
      INFO(path);
      REQUIRE(dump.has(path));
      const bool real = dump.bits(path) == 0;
      CHECK((real || dump.bits(path) == bits));
    }
    CHECK(signals[2].first == path_of(record["first"], "rtl"));
    CHECK(save.find("\n*-11.300000 " + std::to_string(record["first"]["cycle"].get<uint64_t>() * kCycle) + " ") != std::string::npos);
    CHECK(save.find("\n[dumpfile] \"/assay/" + kWaveFile + "\"\n[savefile] \"/assay/waves.gtkw\"\n") != std::string::npos);
  }
}

TEST_CASE("waves: the elements that the first one is made from stand behind it in the save file", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --out d --fault 'pe.psum[3][2]:5@40'").code == 1);
  const std::string save = here.read("d/waves.gtkw");
  size_t at = 0;
  for (const char* path : {"psum[3][2]_rtl[31:0]\n", "psum[3][2]_model[31:0]\n", "psum[2][2]_rtl[31:0]\n", "act[3][1]_rtl[7:0]\n", "act_high[3][1]_rtl\n",
                           "weight[3][2]_rtl[7:0]\n", "weight_high[3][2]_rtl\n", "psum[1][2]_rtl[31:0]\n", "shadow[3][2]_rtl[7:0]\n", "switch[3][2]_rtl\n"}) {
    INFO(path);
    const size_t found = save.find(path, at);
    REQUIRE(found != std::string::npos);
    at = found;
  }
}

TEST_CASE("waves: floats stand beside their codes as numbers", "[cli]") {
  if (!readable()) return;
  const Folder here;
  REQUIRE(here.assay("run --test gemm --config fp_4x4 --seed 5 --out d --fault 'pe.psum[1][1]:31@150'").code == 1);
  const Json first = here.json("d/mismatch.json")["first"];
  const Dump dump = dump_of(here, "d");
  const uint64_t time = first["cycle"].get<uint64_t>() * kCycle;
  const std::string want = first["decoded"]["model"]["value"];
  CHECK(std::stof(dump.value(path_of(first, "model") + "_value", time)) == std::stof(want));
}

TEST_CASE("waves: no place to make them costs the waves, not the report", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay("run v.yaml --config int8_4x4 --out d --fault 'pe.psum[3][2]:5@40'", "", "TMPDIR=/dev/null");
  CHECK(answer.code == 1);
  const Json record = here.json("d/mismatch.json");
  CHECK(schema_errors(record, "mismatch") == "");
  CHECK(record["waves"].is_null());
  CHECK(record["waves_reason"] == "the wave file could not be written");
  CHECK(here.list("d").find("waves") == std::string::npos);
}

TEST_CASE("waves: none leaves none, says so, and is the same run for replay", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --out d --waves none --fault 'pe.psum[3][2]:5@40'").code == 1);
  CHECK(here.list("d").find("waves") == std::string::npos);
  const Json record = here.json("d/mismatch.json");
  CHECK(schema_errors(record, "mismatch") == "");
  CHECK(record["waves"].is_null());
  CHECK(record["waves_reason"] == "--waves none");
  const Answer answer = here.assay("replay d --out e");
  CHECK(answer.code == 1);
  CHECK(answer.err.find("replay: the same record as d/mismatch.json\n") != std::string::npos);
  CHECK(here.list("e").find(kWaveFile + " waves.gtkw") != std::string::npos);
}

TEST_CASE("waves: the same run leaves the same waves, live, replayed and from its recording", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --out a --record run.rec --max-mismatches 1 --stall heavy --fault 'pe.psum[3][2]:5@40'").code == 1);
  REQUIRE(here.assay("replay a --out b").code == 1);
  REQUIRE(here.assay("check run.rec --out c").code == 1);
  for (const char* other : {"b", "c"}) {
    INFO(other);
    CHECK(here.read(std::string(other) + "/" + kWaveFile) == here.read("a/" + kWaveFile));
    CHECK(here.read(std::string(other) + "/waves.gtkw") == here.read("a/waves.gtkw"));
  }
  CHECK(here.read("a/" + kWaveFile).size() > 1000);
}

TEST_CASE("waves: full begins with cycle 0, also of a pass with a directory, and agrees with the window", "[cli]") {
  if (!readable()) return;
  const Folder here;
  here.write("v.yaml", kProduct);
  const std::string run = "run --test gemm --config int8_4x4 --fault 'pe.psum[3][2]:5@600' --max-mismatches 1 ";
  REQUIRE(here.assay(run + "--out window").code == 1);
  REQUIRE(here.assay(run + "--out full --waves full").code == 1);
  const Json record = here.json("full/mismatch.json");
  CHECK(record["waves"]["from"] == 0);
  CHECK(record["waves"]["to"] == here.json("window/mismatch.json")["waves"]["to"]);
  const Dump full = dump_of(here, "full"), window = dump_of(here, "window");
  check_record(record, full);
  CHECK(full.size() >= window.size());  // more words of memories change in a longer time
  for (uint64_t time = window.start(); time < window.end(); time += kCycle / 2) {
    for (const char* path : {"assay.clk", "assay.cycle", "assay.pe.psum.psum[3][2]_rtl", "assay.pe.psum.psum[3][2]_model", "assay.tile.counter.counter[4]_rtl",
                             "assay.pins.act_data_i", "assay.pe.differs"}) {
      INFO(path << " at " << time);
      REQUIRE(full.value(path, time) == window.value(path, time));
    }
  }
  const Answer pass = here.assay("run v.yaml --config int8_4x4 --waves full --out pass --json -");
  CHECK(pass.code == 0);
  CHECK(schema_errors(pass.json(), "result") == "");
  CHECK(pass.json()["waves"]["to"] == pass.json()["cycles"].get<uint64_t>() - 1);
  CHECK(dump_of(here, "pass").end() == pass.json()["cycles"].get<uint64_t>() * kCycle);
  CHECK(here.list("pass").find("waves.gtkw") != std::string::npos);
  CHECK(here.assay("run v.yaml --config int8_4x4 --json -").json().contains("waves") == false);
}

TEST_CASE("waves: another word than auto, full and none is refused before anything runs", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  for (const char* command : {"run v.yaml --config int8_4x4", "run v.yaml --no-rtl"}) {
    const Answer answer = here.assay(std::string(command) + " --waves all");
    CHECK(answer.code == 2);
    CHECK(answer.err == "command line:1: --waves: is 'all', expected auto, full or none\n");
  }
}
