// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/dut_builder.hpp"

namespace assay::dpi {

/// libassay_dpi.so beside this program: in the build tree or in an installation. Throws BuildError when it is in neither.
std::filesystem::path dpi_library();

/// The simulation of tb/npu_tile_tb.sv for a config, as a program, built with Verilator or found in the cache. Throws BuildError.
npu::BuildInfo build_bench(const HwConfig& config);

}  // namespace assay::dpi
