// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_artifacts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <vector>

#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/shrunk.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/json.hpp"
#include "cosim/common/process.hpp"
#include "cosim/sweep/summary.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

// Most vectors are as small as they get within two seconds; the limits are for the slow ones and for a night with many causes.
constexpr double kShrinkSeconds = 20, kShrinkSecondsInAll = 300;

struct Candidate {
  std::string fine;
  uint64_t index;
  uint32_t which;
  uint64_t seed;
  std::string hash;  ///< of the record
};

uint64_t bytes_of(const fs::path& directory) {
  uint64_t sum = 0;
  if (!fs::is_directory(directory)) return 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) sum += entry.file_size();
  return sum;
}

/// The first `keep` mismatches of each bucket, the first of all buckets before the second of any.
std::vector<Candidate> candidates(sweep::Database& database, const std::string& run, uint64_t keep) {
  sweep::Statement all = database.prepare(
      "SELECT fine, i, case_id, seed, hash FROM (SELECT f.fine AS fine, f.i AS i, r.case_id, r.seed, r.hash, row_number() OVER (PARTITION BY f.fine ORDER BY "
      "f.i) AS "
      "place FROM failures f JOIN results r ON r.run=f.run AND r.i=f.i JOIN run_buckets b ON b.run=f.run AND b.fine=f.fine "
      "WHERE f.run=? AND r.verdict='mismatch' AND NOT EXISTS (SELECT 1 FROM artifacts a WHERE a.run=f.run AND a.i=f.i)) WHERE place<=? ORDER BY place, i");
  all.bind(run, keep);
  std::vector<Candidate> out;
  while (all.step())
    out.push_back(
        {all.text(0), static_cast<uint64_t>(all.integer(1)), static_cast<uint32_t>(all.integer(2)), static_cast<uint64_t>(all.integer(3)), all.text(4)});
  return out;
}

/// Whether the record in the directory is that of the sweep.
bool same_record(const fs::path& directory, const std::string& hash) {
  const fs::path file = directory / "mismatch.json";
  if (!fs::is_regular_file(file)) return false;
  const Json record = try_parse_json(read_file(file));
  return !record.is_discarded() && record_hash(record) == hash;
}

std::vector<std::string> command_of(const sweep::Case& one, uint64_t seed, const fs::path& out) {
  std::vector<std::string> argv{"/proc/self/exe", "run"};
  if (one.file.empty()) {
    argv.insert(argv.end(), {"--test", one.test});
  } else {
    argv.push_back(one.file);
  }
  argv.insert(argv.end(), {"--config", one.config, "--seed", seed_text(seed), "--timeout", fixed(one.timeout, 3), "--out", out.string()});
  if (!one.stall.empty()) argv.insert(argv.end(), {"--stall", one.stall});
  return argv;
}

/// Makes the vector of a failure smaller, beside its directory. Returns the bytes that it took.
uint64_t shrink_failure(const fs::path& directory, const Candidate& one, const std::string& run, sweep::Database& database, double seconds) {
  const std::string smaller = directory.string() + "-shrunk";
  const Waiting waiting("assay: making the vector of " + one.fine + " smaller");
  run_process({"/proc/self/exe", "shrink", directory.string(), "--out", smaller, "--timeout", fixed(seconds, 1)});
  const fs::path file = fs::path(smaller) / "mismatch.json";
  if (!fs::is_regular_file(file)) return 0;  // an expected value of the vector's own, for instance, has nothing to be left out
  const Json record = try_parse_json(read_file(file));
  const Json from = record.is_discarded() ? Json(nullptr) : record.value("shrunk_from", Json(nullptr));
  if (!from.is_object() || from.at("before") == from.at("after")) {  // it was the smallest already
    fs::remove_all(smaller);
    return 0;
  }
  database.prepare("INSERT OR REPLACE INTO shrunk VALUES(?,?,?,?)")
      .bind(run, one.index, "failures/" + fs::path(smaller).filename().string(), shrunk_text(from))
      .run();
  return bytes_of(smaller);
}

}  // namespace

void explain_failures(const sweep::Manifest& manifest, sweep::Database& database, const std::string& run, const SweepWork& work) {
  const fs::path folder = work.directory / "failures";
  uint64_t used = bytes_of(folder);
  sweep::Statement add = database.prepare("INSERT OR REPLACE INTO artifacts VALUES(?,?,?,?,?,?)");
  std::set<std::string> shrunk;
  double shrinking = 0;
  for (const Candidate& one : candidates(database, run, work.keep)) {
    if (interrupted()) return;
    if (used >= work.keep_bytes) {
      spdlog::warn("{} has its budget of {:.1f} GB: the other failures keep their reproduce lines", folder.string(),
                   static_cast<double>(work.keep_bytes) / 1e9);
      return;
    }
    const sweep::Case& which = manifest.cases.at(one.which);
    const std::string name = hex64(fnv1a(one.fine)).substr(0, 8) + "-" + std::to_string(one.index);
    const Waiting waiting("assay: running the first failure of " + one.fine + " again");
    fs::create_directories(folder);
    run_process(command_of(which, one.seed, folder / name));
    const bool same = same_record(folder / name, one.hash);
    const uint64_t bytes = bytes_of(folder / name);
    used += bytes;
    add.bind(run, one.fine, one.index, "failures/" + name, bytes, same ? 1 : 0).run();
    if (same) {
      if (shrinking < kShrinkSecondsInAll && shrunk.insert(one.fine).second && !interrupted()) {
        const auto begin = Clock::now();
        used += shrink_failure(folder / name, one, run, database, kShrinkSeconds);
        shrinking += std::chrono::duration<double>(Clock::now() - begin).count();
      }
      continue;
    }
    spdlog::warn("vector {} does not give the same record again: {} is flaky", one.index, one.fine);
    database.prepare("UPDATE run_buckets SET state='flaky' WHERE run=? AND fine=?").bind(run, one.fine).run();
    database.prepare("UPDATE buckets SET state='flaky' WHERE suite=? AND fine=?").bind(manifest.suite, one.fine).run();
  }
}

}  // namespace assay::cli
