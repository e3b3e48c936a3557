// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/common/fields.hpp"

namespace assay::npu {

/// C++ source of the adapter between one Verilated tile (class Vdut) and dut_abi.h: where each part of each field lies, by the RTL paths of
/// `rtl_map`, those of the floating-point tile when `floating`. Throws InputError when the map lacks a field.
std::string tile_adapter_source(const std::vector<Field>& fields, const std::filesystem::path& rtl_map, bool floating);

/// The same for a combinational bench module: its ports become the parts.
std::string unit_adapter_source(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs);

/// 16 hex digits over names, shapes, widths, classes and valid conditions.
std::string field_table_hash(const std::vector<Field>& fields);

}  // namespace assay::npu
