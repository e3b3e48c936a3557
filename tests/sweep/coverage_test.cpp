// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include "cosim/cli/coverage_live.hpp"
#include "cosim/coverage/hits.hpp"
#include "cosim/npu/coverage/sampler.hpp"
#include "cosim/sweep/coverage_tally.hpp"
#include "cosim/sweep/run_folder.hpp"
#include "cosim/sweep/storage.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using test::Answer;
using test::Folder;
namespace {

const char* const kSuite = R"(schema: assay/suite/1
name: covered
gates: {coverage: 20}
tests:
  - {test: [stress, reset], configs: [int8_4x4, fp_4x4], stall: random, seeds: 3}
)";

std::set<std::string> hit_bins(const Json& coverage) {
  std::set<std::string> out;
  for (const auto& [name, point] : coverage.at("points").items())
    for (const auto& [label, cell] : point.at("bins").items())
      if (cell.at("hits") > 0) out.insert(name + "/" + label);
  return out;
}

}  // namespace

TEST_CASE("coverage: a run writes its bins, the same ones each time, as the schema says") {
  const Folder folder;
  REQUIRE(folder.assay("run --test stress --config int8_4x4 --seed 3 --coverage one.json").code == 0);
  REQUIRE(folder.assay("run --test stress --config int8_4x4 --seed 3 --no-rtl --coverage again.json").code == 0);
  CHECK(folder.read("one.json") == folder.read("again.json"));  // from the model: without RTL it is the same
  const Json one = folder.json("one.json");
  CHECK(test::schema_errors(one, "coverage") == "");
  CHECK(one.at("vectors") == 1);
  CHECK(one.at("hit").get<uint64_t>() > 400);
  Json wrong = one;
  wrong["points"]["reset.length"]["bins"]["1"]["more"] = 1;
  CHECK(test::schema_errors(wrong, "coverage") != "");
}

TEST_CASE("coverage: a sweep's bins are those of its vectors run alone") {
  const Folder folder;
  folder.write("covered.yaml", kSuite);
  REQUIRE(folder.assay("sweep --suite covered.yaml --out run -j 2").code == 0);
  const Json all = folder.json("run/coverage.json"), report = folder.json("run/report.json");
  CHECK(test::schema_errors(all, "coverage") == "");
  CHECK(test::schema_errors(report, "sweep-report") == "");
  CHECK(report["coverage"]["hit"] == all["hit"]);
  CHECK(all["vectors"] == 12);
  CHECK(folder.read("run/report.txt").find("coverage  ") != std::string::npos);
  CHECK(folder.read("run/report.html").find("coverage.html") != std::string::npos);
  // alone, one after the other, merged in another order
  const Answer ranked = folder.assay("coverage rank run --json -");
  REQUIRE(ranked.code == 0);
  std::string files;
  int number = 0;
  for (const Json& place : ranked.json()) {
    const std::string file = "v" + std::to_string(number++) + ".json";
    REQUIRE(folder.assay("run " + place["vector"].get<std::string>() + " --no-rtl --coverage " + file).code <= 4);
    files = file + " " + files;
  }
  REQUIRE(folder.assay("coverage merge " + files + "--out merged.json").code == 0);
  CHECK(hit_bins(folder.json("merged.json")) == hit_bins(all));
  CHECK(ranked.json().back()["total"] == all["hit"]);
  // the same results, collected again
  const std::string before = folder.read("run/coverage.json");
  REQUIRE(folder.assay("report run").code == 0);
  CHECK(folder.read("run/coverage.json") == before);
  const Answer rows = folder.shell(
      "python3 -c \"import sqlite3; print(sqlite3.connect('run/results.db').execute('select count(distinct bin) from coverage_bins where "
      "hits>0').fetchone()[0])\"");
  CHECK(std::stoull(rows.out) >= all["hit"].get<uint64_t>());
}

TEST_CASE("coverage: the live line's per cent is the report's, waivers or not") {
  const Folder folder;
  folder.write("covered.yaml", kSuite);
  REQUIRE(folder.assay("sweep --suite covered.yaml --out run -j 1").code == 0);
  const sweep::Manifest manifest = sweep::Manifest::load(folder.path() / "run");
  const sweep::RunFolder run(folder.path() / "run", manifest.hash());
  const cli::CoverageSpaces spaces = cli::coverage_spaces(manifest);
  sweep::CoverageTally tally(manifest);
  const std::vector<coverage::Waiver> waivers{{"float.*", "", "", "2999-01-01", ""}}, none;
  const cli::LiveCoverage live(manifest, spaces, none, "2026-01-01"), waived(manifest, spaces, waivers, "2026-01-01");
  CHECK(live.percent(tally) == 0);
  const sweep::Plan plan = manifest.plan();
  for (const sweep::Chunk chunk : run.chunks().present(false)) tally.add(*run.chunks().read(chunk, plan, nullptr));
  CHECK(std::floor(live.percent(tally) * 100) / 100 == folder.json("run/report.json")["coverage"]["percent"].get<double>());
  const coverage::Judged judged = coverage::judge(cli::coverage_results(manifest, spaces, tally), waivers, "2026-01-01");
  REQUIRE(judged.waived > 0);
  CHECK(waived.percent(tally) == judged.percent());
  CHECK(waived.percent(tally) > live.percent(tally));
  CHECK(cli::LiveCoverage(manifest, {}, none, "2026-01-01").percent(tally) < 0);
}

TEST_CASE("coverage: a gate that is not met ends with 5, also when nothing was sampled") {
  const Folder folder;
  std::string suite = kSuite;
  suite.replace(suite.find("coverage: 20"), 12, "coverage: 99");
  folder.write("covered.yaml", suite);
  const Answer answer = folder.assay("sweep --suite covered.yaml --count 2 --out run -j 1");
  CHECK(answer.code == 5);
  CHECK(answer.out.find("gate not met: coverage") != std::string::npos);
  CHECK(folder.assay("coverage report run --gate 99").code == 5);
  CHECK(folder.assay("coverage report run --gate 1").code == 0);
  const Answer off = folder.assay("sweep --suite covered.yaml --count 2 --coverage off --out off -j 1");
  CHECK(off.code == 5);
  CHECK(folder.json("off/report.json")["coverage"].is_null());
  CHECK_FALSE(folder.has("off/coverage.json"));
}

TEST_CASE("coverage: what is exported is accepted by lcov and verilator_coverage") {
  const Folder folder;
  REQUIRE(folder.assay("run --test stress --config int8_4x4 --no-rtl --coverage one.json").code <= 4);
  REQUIRE(folder.assay("coverage report one.json --lcov f.info --verilator f.dat --html f.html").code == 0);
  const Json one = folder.json("one.json");
  const std::string info = folder.read("f.info");
  CHECK(info.find("SF:docs/spec.md\n") != std::string::npos);
  CHECK(info.find("SF:rtl/tile/") != std::string::npos);
  CHECK(info.find("BRF:" + std::to_string(one["bins"].get<uint64_t>()) + "\nBRH:" + std::to_string(one["hit"].get<uint64_t>()) + "\n") != std::string::npos);
  const std::string page = folder.read("f.html");
  CHECK(page.find("docs/spec.md:") != std::string::npos);
  CHECK(page.find("rtl/tile/") != std::string::npos);
  REQUIRE(folder.shell("verilator_coverage --write merged.dat f.dat f.dat").code == 0);
  CHECK(std::stoull(folder.shell("grep -c ^C merged.dat").out) == one["bins"].get<uint64_t>());
  CHECK(folder.shell("verilator_coverage --write-info g.info f.dat").code == 0);
  if (folder.shell("command -v lcov").code != 0) return;
  const Answer summary = folder.shell("lcov --rc lcov_branch_coverage=1 --summary f.info");
  INFO(summary.out + summary.err);
  CHECK(summary.code == 0);
  CHECK((summary.out + summary.err).find(std::to_string(one["hit"].get<uint64_t>()) + " of " + std::to_string(one["bins"].get<uint64_t>()) + " branches") !=
        std::string::npos);
}

TEST_CASE("coverage: wrong input is told with its place and leaves nothing behind") {
  const Folder folder;
  CHECK(folder.assay("coverage report nothing.json").err.find("command line:1: FILE: 'nothing.json' cannot be read") == 0);
  folder.write("bad.json", "{\"schema\": \"assay/coverage/1\"}");
  const Answer bad = folder.assay("coverage merge bad.json --out all.json");
  CHECK(bad.code == 2);
  CHECK(bad.err.find("bad.json:1: coverage: is damaged") == 0);
  CHECK_FALSE(folder.has("all.json"));
  folder.write("list.json", "[1]");
  CHECK(folder.assay("coverage holes list.json").code == 2);
  CHECK(folder.assay("coverage").code == 2);
  CHECK(folder.assay("run --test minimal --coverage /nowhere/x.json").code == 2);
  CHECK(folder.assay("sweep --suite quick --out run --coverage maybe").err.find("command line:1: --coverage: is 'maybe', expected on or off") == 0);
}

TEST_CASE("coverage: a damaged line of a chunk is refused, one without coverage is left out") {
  sweep::Manifest manifest;
  manifest.cases.resize(1);
  manifest.cases[0].config = "c";
  manifest.builds.push_back({"c", "", 10, ""});
  sweep::CoverageTally tally(manifest);
  coverage::Hits hits(10);
  hits.set(2), hits.set(9);
  const auto line = [](const std::string& text) { return "{\"i\":4,\"case\":0,\"verdict\":\"pass\",\"coverage\":\"" + text + "\",\"host\":{}}"; };
  tally.add({{4, line(hits.text())}, {5, "{\"i\":5,\"case\":0,\"verdict\":\"skipped\"}"}});
  CHECK(tally.builds().at("c").vectors == 1);
  CHECK(tally.builds().at("c").hits[2] == 1);
  CHECK(tally.builds().at("c").first[9] == 4);
  CHECK_THROWS_AS(tally.add({{4, line("????")}}), sweep::StorageError);
}

TEST_CASE("coverage: a run keeps the part that line and toggle coverage takes, and shards leave it to the report") {
  const Folder folder;
  folder.write("covered.yaml", kSuite);
  REQUIRE(folder.assay("sweep --suite covered.yaml --count 2 --shard 0/2 --rtl-coverage 0.05 --out run -j 1").code == 0);
  CHECK(folder.json("run/run.json")["host"]["rtl_coverage"] == 0.05);
  CHECK(test::schema_errors(folder.json("run/run.json"), "sweep") == "");
  CHECK(folder.assay("report run").code == 4);  // a shard is missing: nothing to cover yet
  CHECK_FALSE(folder.has("run/rtl-coverage"));
  CHECK(folder.assay("sweep --suite covered.yaml --rtl-coverage 0.2 --out other").err.find("command line:1: --rtl-coverage: is '0.2', expected") == 0);
  CHECK_FALSE(folder.has("other"));
}

TEST_CASE("coverage: a part of a sweep gives line and toggle coverage of the RTL", "[nightly]") {
  const Folder folder;
  folder.write("covered.yaml", kSuite);
  for (const char* shard : {"0/2", "1/2"}) {
    const std::string line = "sweep --suite covered.yaml --count 4 --rtl-coverage 0.05 --out run -j 1 --shard ";
    REQUIRE(folder.assay(line + shard).code == 0);
  }
  const Answer answer = folder.assay("report run");
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  for (const char* config : {"int8_4x4", "fp_4x4"}) {
    const std::string counted = folder.read("run/rtl-coverage/" + std::string(config) + ".dat");
    CHECK(counted.find("v_line/npu_") != std::string::npos);
    CHECK(counted.find("v_toggle/npu_") != std::string::npos);
  }
  const Answer lines = folder.shell("grep -c '^DA:[0-9]*,[1-9]' run/rtl-coverage/rtl.info");
  CHECK(std::stoull(lines.out) > 100);
}
