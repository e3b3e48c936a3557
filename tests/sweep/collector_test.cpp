// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/collector.hpp"

#include <map>

#include "cosim/sweep/storage.hpp"
#include "cosim/sweep/summary.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using namespace assay::sweep;
using test::Folder;
namespace {

constexpr uint64_t kVectors = 64;

Manifest manifest_of(const std::string& date, uint64_t seed = 1) {
  Manifest manifest;
  manifest.suite = "s";
  manifest.cases = {{"a", "", "c", "", "V1", {}, 1, 1}};
  manifest.seed = seed;
  manifest.count = kVectors;
  manifest.target = "fake";
  manifest.gates = {{"mismatches", 0}};
  manifest.host = {{"date", date}};
  return manifest;
}

/// Index → signature of its failure; every other one passes.
using Failures = std::map<uint64_t, std::string>;

std::string line(uint64_t i, const Failures& failures) {
  Json json = {{"i", i}, {"case", 0}, {"seed", "0x1"}, {"verdict", failures.contains(i) ? "mismatch" : "pass"}, {"cycles", 5}, {"compared", 7}, {"hash", "x"}};
  if (failures.contains(i)) {
    json["reason"] = "differs";
    json["reproduce"] = "run it";
    json["signature"] = {{"coarse", "place"}, {"fine", failures.at(i)}};
  }
  json["host"] = {{"seconds", 0.5}};
  return json.dump();
}

void fill(Collector& collector, const Manifest& manifest, const Failures& failures) {
  const Plan plan = manifest.plan();
  for (uint64_t c = 0; c < plan.chunks(0); ++c) {
    ChunkFiles::Lines lines;
    for (const uint64_t i : plan.indices({0, c})) lines[i] = line(i, failures);
    collector.add({0, c}, lines);
  }
}

/// A whole run in the shared database; its report.
Json run(const Folder& folder, const std::string& date, const Failures& failures) {
  const Manifest manifest = manifest_of(date);
  Database database(folder.path() / "all.db");
  Collector collector(database, manifest, date);
  fill(collector, manifest, failures);
  sort_buckets(database, manifest, date, true);
  return summarise(database, manifest, {date, kVectors, [](const Case&, uint64_t) { return std::string("again"); }});
}

std::string state_of(const Json& report, const std::string& fine) {
  for (const Json& bucket : report.at("buckets"))
    if (bucket.at("fine") == fine) return bucket.at("state");
  return "none";
}

}  // namespace

TEST_CASE("collector: a chunk goes in once, whoever brings it again") {
  const Folder folder;
  const Manifest manifest = manifest_of("1");
  Database database(folder.path() / "r.db"), other_database(folder.path() / "r.db");
  Collector collector(database, manifest, "1"), other(other_database, manifest, "1");
  fill(collector, manifest, {{3, "x"}});
  CHECK(!other.add({0, 0}, {{0, line(0, {})}}));
  CHECK(!collector.add({0, 0}, {{0, line(0, {})}}));
  Statement count = database.prepare("SELECT count(*) FROM results");
  count.bind().step();
  CHECK(count.integer(0) == kVectors);
}

TEST_CASE("collector: a chunk with a line that is no result leaves nothing behind") {
  const Folder folder;
  const Manifest manifest = manifest_of("1");
  Database database(folder.path() / "r.db");
  Collector collector(database, manifest, "1");
  CHECK_THROWS_AS(collector.add({0, 0}, {{0, line(0, {})}, {1, "{\"i\":1,}"}}), StorageError);
  Statement count = database.prepare("SELECT count(*) FROM results");
  count.bind().step();
  CHECK(count.integer(0) == 0);
  CHECK(!collector.has({0, 0}));
}

TEST_CASE("collector: a file that is no database, or one of a newer version, is refused") {
  const Folder folder;
  folder.write("text.db", std::string(5000, 'x'));
  CHECK_THROWS_AS(Database(folder.path() / "text.db"), StorageError);
  { Database(folder.path() / "new.db").execute("PRAGMA user_version = 99"); }
  CHECK_THROWS_AS(Database(folder.path() / "new.db"), StorageError);
}

TEST_CASE("buckets: a cause is new, then known, fixed when a complete run is without it, and regressed when it is back") {
  const Folder folder;
  CHECK(state_of(run(folder, "1", {{3, "x"}, {9, "x"}}), "x") == "new");
  CHECK(state_of(run(folder, "1", {}), "x") == "new");  // the same run, reported again
  const Json second = run(folder, "2", {{5, "x"}, {1, "y"}});
  CHECK(state_of(second, "x") == "known");
  CHECK(state_of(second, "y") == "new");
  CHECK(second.at("buckets")[0].at("fine") == "y");  // new ones stand first
  const Json third = run(folder, "3", {});
  CHECK(state_of(third, "x") == "fixed");
  CHECK(third.at("verdict") == "pass");
  CHECK(state_of(run(folder, "4", {{2, "y"}}), "y") == "regressed");
  CHECK(state_of(run(folder, "5", {{2, "y"}}), "y") == "regressed");
}

TEST_CASE("buckets: beyond 25 new ones a run has an overflow, and every failure is counted") {
  const Folder folder;
  Failures failures;
  for (uint64_t i = 0; i < 40; ++i) failures[i] = "cause" + std::to_string(i);
  const Json report = run(folder, "1", failures);
  CHECK(report.at("buckets").size() == kMostNewBuckets + 1);
  uint64_t sum = 0;
  for (const Json& bucket : report.at("buckets")) sum += bucket.at("failures").get<uint64_t>();
  CHECK(sum == 40);
  CHECK(state_of(report, "cause24") == "new");
  CHECK(state_of(report, "cause25") == "none");
  CHECK(state_of(report, kOverflow) == "new");
}

TEST_CASE("summary: a missing result is never a pass") {
  const Folder folder;
  const Manifest manifest = manifest_of("1");
  Database database(folder.path() / "r.db");
  Collector collector(database, manifest, "1");
  fill(collector, manifest, {});
  collector.drop({0, 7}, manifest.plan());
  sort_buckets(database, manifest, "1", false);
  const Json report = summarise(database, manifest, {"1", kVectors, [](const Case&, uint64_t) { return std::string(); }});
  CHECK(report.at("missing") == 1);
  CHECK(report.at("verdict") == "incomplete");
  CHECK(report.at("exit") == 4);
}
