// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/operand.hpp"
#include "cosim/npu/planner.hpp"
#include "cosim/npu/vector_yaml.hpp"

// The items of a vector's `program` list, and its stall profiles: internal to the loader.
namespace assay::npu {

/// `gemm: {…}`: plans it.
void read_gemm(const VectorNode& node, OperandReader& operands, Planner& planner);

/// `cmd: {…}`: one command with its stream data. `position` is its place in the program, the default tag.
void read_command(const VectorNode& node, OperandReader& operands, Planner& planner, size_t position);

/// `stall:` of a vector: a profile's name for all streams, or one profile per stream.
StallProfiles read_stall(const VectorNode& node);

/// none, light, heavy or burst; false when the name is another.
bool named_profile(std::string_view name, StallProfile& out);

}  // namespace assay::npu
