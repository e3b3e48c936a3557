// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::schema_errors;
using assay::test::without_host;
namespace fs = std::filesystem;

namespace {

const std::string kConfig = " --config int8_4x4 ";

/// A generated test with a fault in one PE.
void fail_in_pe(const Folder& here) {
  REQUIRE(here.assay("run --test gemm --seed 3 --stall random --fault 'pe.psum[3][2]:5@150' --out failure" + kConfig).code == 1);
}

const char* const kWrong =
    "schema: assay/vector/1\nname: v\nprogram:\n"
    "  - gemm: {name: q, a: [[1, 2], [3, 4]], b: [[3], [4]], raw: true}\n"
    "  - gemm: {name: p, a: [[1, 2], [3, 4]], b: [[3, 1], [4, 1]], raw: true, expect: [[11, 3], [25, 8]]}\n";

}  // namespace

TEST_CASE("shrink: a fault in one PE ends at one tile and a few beats, with the same signature", "[cli]") {
  const Folder here;
  fail_in_pe(here);
  const Answer answer = here.assay("shrink failure --json -");
  INFO(answer.err);
  REQUIRE(answer.code == 1);
  const Json record = answer.json(), before = here.json("failure/mismatch.json");
  CHECK(schema_errors(record, "result") == "");
  CHECK(schema_errors(here.json("failure-shrunk/mismatch.json"), "mismatch") == "");
  CHECK(record["signature"] == before["signature"]);
  CHECK(record["test"] == "gemm_shrunk");
  const Json& from = record["shrunk_from"];
  CHECK(from["test"] == "gemm");
  CHECK(from["seed"] == "0x3");
  CHECK(from["token"] == before["token"]);
  CHECK(from["complete"] == true);
  CHECK(from["before"]["beats"].get<int>() > 100);
  CHECK(from["after"]["items"] == 1);
  CHECK(from["after"]["beats"].get<int>() <= 3);
  CHECK(from["after"]["weight_rows"].get<int>() <= 4);
  CHECK(from["after"]["nonzero"].get<int>() <= 8);
  CHECK(from["after"]["cycle"] == record["first"]["cycle"]);
  const std::string vector = here.read("failure-shrunk/repro.yaml");
  CHECK(vector.find("# Made smaller by `assay shrink` from gemm on int8_4x4, seed 0x3:\n") == 0);
  CHECK(vector.find(".npy") == std::string::npos);
  CHECK(vector.find("stall:") == std::string::npos);
  CHECK(answer.err.find("  shrunk      from gemm: items 6 to 1, commands ") != std::string::npos);
}

TEST_CASE("shrink: the same failure gives the same directory; it replays, and shrinks no further", "[cli]") {
  const Folder here;
  fail_in_pe(here);
  REQUIRE(here.assay("shrink failure --out a").code == 1);
  REQUIRE(here.assay("shrink failure --out b").code == 1);
  CHECK(here.read("a/repro.yaml") == here.read("b/repro.yaml"));
  Json a = without_host(here.json("a/mismatch.json")), b = without_host(here.json("b/mismatch.json"));
  for (Json* json : {&a, &b}) json->erase("reproduce");  // names the directory
  CHECK(a.dump() == b.dump());
  const Answer replayed = here.assay("replay a");
  CHECK(replayed.code == 1);
  CHECK(replayed.err.find("replay: the same record as a/mismatch.json") != std::string::npos);
  const Json again = here.assay("shrink a --json -").json();
  CHECK(again["shrunk_from"]["before"] == again["shrunk_from"]["after"]);
  CHECK(again["test"] == "gemm_shrunk");
  CHECK(here.has("a-shrunk/repro.yaml"));
}

TEST_CASE("shrink: a wrong expectation keeps its row and column, without RTL", "[cli]") {
  const Folder here;
  here.write("v.yaml", kWrong);
  REQUIRE(here.assay("run v.yaml --no-rtl --out failure" + kConfig).code == 1);
  const Answer answer = here.assay("shrink failure --json -");
  REQUIRE(answer.code == 1);
  CHECK(answer.json()["signature"]["coarse"] == "npu/activation.out_data/expect");
  const std::string vector = here.read("failure-shrunk/repro.yaml");
  INFO(vector);
  CHECK(vector.find("- gemm:\n      name: p\n      a: [[3, 4]]\n      b: [[1], [1]]\n      raw: true\n      expect: [[8]]\n") != std::string::npos);
}

TEST_CASE("shrink: a failure that is gone is said, with exit 0 and nothing written", "[cli]") {
  const Folder here;
  here.write("v.yaml", kWrong);
  REQUIRE(here.assay("run v.yaml --no-rtl --out failure" + kConfig).code == 1);
  std::string vector = here.read("failure/repro.yaml");
  vector.replace(vector.find("[25, 8]"), 7, "[25, 7]");
  here.write("failure/repro.yaml", vector);
  const Answer answer = here.assay("shrink failure");
  CHECK(answer.code == 0);
  CHECK(answer.err.find("shrink: the vector fails no more: pass after ") != std::string::npos);
  CHECK(here.list() == "failure v.yaml");
}

TEST_CASE("shrink: out of time the best so far is kept and said", "[cli]") {
  const Folder here;
  fail_in_pe(here);
  const Answer answer = here.assay("shrink failure --timeout 0.000001 --json -");
  CHECK(answer.code == 1);
  CHECK(answer.err.find("stopped by --timeout: the best so far is kept") != std::string::npos);
  CHECK(answer.json()["shrunk_from"]["complete"] == false);
  CHECK(schema_errors(here.json("failure-shrunk/mismatch.json"), "mismatch") == "");
}

TEST_CASE("shrink: a damaged directory and a bad destination are errors with their place", "[cli]") {
  const Folder here;
  here.write("v.yaml", kWrong);
  REQUIRE(here.assay("run v.yaml --no-rtl --out failure" + kConfig).code == 1);
  const auto error_of = [&](const std::string& arguments) {
    const Answer answer = here.assay("shrink " + arguments);
    CHECK(answer.code == 2);
    return answer.err;
  };
  CHECK(error_of("nowhere").find("command line:1: DIR: 'nowhere' holds no mismatch.json") == 0);
  CHECK(error_of("failure --timeout never").find("command line:1: --timeout: is 'never'") == 0);
  here.write("own.txt", "mine");
  CHECK(error_of("failure --out .").find("command line:1: --out: '.' holds files that assay did not write") == 0);
  CHECK(error_of("failure --json no/such/file").find("command line:1: --json: ") == 0);
  const std::string vector = here.read("failure/repro.yaml");
  here.write("failure/repro.yaml", vector + "    - gamm: {}\n");
  CHECK(error_of("failure").find("failure/repro.yaml:") == 0);
  CHECK_FALSE(here.has("failure-shrunk"));
}
