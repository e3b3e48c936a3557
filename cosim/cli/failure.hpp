// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"
#include "cosim/engine/snapshots.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

/// A mismatch with what explains it: what was asked, what was found, both sides around the first divergence.
struct Failure {
  const RunOptions& options;
  const RunInput& input;
  const LockstepResult& result;
  const Trace& trace;  ///< cycles before and after the first divergence, as far as the run goes
};

/// The cycles that are looked at: long enough before the first divergence for a beat to pass through the whole tile, and as long after it.
struct TraceWindow {
  uint64_t from, to;
};
TraceWindow trace_window(const HwConfig& config, uint64_t first_divergence);

/// The run's options for doing it again to look at it: nothing but its own end stops it.
LockstepOptions options_again(const RunInput& input);

/// Runs the failing vector again and keeps the window around its first divergence; nothing without RTL or without a mismatch.
/// `snapshots`: copies of the run, the last of which goes on instead.
std::optional<Trace> trace_failure(npu::NpuTarget& target, const RunInput& input, const LockstepResult& result, Snapshots* snapshots = nullptr);

/// Adds to the record what the trace tells.
void explain(const Failure& failure, Json& record);

}  // namespace assay::cli
