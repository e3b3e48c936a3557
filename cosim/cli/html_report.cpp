// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/html_report.hpp"

#include <map>

#include "cosim/cli/page_pieces.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/report.hpp"

namespace assay::cli {
namespace {

/// JSON that a script element can hold: without '<' no text in it ends the element or opens a comment.
std::string embedded(const Json& record) {
  std::string out;
  for (const char c : record.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

/// The frame with its {{names}} replaced in one pass: what is put in is never looked at again.
std::string filled(const std::string& frame, const std::map<std::string, std::string>& pieces) {
  std::string out;
  size_t at = 0;
  for (size_t open; (open = frame.find("{{", at)) != std::string::npos;) {
    const size_t close = frame.find("}}", open);
    out += frame.substr(at, open - at) + pieces.at(frame.substr(open + 2, close - open - 2));
    at = close + 2;
  }
  return out + frame.substr(at);
}

/// Bytes that are no UTF-8 become the replacement character, as in the JSON.
std::string valid_utf8(const std::string& text) { return parse_json(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>(); }

}  // namespace

std::string html_escaped(const std::string& text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string render_html(const Json& record) {
  const std::string title = record.at("verdict").get<std::string>() + ": " + record.at("test").get<std::string>() + " on " +
                            record.at("config").at("name").get<std::string>() + ", seed " + record.at("seed").get<std::string>();
  return filled(kPageFrame, {{"title", html_escaped(title)},
                             {"style", kPageStyle},
                             {"plain", html_escaped(render_report(record, {}))},
                             {"record", embedded(record.at("verdict") == "mismatch" ? as_mismatch(record) : record)},
                             {"script", kPageScript}});
}

}  // namespace assay::cli
