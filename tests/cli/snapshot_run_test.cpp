// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::schema_errors;
using assay::test::without_host;
TEST_CASE("snapshots: a late failure is explained from a copy of the run, and its record is that of a run without copies", "[cli]") {
  const Folder here;
  here.write("v.yaml",
             "schema: assay/vector/1\nname: v\nprogram:\n"
             "  - gemm: {name: p, raw: true, a: {random: {class: small, shape: [90000, 4]}}, b: {random: {class: small, shape: [4, 4]}}}\n");
  const std::string command = "run v.yaml --json - --config int8_4x4 --fault 'pe.psum[3][2]:5@80003'";
  const Answer with = here.assay(command, "", "ASSAY_SNAPSHOT_SECONDS=0.000001");
  const Answer without = here.assay(command, "", "ASSAY_SNAPSHOT_SECONDS=0");
  CHECK(with.code == 1);
  CHECK(with.err.find("from a snapshot at cycle 65,536") != std::string::npos);
  CHECK(without.err.find("snapshot") == std::string::npos);
  const Json record = with.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["first"]["cycle"] == 80003);
  CHECK(record["diagnosis"]["kind"] == "bit.flipped_once");
  CHECK(without_host(record) == without_host(without.json()));
}
