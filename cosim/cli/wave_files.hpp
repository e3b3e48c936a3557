// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/cli/failure.hpp"

#include "cosim/common/json.hpp"

namespace assay::cli {

/// Throws InputError unless `waves` is a value of --waves.
void check_waves_option(const std::string& waves);

/// Adds `waves` to the record of a mismatch, or of any run whose waves were asked for in full, and returns the wave file with the save file that
/// opens it. Nothing is returned when the run leaves no directory. `trace`: the window of a mismatch, if it has one.
DirectoryFiles wave_files(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepResult& result,
                          const std::optional<Trace>& trace, Json& record);

}  // namespace assay::cli
