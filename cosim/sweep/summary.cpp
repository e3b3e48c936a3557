// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/summary.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

namespace assay::sweep {
namespace {

constexpr int kSlowest = 20;
constexpr int kTrend = 30;
constexpr const char* kVerdicts[] = {"pass", "mismatch", "error", "inconclusive", "skipped"};

std::string hex(int64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// Makes one report; every part is a query.
class Summary {
 public:
  Summary(Database& database, const Manifest& manifest, const SummaryFacts& facts) : database_(database), manifest_(manifest), facts_(facts) {}

  Json make() {
    Json json;
    json["schema"] = "assay/sweep-report/1";
    json["suite"] = {{"name", manifest_.suite}, {"description", manifest_.description}, {"seed", hex(static_cast<int64_t>(manifest_.seed))}};
    json["run"] = manifest_.hash();
    json["verdict"] = "pass";
    json["exit"] = 0;
    counts(json);
    json["gates"] = nullptr;
    json["buckets"] = buckets();
    json["coverage"] = facts_.coverage;
    json["tests"] = tests();
    judge(json);
    json["host"] = host();
    return json;
  }

 private:
  void counts(Json& json) {
    Json by_verdict;
    for (const char* verdict : kVerdicts) by_verdict[verdict] = 0;
    Statement sums = database_.prepare("SELECT verdict, count(*), sum(cycles), sum(compared) FROM results WHERE run=? GROUP BY verdict");
    sums.bind(facts_.run);
    uint64_t vectors = 0, cycles = 0, compared = 0;
    while (sums.step()) {
      by_verdict[sums.text(0)] = sums.integer(1);
      vectors += static_cast<uint64_t>(sums.integer(1)), cycles += static_cast<uint64_t>(sums.integer(2)), compared += static_cast<uint64_t>(sums.integer(3));
    }
    json["planned"] = facts_.planned;
    json["vectors"] = vectors;
    json["missing"] = facts_.planned > vectors ? facts_.planned - vectors : 0;
    json["verdicts"] = by_verdict;
    json["cycles"] = cycles;
    json["comparisons"] = compared;
  }

  Json buckets() {
    Json out = Json::array();
    Statement all = database_.prepare(
        "SELECT b.state, b.fine, b.coarse, b.failures, b.first_i, r.case_id, r.seed, r.verdict, f.reason, f.reproduce, f.token FROM run_buckets b "
        "LEFT JOIN results r ON r.run=b.run AND r.i=b.first_i LEFT JOIN failures f ON f.run=b.run AND f.i=b.first_i WHERE b.run=? "
        "ORDER BY CASE b.state WHEN 'new' THEN 0 WHEN 'regressed' THEN 1 WHEN 'flaky' THEN 2 WHEN 'known' THEN 3 ELSE 4 END, b.first_i");
    all.bind(facts_.run);
    while (all.step()) {
      Json bucket = {{"state", all.text(0)}, {"fine", all.text(1)}, {"coarse", all.text(2)}, {"failures", all.integer(3)}, {"first", nullptr}};
      if (all.text(0) != "fixed" && !all.is_null(5)) {
        const Case& one = manifest_.cases.at(static_cast<size_t>(all.integer(5)));
        bucket["first"] = {
            {"i", all.integer(4)},         {"test", one.test},       {"file", or_null(one.file)}, {"config", one.config},     {"stall", or_null(one.stall)},
            {"seed", hex(all.integer(6))}, {"verdict", all.text(7)}, {"reason", all.text(8)},     {"reproduce", all.text(9)}, {"token", or_null(all.text(10))}};
      }
      bucket["artifacts"] = artifacts(all.text(1));
      out.push_back(std::move(bucket));
    }
    return out;
  }

  Json artifacts(const std::string& fine) {
    Json out = Json::array();
    Statement all = database_.prepare(
        "SELECT a.i, a.path, a.reproduced, s.path, s.text FROM artifacts a LEFT JOIN shrunk s ON s.run=a.run AND s.i=a.i WHERE a.run=? AND a.fine=? ORDER BY "
        "a.i");
    all.bind(facts_.run, fine);
    while (all.step()) {
      Json one = {{"i", all.integer(0)}, {"path", all.text(1)}, {"reproduced", all.integer(2) != 0}, {"shrunk", nullptr}};
      if (!all.is_null(3)) one["shrunk"] = {{"path", all.text(3)}, {"text", all.text(4)}};
      out.push_back(std::move(one));
    }
    return out;
  }

  Json tests() {
    Json out = Json::array();
    for (const Case& one : manifest_.cases) {
      Json item = {{"test", one.test}, {"config", one.config}, {"stall", or_null(one.stall)}, {"stage", or_null(one.stage)},
                   {"tags", one.tags}, {"vectors", 0}};
      for (const char* verdict : kVerdicts) item[verdict] = 0;
      item["cycles"] = 0;
      out.push_back(std::move(item));
    }
    Statement sums = database_.prepare("SELECT case_id, verdict, count(*), sum(cycles) FROM results WHERE run=? GROUP BY case_id, verdict");
    sums.bind(facts_.run);
    while (sums.step()) {
      Json& item = out.at(static_cast<size_t>(sums.integer(0)));
      item[sums.text(1)] = sums.integer(2);
      item["vectors"] = item["vectors"].get<int64_t>() + sums.integer(2);
      item["cycles"] = item["cycles"].get<int64_t>() + sums.integer(3);
    }
    return out;
  }

  /// Whole per cent of the wanted bins; 0 when nothing was sampled, which no gate takes for covered.
  static uint64_t percent(const Json& coverage) { return coverage.is_null() ? 0 : static_cast<uint64_t>(coverage.at("percent").get<double>()); }

  /// Each gate against its count; what is missing is held against the run whatever the gates say.
  void judge(Json& json) {
    const Json& verdicts = json["verdicts"];
    const uint64_t executed = json["vectors"].get<uint64_t>() - verdicts["skipped"].get<uint64_t>();
    const std::map<std::string, uint64_t> values{{"mismatches", verdicts["mismatch"]},
                                                 {"errors", verdicts["error"]},
                                                 {"inconclusive", verdicts["inconclusive"]},
                                                 {"skipped", verdicts["skipped"]},
                                                 {"vectors", executed},
                                                 {"cycles", json["cycles"]},
                                                 {"comparisons", json["comparisons"]},
                                                 {"coverage", percent(json["coverage"])}};
    const std::map<std::string, int> codes{{"errors", 3}, {"mismatches", 1}, {"inconclusive", 4}};
    Json gates = Json::array();
    std::vector<int> found;
    for (const auto& [gate, limit] : manifest_.gates) {
      const uint64_t value = values.at(gate);
      const bool met = is_least(gate) ? value >= limit : value <= limit;
      gates.push_back({{"gate", gate}, {"least", is_least(gate)}, {"limit", limit}, {"value", value}, {"met", met}});
      if (!met) found.push_back(codes.contains(gate) ? codes.at(gate) : 5);
    }
    json["gates"] = std::move(gates);
    if (json["missing"].get<uint64_t>() > 0) found.push_back(4);
    if (executed == 0 && json["missing"].get<uint64_t>() == 0) found.push_back(6);
    for (const int code : {3, 1, 4, 5, 6}) {
      if (std::find(found.begin(), found.end(), code) == found.end()) continue;
      json["exit"] = code;
      json["verdict"] = code == 4 && json["missing"].get<uint64_t>() > 0 ? "incomplete" : "fail";
      return;
    }
  }

  Json host() {
    Json out = manifest_.host;
    Statement run = database_.prepare("SELECT seconds, state FROM runs WHERE run=?");
    if (run.bind(facts_.run).step()) {
      out["worked_seconds"] = run.real(0);
      out["state"] = run.text(1);
    }
    Statement times = database_.prepare("SELECT sum(seconds) FROM results WHERE run=?");
    if (times.bind(facts_.run).step()) out["vector_seconds"] = times.real(0);
    out["slowest"] = Json::array();
    Statement slow = database_.prepare("SELECT i, case_id, seed, seconds, cycles FROM results WHERE run=? ORDER BY seconds DESC, i LIMIT ?");
    slow.bind(facts_.run, kSlowest);
    while (slow.step()) {
      const Case& one = manifest_.cases.at(static_cast<size_t>(slow.integer(1)));
      out["slowest"].push_back({{"i", slow.integer(0)},
                                {"test", one.test},
                                {"config", one.config},
                                {"seed", hex(slow.integer(2))},
                                {"seconds", slow.real(3)},
                                {"cycles", slow.integer(4)},
                                {"reproduce", facts_.reproduce(one, static_cast<uint64_t>(slow.integer(2)))}});
    }
    Statement per_case = database_.prepare("SELECT case_id, sum(seconds), max(seconds) FROM results WHERE run=? GROUP BY case_id ORDER BY case_id");
    per_case.bind(facts_.run);
    out["tests"] = Json::array();
    while (per_case.step()) out["tests"].push_back({{"test", per_case.integer(0)}, {"seconds", per_case.real(1)}, {"slowest", per_case.real(2)}});
    out["trend"] = trend();
    return out;
  }

  /// The last runs of the suite in this database, oldest first; what it holds depends on where the runs were collected.
  Json trend() {
    std::vector<Json> runs;
    Statement all = database_.prepare(
        "SELECT run, started, state, seconds, vectors, failed, (SELECT count(*) FROM run_buckets b WHERE b.run=runs.run AND b.state='new'), "
        "(SELECT count(*) FROM run_buckets b WHERE b.run=runs.run AND b.state!='fixed') FROM runs WHERE suite=? ORDER BY started DESC, rowid DESC LIMIT ?");
    all.bind(manifest_.suite, kTrend);
    while (all.step())
      runs.push_back({{"run", all.text(0)},
                      {"started", all.text(1)},
                      {"state", all.text(2)},
                      {"seconds", all.real(3)},
                      {"vectors", all.integer(4)},
                      {"failed", all.integer(5)},
                      {"new_buckets", all.integer(6)},
                      {"buckets", all.integer(7)}});
    std::reverse(runs.begin(), runs.end());
    return runs;
  }

  Database& database_;
  const Manifest& manifest_;
  const SummaryFacts& facts_;
};

}  // namespace

Json summarise(Database& database, const Manifest& manifest, const SummaryFacts& facts) { return Summary(database, manifest, facts).make(); }

}  // namespace assay::sweep
