// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// UTC, 2024-07-17T12:34:56Z.
std::string utc_now();
/// The processor's model name.
std::string cpu_name();
/// First line of `program --version`, empty when there is no such program.
std::string tool_version(const std::string& program, const std::string& option = "--version");
/// Versions of what Verilated code is built with.
Json tool_versions();
/// Peak resident memory of this process.
uint64_t peak_memory_bytes();

const char* assay_version();

}  // namespace assay::cli
