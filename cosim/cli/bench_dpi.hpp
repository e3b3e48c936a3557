// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/npu/bench.hpp"

namespace assay::cli {

/// Speed of the dense test in tb/npu_tile_tb.sv with the bound checker: simulator, driver, model and compare, without its start.
npu::Speed bench_dpi(const std::string& config, uint64_t cycles, int rounds);

}  // namespace assay::cli
