// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cosim/cli/commands.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/failing_runs.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/out_directory.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/shrunk.hpp"
#include "cosim/cli/temporary_folder.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/vector_writer.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

/// What is being tried, on stderr: a line that changes on a terminal, one every ten seconds elsewhere.
class ShrinkProgress {
 public:
  ~ShrinkProgress() {
    if (shown_ && terminal_) std::fputs("\r\x1b[K", stderr);
  }
  void update(const char* stage, const npu::VectorSize& size, uint64_t cycle) {
    ++tries_;
    const auto now = Clock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10000))) return;
    last_ = now;
    shown_ = true;
    const std::string line = "shrink: " + std::string(stage) + ", try " + grouped(tries_) + ": " + grouped(size.items) + " items, " + grouped(size.commands) +
                             " commands, " + grouped(size.beats) + " beats, fails in cycle " + grouped(cycle);
    std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", line.c_str());
    std::fflush(stderr);
  }

 private:
  const bool terminal_ = progress_on_terminal();
  bool shown_ = false;
  uint64_t tries_ = 0;
  Clock::time_point last_ = Clock::now();
};

std::string first_text(const Mismatch& m) {
  return m.kind + " " + m.block + "." + m.field + index_text(m.index) + " in cycle " + std::to_string(m.cycle) +
         (m.rtl.empty() ? "" : ", RTL " + m.rtl + ", expected " + m.model);
}

/// One failing directory on its way to a smaller one.
class Shrinking {
 public:
  explicit Shrinking(const ShrinkOptions& options);
  int run();

 private:
  bool still_fails();
  npu::Shrunk smaller();
  FinishedRun write(const npu::Shrunk& shrunk);
  std::string out() const { return options_.out.empty() ? fs::path(options_.directory).lexically_normal().string() + "-shrunk" : options_.out; }

  const ShrinkOptions& options_;
  RecordedRun recorded_;
  std::unique_ptr<npu::NpuTarget> target_;
  std::optional<FailingRuns> runs_;
  npu::ShrinkCase start_;
  Signature wanted_;
  FirstFailure best_;
  FailureSize before_, after_;
  double limit_ = 0;
};

Shrinking::Shrinking(const ShrinkOptions& options) : options_(options), recorded_(load_directory(options.directory)) {
  RunOptions destinations;
  destinations.out = out();
  destinations.json = options.json;
  check_destinations(destinations);
  if (!options.timeout.empty()) limit_ = parse_seconds(options.timeout);
  const RunInput& input = recorded_.input;
  start_ = {*input.program.recipe, input.program.stall, input.seed, input.lockstep.faults};
}

/// Runs the vector as it stands; says so when it fails no more, or in another way than recorded.
bool Shrinking::still_fails() {
  const RunInput& input = recorded_.input;
  std::optional<FirstFailure> now;
  {
    const Waiting waiting("shrink: running the vector as it was recorded");
    now = runs_->run(start_, input.program, input.lockstep.max_cycles);
    // What only the look at every memory at the end of --cycles showed shows at the vector's own end, too.
    if (!now && runs_->last().verdict == Verdict::Mismatch) now = runs_->run(start_, input.program, 0);
  }
  if (!now) {
    const LockstepResult& r = runs_->last();
    std::fprintf(stderr, "shrink: the vector fails no more: %s after %s cycles%s; nothing is written\n", verdict_name(r.verdict), grouped(r.cycles).c_str(),
                 r.reason.empty() ? "" : (" (" + r.reason + ")").c_str());
    return false;
  }
  best_ = *now;
  wanted_ = now->signature;
  before_ = after_ = {npu::vector_size(input.program, input.config), now->first.cycle};
  const Json recorded = recorded_.record.value("signature", Json(nullptr));
  if (!recorded.is_null() && recorded != signature_json(wanted_)) {
    const auto full = [](const Json& signature) { return signature.value(signature.at("fine").is_null() ? "coarse" : "fine", ""); };
    std::fprintf(stderr, "shrink: fails in another way than recorded, and is made smaller as it fails now: %s, recorded %s\n",
                 full(signature_json(wanted_)).c_str(), full(recorded).c_str());
  }
  return true;
}

npu::Shrunk Shrinking::smaller() {
  const auto begin = Clock::now();
  ShrinkProgress progress;
  const HwConfig& config = recorded_.input.config;
  npu::ShrinkSteps steps;
  // The vector is to pass once the RTL is repaired.
  const bool to_write = target_->has_dut() && npu::writes_memory(recorded_.input.program, config);
  // What is left out may make the rest slower, but not by far: longer runs than that are hung.
  steps.fails = [&](const npu::ShrinkCase& c, const npu::Program& program) {
    if (to_write && !npu::writes_memory(program, config)) return false;
    auto found = runs_->run_for(c, program, 2 * best_.first.cycle + 4096, wanted_);
    if (!found) return false;
    best_ = std::move(*found);
    return true;
  };
  steps.stop = [&] { return interrupted() || (limit_ > 0 && std::chrono::duration<double>(Clock::now() - begin).count() > limit_); };
  steps.on_try = [&](const char* stage) { progress.update(stage, after_.vector, best_.first.cycle); };
  steps.on_better = [&](const npu::Program& program) { after_ = {npu::vector_size(program, config), best_.first.cycle}; };
  return npu::shrink(start_, config, steps);
}

/// Runs the smaller vector as its file reads and leaves its directory.
FinishedRun Shrinking::write(const npu::Shrunk& shrunk) {
  const RunInput& input = recorded_.input;
  const Json from = shrunk_json(recorded_.record, before_, after_, shrunk.complete);
  const std::string name = input.test.ends_with("_shrunk") ? input.test : input.test + "_shrunk";
  const npu::Program program = npu::plan(shrunk.best.recipe, input.config, name, shrunk.best.stall);
  const std::string head = "Made smaller by `assay shrink` from " + input.test + " on " + input.config.name + ", seed " + seed_text(input.seed) + ":\n" +
                           shrunk_text(from) + ".\nFails with " + (wanted_.fine.empty() ? wanted_.coarse : wanted_.fine) + ":\n" + first_text(best_.first) +
                           ".";
  const TemporaryFolder scratch;
  const npu::WrittenVector written = npu::write_vector(program, input.config, head);
  for (const auto& [file, bytes] : written.files) {
    fs::create_directories((scratch.path() / file).parent_path());
    write_file(scratch.path() / file, bytes);
  }
  write_file(scratch.path() / "repro.yaml", written.yaml);

  RunOptions options = recorded_.options;
  options.vector = (scratch.path() / "repro.yaml").string();
  options.stall.clear();
  options.cycles.clear();
  options.seed = seed_text(shrunk.best.seed);
  options.faults.clear();
  for (const Fault& fault : shrunk.best.faults) options.faults.push_back(fault.text);
  options.out = out();
  options.json = options_.json;
  options.command_line = options_.command_line;
  RunInput smaller = prepare_run(options);
  smaller.vector_head = head;
  smaller.vector_file = fs::path(out()) / "repro.yaml";
  const auto names = config_names();
  const bool shipped = std::find(names.begin(), names.end(), input.config.name) != names.end();
  if (shipped && config_hash(load_config(config_file(input.config.name))) == config_hash(input.config)) {
    smaller.config_argument = input.config.name;
  } else {
    smaller.config_argument = canonical_path(fs::path(out()) / "config.yaml");
  }
  return execute_run(options, smaller, [&from](Json& record) { record["shrunk_from"] = from; });
}

int Shrinking::run() {
  catch_interrupts();
  target_ = build_target(recorded_.options, recorded_.input);
  runs_.emplace(*target_);
  if (!still_fails()) return runs_->last().verdict == Verdict::Pass ? kPass : kInconclusive;
  const auto begin = Clock::now();
  const npu::Shrunk shrunk = smaller();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::fprintf(stderr, "shrink: %s candidates in %.1f s%s\n", grouped(shrunk.tried).c_str(), seconds,
               shrunk.complete ? ""
               : interrupted() ? ", interrupted: the best so far is kept"
                               : ", stopped by --timeout: the best so far is kept");
  return write(shrunk).code;
}

}  // namespace

int shrink_command(const ShrinkOptions& options) { return Shrinking(options).run(); }

}  // namespace assay::cli
