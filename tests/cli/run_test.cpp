// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kEndless;
using assay::test::kProduct;
using assay::test::kWaveFiles;
using assay::test::schema_errors;
using assay::test::without_host;
namespace {

const std::string kRun = "run v.yaml --config int8_4x4 ";

struct FaultCase {
  std::string fault, block, field, index, kind, bit;
  int cycle;
};

}  // namespace

TEST_CASE("cli: a pass leaves no file and its record says that every class was compared", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay(kRun + "--json -");
  REQUIRE(answer.code == 0);
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["verdict"] == "pass");
  CHECK(record["exit"] == 0);
  CHECK(record["test"] == "product");
  CHECK(record["first"].is_null());
  for (const auto& [name, count] : record["comparisons"].items()) {
    INFO(name);
    CHECK(count["done"].get<uint64_t>() > 0);
    CHECK(count["done"].get<uint64_t>() + count["skipped"].get<uint64_t>() == count["planned"].get<uint64_t>());
  }
  CHECK(record["macs"] == 12 * 9 * 6);
  CHECK(record["utilisation"].get<double>() == Approx(12.0 * 9 * 6 / (16 * record["cycles"].get<double>())).margin(1e-6));
  CHECK(record["outputs"]["jobs"][0]["received"] == 12 * 6);
  CHECK(answer.err.find("PASS  product on int8_4x4, seed 0x1") != std::string::npos);
  CHECK(here.list() == "v.yaml");
}

TEST_CASE("cli: two runs of the same seed give the same record outside host, another seed another one", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const std::string run = kRun + "--stall random --fault 'pe.psum[1][2]:5@40' --json ";
  CHECK(here.assay(run + "a.json --seed 7").code == 1);
  CHECK(here.assay(run + "b.json --seed 0x7").code == 1);
  CHECK(here.assay(run + "c.json --seed 8").code == 1);
  CHECK(without_host(here.json("a.json")).dump() == without_host(here.json("b.json")).dump());
  CHECK(without_host(here.json("a.json")).dump() != without_host(here.json("c.json")).dump());
}

TEST_CASE("cli: a record does not depend on the folder from which the run was started", "[cli]") {
  const Folder here;
  const std::string run = "run --test minimal --config int8_4x4 --json -";
  const Json one = here.assay(run).json();
  const Json other = here.assay(run, "", "cd / &&").json();
  CHECK(without_host(one).dump() == without_host(other).dump());
  CHECK(one["host"]["paths"]["directory"] != other["host"]["paths"]["directory"]);
}

TEST_CASE("cli: a mismatch leaves its record and report in assay-out and exits with 1", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay(kRun + "--seed 0x7 --fault 'pe.psum[1][2]:5@40' --json -");
  CHECK(answer.code == 1);
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  const std::string folder = "assay-out/product-0x7-int8_4x4";
  CHECK(here.list(folder) == ".assay-out config.yaml log.txt mismatch.json report.html report.txt repro.sh repro.yaml " + kWaveFiles);
  Json kept = here.json(folder + "/mismatch.json");
  CHECK(schema_errors(kept, "mismatch") == "");
  CHECK(kept["schema"] == "assay/mismatch/1");
  kept["schema"] = record["schema"];
  CHECK(kept.dump() == record.dump());
  const std::string report = here.read(folder + "/report.txt");
  CHECK(report.find(answer.err) == 0);
  CHECK(report.find("\n  compared ") != std::string::npos);
  CHECK(report.find("MISMATCH  product on int8_4x4, seed 0x7\n") == 0);
  CHECK(report.find("first       cycle 40, block pe: pe.psum[1][2] (state, int32)\n") != std::string::npos);
  CHECK(report.find("    XOR             0x00000020\n") != std::string::npos);
  CHECK(report.find("\x1b[") == std::string::npos);
}

TEST_CASE("cli: a fault is reported at exactly its cycle, field, element and bit", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const std::vector<FaultCase> cases = {{"pe.psum[1][2]:5", "pe", "psum", "[1,2]", "state", "00000020", 40},
                                        {"pe.weight[3][0]:7", "pe", "weight", "[3,0]", "state", "80", 33},
                                        {"array.switch[2][1]:0", "array", "switch", "[2,1]", "state", "1", 20},
                                        {"accumulators.acc_new[3]:31", "accumulators", "acc_new", "[3]", "state", "80000000", 51},
                                        {"accumulators.acc_overflow:0", "accumulators", "acc_overflow", "[]", "state", "1", 25},
                                        {"activation.scaled[0]:0", "activation", "scaled", "[0]", "state", "00000001", 9},
                                        {"tile.matmul_beat:3", "tile", "matmul_beat", "[]", "state", "0008", 30},
                                        {"tile.counter[4]:47", "tile", "counter", "[4]", "state", "800000000000", 10},
                                        {"tile.cmd_ready:0", "tile", "cmd_ready", "[]", "pin", "1", 0},
                                        {"tile.flags:4", "tile", "flags", "[]", "pin", "10", 17}};
  for (const FaultCase& c : cases) {
    const std::string fault = c.fault + "@" + std::to_string(c.cycle);
    INFO(fault);
    const Answer answer = here.assay(kRun + "--json - --fault '" + fault + "'");
    REQUIRE(answer.code == 1);
    const Json record = answer.json(), first = record["first"];
    CHECK(first["cycle"] == c.cycle);
    CHECK(first["block"] == c.block);
    CHECK(first["field"] == c.field);
    CHECK(first["index"].dump() == c.index);
    CHECK(first["kind"] == c.kind);
    CHECK(first["xor"] == c.bit);
    CHECK(record["mismatches"][0] == first);
    CHECK(record["faults"] == Json::array({fault}));
  }
}

TEST_CASE("cli: the reproduce line gives the same record again", "[cli]") {
  const Folder here;
  here.write("it's.yaml", kProduct);
  const Json first = here.assay(
                             "run \"it's.yaml\" --config int8_4x4 --seed 9 --stall weights=heavy,output=burst --cycles 120 --max-mismatches 3 "
                             "--fault 'pe.act[0][0]:1@60' --fault 'pe.act[3][3]:2@61' --json -")
                         .json();
  const std::string line = first["reproduce"], program = "build/bin/assay ";
  REQUIRE(line.find(program) == 0);
  const Json again = here.assay(line.substr(program.size()) + " --json -").json();
  CHECK(without_host(first).dump() == without_host(again).dump());
  CHECK(first["faults"].size() == 2);
}

TEST_CASE("cli: what nobody can judge ends inconclusive with exit 4 and a reason", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const std::pair<const char*, const char*> cases[] = {
      {"--fault 'accumulators.mem[0][20]:3@5'", "fault not observable: accumulators.mem[0][20]:3@5: the word is undefined in that cycle"},
      {"--fault tile.out_data[0]:3@5", "fault not observable: tile.out_data[0]:3@5: out_data is undefined in that cycle"},
      {"--fault 'pe.psum[0][0]:3@90000'", "fault not injected: the run ended before cycle 90000"},
      {"--no-rtl --fault 'pe.psum[0][0]:3@9'", "fault injection needs the RTL"},
      {"--no-rtl --cycles 5", "nothing compared: no output was reached and there is no RTL"}};
  for (const auto& [options, reason] : cases) {
    INFO(options);
    const Answer answer = here.assay(kRun + "--json - " + options);
    CHECK(answer.code == 4);
    const Json record = answer.json();
    CHECK(schema_errors(record, "result") == "");
    CHECK(record["verdict"] == "inconclusive");
    CHECK(record["reason"] == reason);
    CHECK(record["exit"] == 4);
  }
  CHECK(here.list() == "v.yaml");
}

TEST_CASE("cli: a timeout ends inconclusive, an interrupt with exit 130, both with a record", "[cli]") {
  const Folder here;
  here.write("endless.yaml", kEndless);
  const Answer slow = here.assay("run endless.yaml --no-rtl --config int8_4x4 --timeout 0.3 --json -");
  CHECK(slow.code == 4);
  CHECK(slow.json()["reason"].get<std::string>().find("timeout after ") == 0);
  const Answer stopped = here.assay("run endless.yaml --no-rtl --config int8_4x4 --json r.json", "", "timeout --preserve-status -s INT 0.5");
  CHECK(stopped.code == 130);
  const Json record = here.json("r.json");
  CHECK(record["exit"] == 130);
  CHECK(record["reason"] == "interrupted");
  CHECK(schema_errors(record, "result") == "");
}

TEST_CASE("cli: --cycles stops there, judges as usual and lists what was not reached", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("run --test digits --config int8_4x4 --cycles 1000 --json -");
  CHECK(answer.code == 0);
  const Json record = answer.json();
  CHECK(record["cycles"] == 1000);
  CHECK(record["truncated"] == true);
  CHECK(record["outputs"]["jobs"][0]["expect"] == "not reached");
  CHECK(record["outputs"]["accuracy"].is_null());
  CHECK(record["comparisons"]["register"]["done"] == record["comparisons"]["register"]["planned"]);
}

TEST_CASE("cli: an expectation that does not hold is a mismatch of kind expect", "[cli]") {
  const Folder here;
  here.write("v.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  for (const char* how : {"", "--no-rtl "}) {
    const Answer answer = here.assay(kRun + how + "--json -");
    CHECK(answer.code == 1);
    const Json first = answer.json()["first"];
    CHECK(first["kind"] == "expect");
    CHECK(first["rtl"] == "0000000b");
    CHECK(first["model"] == "0000000c");
    CHECK(first["xor"] == "00000007");
    CHECK(first["index"].dump() == "[0,0]");
  }
}

TEST_CASE("cli: digits reports the accuracy of what the model's pins gave, overall and held back", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("run --test digits --no-rtl --json -");
  CHECK(answer.code == 0);
  const Json accuracy = answer.json()["outputs"]["accuracy"];
  CHECK(accuracy["images"] == 1797);
  CHECK(accuracy["held_back"]["images"] == 597);
  CHECK(accuracy["held_back"]["percent"].get<double>() >= 95);
  CHECK(answer.err.find("held back: 97.49 % (582 of 597 images)") != std::string::npos);
}

TEST_CASE("cli: --out takes a new, empty or earlier directory and refuses any other", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  std::filesystem::create_directory(here.path() / "empty");
  std::filesystem::create_directory(here.path() / "full");
  here.write("full/mine.txt", "mine");
  CHECK(here.assay(kRun + "--out new/deep").code == 0);
  CHECK(here.list("new/deep") == ".assay-out config.yaml log.txt report.html report.txt repro.sh repro.yaml result.json");
  CHECK(schema_errors(here.json("new/deep/result.json"), "result") == "");
  CHECK(here.assay(kRun + "--out new/deep/ --fault 'pe.psum[0][0]:1@30'").code == 1);
  CHECK(here.list("new/deep") == ".assay-out config.yaml log.txt mismatch.json report.html report.txt repro.sh repro.yaml " + kWaveFiles);
  CHECK(here.assay(kRun + "--out empty").code == 0);
  CHECK(here.list("empty") == ".assay-out config.yaml log.txt report.html report.txt repro.sh repro.yaml result.json");
  const Answer refused = here.assay(kRun + "--out full");
  CHECK(refused.code == 2);
  CHECK(refused.err == "command line:1: --out: 'full' holds files that assay did not write, expected a new or empty directory or one that assay wrote\n");
  CHECK(here.list("full") == "mine.txt");
  const Answer file = here.assay(kRun + "--out v.yaml");
  CHECK(file.code == 2);
  CHECK(file.err == "command line:1: --out: 'v.yaml' is a file, expected a directory\n");
  CHECK(here.list() == "empty full new v.yaml");
}

TEST_CASE("cli: of mismatch and a result that cannot be written, exit 2 counts and the report is still shown", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  here.write("assay-out", "a file in the way");
  const Answer answer = here.assay(kRun + "--fault 'pe.psum[0][0]:1@30'");
  CHECK(answer.code == 2);
  CHECK(answer.out.find("MISMATCH  product") == 0);
  CHECK(answer.err.find("command line:1: --out: './assay-out/product-0x1-int8_4x4' cannot be written") != std::string::npos);
}

TEST_CASE("cli: the schema check of these tests sees unknown, missing and wrong keys", "[cli]") {
  const Folder here;
  Json record = here.assay("run --test minimal --no-rtl --json -").json();
  CHECK(schema_errors(record, "result") == "");
  Json more = record, less = record, wrong = record, other = record;
  more["outputs"]["extra"] = 1;
  less.erase("token");
  wrong["comparisons"]["flag"]["done"] = "many";
  other["first"] = {{"kind", "state"}};
  CHECK(schema_errors(more, "result") == "/outputs: has the unknown key extra\n");
  CHECK(schema_errors(less, "result") == "/: lacks token\n");
  CHECK(schema_errors(wrong, "result") == "/comparisons/flag/done: is string, expected \"integer\"\n");
  CHECK(schema_errors(other, "result").find("/first: lacks cycle\n") == 0);
  CHECK(schema_errors(record, "mismatch").find("/schema: is \"assay/result/1\"") != std::string::npos);
}
