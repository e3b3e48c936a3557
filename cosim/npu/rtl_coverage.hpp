// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cosim/npu/dut_builder.hpp"

namespace assay::npu {

/// The tile of a config built again with Verilator's line and toggle coverage: a library of its own beside the plain one, several times slower. Its bits are
/// the same. Throws BuildError.
BuildInfo build_covered_tile(const HwConfig& config, const std::vector<Field>& fields);

/// Writes what an instance out of such a library has counted, as verilator_coverage reads it. Throws BuildError.
void write_rtl_coverage(const std::filesystem::path& library, void* instance, const std::filesystem::path& file);

/// Flags of Verilator for it, and what the generated adapter has more.
std::vector<std::string> rtl_coverage_flags();
std::string rtl_coverage_adapter();

}  // namespace assay::npu
