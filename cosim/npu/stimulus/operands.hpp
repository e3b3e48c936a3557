// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "cosim/npu/random_values.hpp"
#include "cosim/npu/stimulus/dials.hpp"
#include "model/common/command.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

/// Operand codes of one class for the stream of a LOAD_WEIGHTS or MATMUL, [rows][cols] (rows of weights, or beats): bytes of either sign on the integer
/// tile, codes of the command's format on a floating-point one.
std::vector<int32_t> operand_values(Values cls, const HwConfig& config, const Command& command, int rows, int cols, Random& random);

/// Stream bytes of such values.
std::vector<uint8_t> stream_bytes(const HwConfig& config, const Command& command, int rows, int cols, const std::vector<int32_t>& values);

/// A size for a dimension with this limit: what the shape says, at most `most`.
int draw_size(Shape shape, int limit, int most, Random& random);

/// Operand formats of a floating-point tile.
std::vector<Format> operand_formats_of(const HwConfig& config);

/// FP32 bits of a class, for biases.
uint32_t float_parameter(Values cls, Random& random);

}  // namespace assay::npu
