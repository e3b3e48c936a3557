// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/story_text.hpp"

#include <algorithm>

#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

/// An indented line below a label's; text that is too long goes on below itself.
std::string detail(const std::string& label, const std::string& text) {
  constexpr size_t kIndent = kReportLabel + 6;
  return pad_right("    " + label, kIndent) + wrapped(text, kReportColumns, kIndent) + "\n";
}

/// The end of a word that is too long for its place.
std::string shortened(const std::string& hex, size_t most) { return hex.size() <= most ? hex : "..." + hex.substr(hex.size() - (most - 3)); }

std::string operand_text(const Json& operand) {
  std::string text = pad_right(operand["name"].get<std::string>(), 20) + " 0x" + shortened(operand["hex"], 40);
  if (!operand["value"].is_null()) text += " = " + operand["value"].get<std::string>();
  return text;
}

}  // namespace

std::string report_line(const std::string& label, const std::string& text) {
  return pad_right("  " + label, kReportLabel) + wrapped(text, kReportColumns, kReportLabel) + "\n";
}

std::string operation_lines(const Json& record) {
  if (!record.contains("operation") || record["operation"].is_null()) return "";
  const Json& op = record["operation"];
  if (op["command"].is_null() && op["operands"].empty()) return "";
  std::string text = report_line("operation", op["text"]);
  for (const Json& operand : op["operands"]) text += detail(operand["role"], operand_text(operand));
  constexpr size_t kMost = 14;  // lines that leave the rest of the screen
  const Json& steps = op["steps"];
  for (size_t i = 0; i < steps.size() && i < kMost; ++i) text += detail(i == 0 ? "steps" : "", steps[i]);
  if (steps.size() > kMost) text += detail("", "... " + std::to_string(steps.size() - kMost) + " more in the record");
  return text;
}

std::string spread_line(const Json& record) {
  if (!record.contains("spread") || record["spread"].is_null()) return "";
  const Json& spread = record["spread"];
  constexpr size_t kFields = 6;
  const auto elements = spread["elements"].get<uint64_t>(), fields = spread["field_count"].get<uint64_t>();
  if (elements == 0) return "";
  std::string text = grouped(elements) + (elements == 1 ? " element" : " elements") + " of " + grouped(fields) + (fields == 1 ? " field" : " fields") +
                     " up to cycle " + grouped(spread["to"]) + ":";
  for (size_t i = 0; i < spread["fields"].size() && i < kFields; ++i) {
    const Json& field = spread["fields"][i];
    text += (i == 0 ? " " : ", ") + field["block"].get<std::string>() + "." + field["field"].get<std::string>() + " " + grouped(field["count"]) + " from " +
            grouped(field["first"]);
  }
  return report_line("spread", text + (fields > kFields ? ", " + grouped(fields - kFields) + " more" : ""));
}

std::string history_table(const Json& record) {
  if (!record.contains("history") || record["history"].is_null() || record["history"]["elements"].empty()) return "";
  const Json& history = record["history"];
  struct Column {
    std::string name;
    std::vector<std::string> cells;
    size_t width = 0;
  };
  std::vector<Column> columns;
  size_t width = kReportLabel, left_out = history["left_out"].get<size_t>();
  const size_t rows = history["elements"][0]["rtl"].size();
  for (const Json& element : history["elements"]) {
    Column column{element["name"], {}, 0};
    column.width = column.name.size();
    for (size_t i = 0; i < rows; ++i) {
      const auto side = [&](const char* key) { return element[key][i].is_null() ? std::string("-") : shortened(element[key][i], 16); };
      column.cells.push_back(side("rtl") + (element["xor"][i].is_null() ? "" : "/" + side("model")));
      column.width = std::max(column.width, column.cells.back().size());
    }
    const bool fits = columns.empty() || width + column.width + 2 <= kReportColumns;
    if (!fits) ++left_out;
    if (!fits) continue;
    width += column.width + 2;
    columns.push_back(std::move(column));
  }
  std::string text = "\n" + pad_right("  cycle", kReportLabel);
  for (const Column& column : columns) text += "  " + pad_left(column.name, column.width);
  text += "\n";
  for (size_t i = 0; i < rows; ++i) {
    const uint64_t cycle = history["from"].get<uint64_t>() + i;
    text += pad_right((cycle == history["cycle"] ? "> " : "  ") + grouped(cycle), kReportLabel);
    for (const Column& column : columns) text += "  " + pad_left(column.cells[i], column.width);
    text += "\n";
  }
  return text + "  (RTL; RTL/model where they differ" + (left_out == 0 ? "" : "; " + std::to_string(left_out) + " more in the record and the waves") + ")\n";
}

}  // namespace assay::cli
