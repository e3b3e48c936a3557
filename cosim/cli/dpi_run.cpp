// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/dpi_run.hpp"

#include <spdlog/spdlog.h>

#include "cosim/cli/progress.hpp"
#include "cosim/cli/temporary_folder.hpp"
#include "cosim/common/process.hpp"
#include "cosim/dpi/bench_builder.hpp"
#include "cosim/dpi/bench_run.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

dpi::BenchOrder order_of(const RunOptions& options, const RunInput& input, const fs::path& result) {
  dpi::BenchOrder order;
  order.config = fs::absolute(input.config_path).string();
  if (input.by_file) order.vector = fs::absolute(input.vector_file).string();
  order.test = input.by_file ? "" : input.test;
  order.seed = input.seed;
  order.stall = options.stall;
  order.max_cycles = input.lockstep.max_cycles;
  order.max_mismatches = input.lockstep.max_mismatches;
  order.timeout = input.lockstep.timeout_seconds;
  order.faults = options.faults;
  order.result = result.string();
  return order;
}

npu::BuildInfo build(const RunInput& input) {
  const Waiting waiting("assay: building the SystemVerilog bench of " + input.config.name + " with verilator and " + npu::verilated_compiler());
  return dpi::build_bench(input.config);
}

dpi::BenchOutcome simulate(const fs::path& program, const RunOptions& options, const RunInput& input) {
  const TemporaryFolder folder;
  const fs::path order = folder.path() / "run.json", result = folder.path() / "result.json";
  write_file(order, dpi::order_text(order_of(options, input, result)));
  const ProcessResult process = run_process({program.string(), "+assay_run=" + order.string()});
  spdlog::debug("simulation: exit {}\n{}", process.exit_code, process.output);
  if (!fs::exists(result)) throw BuildError("the simulation left no result (exit " + std::to_string(process.exit_code) + "):\n" + process.output);
  dpi::BenchOutcome outcome = dpi::read_outcome(result);
  if (!outcome.error.empty()) throw BuildError("the simulation could not be judged: " + outcome.error);
  return outcome;
}

}  // namespace

void check_path(const RunOptions& options) {
  if (options.path == "inplace") return;
  if (options.path != "dpi") throw InputError("command line:1: --path: is '" + options.path + "', expected inplace or dpi");
  const std::pair<const char*, bool> others[] = {
      {"--no-rtl", options.no_rtl}, {"--record", !options.record.empty()}, {"--coverage", !options.coverage.empty()}};
  for (const auto& [name, given] : others) {
    if (given) throw InputError(std::string("command line:1: ") + name + ": stands beside --path dpi, expected --path inplace for it");
  }
}

DpiRun run_in_bench(const RunOptions& options, const RunInput& input) {
  npu::BuildInfo info = build(input);
  if (!info.cached) spdlog::info("bench of {} built in {:.1f} s, kept for the next run", input.config.name, info.verilate_seconds + info.compile_seconds);
  dpi::BenchOutcome outcome = simulate(info.library, options, input);
  DpiRun run;
  run.result = std::move(outcome.result);
  run.seconds = outcome.seconds;
  run.cpu_seconds = outcome.cpu_seconds;
  run.state = std::make_unique<dpi::ObservedState>(input.config);
  run.target = std::make_unique<dpi::ObservedTarget>(input.config, *run.state);
  run.target->play(input.program, input.seed);
  run.target->adopt(std::move(info), std::move(outcome.results), outcome.beats);
  run.state->restore(outcome.observed);
  return run;
}

}  // namespace assay::cli
