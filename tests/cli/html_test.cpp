// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/html_report.hpp"

#include <string>

#include "cosim/common/pattern.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::parse_json;
using assay::Pattern;
using assay::cli::html_escaped;
using assay::cli::render_html;
using assay::test::Folder;
using assay::test::kProduct;
namespace {

/// What stands in the page's record element, as a browser would read it.
Json embedded_record(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"record\">";
  const size_t at = page.find(open);
  REQUIRE(at != std::string::npos);
  const size_t from = at + open.size();
  return parse_json(page.substr(from, page.find("</script>", from) - from));
}

}  // namespace

TEST_CASE("html: a failure directory and --html hold the same page, with the record in it and nothing to fetch", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --fault 'pe.psum[1][2]:5@40' --out d --html page.html").code == 1);
  const std::string page = here.read("page.html");
  CHECK(page == here.read("d/report.html"));
  CHECK(embedded_record(page) == here.json("d/mismatch.json"));
  CHECK(page.find("<title>mismatch: product on int8_4x4, seed 0x1</title>") != std::string::npos);
  CHECK(page.find("MISMATCH  product on int8_4x4") != std::string::npos);  // the terminal's report, for where scripts do not run
  CHECK_FALSE(Pattern("(src|href|action)=\"[^#d\"]|https?://|@import|url\\(").found_in(page));
}

TEST_CASE("html: a pass, a run without RTL and one that was stopped have their pages", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --html pass.html").code == 0);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --no-rtl --html alone.html").code == 0);
  REQUIRE(here.assay("run v.yaml --config int8_4x4 --no-rtl --cycles 3 --html stopped.html").code == 4);
  CHECK(embedded_record(here.read("pass.html"))["verdict"] == "pass");
  CHECK(embedded_record(here.read("alone.html"))["host"]["rtl"] == "none");
  CHECK(embedded_record(here.read("stopped.html"))["verdict"] == "inconclusive");
  const auto refused = here.assay("run v.yaml --config int8_4x4 --html nowhere/page.html");
  CHECK(refused.code == 2);
  CHECK(refused.err.find("command line:1: --html: 'nowhere/page.html' cannot be written, expected a file in a writable folder\n") == 0);
}

TEST_CASE("html: what a record says cannot become markup or end the script that holds it", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  Json record = here.assay("run v.yaml --config int8_4x4 --json -").json();
  const std::string evil = "</script><script>alert(1)</script><!-- {{script}} & \" '";
  record["test"] = evil;
  record["reproduce"] = evil;
  const std::string page = render_html(record);
  CHECK(embedded_record(page)["test"] == evil);
  CHECK(page.find("alert(1)</script>") == std::string::npos);
  CHECK(page.find("&lt;/script&gt;&lt;script&gt;alert(1)") != std::string::npos);
  CHECK(Pattern("<title>pass: &lt;/script&gt;.*&lt;!-- \\{\\{script\\}\\} &amp; &quot; &#39;").found_in(page));
  record["test"] = "not UTF-8: \xff\xfe";
  CHECK(render_html(record).find("<title>pass: not UTF-8: \xef\xbf\xbd\xef\xbf\xbd on int8_4x4") != std::string::npos);
  CHECK(html_escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
}
