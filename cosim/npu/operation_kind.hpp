// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/npu/operation.hpp"

namespace assay::npu {

/// What an operation does, without where, when and with which data: UNIT, UNIT.RULE or UNIT.RULE:FORMAT, such as matmul.mac:uint8, matmul.overwrite,
/// activation.scale:single, load.hold; "none" where no unit makes the value. The format, or mode, is that of the command, and stands only where the rule
/// reads it, so that failures which differ in what does not matter are of one kind.
std::string operation_kind(const HwConfig& config, const Operation& operation);

}  // namespace assay::npu
