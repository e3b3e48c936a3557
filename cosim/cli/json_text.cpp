// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/record.hpp"

#include <algorithm>

namespace assay::cli {
namespace {

std::string flat(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

void write(const Json& json, size_t depth, std::string& out) {
  const bool row = json.is_array() && std::none_of(json.begin(), json.end(), [](const Json& j) { return j.is_structured(); });
  if (!json.is_structured() || json.empty() || row) {
    if (!row || json.empty()) {
      out += flat(json);
      return;
    }
    const char* before = "[";
    for (const Json& item : json) {
      out += before + flat(item);
      before = ", ";
    }
    out += "]";
    return;
  }
  const std::string line = "\n" + std::string(2 * depth + 2, ' ');
  out += json.is_object() ? '{' : '[';
  bool is_first = true;
  for (const auto& [key, value] : json.items()) {
    out += (is_first ? "" : ",") + line;
    if (json.is_object()) out += flat(key) + ": ";
    write(value, depth + 1, out);
    is_first = false;
  }
  out += "\n" + std::string(2 * depth, ' ') + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string json_text(const Json& json) {
  std::string text;
  write(json, 0, text);
  return text + "\n";
}

}  // namespace assay::cli
