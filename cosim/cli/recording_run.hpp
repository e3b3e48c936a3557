// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/cli/run_options.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

/// Runs, and writes down what is observed where that was asked for.
LockstepResult run_recording(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepOptions& lockstep);

/// Writes the recording of a failing run anew, to the end of the window that explains the failure: `assay check` finds there what the run found.
void extend_recording(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepResult& result, const Trace& window);

}  // namespace assay::cli
