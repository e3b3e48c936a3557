// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "cosim/cli/run_options.hpp"

namespace assay::cli {

/// Throws InputError when a destination of the run cannot be written: said before the run, not after it.
void check_destinations(const RunOptions& options);

struct FinishedRun {
  int code = 0;
  nlohmann::ordered_json record;
};

/// Builds what the run needs, runs it, prints its report and leaves what it is to leave.
FinishedRun execute_run(const RunOptions& options, RunInput& input);

}  // namespace assay::cli
