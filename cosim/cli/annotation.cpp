// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/annotation.hpp"

#include <cstdlib>

#include "model/common/config.hpp"

namespace assay::cli {
namespace {

/// The runner ends a message at the end of a line, a property also at ',' and ':'.
std::string escaped(const std::string& text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string value_of(const Json& m, const char* side) {
  if (m.at(side).is_null()) return "nothing";
  const Json& decoded = m.at("decoded");
  const std::string hex = "0x" + m.at(side).get<std::string>();
  return decoded.is_null() ? hex : decoded.at(side).at("value").get<std::string>() + " (" + hex + ")";
}

std::string message(const Json& r) {
  std::string text = r.at("reason");
  const Json& m = r.at("first");
  if (!m.is_null() && m.at("kind") != "assertion") text += ": RTL " + value_of(m, "rtl") + ", model " + value_of(m, "model");
  if (r.contains("skew") && r["skew"].is_object() && r["skew"].contains("text")) text += "\n" + r["skew"]["text"].get<std::string>();
  return text + "\nreproduce: " + r.at("reproduce").get<std::string>();
}

/// ` file=…,line=…`, or nothing when neither the RTL nor a vector is known.
std::string place(const Json& r) {
  const Json& source = r.at("host").value("source", Json(nullptr));
  if (source.is_object()) return "file=" + escaped(source.at("file"), true) + ",line=" + std::to_string(source.at("line").get<int>()) + ",";
  const Json& vector = r.at("host").at("paths").at("vector");
  return vector.is_null() ? "" : "file=" + escaped(vector, true) + ",";
}

}  // namespace

std::string github_annotation(const Json& r) {
  if (r.at("verdict") == "pass") return {};
  const std::string title =
      "assay " + r.at("verdict").get<std::string>() + ": " + r.at("test").get<std::string>() + " on " + r.at("config").at("name").get<std::string>();
  const char* command = r.at("verdict") == "mismatch" ? "error" : "warning";
  return std::string("::") + command + " " + place(r) + "title=" + escaped(title, true) + "::" + escaped(message(r), false) + "\n";
}

std::string annotation_line(const std::string& command, const std::string& title, const std::string& text) {
  return "::" + command + " title=" + escaped(title, true) + "::" + escaped(text, false) + "\n";
}

bool annotates_github(const std::string& option) {
  if (!option.empty() && option != "github" && option != "none") {
    throw InputError("command line:1: --annotate: is '" + option + "', expected github or none");
  }
  if (!option.empty()) return option == "github";
  const char* actions = std::getenv("GITHUB_ACTIONS");
  return actions != nullptr && std::string(actions) == "true";
}

}  // namespace assay::cli
