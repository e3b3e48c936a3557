// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/npu/program.hpp"

namespace assay::npu {

/// 16 hex digits over what goes into the pins: commands, stream data, resets and rests of every phase, not the stalls.
std::string program_hash(const Program& program);

}  // namespace assay::npu
