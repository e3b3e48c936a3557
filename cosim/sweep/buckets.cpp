// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>
#include <vector>

#include "cosim/sweep/summary.hpp"

namespace assay::sweep {
namespace {

struct Kind {
  std::string fine, coarse;
  uint64_t failures, first;
};

std::vector<Kind> kinds_of(Database& database, const std::string& run) {
  std::vector<Kind> kinds;
  Statement all = database.prepare("SELECT fine, min(coarse), count(*), min(i) FROM failures WHERE run=? GROUP BY fine ORDER BY min(i)");
  all.bind(run);
  while (all.step()) kinds.push_back({all.text(0), all.text(1), static_cast<uint64_t>(all.integer(2)), static_cast<uint64_t>(all.integer(3))});
  return kinds;
}

/// What a run makes of a bucket that the suite knows in a state, and first saw in some run.
std::string state_now(Database& database, const std::string& suite, const std::string& fine, const std::string& run) {
  Statement find = database.prepare("SELECT state, first_run FROM buckets WHERE suite=? AND fine=?");
  if (!find.bind(suite, fine).step()) return "new";
  const std::string state = find.text(0), first = find.text(1);
  if (state == "flaky") return state;
  if (first == run) return "new";
  return state == "fixed" || state == "regressed" ? "regressed" : "known";
}

}  // namespace

void sort_buckets(Database& database, const Manifest& manifest, const std::string& run, bool complete) {
  Transaction all(database);
  database.prepare("DELETE FROM run_buckets WHERE run=?").bind(run).run();
  Statement in_run =
      database.prepare("INSERT INTO run_buckets VALUES(?,?,?,?,?,?) ON CONFLICT(run, fine) DO UPDATE SET failures = failures + excluded.failures");
  Statement known =
      database.prepare("INSERT INTO buckets VALUES(?,?,?,?,?,?) ON CONFLICT(suite, fine) DO UPDATE SET state = excluded.state, last_run = excluded.last_run");
  uint64_t fresh = 0;
  std::set<std::string> seen;
  for (const Kind& kind : kinds_of(database, run)) {
    const std::string state = state_now(database, manifest.suite, kind.fine, run);
    if (state == "new" && ++fresh > kMostNewBuckets) {
      in_run.bind(run, kOverflow, kOverflow, "new", kind.failures, kind.first).run();
      continue;
    }
    in_run.bind(run, kind.fine, kind.coarse, state, kind.failures, kind.first).run();
    known.bind(manifest.suite, kind.fine, kind.coarse, state, run, run).run();
    seen.insert(kind.fine);
  }
  if (complete) {
    std::vector<std::string> gone;
    Statement others = database.prepare("SELECT fine FROM buckets WHERE suite=? AND (state!='fixed' OR last_run=?)");
    others.bind(manifest.suite, run);
    while (others.step())
      if (!seen.contains(others.text(0))) gone.push_back(others.text(0));
    Statement fixed = database.prepare("UPDATE buckets SET state='fixed', last_run=? WHERE suite=? AND fine=?");
    for (const std::string& fine : gone) {
      fixed.bind(run, manifest.suite, fine).run();
      in_run.bind(run, fine, fine, "fixed", 0, 0).run();
    }
  }
  all.commit();
}

}  // namespace assay::sweep
