// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"
#include "cosim/npu/program.hpp"
#include "model/common/config.hpp"

namespace assay::cli {

/// Key `operation` of a mismatch record: the command and beat that made the first diverging value, its operands and the arithmetic step by step.
Json operation_json(const HwConfig& config, const npu::Program& program, const Trace& trace, const Mismatch& first);

}  // namespace assay::cli
