// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// Terminal colours, or none.
struct Style {
  bool colour = false;
  std::string good(const std::string& text) const { return paint("32;1", text); }
  std::string bad(const std::string& text) const { return paint("31;1", text); }
  std::string warn(const std::string& text) const { return paint("33;1", text); }
  std::string bold(const std::string& text) const { return paint("1", text); }
  std::string paint(const char* code, const std::string& text) const { return colour ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text; }
};

/// Colours when the stream is a terminal and NO_COLOR is not set.
Style style_for(int file_descriptor);

/// The essentials of a mismatch fit one screen; the whole report adds the tables below: history, comparisons, units.
enum class Extent : uint8_t { Essentials, Whole };

/// Whole where there is no report.txt that has the tables.
Extent terminal_extent(const Json& record);

/// 100 columns, from the record alone.
std::string render_report(const Json& record, const Style& style, Extent extent = Extent::Whole);

}  // namespace assay::cli
