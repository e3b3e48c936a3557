// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/rtl_map.hpp"

#include <yaml-cpp/yaml.h>

#include "cosim/common/pattern.hpp"
#include "cosim/common/process.hpp"
#include "model/common/config.hpp"

namespace assay::npu {
namespace fs = std::filesystem;
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

/// The file of a module: filename = module, one folder per block.
fs::path module_file(const fs::path& root, const std::string& module) {
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(root / "rtl", error)) {
    if (fs::is_regular_file(folder.path() / (module + ".sv"))) return folder.path() / (module + ".sv");
  }
  return {};
}

/// The source without its comments, its lines kept.
std::vector<std::string> code_lines(const fs::path& file) {
  std::vector<std::string> lines(1);
  const std::string text = read_file(file);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "//") == 0) i = std::min(text.find('\n', i), text.size() - 1);
    if (text[i] == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  return lines;
}

/// The module of an instance. A name may stand for two of them, the integer and the floating-point one (npu_fp_…); empty when there is none.
std::string module_of(const std::vector<std::string>& lines, const std::string& instance, bool floating) {
  const Pattern head(R"(^\s*(npu_\w+)\s+(#\(|u_))"), use("\\b" + instance + R"(\s*\()");
  std::string current, found;
  for (const std::string& line : lines) {
    if (const auto found_head = head.search(line); !found_head.empty()) current = found_head[1];
    if (!use.found_in(line) || current.empty()) continue;
    if (found.empty() || current.starts_with("npu_fp_") == floating) found = current;
  }
  return found;
}

/// The last line that gives the signal a value (the first may be its reset), else the first that names it; 0 when none does.
int line_of(const std::vector<std::string>& lines, const std::string& signal) {
  const Pattern named("\\b" + signal + "\\b"), given("\\b" + signal + R"(\b\s*(\[.*\])?\s*(<=|=[^=]))");
  int first = 0, last = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find(signal) == std::string::npos || !named.found_in(lines[i])) continue;
    if (first == 0) first = static_cast<int>(i) + 1;
    if (given.found_in(lines[i])) last = static_cast<int>(i) + 1;
  }
  return last != 0 ? last : first;
}

/// Instances are called u_…; generate blocks between them stay in the same file.
std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

RtlMap::RtlMap(const fs::path& file) {
  try {
    for (const auto& entry : YAML::LoadFile(file.string())) paths_[entry.first.as<std::string>()] = entry.second.as<std::string>();
  } catch (const YAML::Exception& error) {
    throw InputError(file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

/// A field's own entry, or that of its numbered family: skew_3 has the entry skew_{n} with n = 3.
std::string RtlMap::entry(const std::string& field, bool floating) const {
  for (const std::string& name : {floating ? "float." + field : field, field}) {
    if (const auto it = paths_.find(name); it != paths_.end()) return it->second;
    const size_t digits = name.find_last_not_of("0123456789") + 1;
    const auto it = paths_.find(name.substr(0, digits) + "{n}");
    if (it != paths_.end() && digits != name.size()) return replaced(it->second, "{n}", name.substr(digits));
  }
  return {};
}

std::string RtlMap::path(const std::string& field, bool floating) const { return replaced(entry(field, floating), "<datapath>", entry("datapath", floating)); }

std::optional<RtlPlace> rtl_place(const fs::path& root, const std::string& field, const std::vector<int64_t>& index, bool floating) {
  const fs::path map = root / "cosim/npu/rtl_map.yaml";
  if (!fs::is_regular_file(map)) return std::nullopt;
  std::string path = RtlMap(map).path(field, floating);
  if (path.empty()) return std::nullopt;
  const std::string part = std::to_string(index.empty() ? 0 : index[0]);
  for (const char* hole : {"@{r}", "{r}", "{c}", "{i}"}) path = replaced(path, hole, hole[0] == '@' ? "" : part);
  std::string module = "npu_tile";
  const std::vector<std::string> parts = split_path(path);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (!parts[i].starts_with("u_")) continue;
    const fs::path file = module_file(root, module);
    module = file.empty() ? "" : module_of(code_lines(file), parts[i], floating);
    if (module.empty()) return std::nullopt;
  }
  const fs::path file = module_file(root, module);
  if (file.empty()) return std::nullopt;
  const int line = line_of(code_lines(file), parts.back().substr(0, parts.back().find('[')));
  if (line == 0) return std::nullopt;
  return RtlPlace{file.lexically_relative(root).generic_string(), line, path};
}

}  // namespace assay::npu
