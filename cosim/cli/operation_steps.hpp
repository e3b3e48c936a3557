// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/engine/trace.hpp"
#include "cosim/npu/operation.hpp"
#include "model/common/config.hpp"

namespace assay::cli {

/// How the operation's operands give the model's value of the element in `cycle`, step by step, as `calc --explain` tells it. When the steps end at
/// another value than the model's, the last line says so.
std::vector<std::string> operation_steps(const HwConfig& config, const Trace& trace, const npu::Operation& operation, const ElementRef& element,
                                         uint64_t cycle);

}  // namespace assay::cli
