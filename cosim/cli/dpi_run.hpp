// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "cosim/cli/run_options.hpp"
#include "cosim/dpi/checker.hpp"

namespace assay::cli {

/// A run whose lockstep took place in a SystemVerilog simulation.
struct DpiRun {
  LockstepResult result;
  double seconds = 0;  ///< of the simulation, without building
  double cpu_seconds = 0;
  std::unique_ptr<dpi::ObservedState> state;    ///< as it was observed last
  std::unique_ptr<dpi::ObservedTarget> target;  ///< model, state and driver as they ended, for the record
};

/// Throws InputError when the options ask for what only the in-place path does.
void check_path(const RunOptions& options);

/// Builds tb/npu_tile_tb.sv for the config or finds it in the cache, and runs the input in it. Throws BuildError.
DpiRun run_in_bench(const RunOptions& options, const RunInput& input);

}  // namespace assay::cli
