// SPDX-License-Identifier: Apache-2.0
#include "model/common/config.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <set>
#include <string_view>

namespace assay {
namespace {

constexpr std::string_view kSchema = "assay/config/1";

struct Key {
  std::string_view name;
  int HwConfig::*member;
  int lowest, highest;
  bool power_of_two;
};

// The legal ranges of spec section 2, in its order.
constexpr std::array<Key, 10> kKeys{{
    {"rows", &HwConfig::rows, 1, 128, false},
    {"cols", &HwConfig::cols, 1, 128, false},
    {"acc_banks", &HwConfig::acc_banks, 2, 16, true},
    {"acc_depth", &HwConfig::acc_depth, 4, 4096, true},
    {"command_fifo_depth", &HwConfig::command_fifo_depth, 2, 64, false},
    {"weight_fifo_depth", &HwConfig::weight_fifo_depth, 2, 512, false},
    {"activation_fifo_depth", &HwConfig::activation_fifo_depth, 2, 64, false},
    {"queue_depth", &HwConfig::queue_depth, 2, 16, false},
    {"output_fifo_depth", &HwConfig::output_fifo_depth, 8, 64, false},
    {"response_fifo_depth", &HwConfig::response_fifo_depth, 2, 64, false},
}};

// Keys that may be left out (spec section 17.2).
constexpr Key kLatency{"pe_latency", &HwConfig::pe_latency, 1, 8, false};
constexpr std::string_view kFormatsExpected = "[int8], or one or more of bf16, fp16, e5m2, e4m3, e4m3fn";

std::string expectation(const Key& key, int lowest) {
  const std::string range = std::to_string(lowest) + " … " + std::to_string(key.highest);
  return (key.power_of_two ? "a power of two in " : "an integer in ") + range;
}

// The text of what is wrong with the value, or "" when it is legal.
std::string problem(const Key& key, const HwConfig& config) {
  const int value = config.*key.member;
  const int lowest = key.name == "weight_fifo_depth" ? std::max(key.lowest, config.rows) : key.lowest;
  const bool power = std::has_single_bit(static_cast<unsigned>(value));
  if (value >= lowest && value <= key.highest && (power || !key.power_of_two)) return "";
  return std::to_string(value) + " is not legal, expected " + expectation(key, lowest);
}

// What is wrong with the keys that select the floating-point tile, as `key: text`, or "".
std::string floating_problem(const HwConfig& config) {
  if (const std::string text = problem(kLatency, config); !text.empty()) return "pe_latency: " + text;
  constexpr unsigned floats =
      format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);
  if (config.floating() && (config.formats == 0 || (config.formats & ~floats) != 0)) return "formats: is not legal, expected " + std::string(kFormatsExpected);
  if (!config.floating() && config.pe_latency != 1)
    return "pe_latency: " + std::to_string(config.pe_latency) + " is not legal, expected 1 for the integer tile";
  if (config.rows * config.pe_latency + config.cols > 990)
    return "pe_latency: rows * pe_latency + cols is " + std::to_string(config.rows * config.pe_latency + config.cols) + ", expected at most 990";
  return "";
}

std::string prefix(const std::filesystem::path& file, const YAML::Mark& mark, const std::string& key) {
  return file.string() + ":" + std::to_string(mark.line + 1) + ": " + key + ": ";
}

int parse_int(const YAML::Node& node, const Key& key, const std::string& where) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw InputError(where + "'" + text + "' is not an integer, expected " + expectation(key, key.lowest));
  return value;
}

std::string parse_text(const YAML::Node& node, const std::string& where, std::string_view expected) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text.empty() || (!expected.empty() && text != expected))
    throw InputError(where + "'" + text + "' is not legal, expected " + std::string(expected.empty() ? "a name" : expected));
  return text;
}

YAML::Node read_map(const std::filesystem::path& file) {
  YAML::Node root;
  try {
    root = YAML::LoadFile(file.string());
  } catch (const YAML::BadFile&) {
    throw InputError(file.string() + ":1: file: cannot be read, expected a hardware config");
  } catch (const YAML::Exception& error) {
    throw InputError(prefix(file, error.mark, "yaml") + error.msg + ", expected a YAML map");
  }
  if (!root.IsMap()) throw InputError(file.string() + ":1: file: is not a YAML map, expected the keys of schema " + std::string(kSchema));
  return root;
}

// A list of format names; int8 alone stands for the integer tile.
uint16_t parse_formats(const YAML::Node& node, const std::string& where) {
  unsigned mask = 0;
  if (!node.IsSequence() || node.size() == 0) throw InputError(where + "is not a list of formats, expected " + std::string(kFormatsExpected));
  for (const YAML::Node& item : node) {
    const std::string name = item.IsScalar() ? item.Scalar() : "";
    const auto format = parse_format(name);
    const bool integer = format == Format::Int8 && node.size() == 1;
    if (!format || !(integer || is_operand_float(*format)))
      throw InputError(where + "'" + name + "' is not possible here, expected " + std::string(kFormatsExpected));
    if ((mask & format_mask(*format)) != 0) throw InputError(where + "'" + name + "' appears twice, expected once");
    mask |= integer ? kIntegerFormats : format_mask(*format);
  }
  return static_cast<uint16_t>(mask);
}

}  // namespace

void check_config(const HwConfig& config, const std::string& where) {
  for (const Key& key : kKeys)
    if (const std::string text = problem(key, config); !text.empty()) throw InputError(where + ": " + std::string(key.name) + ": " + text);
  if (const std::string text = floating_problem(config); !text.empty()) throw InputError(where + ": " + text);
}

HwConfig load_config(const std::filesystem::path& file) {
  const YAML::Node root = read_map(file);
  HwConfig config;
  std::set<std::string> seen;
  std::array<YAML::Mark, kKeys.size()> marks;
  YAML::Mark floating_mark = root.Mark();
  for (const auto& entry : root) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const std::string where = prefix(file, entry.first.Mark(), name);
    if (!seen.insert(name).second) throw InputError(where + "appears twice, expected once");
    const auto key = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& k) { return k.name == name; });
    if (name == "schema") {
      parse_text(entry.second, where, kSchema);
    } else if (name == "name") {
      config.name = parse_text(entry.second, where, "");
    } else if (name == "formats") {
      config.formats = parse_formats(entry.second, where);
    } else if (name == kLatency.name) {
      config.pe_latency = parse_int(entry.second, kLatency, where);
      floating_mark = entry.first.Mark();
    } else if (key == kKeys.end()) {
      throw InputError(where + "is unknown, expected a key of schema " + std::string(kSchema));
    } else {
      config.*key->member = parse_int(entry.second, *key, where);
      marks[static_cast<size_t>(key - kKeys.begin())] = entry.first.Mark();
    }
  }
  const auto require = [&](std::string_view name) {
    if (seen.count(std::string(name)) == 0) throw InputError(prefix(file, root.Mark(), std::string(name)) + "is missing, expected every key of the schema");
  };
  require("schema"), require("name");
  for (const Key& key : kKeys) require(key.name);
  for (size_t i = 0; i < kKeys.size(); ++i)
    if (const std::string text = problem(kKeys[i], config); !text.empty()) throw InputError(prefix(file, marks[i], std::string(kKeys[i].name)) + text);
  if (const std::string text = floating_problem(config); !text.empty()) {
    const size_t colon = text.find(": ");
    throw InputError(prefix(file, floating_mark, text.substr(0, colon)) + text.substr(colon + 2));
  }
  return config;
}

std::string config_hash(const HwConfig& config) {
  // FNV-1a, 64 bits, over the parameters as 32-bit little-endian integers in the order of spec section 2.
  uint64_t hash = 0xcbf29ce484222325u;
  const auto add = [&](uint32_t value) {
    for (int byte = 0; byte < 4; ++byte) hash = (hash ^ ((value >> (8 * byte)) & 0xffu)) * 0x100000001b3u;
  };
  for (const Key& key : kKeys) add(static_cast<uint32_t>(config.*key.member));
  if (config.floating()) add(config.formats), add(static_cast<uint32_t>(config.pe_latency));
  std::string text(16, '0');
  for (size_t i = 0; i < text.size(); ++i) text[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
  return text;
}

}  // namespace assay
