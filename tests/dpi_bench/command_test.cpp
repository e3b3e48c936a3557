// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/command.hpp"
#include "tests/catch.hpp"

using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
using assay::test::without_host;

TEST_CASE("cli: --path dpi gives record, report and exit code of the in-place path, and says where it ran", "[dpi]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  for (const std::string fault : {"", "--fault 'pe.psum[1][2]:5@40' "}) {
    const std::string run = "run v.yaml --config int8_4x4 --stall random --seed 7 " + fault;
    const Answer in_place = here.assay(run + "--out a --json -"), dpi = here.assay(run + "--path dpi --out b --json -");
    INFO(dpi.err);
    REQUIRE(in_place.code == (fault.empty() ? 0 : 1));
    CHECK(dpi.code == in_place.code);
    CHECK(schema_errors(dpi.json(), "result") == "");
    CHECK(without_host(dpi.json()).dump() == without_host(in_place.json()).dump());
    CHECK(dpi.json()["host"]["rtl"] == "dpi");
    CHECK(in_place.json()["host"]["rtl"] == "lockstep");
    CHECK(dpi.json()["reproduce"].get<std::string>().find("--path") == std::string::npos);
    CHECK(here.list("b") == here.list("a"));
  }
}

TEST_CASE("cli: --path refuses what it does not know or cannot do", "[dpi]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer unknown = here.assay("run v.yaml --config int8_4x4 --path vpi");
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("--path: is 'vpi', expected inplace or dpi") != std::string::npos);
  const Answer model = here.assay("run v.yaml --config int8_4x4 --path dpi --no-rtl");
  CHECK(model.code == 2);
  CHECK(model.err.find("--no-rtl: stands beside --path dpi") != std::string::npos);
}

TEST_CASE("cli: list --fields --sv writes the checker's include, and nothing without --fields", "[dpi]") {
  const Folder here;
  const Answer both = here.assay("list --fields --sv --config int8_4x4,fp_4x4");
  REQUIRE(both.code == 0);
  CHECK(both.out.find("for int8_4x4, fp_4x4.") != std::string::npos);
  CHECK(both.out.find("logic [127:0] pe__psum__3;") != std::string::npos);
  CHECK(both.out.find("else if (Rows == 4") != std::string::npos);
  CHECK(here.assay("list --sv").code == 2);
  CHECK(here.assay("list --fields --sv --json").code == 2);
}
