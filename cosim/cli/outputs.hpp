// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"
#include "cosim/npu/driver.hpp"

namespace assay::cli {

/// What came out of the pins: per job its shape, a hash of the values, how many arrived and how they stand to the vector's `expect`;
/// accuracy where labels.npy stands beside the vector.
Json outputs_json(const RunInput& input, const npu::Driver& driver);

/// Elements received per job, counted in the order of the expected beats; nothing when a reset inside the vector makes that unknown.
std::optional<std::vector<uint64_t>> received_elements(const npu::Program& program, uint64_t beats);

/// Outputs a run must bring: beats and responses.
uint64_t planned_outputs(const npu::Program& program);

}  // namespace assay::cli
