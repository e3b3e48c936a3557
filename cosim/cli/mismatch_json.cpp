// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/mismatch_json.hpp"

#include "cosim/cli/element_value.hpp"
#include "model/common/format.hpp"

namespace assay::cli {
namespace {

bool is_hex(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string::npos; }

std::string xor_of(const std::string& a, const std::string& b) {
  if (a.size() != b.size() || !is_hex(a) || !is_hex(b)) return {};
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string text;
  for (size_t i = 0; i < a.size(); ++i) text += "0123456789abcdef"[digit(a[i]) ^ digit(b[i])];
  return text;
}

/// A code as it stands in a lane of 32 bits, above it zeros; what it means needs its own digits only.
std::string code_of_lane(const std::string& hex, const std::string& format) {
  const auto number = parse_format(format);
  const size_t digits = number && !is_integer(*number) ? static_cast<size_t>(format_bits(*number)) / 4 : hex.size();
  if (hex.size() <= digits || hex.find_first_not_of('0') < hex.size() - digits) return hex;
  return hex.substr(hex.size() - digits);
}

}  // namespace

/// Outputs are judged as lanes of out_data, responses as bits.
Json mismatch_json(const Mismatch& m, const std::string& lane_format) {
  const bool output = m.kind == "functional" || m.kind == "expect";
  const std::string text = m.xor_.empty() ? xor_of(m.rtl, m.model) : m.xor_;
  const bool lane = output && m.field != "rsp_data" && !text.empty();
  const std::string format = lane ? lane_format : m.format;
  const int width = output ? static_cast<int>(text.size()) * 4 : m.width;
  const auto or_null = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
  Json json = {{"kind", m.kind}, {"cycle", m.cycle}, {"block", m.block}, {"field", m.field}, {"index", m.index}};
  json["width"] = width == 0 ? Json(nullptr) : Json(width);
  json["format"] = or_null(format);
  json["rtl"] = or_null(m.rtl);
  json["model"] = or_null(m.model);
  json["xor"] = or_null(text);
  const std::string rtl = lane ? code_of_lane(m.rtl, format) : m.rtl, model = lane ? code_of_lane(m.model, format) : m.model;
  json["decoded"] = decoded_json(rtl, model, lane ? static_cast<int>(rtl.size()) * 4 : width, format);
  return json;
}

}  // namespace assay::cli
