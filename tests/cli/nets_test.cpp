// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Folder;
using assay::test::schema_errors;
TEST_CASE("nets: --waves full of a mismatch leaves every net of the RTL around it, other runs none", "[cli]") {
  const Folder here;
  here.write("v.yaml", assay::test::kProduct);
  const std::string command = "run v.yaml --json - --config int8_4x4 ", fault = " --fault 'pe.psum[3][2]:5@40'";
  const Json full = here.assay(command + "--waves full --out full" + fault).json();
  CHECK(schema_errors(full, "result") == "");
  REQUIRE(full["waves"].contains("nets"));
  CHECK(full["waves"]["nets"]["file"] == "nets.fst");
  CHECK(full["waves"]["nets"]["to"] == full["waves"]["to"]);
  const std::string nets = here.read("full/nets.fst");
  REQUIRE(nets.size() > 1000);
  CHECK(nets[0] == 0);  // the header block of an FST
  const Json window = here.assay(command + "--out window" + fault).json();
  CHECK_FALSE(window["waves"].contains("nets"));
  CHECK_FALSE(here.has("window/nets.fst"));
  CHECK_FALSE(here.assay(command + "--waves full --out pass").json()["waves"].contains("nets"));
}
