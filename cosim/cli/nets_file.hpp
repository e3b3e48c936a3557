// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/cli/run_directory.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

inline constexpr const char* kNetsFile = "nets.fst";

/// Every net of the RTL in the cycles of `window`, from RTL that is built once more for it, as `nets.fst`; nothing, with a warning, where that fails.
DirectoryFiles nets_file(const npu::NpuTarget& target, const RunInput& input, const Trace& window);

}  // namespace assay::cli
