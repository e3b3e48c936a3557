// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
using Json = nlohmann::ordered_json;

namespace {

/// A failing run of random products on the 4×4 tile.
Json record_of(const Folder& here, const std::string& options, const std::string& config = "int8_4x4") {
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay("run v.yaml --json - --out kept --config " + config + " " + options);
  INFO(answer.err);
  CHECK(answer.code == 1);
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(schema_errors(here.json("kept/mismatch.json"), "mismatch") == "");
  return record;
}

}  // namespace

TEST_CASE("story: a flipped bit of a register that holds has moved, a counter that is ahead is early", "[cli]") {
  const Folder here;
  CHECK(record_of(here, "--fault 'activation.bias[2]:7@40'")["skew"]["verdict"] == "moved");
  const Json skew = record_of(here, "--fault 'tile.counter[0]:2@72'")["skew"];  // 72 is 1001000b: four more
  CHECK(skew["verdict"] == "early");
  CHECK(skew["cycles"] == -4);
  CHECK(skew["evidence"]["from"] == 72);
  CHECK(skew["evidence"]["matching"].get<int>() >= 16);
  CHECK(skew["text"].get<std::string>().find("the right value, 4 cycles early (") == 0);
  CHECK(here.read("kept/report.txt").find("skew        the right value, 4 cycles early (") != std::string::npos);
}

TEST_CASE("story: what is no register has no skew, and a pass no story", "[cli]") {
  const Folder here;
  here.write("e.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  const Json record = here.assay("run e.yaml --json - --config int8_4x4").json();
  CHECK(record["first"]["kind"] == "expect");
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["skew"]["verdict"] == "none");
  CHECK(here.read("assay-out/v-0x1-int8_4x4/report.txt").find("skew") == std::string::npos);
  here.write("v.yaml", kProduct);
  CHECK_FALSE(here.assay("run v.yaml --json - --config int8_4x4").json().contains("skew"));
  CHECK_FALSE(here.assay("run e.yaml --no-rtl --json - --config int8_4x4").json().contains("skew"));
}
