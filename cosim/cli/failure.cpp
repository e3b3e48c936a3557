// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/failure.hpp"

#include <spdlog/spdlog.h>

#include "cosim/cli/diagnosis_json.hpp"
#include "cosim/cli/history_json.hpp"
#include "cosim/cli/interrupt.hpp"
#include "cosim/cli/operation_json.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/signature.hpp"
#include "cosim/cli/skew_json.hpp"
#include "cosim/cli/spread_json.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {}  // namespace

/// A beat passes the array in R·L + C cycles, accumulators and activation unit in a dozen; twice that for the beat and what it met.
TraceWindow trace_window(const HwConfig& config, uint64_t first_divergence) {
  const uint64_t pass = static_cast<uint64_t>(config.rows * config.pe_latency + config.cols);
  const uint64_t before = 64 + 2 * pass, after = 32 + 2 * pass;
  return {first_divergence < before ? 0 : first_divergence - before, first_divergence + after};
}

LockstepOptions options_again(const RunInput& input) {
  LockstepOptions options = input.lockstep;
  options.interrupted = [] { return interrupted(); };
  options.timeout_seconds = 0;  // as far as the run came in its time
  if (input.recording) {
    options.max_cycles = input.recording->cycles();
    options.state_faults_applied = true;
  }
  return options;
}

/// The window from a copy of the run; nothing without one that is old enough.
std::optional<Trace> trace_from(Snapshots& snapshots, const TraceWindow& window) {
  if (snapshots.count() == 0) return std::nullopt;
  const Waiting waiting("assay: going on from a snapshot to the first divergence");
  auto trace = snapshots.trace(window.from, window.to);
  if (trace) spdlog::info("the cycles around the first divergence come from a snapshot at cycle {}", grouped(snapshots.used()));
  return trace;
}

std::optional<Trace> trace_failure(npu::NpuTarget& target, const RunInput& input, const LockstepResult& result, Snapshots* snapshots) {
  if (!target.has_dut() || result.mismatches.empty()) return std::nullopt;
  const TraceWindow window = trace_window(input.config, result.mismatches[0].cycle);
  if (snapshots != nullptr) {
    auto trace = trace_from(*snapshots, window);
    if (trace && !trace->empty()) return trace;
  }
  RunProgress progress([to = window.to](uint64_t cycle) { return static_cast<double>(cycle) / static_cast<double>(to); }, "again, traced");
  LockstepOptions options = options_again(input);
  options.on_progress = [&progress](uint64_t cycle) { progress.update(cycle); };
  target.renew();
  target.load(input.program, input.seed);
  Trace trace = trace_run(target, options, window.from, window.to);
  if (trace.empty()) return std::nullopt;
  return trace;
}

void explain(const Failure& failure, Json& record) {
  const Mismatch& first = failure.result.mismatches.front();
  record["signature"] = signature_json(signature_of(failure.input.config, failure.input.program, first, failure.trace));
  record["skew"] = skew_json(failure.trace, first);
  record["operation"] = operation_json(failure.input.config, failure.input.program, failure.trace, first);
  record["diagnosis"] = diagnosis_json(failure.input.config, failure.trace);
  record["history"] = history_json(failure.input.config, failure.trace, first);
  record["spread"] = spread_json(failure.trace, first);
}

}  // namespace assay::cli
