// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cosim/cli/annotation.hpp"
#include "cosim/cli/coverage_summary.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/sweep_plan.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/sweep_rtl_coverage.hpp"
#include "cosim/cli/sweep_run.hpp"
#include "cosim/cli/sweep_slurm.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/sweep/collector.hpp"
#include "cosim/sweep/run_folder.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMostShards = 100'000;

[[noreturn]] void wrong(const std::string& option, const std::string& text, const std::string& expected) {
  throw InputError("command line:1: " + option + ": is '" + text + "', expected " + expected);
}

/// 90, 90s, 10m, 8h.
double parse_duration(const std::string& option, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  const double scale = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (error != std::errc{} || scale == 0 || !(value > 0) || value * scale > 1e7) wrong(option, text, "a time like 90s, 10m or 8h");
  return value * scale;
}

/// Bytes with K, M or G behind them.
uint64_t parse_bytes(const std::string& option, const std::string& text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  const int shift = unit.empty() ? 0 : unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (error != std::errc{} || shift < 0 || value > (uint64_t{1} << 40)) wrong(option, text, "bytes, like 500M or 2G");
  return value << shift;
}

struct Shard {
  uint32_t number = 0, of = 1;
  bool given = false;
};

Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  const size_t slash = text.find('/');
  const std::string expected = "i/N with 0 <= i < N <= " + std::to_string(kMostShards);
  if (slash == std::string::npos) wrong("--shard", text, expected);
  const auto part = [&](const std::string& digits) {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) wrong("--shard", text, expected);
    return value;
  };
  const Shard shard{part(text.substr(0, slash)), part(text.substr(slash + 1)), true};
  if (shard.number >= shard.of || shard.of > kMostShards) wrong("--shard", text, expected);
  return shard;
}

/// What --shard says, else what a test runner that divides tests says in its environment (Bazel's and GoogleTest's variables).
Shard shard_of(const std::string& option) {
  const char *index = std::getenv("TEST_SHARD_INDEX"), *total = std::getenv("TEST_TOTAL_SHARDS");
  if (!option.empty() || index == nullptr || total == nullptr) return parse_shard(option);
  if (const char* status = std::getenv("TEST_SHARD_STATUS_FILE")) write_file(status, "");  // by being there it says that shards are known here
  return parse_shard(std::string(index) + "/" + total);
}

bool by_slurm(const std::string& launcher) {
  if (launcher != "local" && launcher != "slurm") wrong("--launcher", launcher, "local or slurm");
  return launcher == "slurm";
}

int workers_of(const std::string& jobs) {
  if (!jobs.empty()) return static_cast<int>(parse_count("-j", jobs, 1, sweep::Board::kSlots));
  return static_cast<int>(std::clamp<size_t>(std::thread::hardware_concurrency(), 1, sweep::Board::kSlots));
}

template <class Options>
SweepWork work_of(const Options& options) {
  SweepWork work;
  work.workers = workers_of(options.jobs);
  work.keep = parse_count("--keep", options.keep, 0, 3);
  work.keep_bytes = parse_bytes("--keep-size", options.keep_size);
  work.json = options.json, work.junit = options.junit, work.html = options.html;
  work.github = annotates_github(options.annotate);
  return work;
}

/// Throws unless the files that the report is asked for can be written.
void check_files(const std::string& json, const std::string& junit, const std::string& html) {
  RunOptions destinations;
  destinations.json = json, destinations.html = html, destinations.junit = junit;
  check_destinations(destinations);
}

/// A run of the same manifest is joined by a shard; a finished one is replaced; one in the middle of its work is not.
void prepare_directory(const fs::path& directory, const sweep::Manifest& manifest, bool join) {
  const fs::path run = directory / sweep::kManifestName;
  const auto refuse = [&](const std::string& what) { throw InputError("command line:1: --out: '" + directory.string() + "' " + what); };
  if (fs::exists(directory) && !fs::is_directory(directory)) refuse("is a file, expected a directory");
  if (fs::exists(run)) {
    const sweep::Manifest there = sweep::Manifest::load(directory);
    if (join && there.hash() == manifest.hash()) return;
    const bool finished = fs::exists(directory / "report.json");
    if (!finished) refuse("holds a run that is not finished, expected another directory, or `assay resume` to finish it");
    const sweep::FolderLock alone(directory / "collector.lock", "another sweep, resume or report");
    fs::remove(run);  // from here on it is no run
    for (const auto& entry : fs::directory_iterator(directory)) fs::remove_all(entry.path());
  } else if (fs::exists(directory) && !fs::is_empty(directory)) {
    refuse("holds files that assay did not write, expected a new or empty directory or one of a finished sweep");
  }
  fs::create_directories(directory);
  sweep::write_durably(run, json_text(manifest.json()));
}

}  // namespace

int sweep_command(const SweepOptions& options) {
  if (options.suite.empty()) throw InputError("command line:1: --suite: missing, expected a suite's name or file");
  if (options.out.empty()) throw InputError("command line:1: --out: missing, expected a directory for the run");
  if (!options.count.empty() && !options.time.empty()) throw InputError("command line:1: --time: given beside --count, expected one of them");
  const bool slurm = by_slurm(options.launcher);
  if (slurm && !options.shard.empty()) throw InputError("command line:1: --shard: given beside --launcher slurm, expected --shards for the number of tasks");
  if (!slurm && !options.shards.empty()) throw InputError("command line:1: --shards: given without --launcher slurm, expected --shard i/N for one shard");
  Shard shard = slurm ? Shard{} : shard_of(options.shard);
  if (slurm) shard.of = static_cast<uint32_t>(parse_count("--shards", options.shards.empty() ? "16" : options.shards, 1, kMostShards));
  SweepWork work = work_of(options);
  check_files(options.json, options.junit, options.html);
  sweep::Manifest manifest = make_manifest(suite_file(options.suite));
  if (!options.seed.empty()) manifest.seed = parse_count("--seed", options.seed, 0);
  if (!options.count.empty()) manifest.count = parse_count("--count", options.count, 1, uint64_t{1} << 40);
  manifest.endless = !options.time.empty();
  manifest.shards = shard.of;
  manifest.host = {
      {"date", utc_now()}, {"command", options.command_line}, {"root", fs::absolute(project_root()).lexically_normal().string()}, {"cpu", cpu_name()}};
  manifest.host["assay"] = assay_version();
  manifest.host["seconds"] = options.time.empty() ? 0.0 : parse_duration("--time", options.time);
  manifest.host["database"] = options.database.empty() ? "" : fs::absolute(options.database).string();
  if (options.coverage != "on" && options.coverage != "off") wrong("--coverage", options.coverage, "on or off");
  if (options.coverage == "on") plan_coverage(manifest);
  if (!options.rtl_coverage.empty()) manifest.host["rtl_coverage"] = parse_part(options.rtl_coverage);
  if (manifest.cases.empty()) {
    std::fprintf(stderr, "assay: the suite selects nothing\n");
    return kNothing;
  }
  manifest.plan();  // says what is wrong with the count before anything is written
  work.directory = fs::absolute(options.out);
  if (shard.given && shard.of > 1) work.shard = shard.number;
  prepare_directory(work.directory, manifest, work.shard.has_value());
  if (slurm) return submit_to_slurm(manifest, work.directory);
  return work_on_sweep(work.shard ? sweep::Manifest::load(work.directory) : manifest, work);
}

int resume_command(const ResumeOptions& options) {
  SweepWork work = work_of(options);
  check_files(options.json, options.junit, options.html);
  work.directory = fs::absolute(options.directory);
  const sweep::Manifest manifest = sweep::Manifest::load(work.directory);
  const auto same = [&](const std::string& what, const std::string& then, const std::string& now) {
    if (then != now) throw InputError("command line:1: DIR: " + what + " is " + now + ", the run began with " + then + "; expected the same, or a new sweep");
  };
  same("the RTL's source hash", manifest.sources, npu::rtl_source_hash());
  same("the hash of assay itself", manifest.program, program_file_hash());
  if (by_slurm(options.launcher)) return submit_to_slurm(manifest, work.directory);
  if (const Shard shard = parse_shard(options.shard); shard.given) {
    if (shard.of != manifest.shards) wrong("--shard", options.shard, "i/" + std::to_string(manifest.shards) + ", as the run was divided");
    if (shard.of > 1) work.shard = shard.number;
  }
  return work_on_sweep(manifest, work);
}

int report_sweep_directory(const SweepReportOptions& options) {
  check_files(options.json, options.junit, options.html);
  SweepWork work;
  work.directory = fs::absolute(options.directory);
  work.json = options.json, work.junit = options.junit, work.html = options.html;
  work.github = annotates_github(options.annotate);
  const sweep::Manifest manifest = sweep::Manifest::load(work.directory);
  const sweep::Plan plan = manifest.plan();
  const sweep::FolderLock alone(work.directory / "collector.lock", "another sweep, resume or report");
  const sweep::RunFolder folder(work.directory, manifest.hash());
  sweep::Database database(database_of(manifest, work.directory));
  sweep::Collector collector(database, manifest, run_name(manifest));
  sweep::CoverageTally tally(manifest);
  for (const sweep::Chunk chunk : folder.missing(plan, std::nullopt))
    if (collector.has(chunk)) collector.drop(chunk, plan);
  for (const sweep::Chunk chunk : folder.chunks().present(false)) {
    std::string problem;
    const auto lines = folder.chunks().read(chunk, plan, &problem);
    if (lines) {
      collector.add(chunk, *lines);
      tally.add(*lines);
      continue;
    }
    std::fprintf(stderr, "assay: %s; its vectors count as missing\n", problem.c_str());
    collector.drop(chunk, plan);
  }
  collector.count();
  const int code = report_sweep(manifest, folder, database, tally, work, false);
  if (rtl_part(manifest) > 0 && !rtl_is_covered(work.directory) && folder.missing(plan, std::nullopt).empty()) cover_rtl(manifest, work, rtl_part(manifest));
  return code;
}

int sweep_worker_main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) throw InputError("command line:1: sweep-worker: is started by `assay sweep` alone");
  const sweep::Manifest manifest = sweep::Manifest::load(arguments[0]);
  const sweep::Plan plan = manifest.plan();
  const sweep::ChunkFiles files(fs::path(arguments[0]) / "chunks", manifest.hash());
  sweep::Board board(static_cast<int>(parse_count("sweep-worker", arguments[2], 0, INT32_MAX)));
  std::optional<uint64_t> resume;
  if (arguments.size() > 3) resume = parse_count("sweep-worker", arguments[3], 0);
  VectorRunner runner(manifest);
  try {
    sweep::work(plan, files, board, parse_count("sweep-worker", arguments[1], 0, sweep::Board::kSlots - 1), resume,
                [&](uint64_t index, const sweep::PlannedVector& vector) { return runner.run(index, vector); });
  } catch (const sweep::StorageError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return sweep::kWorkerStorage;
  }
  return kPass;
}

}  // namespace assay::cli
