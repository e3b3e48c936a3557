// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/text.hpp"

#include <charconv>
#include <cstdio>

#include "model/common/config.hpp"

namespace assay::cli {

std::string grouped_digits(std::string digits) {
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  for (size_t at = digits.size(); at > 3 + sign; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string grouped(uint64_t value) { return grouped_digits(std::to_string(value)); }

std::string grouped_signed(int64_t value) { return grouped_digits(std::to_string(value)); }

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string percent(double fraction, int digits) { return fixed(fraction * 100, digits) + " %"; }

std::string seed_text(uint64_t seed) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(seed));
  return text;
}

std::string pad_right(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string pad_left(std::string text, size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string index_text(const std::vector<int64_t>& index) {
  std::string text;
  for (int64_t i : index) text += "[" + std::to_string(i) + "]";
  return text;
}

std::string wrapped(std::string_view text, size_t width, size_t indent) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > 0 && column + 1 + word.size() > width - indent) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string shell_quoted(const std::string& argument) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@+%";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string quoted = "'";
  for (char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string file_name_of(std::string_view text) {
  std::string name(text);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (!plain) c = '_';
  }
  return name.empty() || name[0] == '.' ? "_" + name : name;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

uint64_t parse_count(const std::string& option, const std::string& text, uint64_t lo, uint64_t hi) {
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const char* begin = text.data() + (hex ? 2 : 0);
  const char* end = text.data() + text.size();
  uint64_t value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
  if (error != std::errc{} || stop != end || value < lo || value > hi) {
    const std::string range =
        hi == UINT64_MAX ? (lo == 0 ? " up to 2^64 - 1" : " from " + std::to_string(lo) + " on") : " from " + std::to_string(lo) + " to " + std::to_string(hi);
    throw InputError("command line:1: " + option + ": is '" + text + "', expected a whole number" + range + ", decimal or 0x hex");
  }
  return value;
}

}  // namespace assay::cli
