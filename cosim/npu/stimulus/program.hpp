// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/stimulus/dials.hpp"

namespace assay::npu {

inline constexpr int kProgramCommands = 250, kLongProgramCommands = 4000;

/// A program of scenes (docs/stimulus.md) of at least `commands` commands: a pure function of config, seed and dials.
Program make_program(const HwConfig& config, uint64_t seed, const Dials& dials, int commands);

/// The profile of one stream for a setting; bursts and long holds draw their lengths.
StallProfile stall_profile(Stall stall, Random& random);

}  // namespace assay::npu
