// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "cosim/npu/operand.hpp"
#include "cosim/npu/planner.hpp"
#include "cosim/npu/vector_yaml.hpp"

// The items of a vector's `program` list, and its stall profiles: internal to the loader.
namespace assay::npu {

/// `gemm: {…}`: plans it. A product of the other datapath than the config's is refused.
void read_gemm(const VectorNode& node, OperandReader& operands, Planner& planner);
void read_float_gemm(const VectorNode& node, OperandReader& operands, Planner& planner);

/// The job's `name`, or gemm<i>; fails when it stands twice.
std::string read_job_name(const VectorNode& node, const std::vector<Job>& jobs);

/// An operand format by name: one the config has, or `any` for its first.
Format read_operand_format(const VectorNode& node, const HwConfig& config);

/// A format of results by name: any of spec section 17.1, or `any` for the config's first.
Format read_output_format(const VectorNode& node, const HwConfig& config);

/// The config's operand formats in the order of their codes, `bf16, e4m3fn`.
std::string format_list(const HwConfig& config);

/// The keys of `gemm` that say which datapath it is for.
inline constexpr std::array<std::string_view, 7> kFloatKeys{"format", "a_format", "b_format", "entries", "bias", "relu", "output"};
inline constexpr std::array<std::string_view, 6> kIntegerKeys{"a_unsigned", "b_unsigned", "a_zero_point", "b_zero_point", "requant", "raw"};

/// `cmd: {…}`: one command with its stream data. `position` is its place in the program, the default tag.
void read_command(const VectorNode& node, OperandReader& operands, Planner& planner, size_t position);

/// `stall:` of a vector: a profile's name for all streams, or one profile per stream.
StallProfiles read_stall(const VectorNode& node);

/// none, light, heavy or burst; false when the name is another.
bool named_profile(std::string_view name, StallProfile& out);

}  // namespace assay::npu
