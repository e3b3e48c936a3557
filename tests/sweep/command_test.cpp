// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "cosim/cli/record.hpp"
#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/manifest.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using test::Answer;
using test::Folder;
namespace {

const char* const kSuite = R"(schema: assay/suite/1
name: small
gates: {vectors: 10}
tests:
  - {test: [gemm, stress, reset], configs: int8_4x4, stall: [none, random], seeds: 4, stage: V1, tags: [random]}
  - {file: product.yaml, configs: [int8_4x4], seeds: {from: 3, to: 5}, stage: V1}
)";

/// The product with a wrong value expected of it: a mismatch that needs no wrong RTL.
const char* const kWrong = R"(schema: assay/vector/1
program:
  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}
)";

const char* const kWrongSuite = R"(schema: assay/suite/1
name: wrong
tests:
  - {file: wrong.yaml, configs: int8_4x4, seeds: {from: 1, to: 4}}
  - {test: minimal, configs: int8_4x4}
)";

/// index → its line, from the chunk files.
std::map<uint64_t, Json> results_of(const Folder& folder, const std::string& run) {
  const sweep::Manifest manifest = sweep::Manifest::load(folder.path() / run);
  const sweep::ChunkFiles files(folder.path() / run / "chunks", manifest.hash());
  std::map<uint64_t, Json> out;
  for (const sweep::Chunk chunk : files.present(false)) {
    const auto lines = files.read(chunk, manifest.plan(), nullptr);
    REQUIRE(lines.has_value());
    for (const auto& [index, line] : *lines) CHECK(out.emplace(index, parse_json(line)).second);
  }
  return out;
}

Folder& prepared(Folder& folder) {
  folder.write("small.yaml", kSuite);
  folder.write("product.yaml", test::kProduct);
  folder.write("wrong.yaml", kWrong);
  folder.write("wrong_suite.yaml", kWrongSuite);
  return folder;
}

}  // namespace

TEST_CASE("sweep: a suite runs, every planned vector has its result, and report, run and results follow their schemas") {
  Folder folder;
  const Answer answer = prepared(folder).assay("sweep --suite small.yaml --out run -j 2 --json -");
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  const Json report = answer.json();
  CHECK(test::schema_errors(report, "sweep-report") == "");
  CHECK(test::schema_errors(folder.json("run/run.json"), "sweep") == "");
  CHECK(report["vectors"] == 27);
  CHECK(report["verdicts"]["pass"] == 27);
  const auto results = results_of(folder, "run");
  CHECK(results.size() == 27);
  for (const auto& [index, line] : results) CHECK(test::schema_errors(line, "chunk") == "");
  CHECK(folder.json("run/report.json") == report);
}

TEST_CASE("sweep: any vector run alone gives the record that the sweep had of it") {
  Folder folder;
  REQUIRE(prepared(folder).assay("sweep --suite small.yaml --out run -j 2").code == 0);
  const sweep::Manifest manifest = sweep::Manifest::load(folder.path() / "run");
  const auto results = results_of(folder, "run");
  for (const uint64_t index : {26, 14, 3, 0}) {
    const Json& line = results.at(index);
    const sweep::Case& one = manifest.cases.at(line["case"].get<size_t>());
    const std::string what = one.file.empty() ? "--test " + one.test : one.file;
    const std::string stall = one.stall.empty() ? "" : " --stall " + one.stall;
    const Answer alone = folder.assay("run " + what + " --config " + one.config + " --seed " + line["seed"].get<std::string>() + stall + " --json -");
    REQUIRE(alone.code == 0);
    CHECK(cli::record_hash(alone.json()) == line["hash"].get<std::string>());
    CHECK(alone.json()["cycles"] == line["cycles"]);
  }
}

TEST_CASE("sweep: shards together give what one run gives, collected by report") {
  Folder folder;
  REQUIRE(prepared(folder).assay("sweep --suite small.yaml --out whole -j 1").code == 0);
  for (const char* shard : {"0/3", "2/3"}) REQUIRE(folder.assay(std::string("sweep --suite small.yaml --out parts -j 1 --shard ") + shard).code == 0);
  const Answer early = folder.assay("report parts --json -");
  CHECK(early.code == 4);
  CHECK(early.json()["missing"] == 9);
  REQUIRE(folder.assay("sweep --suite small.yaml --out parts -j 1 --shard 1/3").code == 0);
  const Answer answer = folder.assay("report parts --json -");
  CHECK(answer.code == 0);
  Json whole = folder.json("whole/report.json"), parts = answer.json();
  whole.erase("host"), parts.erase("host"), whole.erase("run"), parts.erase("run");
  CHECK(whole == parts);
}

TEST_CASE("sweep: a damaged and a lost chunk are missing to report, never a pass, and resume runs them again") {
  Folder folder;
  REQUIRE(prepared(folder).assay("sweep --suite small.yaml --out run -j 2").code == 0);
  Json before = folder.json("run/report.json");
  folder.write("run/chunks/s00000-c0000004.jsonl.zst", folder.read("run/chunks/s00000-c0000004.jsonl.zst").substr(0, 40));
  std::filesystem::remove(folder.path() / "run/chunks/s00000-c0000007.jsonl.zst");
  const Answer answer = folder.assay("report run --json -");
  CHECK(answer.code == 4);
  CHECK(answer.json()["missing"] == 2);
  CHECK(answer.json()["verdict"] == "incomplete");
  CHECK(answer.err.find("s00000-c0000004.jsonl.zst: cut off or damaged") != std::string::npos);
  const Answer again = folder.assay("resume run -j 1 --json -");
  CHECK(again.code == 0);
  Json after = again.json();
  before.erase("host"), after.erase("host");
  CHECK(before == after);
}

TEST_CASE("sweep: mismatches are sorted into one bucket, whose first failure has its directory and stands in regress.yaml") {
  Folder folder;
  const Answer answer = prepared(folder).assay("sweep --suite wrong_suite.yaml --out run -j 2 --json - --junit j.xml --html p.html");
  INFO(answer.err);
  CHECK(answer.code == 1);
  const Json report = answer.json();
  CHECK(test::schema_errors(report, "sweep-report") == "");
  REQUIRE(report["buckets"].size() == 1);
  const Json& bucket = report["buckets"][0];
  CHECK(bucket["state"] == "new");
  CHECK(bucket["failures"] == 4);
  REQUIRE(bucket["artifacts"].size() == 1);
  CHECK(bucket["artifacts"][0]["reproduced"] == true);
  const std::string directory = "run/" + bucket["artifacts"][0]["path"].get<std::string>();
  CHECK(folder.has(directory + "/mismatch.json"));
  CHECK(folder.assay("replay " + directory).code == 1);
  CHECK(folder.shell("xmllint --noout --schema '" ASSAY_PROJECT_DIR "/docs/schemas/junit.xsd' j.xml").code == 0);
  CHECK(folder.read("j.xml").find("<failure message=") != std::string::npos);
  CHECK(folder.read("p.html").find(bucket["fine"].get<std::string>()) != std::string::npos);
  const Answer regress = folder.assay("sweep --suite run/regress.yaml --out again -j 1 --json -");
  CHECK(regress.code == 1);
  CHECK(regress.json()["vectors"] == 1);
}

TEST_CASE("sweep: a gate that is not met ends with 5, an empty choice with 6") {
  Folder folder;
  prepared(folder).write("gate.yaml", "schema: assay/suite/1\ngates: {vectors: 3}\ntests:\n  - {test: minimal, configs: int8_4x4, seeds: [1, 2]}\n");
  const Answer answer = folder.assay("sweep --suite gate.yaml --out run -j 1");
  CHECK(answer.code == 5);
  CHECK(answer.out.find("gate not met: vectors are 2, at least 3 wanted") != std::string::npos);
  folder.write("none.yaml", "schema: assay/suite/1\ntests: []\n");
  CHECK(folder.assay("sweep --suite none.yaml --out none").code == 6);
}

TEST_CASE("sweep: a fresh directory, one of a finished sweep, and nothing else is taken") {
  Folder folder;
  std::filesystem::create_directory(folder.path() / "mine");
  prepared(folder).write("mine/notes.txt", "keep");
  const Answer refused = folder.assay("sweep --suite small.yaml --out mine");
  CHECK(refused.code == 2);
  CHECK(folder.read("mine/notes.txt") == "keep");
  REQUIRE(folder.assay("sweep --suite small.yaml --count 3 --out run").code == 5);
  REQUIRE(folder.assay("sweep --suite small.yaml --out run").code == 0);
  std::filesystem::remove(folder.path() / "run/report.json");  // as of a sweep that was cut off
  CHECK(folder.assay("sweep --suite small.yaml --out run").code == 2);
}

namespace {

/// Vectors that keep two workers busy for some seconds.
const char* const kLong = "--suite small.yaml --count 1500 --out run -j 2";

/// Starts the long sweep, waits until results come in, does this to it (its process is $sweep), and waits for its end.
Answer disturbed(const Folder& folder, const std::string& what) {
  return folder.shell(std::string("sh -c '\"") + ASSAY_BINARY + "\" sweep " + kLong +
                      " & sweep=$!; for i in $(seq 1000); do [ -n \"$(ls run/chunks/*.zst 2>/dev/null)\" ] && break; sleep 0.05; done; " + what +
                      "; wait $sweep'");
}

/// Of all lines: index, verdict, cycles, hash.
std::string bits_of(const Folder& folder, const std::string& run) {
  std::string text;
  for (const auto& [index, line] : results_of(folder, run))
    text += std::to_string(index) + line["verdict"].dump() + line["cycles"].dump() + line["hash"].dump();
  return text;
}

/// The bits of the long sweep when nobody disturbs it.
const std::string& undisturbed() {
  static const std::string bits = [] {
    Folder folder;
    if (prepared(folder).assay(std::string("sweep ") + kLong).code != 0) throw std::runtime_error("the long sweep does not pass");
    return bits_of(folder, "run");
  }();
  return bits;
}

}  // namespace

TEST_CASE("sweep: Ctrl-C ends with 130 and leaves a run that resume completes to the same results") {
  Folder folder;
  const Answer stopped = disturbed(prepared(folder), "kill -INT $sweep");
  INFO(stopped.err);
  CHECK(stopped.code == 130);
  CHECK(stopped.err.find("assay resume") != std::string::npos);
  CHECK(!folder.has("run/report.json"));
  CHECK(folder.assay("report run").code == 4);
  CHECK(folder.assay("resume run -j 2").code == 0);
  CHECK(bits_of(folder, "run") == undisturbed());
}

TEST_CASE("sweep: kill -9 of the parent takes the workers along, and resume completes to the same results") {
  Folder folder;
  disturbed(prepared(folder), "kill -9 $sweep");
  folder.shell("sleep 1");
  const std::string before = folder.list("run/chunks");
  folder.shell("sleep 1");
  CHECK(folder.list("run/chunks") == before);  // nobody works on
  CHECK(folder.assay("resume run -j 2").code == 0);
  CHECK(bits_of(folder, "run") == undisturbed());
}

TEST_CASE("sweep: kill -9 of a worker changes nothing in the results") {
  Folder folder;
  CHECK(disturbed(prepared(folder), "kill -9 $(ps -o pid= --ppid $sweep | head -1)").code == 0);
  CHECK(bits_of(folder, "run") == undisturbed());
}

TEST_CASE("sweep: of two at work on one run one is refused, and nothing is doubled") {
  Folder folder;
  const Answer answer = disturbed(prepared(folder), std::string("\"") + ASSAY_BINARY + "\" resume run; echo second=$?");
  CHECK(answer.code == 0);
  CHECK(answer.out.find("second=75") != std::string::npos);
  CHECK(answer.err.find("another sweep, resume or report is at work on it") != std::string::npos);
  CHECK(bits_of(folder, "run") == undisturbed());
}

TEST_CASE("sweep: without space the sweep ends with 75, and resume completes it") {
  Folder folder;
  const Answer full = prepared(folder).shell(std::string("bash -c 'ulimit -f 96; exec \"") + ASSAY_BINARY + "\" sweep " + kLong + "'");
  INFO(full.err);
  CHECK(full.code == 75);
  CHECK(folder.assay("resume run -j 2").code == 0);
  CHECK(bits_of(folder, "run") == undisturbed());
}

TEST_CASE("sweep: with a time the run is as long as that, and is whole") {
  Folder folder;
  const Answer answer = prepared(folder).assay("sweep --suite small.yaml --time 3s --out run -j 2 --json -");
  INFO(answer.err);
  const Json report = answer.json();
  CHECK(report["missing"] == 0);
  CHECK(report["vectors"] == results_of(folder, "run").size());
  CHECK(folder.assay("resume run --json -").json()["vectors"] == report["vectors"]);
  std::filesystem::remove(folder.path() / "run/chunks/s00000-c0000000.jsonl.zst");
  CHECK(folder.assay("report run").code == 4);
}

TEST_CASE("sweep: RTL that crashes or never comes back costs its own vector, which keeps its line to run it again") {
  Folder folder;
  folder.shell("mkdir -p tree/cosim/npu && cp -r '" ASSAY_PROJECT_DIR "/rtl' '" ASSAY_PROJECT_DIR "/tb' tree && cp '" ASSAY_PROJECT_DIR
               "/cosim/npu/rtl_map.yaml' '" ASSAY_PROJECT_DIR "/cosim/npu/dut_abi.h' tree/cosim/npu");
  const std::string file = "tree/rtl/tile/npu_tile.sv";
  std::string rtl = folder.read(file);
  rtl.insert(rtl.rfind("endmodule"),
             "  always @(posedge clk_i) if (cmd_valid_i && cmd_data_i[15:8] == 8'hCC) $c(\"__builtin_trap();\");\n"
             "  always @(posedge clk_i) if (cmd_valid_i && cmd_data_i[15:8] == 8'hDD) $c(\"for (volatile int i = 0;; ++i) {}\");\n");
  folder.write(file, rtl);
  for (const auto& [name, tag] : {std::pair{"good", 1}, {"crash", 0xCC}, {"hang", 0xDD}}) {
    folder.write(
        std::string(name) + ".yaml",
        "schema: assay/vector/1\nprogram:\n  - gemm: {name: p, a: [[1]], b: [[2]], raw: true}\n  - cmd: {op: fence, tag: " + std::to_string(tag) + "}\n");
  }
  folder.write("s.yaml", "schema: assay/suite/1\ntests:\n  - {file: [good.yaml, crash.yaml, hang.yaml], configs: int8_4x4, seeds: [1, 2], timeout: 1}\n");
  const Answer answer = folder.assay("sweep --suite s.yaml --out run -j 2 --json -", "", "ASSAY_ROOT=\"$PWD/tree\"");
  INFO(answer.err);
  CHECK(answer.code == 3);
  const Json report = answer.json();
  CHECK(report["missing"] == 0);
  CHECK(report["verdicts"]["pass"] == 2);
  CHECK(report["verdicts"]["error"] == 2);
  CHECK(report["verdicts"]["inconclusive"] == 2);
  REQUIRE(report["buckets"].size() == 2);
  for (const Json& bucket : report["buckets"]) {
    const bool crash = bucket["fine"] == "npu/crash/SIGILL/crash@int8_4x4";
    CHECK((crash || bucket["fine"] == "npu/hang/hang@int8_4x4"));
    CHECK(bucket["first"]["reproduce"].get<std::string>().find(crash ? "crash.yaml --config int8_4x4 --seed 0x1" : "hang.yaml --config int8_4x4 --seed 0x1") !=
          std::string::npos);
  }
}
