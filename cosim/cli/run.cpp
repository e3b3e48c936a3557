// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/run.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "cosim/cli/annotation.hpp"
#include "cosim/cli/commands.hpp"
#include "cosim/cli/dpi_run.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/failure.hpp"
#include "cosim/cli/html_report.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/junit.hpp"
#include "cosim/cli/out_directory.hpp"
#include "cosim/cli/outputs.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/recording_run.hpp"
#include "cosim/cli/report.hpp"
#include "cosim/cli/resync_json.hpp"
#include "cosim/cli/run_coverage.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/cli/wave_files.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/playback.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

void log_input(const RunInput& input) {
  spdlog::debug("config {} ({}), hash {}", input.config.name, input.config_path.string(), config_hash(input.config));
  spdlog::debug("test {}{}, seed {}", input.test, input.vector_file.empty() ? "" : " (" + input.vector_file.string() + ")", seed_text(input.seed));
  for (const Fault& fault : input.lockstep.faults) spdlog::debug("fault {}", fault.text);
}

/// A recording cannot go on where it ends: a run that wants to is not judged as one that was stopped by --cycles.
LockstepResult run_within(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, LockstepOptions lockstep) {
  if (!input.recording) return run_recording(target, options, input, lockstep);
  const uint64_t recorded = input.recording->cycles();
  const bool ends_first = lockstep.max_cycles == 0 || recorded < lockstep.max_cycles;
  if (ends_first) lockstep.max_cycles = recorded;
  lockstep.state_faults_applied = true;
  LockstepResult result = run_lockstep(target, lockstep);
  if (!ends_first || !result.truncated) return result;
  result.truncated = false;
  if (result.verdict != Verdict::Pass) return result;
  result.verdict = Verdict::Inconclusive;
  result.reason = "the recording ends after " + std::to_string(recorded) + " cycles, before the vector does";
  return result;
}

LockstepResult run_with_progress(npu::NpuTarget& target, const RunOptions& options, RunInput& input, Snapshots& snapshots) {
  uint64_t beats = 0;
  for (const npu::Phase& phase : input.program.phases) beats += phase.beats.size();
  RunProgress progress([&target, beats, max = input.lockstep.max_cycles](uint64_t cycle) {
    const double by_cycles = max == 0 ? -1.0 : static_cast<double>(cycle) / static_cast<double>(max);
    const uint64_t received = target.driver().beats_received();
    const bool counts = received < beats;  // after the last beat only the run's own end is left
    return std::max(by_cycles, counts ? static_cast<double>(received) / static_cast<double>(beats) : -1.0);
  });
  input.lockstep.on_progress = [&progress, &snapshots](uint64_t cycle) {
    progress.update(cycle);
    snapshots.update(cycle);
  };
  input.lockstep.interrupted = [] { return interrupted(); };
  target.load(input.program, input.seed);
  return run_within(target, options, input, input.lockstep);
}

/// Seconds between the copies of a run that it keeps of itself (engine/snapshots.hpp); 0: none, as there is nothing to trace.
double snapshot_seconds(const RunOptions& options, const RunInput& input) {
  if (options.no_rtl || input.recording) return 0;
  const char* text = std::getenv("ASSAY_SNAPSHOT_SECONDS");
  if (text == nullptr || *text == 0) return 60;
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  return *end == 0 && seconds >= 0 ? seconds : 60;
}

/// Without RTL no state is compared: a run that judged no output either says nothing.
void judge_outputs(const RunOptions& options, const RunInput& input, const npu::NpuTarget& target, LockstepResult& result) {
  if (!options.no_rtl || result.verdict != Verdict::Pass) return;
  const bool judged = result.truncated ? target.driver().beats_received() > 0 : planned_outputs(input.program) > 0;
  if (judged) return;
  result.verdict = Verdict::Inconclusive;
  result.reason = "nothing compared: no output was reached and there is no RTL";
}

int exit_code_of(const LockstepResult& result) {
  const int by_verdict = result.verdict == Verdict::Pass       ? kPass
                         : result.verdict == Verdict::Mismatch ? kMismatch
                         : result.verdict == Verdict::Error    ? kBuild
                                                               : kInconclusive;
  return worse(by_verdict, result.interrupted || interrupted() ? kInterrupted : kPass);
}

/// The directory that this run leaves, or nothing.
std::string directory_of(const RunOptions& options, const RunInput& input, const LockstepResult& result) {
  if (!options.out.empty()) return options.out;
  if (result.verdict != Verdict::Mismatch || !options.default_directory) return {};
  return "./assay-out/" + file_name_of(input.test) + "-" + seed_text(input.seed) + "-" + file_name_of(input.config.name);
}

/// `explained`: the files that go beside those of every run.
void write_results(const RunOptions& options, const RunInput& input, const Json& record, DirectoryFiles explained) {
  const Json& out = record["host"]["paths"]["out"];
  if (!out.is_null()) {
    DirectoryFiles files = directory_files(options, input, record);
    for (auto& file : explained) files.push_back(std::move(file));
    OutDirectory(out.get<std::string>()).replace(files);
  }
  if (!options.json.empty() && options.json != "-") write_file(options.json, json_text(record));
  if (!options.html.empty()) write_file(options.html, render_html(record));
  if (!options.junit.empty()) write_file(options.junit, render_junit(record));
}

void print_results(const RunOptions& options, const Json& record) {
  if (options.json == "-") std::fputs(json_text(record).c_str(), stdout);
  std::FILE* terminal = options.json == "-" ? stderr : stdout;
  std::fputs(render_report(record, style_for(fileno(terminal)), terminal_extent(record)).c_str(), terminal);
  if (annotates_github(options.annotate)) std::fputs(github_annotation(record).c_str(), stderr);
}

/// What the run did is written before it is explained: a limit, a signal or an error in the explanation takes nothing away.
/// Returns the files that go beside those of every run.
DirectoryFiles explain_run(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepResult& result, Snapshots* snapshots,
                           Json& record) {
  if (result.verdict == Verdict::Mismatch) {
    Json unexplained = record;
    unexplained["waves"] = nullptr;
    unexplained["waves_reason"] = "the run ended before it was explained";
    try {
      write_results(options, input, unexplained, {});
    } catch (const InputError&) {  // told when the whole is written
    }
  }
  DirectoryFiles files;
  try {
    const auto trace = trace_failure(target, input, result, snapshots);
    files = wave_files(target, options, input, result, trace, record);
    if (trace) {
      extend_recording(target, options, input, result, *trace);
      explain({options, input, result, *trace}, record);
    }
    if (options.resync) {
      if (auto causes = resync_json(target, input, result); !causes.is_null()) record["resync"] = std::move(causes);
    }
  } catch (const std::exception& error) {
    if (result.verdict != Verdict::Mismatch) throw;
    spdlog::warn("the run is not explained further: {}", error.what());
  }
  return files;
}

}  // namespace

std::unique_ptr<npu::NpuTarget> build_target(const RunOptions& options, const RunInput& input) {
  using Use = npu::NpuTarget::Use;
  if (options.no_rtl) return std::make_unique<npu::NpuTarget>(input.config, Use::ModelOnly);
  if (input.recording) return std::make_unique<npu::NpuTarget>(input.config, npu::play_back(*input.recording));
  std::unique_ptr<npu::NpuTarget> target;
  {
    const Waiting waiting("assay: building the RTL of " + input.config.name + " with verilator and " + npu::verilated_compiler());
    target = std::make_unique<npu::NpuTarget>(input.config, Use::Lockstep);
  }
  const npu::BuildInfo& build = target->build();
  spdlog::debug("RTL library {}{}", build.library.string(), build.cached ? ", from the cache" : "");
  if (!build.cached) {
    spdlog::info("RTL of {} built in {:.1f} s (verilator {:.1f} s, compiler {:.1f} s), kept for the next run", input.config.name,
                 build.verilate_seconds + build.compile_seconds, build.verilate_seconds, build.compile_seconds);
  }
  return target;
}

void check_destinations(const RunOptions& options) {
  check_path(options);
  annotates_github(options.annotate);
  check_waves_option(options.waves);
  if (!options.out.empty()) OutDirectory(options.out).check();
  const std::pair<const char*, std::string> files[] = {{"--json", options.json == "-" ? "" : options.json},
                                                       {"--html", options.html},
                                                       {"--junit", options.junit},
                                                       {"--record", options.record},
                                                       {"--coverage", options.coverage}};
  for (const auto& [option, file] : files) {
    if (file.empty()) continue;
    const fs::path folder = fs::absolute(file).parent_path();
    if (!fs::is_directory(file) && access(folder.c_str(), W_OK) == 0) continue;
    const std::string other = std::string(option) == "--json" ? ", or -" : "";
    throw InputError(std::string("command line:1: ") + option + ": '" + file + "' cannot be written, expected a file in a writable folder" + other);
  }
  if (options.resync && options.no_rtl) throw InputError("command line:1: --resync: stands beside --no-rtl, expected RTL whose values are taken over");
  if (!options.record.empty() && options.no_rtl) throw InputError("command line:1: --record: stands beside --no-rtl, expected RTL to be recorded");
}

namespace {

/// A run with what it leaves, wherever its lockstep was.
struct RunningPath {
  std::unique_ptr<dpi::ObservedState> state;  ///< of a simulation; the target stands on it
  std::unique_ptr<npu::NpuTarget> target;
  std::unique_ptr<Snapshots> snapshots;  ///< of a run in place
  LockstepResult result;
  double seconds = 0;
};

RunningPath run_on_path(const RunOptions& options, RunInput& input) {
  if (options.path == "dpi") {
    DpiRun run = run_in_bench(options, input);
    return {std::move(run.state), std::move(run.target), nullptr, std::move(run.result), run.seconds};
  }
  RunningPath path;
  path.target = build_target(options, input);
  const auto start = std::chrono::steady_clock::now();
  path.snapshots = std::make_unique<Snapshots>(*path.target, options_again(input), snapshot_seconds(options, input));
  RunCoverage covered(*path.target, options.coverage, input);
  path.result = run_with_progress(*path.target, options, input, *path.snapshots);
  covered.finish(path.result);
  path.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  judge_outputs(options, input, *path.target, path.result);
  return path;
}

}  // namespace

FinishedRun execute_run(const RunOptions& options, RunInput& input, const std::function<void(Json&)>& amend) {
  catch_interrupts();
  log_input(input);
  RunningPath path = run_on_path(options, input);
  const LockstepResult& result = path.result;
  FinishedRun done{exit_code_of(result), {}};
  done.record = make_record({options, input, *path.target, result, path.seconds, done.code});
  spdlog::debug("{} after {} cycles in {:.3f} s: {}", verdict_name(result.verdict), result.cycles, path.seconds, done.record["reason"].get<std::string>());
  const std::string directory = directory_of(options, input, result);
  if (!directory.empty()) done.record["host"]["paths"]["out"] = directory;
  if (amend) amend(done.record);
  // A mismatch is explained, and waves are made, in place.
  if (path.state && (result.verdict == Verdict::Mismatch || options.waves == "full")) path.target = build_target(options, input);
  DirectoryFiles explained = explain_run(*path.target, options, input, result, path.snapshots.get(), done.record);
  try {
    write_results(options, input, done.record, std::move(explained));
  } catch (const InputError& error) {
    done.record["exit"] = done.code = worse(done.code, kUsage);
    done.record["host"]["paths"]["out"] = nullptr;
    print_results(options, done.record);
    std::fprintf(stderr, "%s\n", error.what());
    return done;
  }
  print_results(options, done.record);
  return done;
}

int run_command(const RunOptions& options) {
  check_destinations(options);
  RunInput input = prepare_run(options);
  return execute_run(options, input).code;
}

}  // namespace assay::cli
