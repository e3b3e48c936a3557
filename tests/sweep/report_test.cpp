// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/cli/sweep_report.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using test::Answer;
using test::Folder;
namespace {

/// Two products of which the second has a wrong value expected of it: the first can be left out.
const char* const kWrong = R"(schema: assay/vector/1
program:
  - gemm: {name: good, a: [[1, 2], [5, 6]], b: [[3], [4]], raw: true}
  - gemm: {name: bad, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}
)";

const char* const kSuite = R"(schema: assay/suite/1
name: wrong
tests:
  - {file: wrong.yaml, configs: int8_4x4, seeds: {from: 1, to: 4}}
  - {test: minimal, configs: int8_4x4}
)";

Folder& prepared(Folder& folder) {
  folder.write("wrong.yaml", kWrong);
  folder.write("s.yaml", kSuite);
  return folder;
}

/// A report with so many causes.
Json report_of(size_t causes) {
  Json buckets = Json::array();
  for (size_t i = 0; i < causes; ++i) {
    buckets.push_back(
        {{"state", i == 0 ? "fixed" : "new"},
         {"fine", "npu/pe.psum|<b>/" + std::to_string(i)},
         {"failures", 3},
         {"first", i == 0 ? Json(nullptr)
                          : Json{{"verdict", "mismatch"}, {"test", "t"}, {"config", "c"}, {"reason", "a,b: 100%\nof it"}, {"reproduce", "assay run `x`"}}},
         {"artifacts", Json::array()}});
  }
  return {{"suite", {{"name", "n"}}},
          {"verdict", "fail"},
          {"planned", 5},
          {"vectors", 4},
          {"missing", 1},
          {"cycles", 7},
          {"comparisons", 8},
          {"verdicts", {{"pass", 1}, {"mismatch", 3}, {"error", 0}, {"inconclusive", 0}, {"skipped", 0}}},
          {"gates", {{{"gate", "vectors"}, {"least", true}, {"limit", 9}, {"value", 4}, {"met", false}}}},
          {"buckets", buckets}};
}

size_t lines_of(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

TEST_CASE("sweep report: the first failure of a cause is made smaller, and report and page lead to it") {
  Folder folder;
  const Answer answer = prepared(folder).assay("sweep --suite s.yaml --out run -j 1 --json - --html p.html");
  INFO(answer.err);
  REQUIRE(answer.code == 1);
  const Json report = answer.json();
  CHECK(test::schema_errors(report, "sweep-report") == "");
  const Json& shrunk = report["buckets"][0]["artifacts"][0]["shrunk"];
  REQUIRE(shrunk.is_object());
  CHECK(shrunk["text"].get<std::string>().find("items 2 to 1") == 0);
  const std::string path = shrunk["path"];
  CHECK(folder.json("run/" + path + "/mismatch.json")["signature"]["coarse"] == report["buckets"][0]["coarse"]);
  CHECK(folder.read("p.html").find(path + "/report.html") != std::string::npos);
  CHECK(folder.assay("report run").out.find(path) != std::string::npos);
}

TEST_CASE("sweep report: runs of a suite in one database are its trend, oldest first") {
  Folder folder;
  prepared(folder).write("good.yaml", "schema: assay/suite/1\nname: wrong\ntests:\n  - {test: minimal, configs: int8_4x4, seeds: [1, 2]}\n");
  REQUIRE(folder.assay("sweep --suite s.yaml --out one -j 1 --database all.db").code == 1);
  REQUIRE(folder.assay("sweep --suite s.yaml --seed 7 --out two -j 1 --database all.db").code == 1);
  const Answer answer = folder.assay("sweep --suite good.yaml --out three -j 1 --database all.db --json - --html p.html");
  REQUIRE(answer.code == 0);
  const Json trend = answer.json()["host"]["trend"];
  REQUIRE(trend.size() == 3);
  CHECK(trend[0]["vectors"] == 5);
  CHECK(trend[0]["failed"] == 4);
  CHECK(trend[0]["new_buckets"] == 1);
  CHECK(trend[1]["new_buckets"] == 0);
  CHECK(trend[1]["buckets"] == 1);
  CHECK(trend[2]["vectors"] == 2);
  CHECK(trend[2]["buckets"] == 0);
  CHECK(folder.read("p.html").find("1 causes, 1 new</title>") != std::string::npos);
}

TEST_CASE("sweep report: in GitHub Actions the causes are annotated and the step has its summary") {
  Folder folder;
  const std::string github = "GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary.md";
  folder.write("summary.md", "before\n");
  const Answer answer = prepared(folder).assay("sweep --suite s.yaml --out run -j 1", "", github);
  CHECK(answer.code == 1);
  CHECK(answer.err.find("::error title=assay new%3A npu/activation.out_data/expect::") != std::string::npos);
  CHECK(folder.read("summary.md") == "before\n" + folder.read("run/report.md"));
  CHECK(folder.read("run/report.md").find("| new | npu/activation.out\\_data/expect | 4 |") != std::string::npos);
  CHECK(folder.assay("report run --annotate none", "", github).err.find("::error") == std::string::npos);
  CHECK(folder.assay("sweep --suite s.yaml --out run --annotate gitlab").code == 2);
}

TEST_CASE("sweep report: annotations are ten, and nothing in them or in the summary breaks out of its line") {
  const Json report = report_of(40);
  const std::string annotations = cli::sweep_annotations(report);
  CHECK(lines_of(annotations) == 11);  // ten causes, and what is missing
  CHECK(annotations.find("a,b: 100%25%0Aof it") != std::string::npos);
  CHECK(annotations.find("npu/pe.psum|<b>/0:") == std::string::npos);  // fixed
  const std::string markdown = cli::render_sweep_markdown(report);
  CHECK(markdown.find("gate not met: vectors are 4, at least 9 wanted") != std::string::npos);
  CHECK(markdown.find("| npu/pe.psum\\|\\<b>/1 | 3 | a,b: 100% of it | `` assay run `x` `` |") != std::string::npos);
  CHECK(cli::render_sweep_markdown(report_of(100'000)).size() < (1 << 20));
}

TEST_CASE("sweep: a test runner's own variables divide a sweep, --shard goes before them") {
  Folder folder;
  prepared(folder).write("t.yaml", "schema: assay/suite/1\ntests:\n  - {test: minimal, configs: int8_4x4, seeds: 6}\n");
  const std::string runner = "TEST_TOTAL_SHARDS=3 TEST_SHARD_STATUS_FILE=known TEST_SHARD_INDEX=";
  const Answer one = folder.assay("sweep --suite t.yaml --out run -j 1", "", runner + "1");
  CHECK(one.code == 0);
  CHECK(one.out.find("shard 1 of 3: 2 vectors") != std::string::npos);
  CHECK(folder.has("known"));
  CHECK(folder.assay("sweep --suite t.yaml --out run -j 1 --shard 0/3", "", runner + "1").out.find("shard 0 of 3") != std::string::npos);
  CHECK(folder.assay("sweep --suite t.yaml --out run -j 1", "", runner + "2").code == 0);
  CHECK(folder.assay("report run --json -").json()["missing"] == 0);
  CHECK(folder.assay("sweep --suite t.yaml --out other", "", runner + "3").code == 2);
}

TEST_CASE("sweep: kill -9 while failures are explained loses no result, and resume explains them") {
  Folder folder;
  prepared(folder).shell(std::string("sh -c '\"") + ASSAY_BINARY +
                         "\" sweep --suite s.yaml --out run -j 1 & sweep=$!; for i in $(seq 2000); do [ -d run/failures ] && break; sleep 0.005; done; "
                         "kill -9 $sweep; wait $sweep'");
  CHECK(!folder.has("run/report.json"));
  const Answer answer = folder.assay("resume run -j 1 --json -");
  CHECK(answer.code == 1);
  const Json report = answer.json();
  CHECK(report["missing"] == 0);
  CHECK(report["vectors"] == 5);
  CHECK(report["buckets"][0]["state"] == "new");
  REQUIRE(report["buckets"][0]["artifacts"].size() == 1);
  CHECK(report["buckets"][0]["artifacts"][0]["reproduced"] == true);
}
