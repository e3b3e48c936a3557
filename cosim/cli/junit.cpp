// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/junit.hpp"

#include "cosim/cli/report.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

std::string attribute(const char* name, const std::string& value) { return std::string(" ") + name + "=\"" + xml_escaped(value) + "\""; }

std::string property(const char* name, const std::string& value) { return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n"; }

/// What stays the same from night to night: a history of results is kept by this name.
std::string case_name(const Json& r) {
  std::string name = r.at("test").get<std::string>() + " seed " + r.at("seed").get<std::string>();
  const Json& options = r.at("options");
  if (!options.at("stall").is_null()) name += " stall " + options.at("stall").get<std::string>();
  if (!options.at("cycles").is_null()) name += " cycles " + std::to_string(options.at("cycles").get<uint64_t>());
  for (const Json& fault : r.at("faults")) name += " fault " + fault.get<std::string>();
  return name;
}

/// 2024-07-17T12:34:56Z without its zone, which the schema does not know.
std::string timestamp(const Json& r) { return r.at("host").at("date").get<std::string>().substr(0, 19); }

std::string outcome(const Json& r) {
  const std::string verdict = r.at("verdict");
  if (verdict == "pass") return "";
  const char* element = verdict == "mismatch" ? "failure" : "error";
  const std::string type = r.at("first").is_null() ? verdict : r.at("first").at("kind").get<std::string>();
  return std::string("      <") + element + attribute("message", r.at("reason")) + attribute("type", type) + ">" + xml_escaped(render_report(r, {})) + "</" +
         element + ">\n";
}

}  // namespace

std::string xml_escaped(const std::string& text) {
  const std::string valid = parse_json(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
  std::string out;
  for (size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n') {
      out += '\n';
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += c == '\t' ? "\t" : "\xef\xbf\xbd";
    } else if (valid.compare(i, 3, "\xef\xbf\xbe") == 0 || valid.compare(i, 3, "\xef\xbf\xbf") == 0) {
      out += "\xef\xbf\xbd";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

std::string render_junit(const Json& r) {
  const std::string verdict = r.at("verdict"), config = r.at("config").at("name"), seconds = fixed(r.at("host").at("seconds").get<double>(), 3);
  const bool failure = verdict == "mismatch", error = !failure && verdict != "pass";
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite" + attribute("name", config) + attribute("package", "assay") +
                     attribute("id", "0") + attribute("timestamp", timestamp(r)) + attribute("hostname", "localhost") + attribute("tests", "1") +
                     attribute("failures", failure ? "1" : "0") + attribute("errors", error ? "1" : "0") + attribute("skipped", "0") +
                     attribute("time", seconds) + ">\n    <properties>\n";
  text += property("config_hash", r.at("config").at("hash")) + property("token", r.at("token")) + property("reproduce", r.at("reproduce")) +
          property("cycles", std::to_string(r.at("cycles").get<uint64_t>()));
  if (r.contains("signature")) text += property("signature", r["signature"].at("coarse"));
  text += "    </properties>\n    <testcase" + attribute("name", case_name(r)) + attribute("classname", "assay." + config) + attribute("time", seconds);
  const std::string result = outcome(r);
  text += result.empty() ? "/>\n" : ">\n" + result + "    </testcase>\n";
  return text + "    <system-out>" + xml_escaped("reproduce: " + r.at("reproduce").get<std::string>()) +
         "</system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace assay::cli
