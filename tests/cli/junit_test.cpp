// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/junit.hpp"

#include <string>

#include "cosim/cli/annotation.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::cli::github_annotation;
using assay::cli::render_junit;
using assay::cli::xml_escaped;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
namespace {

const std::string kFault = "run v.yaml --config int8_4x4 --fault 'pe.psum[1][2]:5@40' ";

/// What xmllint says about the file against docs/schemas/junit.xsd; empty when it fits.
std::string xml_errors(const Folder& folder, const std::string& file) {
  const Answer answer = folder.shell("xmllint --noout --schema '" + std::string(ASSAY_PROJECT_DIR) + "/docs/schemas/junit.xsd' " + file);
  return answer.code == 0 ? "" : answer.err;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("junit: pass, mismatch and what nobody can judge fit the schema and count as they should", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --stall light --junit pass.xml").code == 0);
  REQUIRE(here.assay(kFault + "--junit fail.xml").code == 1);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --no-rtl --cycles 3 --junit stopped.xml").code == 4);
  for (const char* file : {"pass.xml", "fail.xml", "stopped.xml"}) CHECK(xml_errors(here, file) == "");
  const std::string pass = here.read("pass.xml"), fail = here.read("fail.xml"), stopped = here.read("stopped.xml");
  CHECK(holds(pass, " tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  CHECK(holds(pass, "<testcase name=\"product seed 0x1 stall light\" classname=\"assay.int8_4x4\""));
  CHECK_FALSE(holds(pass, "<failure"));
  CHECK(holds(fail, " failures=\"1\" errors=\"0\""));
  CHECK(holds(fail, "<failure message=\"state pe.psum[1][2] differs in cycle 40\" type=\"state\">MISMATCH  product on int8_4x4"));
  CHECK(holds(fail, "value=\"npu/pe.psum/state\""));
  CHECK(holds(stopped, " failures=\"0\" errors=\"1\""));
  CHECK(holds(stopped, "<error message=\"nothing compared: no output was reached and there is no RTL\" type=\"inconclusive\">"));
  here.write("bad.xml", "<testsuites><testsuite name=\"x\"/></testsuites>");
  CHECK_FALSE(xml_errors(here, "bad.xml").empty());
}

TEST_CASE("junit: text that XML cannot hold or would read as markup is escaped", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  Json record = here.assay(kFault + "--json -").json();
  record["test"] = "<&\"'>\x01\x1b[0m \xff \xef\xbf\xbf ]]>";
  record["reason"] = record["test"];
  here.write("evil.xml", render_junit(record));
  CHECK(xml_errors(here, "evil.xml") == "");
  CHECK(xml_escaped("a<b>&\"\x02") == "a&lt;b&gt;&amp;&quot;\xef\xbf\xbd");
}

TEST_CASE("annotate: a failure is one line for GitHub at the RTL that makes the value, on stderr only", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer asked = here.assay(kFault + "--annotate github --json -"), by_environment = here.assay(kFault, "", "GITHUB_ACTIONS=true");
  const Answer refused = here.assay(kFault + "--annotate none", "", "GITHUB_ACTIONS=true"), off = here.assay(kFault, "", "GITHUB_ACTIONS=");
  const std::string line = github_annotation(asked.json());
  CHECK(line.find("::error file=rtl/pe/npu_pe_row.sv,line=") == 0);
  CHECK(holds(line, ",title=assay mismatch%3A product on int8_4x4::state pe.psum[1][2] differs in cycle 40: RTL "));
  CHECK(holds(line, "%0Areproduce: build/bin/assay run "));
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(holds(asked.err, line));
  CHECK(holds(by_environment.err, line));
  CHECK_FALSE(holds(by_environment.out, "::error"));
  CHECK_FALSE(holds(refused.err + off.err, "::error"));
  CHECK_FALSE(holds(here.assay("run v.yaml --config int8_4x4 --annotate github").err, "::"));
  CHECK(here.assay(kFault + "--annotate gitlab").err == "command line:1: --annotate: is 'gitlab', expected github or none\n");
}

TEST_CASE("annotate: without RTL the line stands at the vector, and separators are escaped by GitHub's rules", "[cli]") {
  const Folder here;
  here.write("a,b.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  Json record = here.assay("run a,b.yaml --no-rtl --config int8_4x4 --json -").json();
  CHECK(github_annotation(record).find("::error file=a%2Cb.yaml,title=assay mismatch%3A v on int8_4x4::") == 0);
  record["reason"] = "100 % wrong:\r\nall, really";
  CHECK(holds(github_annotation(record), "::100 %25 wrong:%0D%0Aall, really"));
  record["verdict"] = "inconclusive";
  CHECK(github_annotation(record).find("::warning ") == 0);
}
