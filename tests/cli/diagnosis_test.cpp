// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
TEST_CASE("diagnosis: a bit flipped once is named, in record and report, and the record validates", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay("run v.yaml --json - --out kept --config int8_4x4 --fault 'pe.psum[3][2]:5@40'");
  CHECK(answer.code == 1);
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(schema_errors(here.json("kept/mismatch.json"), "mismatch") == "");
  const Json d = record["diagnosis"];
  CHECK(d["kind"] == "bit.flipped_once");
  CHECK(d["causes"] == 1);
  CHECK(d["first_cause"] == 40);
  CHECK(d["explained"] == d["differences"]);
  CHECK(d["contradicted"] == 0);
  CHECK(d["not_tried"].empty());
  CHECK(here.read("kept/report.txt").find("diagnosis   bit.flipped_once: pe.psum, row 3, lane 2: ") != std::string::npos);
}

TEST_CASE("diagnosis: two faults are explained by no single hypothesis, and a floating-point tile is diagnosed too", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Json two = here.assay("run v.yaml --json - --config int8_4x4 --fault 'pe.psum[3][2]:5@40' --fault 'tile.counter[2]:7@44'").json();
  CHECK(schema_errors(two, "result") == "");
  CHECK(two["diagnosis"]["kind"].is_null());
  CHECK(two["diagnosis"]["text"] == "no single hypothesis explains this");
  const Json floating = here.assay("run --test gemm --json - --config fp_4x4 --fault 'pe.psum[3][2]:5@60'").json();
  CHECK(schema_errors(floating, "result") == "");
  CHECK(floating["diagnosis"]["kind"] == "bit.flipped_once");
}

TEST_CASE("diagnosis: without time every family is named as not tried; what passes has no diagnosis", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Json record = here.assay("run v.yaml --json - --config int8_4x4 --fault 'pe.psum[3][2]:5@40'", "", "ASSAY_DIAGNOSIS_SECONDS=0").json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["diagnosis"]["not_tried"].size() > 20);
  CHECK(record["diagnosis"]["tried"] == 0);
  CHECK_FALSE(here.assay("run v.yaml --json - --config int8_4x4").json().contains("diagnosis"));
}
