// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_run.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <set>

#include "cosim/cli/coverage_live.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/cli/sweep_live.hpp"
#include "cosim/cli/sweep_report.hpp"
#include "cosim/cli/sweep_rtl_coverage.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/sweep/collector.hpp"
#include "cosim/sweep/run_folder.hpp"
#include "cosim/sweep/storage.hpp"
#include "cosim/sweep/supervisor.hpp"
#include "model/tile/tile.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// Before the workers start, so that they find the libraries in the cache and a broken RTL is told once.
void build_libraries(const sweep::Manifest& manifest) {
  for (const sweep::Build& build : manifest.builds) {
    const HwConfig config = load_config(config_file(build.config));
    if (config_hash(config) != build.hash) {
      throw InputError("command line:1: DIR: config " + build.config + " is not what the run began with, expected hash " + build.hash);
    }
    const Tile model(config);
    const Waiting waiting("assay: building the RTL of " + config.name + " with verilator and " + npu::verilated_compiler());
    npu::build_tile(config, model.fields());
  }
}

/// A worker has its timeout inside; the watchdog is for what never comes back from the RTL.
double patience_of(const sweep::Case& one) { return one.timeout * 1.5 + 1; }

class SweepWorker {
 public:
  SweepWorker(const sweep::Manifest& manifest, const SweepWork& work)
      : manifest_(manifest), work_(work), plan_(manifest.plan()), folder_(work.directory, manifest.hash()), tally_(manifest) {}

  int run();

 private:
  void lock();
  void open_database();
  sweep::Ending supervise(const std::vector<sweep::Chunk>& todo);
  void collect();
  int finish(sweep::Ending ending);
  double seconds_left() const;

  const sweep::Manifest& manifest_;
  const SweepWork& work_;
  sweep::Plan plan_;
  sweep::RunFolder folder_;
  std::vector<std::unique_ptr<sweep::FolderLock>> locks_;
  std::unique_ptr<sweep::Database> database_;
  std::unique_ptr<sweep::Collector> collector_;
  std::set<sweep::Chunk> collected_;
  sweep::CoverageTally tally_;
  double seconds_ = 0;
  std::unique_ptr<LiveCoverage> live_coverage_;
  uint64_t failure_kinds_ = 0;  ///< in collected chunks
  double covered_ = -1;         ///< per cent of the bins hit in collected chunks; below 0: none sampled
};

void SweepWorker::lock() {
  if (!work_.shard) locks_.push_back(std::make_unique<sweep::FolderLock>(work_.directory / "collector.lock", "another sweep, resume or report"));
  for (uint32_t s = 0; s < manifest_.shards; ++s) {
    if (work_.shard && *work_.shard != s) continue;
    locks_.push_back(std::make_unique<sweep::FolderLock>(folder_.shard_lock(s), "a run of shard " + std::to_string(s)));
  }
}

void SweepWorker::open_database() {
  if (work_.shard) return;
  database_ = std::make_unique<sweep::Database>(database_of(manifest_, work_.directory));
  collector_ = std::make_unique<sweep::Collector>(*database_, manifest_, run_name(manifest_));
  live_coverage_ = std::make_unique<LiveCoverage>(manifest_, coverage_spaces(manifest_), waivers_of(default_waivers()), coverage_day(manifest_));
}

void SweepWorker::collect() {
  if (!collector_) return;
  for (const sweep::Chunk chunk : folder_.chunks().present(false)) {
    if (collected_.contains(chunk)) continue;
    std::string problem;
    const auto lines = folder_.chunks().read(chunk, plan_, &problem);
    if (lines) {
      collector_->add(chunk, *lines);
      tally_.add(*lines);
      collected_.insert(chunk);
    }
  }
  covered_ = live_coverage_->percent(tally_);
  failure_kinds_ = collector_->failure_kinds();
}

double SweepWorker::seconds_left() const {
  const double all = manifest_.host.value("seconds", 0.0);
  return all <= 0 ? 0 : std::max(0.001, all - folder_.seconds_used());
}

sweep::Ending SweepWorker::supervise(const std::vector<sweep::Chunk>& todo) {
  const bool fresh = plan_.endless() && !folder_.over(work_.shard.value_or(0)) && (work_.shard || manifest_.shards == 1);
  if (todo.empty() && !fresh) return sweep::Ending::Done;
  build_libraries(manifest_);
  const uint32_t shard = work_.shard.value_or(0);
  sweep::Board board(todo, fresh, {shard, folder_.next_chunk(shard)});
  sweep::SuperviseOptions options;
  options.workers = static_cast<int>(fresh ? work_.workers : std::min<int64_t>(work_.workers, static_cast<int64_t>(todo.size())));
  options.seconds = seconds_left();
  options.command = [this](size_t slot, int descriptor, std::optional<uint64_t> resume) {
    std::vector<std::string> argv{"assay", "sweep-worker", work_.directory.string(), std::to_string(slot), std::to_string(descriptor)};
    if (resume) argv.push_back(std::to_string(*resume));
    return argv;
  };
  options.patience = [this](uint64_t index) { return patience_of(manifest_.cases[plan_.at(index).which]); };
  options.lost_line = [this](uint64_t index, const sweep::Loss& loss) { return lost_line(manifest_, index, plan_.at(index), loss); };
  options.interrupted = [] { return interrupted(); };
  options.log = work_.directory / "workers.log";
  uint64_t planned = 0;
  for (const sweep::Chunk chunk : todo) planned += plan_.indices(chunk).size();
  for (const sweep::Chunk chunk : todo) planned -= folder_.chunks().salvage(chunk, plan_).size();
  SweepProgress progress(fresh ? 0 : planned, options.seconds);
  uint64_t sealed = 0;
  options.tick = [&](const sweep::Live& live) {
    if (live.sealed != sealed) collect();
    sealed = live.sealed;
    progress.update(live, failure_kinds_, covered_);
  };
  sweep::Supervisor supervisor(plan_, folder_.chunks(), board, options);
  const sweep::Ending ending = supervisor.run();
  seconds_ = supervisor.live().seconds;
  folder_.add_seconds(seconds_);
  if (fresh && (ending == sweep::Ending::TimeOver || ending == sweep::Ending::Done)) folder_.mark_over(shard);
  return ending;
}

int SweepWorker::finish(sweep::Ending ending) {
  if (ending == sweep::Ending::StorageFull) throw sweep::StorageError(work_.directory.string() + ": no space left for results");
  if (ending == sweep::Ending::CannotStart) {
    throw BuildError("the workers of the sweep do not start; their log is " + (work_.directory / "workers.log").string());
  }
  if (collector_) collector_->set_state(ending == sweep::Ending::Interrupted ? "interrupted" : "ended", seconds_);
  if (ending == sweep::Ending::Interrupted) {
    std::fprintf(stderr, "assay: interrupted; `assay resume %s` goes on\n", work_.directory.c_str());
    return kInterrupted;
  }
  if (work_.shard) return report_shard(manifest_, folder_, *work_.shard);
  const int code = report_sweep(manifest_, folder_, *database_, tally_, work_, true);
  if (rtl_part(manifest_) > 0) cover_rtl(manifest_, work_, rtl_part(manifest_));
  return code;
}

int SweepWorker::run() {
  catch_interrupts();
  signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of write()
  lock();
  for (const std::string& problem : folder_.set_aside_bad_chunks(plan_)) spdlog::warn("{}; set aside, its vectors run again", problem);
  open_database();
  const std::vector<sweep::Chunk> todo = folder_.missing(plan_, work_.shard);
  if (collector_)
    for (const sweep::Chunk chunk : todo)
      if (collector_->has(chunk)) collector_->drop(chunk, plan_);
  collect();
  const sweep::Ending ending = supervise(todo);
  collect();
  return finish(ending);
}

}  // namespace

fs::path database_of(const sweep::Manifest& manifest, const fs::path& directory) {
  const std::string file = manifest.host.value("database", "");
  return file.empty() ? directory / "results.db" : fs::path(file);
}

std::string run_name(const sweep::Manifest& manifest) { return manifest.host.value("date", "") + "-" + manifest.hash(); }

int work_on_sweep(const sweep::Manifest& manifest, const SweepWork& work) { return SweepWorker(manifest, work).run(); }

}  // namespace assay::cli
