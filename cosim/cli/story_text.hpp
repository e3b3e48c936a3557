// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

inline constexpr size_t kReportColumns = 100, kReportLabel = 14;

/// A line of the report: a label, and text broken at the screen's width.
std::string report_line(const std::string& label, const std::string& text);

/// The operation in flight: command and place, operands, arithmetic. Empty for a record without it.
std::string operation_lines(const Json& record);

/// Which elements differ from the first divergence on, by field. Empty for a record without it.
std::string spread_line(const Json& record);

/// The cycles before the first divergence as a table, as many elements as stand side by side. Empty for a record without it.
std::string history_table(const Json& record);

}  // namespace assay::cli
