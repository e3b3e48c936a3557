// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
TEST_CASE("report: a directory or a record's file gives the same text, page and XML as the run did", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const std::string run = "run v.yaml --config int8_4x4 --fault 'pe.psum[1][2]:5@40' --out d --json r.json --html a.html --junit a.xml";
  const Answer first = here.assay(run);
  REQUIRE(first.code == 1);
  const Answer again = here.assay("report d --html b.html --junit b.xml --annotate github"), file = here.assay("report r.json --html c.html");
  CHECK(again.code == 0);
  CHECK(again.out == first.out);
  CHECK(again.err.find("::error file=rtl/pe/npu_pe_row.sv,line=") == 0);
  CHECK(file.out == first.out);
  CHECK(here.read("b.html") == here.read("a.html"));
  CHECK(here.read("c.html") == here.read("a.html"));
  CHECK(here.read("b.xml") == here.read("a.xml"));
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --out p").code == 0);
  CHECK(here.assay("report p").out.find("PASS  product on int8_4x4") == 0);
}

TEST_CASE("report: a record that is damaged, of another version or not there is refused with file and key", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --no-rtl --json r.json").code == 0);
  const Json record = here.json("r.json");
  const auto refused = [&](const Json& json) {
    here.write("bad.json", json.dump(2));
    const Answer answer = here.assay("report bad.json --html bad.html");
    CHECK(answer.code == 2);
    CHECK(answer.out.empty());
    CHECK_FALSE(here.has("bad.html"));
    return answer.err;
  };
  Json bad = record;
  bad.erase("comparisons");
  CHECK(refused(bad) == "bad.json:1: /: lacks comparisons, expected a record of this version of assay\n");
  bad = record;
  bad["host"]["paths"]["vector"] = 7;
  CHECK(refused(bad) == "bad.json:1: /host/paths/vector: is number, expected [\"string\",\"null\"], expected a record of this version of assay\n");
  bad = record;
  bad["surprise"] = 1;
  CHECK(refused(bad) == "bad.json:1: /: has the unknown key surprise, expected a record of this version of assay\n");
  bad["schema"] = "assay/result/2";
  CHECK(refused(bad) == "bad.json:1: schema: is 'assay/result/2', expected assay/result/1 or assay/mismatch/1\n");
  here.write("cut.json", here.read("r.json").substr(0, 300));
  CHECK(here.assay("report cut.json").err.find(": json: damaged, expected a record of assay\n") != std::string::npos);
  CHECK(here.assay("report nowhere").err.find("command line:1: DIR: 'nowhere' holds no mismatch.json") == 0);
}
