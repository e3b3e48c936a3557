// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::cli {

/// Key `resync` of a record: the elements in which the RTL leaves the rules by itself, from the first divergence to the end of the run. Runs the vector
/// once more; null when it did not end in a mismatch with RTL.
Json resync_json(npu::NpuTarget& target, const RunInput& input, const LockstepResult& result);

/// The causes for the terminal; empty for a record without them.
std::string resync_lines(const Json& record);

}  // namespace assay::cli
