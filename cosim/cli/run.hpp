// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

/// Throws InputError when a destination of the run cannot be written: said before the run, not after it.
void check_destinations(const RunOptions& options);

struct FinishedRun {
  int code = 0;
  Json record;
};

/// What the run needs besides its input: the RTL, built or found in the cache, the recording in its place, or the model alone.
std::unique_ptr<npu::NpuTarget> build_target(const RunOptions& options, const RunInput& input);

/// Builds what the run needs, runs it, prints its report and leaves what it is to leave. `amend` adds to the record what the caller knows.
FinishedRun execute_run(const RunOptions& options, RunInput& input, const std::function<void(Json&)>& amend = {});

}  // namespace assay::cli
