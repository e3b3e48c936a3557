// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/vector_writer.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "cosim/npu/npy.hpp"
#include "model/common/assert.hpp"

namespace assay::npu {
namespace {

constexpr size_t kInlineElements = 512;

/// A scalar that YAML reads back as this very text.
std::string quoted(const std::string& text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.";
  const bool word = text == "true" || text == "false" || text == "null";
  if (!text.empty() && kLetters.find(text[0]) != std::string_view::npos && text.find_first_not_of(kPlain) == std::string::npos && !word) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr const char* kDigits = "0123456789ABCDEF";
      out += {'\\', 'x', kDigits[c >> 4], kDigits[c & 15]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

template <class Values>
std::string list_text(const Values& values) {
  std::string text;
  for (const auto value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "[" + text + "]";
}

/// A code in the hex that vectors read.
std::string code_text(uint32_t code, int bits) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text = "0x";
  for (int at = bits - 4; at >= 0; at -= 4) text += kDigits[code >> at & 15];
  return text;
}

/// One value for all columns, or a list.
std::string bias_text(const std::vector<uint32_t>& bias) {
  if (std::all_of(bias.begin(), bias.end(), [&](uint32_t bits) { return bits == bias.front(); })) return code_text(bias.front(), 32);
  std::string text;
  for (const uint32_t bits : bias) text += (text.empty() ? "" : ", ") + code_text(bits, 32);
  return "[" + text + "]";
}

class Writer {
 public:
  Writer(const Program& program, const HwConfig& config) : program_(program), config_(config) {}

  WrittenVector write(const std::string& head);

 private:
  void item(const GemmSpec& spec);
  void item(const FloatSpec& spec);
  void item(const Recipe::Raw& raw);
  void item(const Recipe::Reset& reset) { line("- reset: {after: " + std::to_string(reset.after) + ", cycles: " + std::to_string(reset.cycles) + "}"); }
  void item(const Recipe::Idle& idle) { line("- idle: " + std::to_string(idle.cycles)); }

  void requant(const GemmSpec& spec);
  std::string file_of(const functional::Matrix& values, DataType type, const std::string& name);
  std::string matrix(const functional::Matrix& values, const std::string& name);
  template <class Get>
  std::string column(const GemmSpec& spec, const Get& get) const;
  std::string codes(const functional::Matrix& values, Format format, const std::string& name);
  std::string stream_data(const std::vector<uint8_t>& bytes, size_t width, size_t least, bool is_unsigned);
  std::string stream_codes(const std::vector<uint8_t>& bytes, size_t width, size_t least, Format format);
  void stall();
  void line(const std::string& text) { out_.yaml += "  " + text + "\n"; }

  const Program& program_;
  const HwConfig& config_;
  WrittenVector out_;
  size_t repeat_ = 1;
};

std::string Writer::file_of(const functional::Matrix& values, DataType type, const std::string& name) {
  const std::string file = "data/" + std::to_string(out_.files.size()) + "_" + name + ".npy";
  out_.files.emplace_back(file, npy_bytes({{values.rows, values.cols}, values.data}, type));
  return "{file: " + file + "}";
}

std::string Writer::matrix(const functional::Matrix& values, const std::string& name) {
  if (values.data.size() <= kInlineElements) {
    std::string text;
    for (int r = 0; r < values.rows; ++r) {
      const auto first = values.data.begin() + static_cast<ptrdiff_t>(r) * values.cols;
      text += (r == 0 ? "" : ", ") + list_text(std::vector<int32_t>(first, first + values.cols));
    }
    return "[" + text + "]";
  }
  const auto [lo, hi] = std::minmax_element(values.data.begin(), values.data.end());
  const DataType type = *lo >= -128 && *hi <= 127 ? DataType::Int8 : *lo >= 0 && *hi <= 255 ? DataType::UInt8 : DataType::Int32;
  return file_of(values, type, name);
}

/// Codes of a floating-point format; the elements of an integer one.
std::string Writer::codes(const functional::Matrix& values, Format format, const std::string& name) {
  if (is_integer(format)) return matrix(values, name);
  const int bits = format_bits(format);
  if (values.data.size() > kInlineElements) return file_of(values, bits == 32 ? DataType::UInt32 : bits == 16 ? DataType::UInt16 : DataType::UInt8, name);
  std::string text;
  for (int r = 0; r < values.rows; ++r) {
    std::string row;
    for (int c = 0; c < values.cols; ++c) row += (c == 0 ? "" : ", ") + code_text(static_cast<uint32_t>(values.at(r, c)), bits);
    text += (r == 0 ? "[" : ", [") + row + "]";
  }
  return "[" + text + "]";
}

/// One value per column, or one for all.
template <class Get>
std::string Writer::column(const GemmSpec& spec, const Get& get) const {
  std::vector<int64_t> values;
  for (const functional::ColumnParams& p : spec.params) values.push_back(get(p));
  const bool uniform = std::all_of(values.begin(), values.end(), [&](int64_t v) { return v == values.front(); });
  return uniform ? std::to_string(values.front()) : list_text(values);
}

void Writer::requant(const GemmSpec& spec) {
  const functional::OutputMode& mode = spec.mode;
  const int lo = mode.output_unsigned ? 0 : -128;
  std::string text = "bias: " + column(spec, [](const auto& p) { return int64_t{p.bias}; });
  text += ", multiplier: " + column(spec, [](const auto& p) { return int64_t{p.multiplier}; });
  text += ", shift: " + column(spec, [](const auto& p) { return int64_t{p.shift}; });
  if (mode.zero_point != 0) text += ", zero_point: " + std::to_string(mode.zero_point);
  if (mode.clamp_lo != lo || mode.clamp_hi != lo + 255) text += ", clamp: [" + std::to_string(mode.clamp_lo) + ", " + std::to_string(mode.clamp_hi) + "]";
  if (mode.single) text += ", mode: single";
  if (mode.output_unsigned) text += ", output_unsigned: true";
  if (spec.table) {
    std::vector<int> values;
    for (uint8_t byte : *spec.table) values.push_back(mode.output_unsigned ? byte : static_cast<int8_t>(byte));
    text += ", table: " + list_text(values);
  }
  line("    requant: {" + text + "}");
}

void Writer::item(const GemmSpec& spec) {
  line("- gemm:");
  line("    name: " + quoted(spec.name));
  if (spec.a_unsigned) line("    a_unsigned: true");
  if (spec.b_unsigned) line("    b_unsigned: true");
  if (spec.a_zero_point != 0) line("    a_zero_point: " + std::to_string(spec.a_zero_point));
  line("    a: " + matrix(spec.a, "a"));
  line("    b: " + matrix(spec.b, "b"));
  if (spec.mode.raw)
    line("    raw: true");
  else
    requant(spec);
  if (spec.m_tile != 0) line("    m_tile: " + std::to_string(spec.m_tile));
  if (!spec.expect.empty()) {
    functional::Matrix expect(spec.a.rows, spec.b.cols);
    expect.data = spec.expect;
    line("    expect: " + matrix(expect, "expect"));
  }
}

void Writer::item(const FloatSpec& spec) {
  const functional::FloatGemm& p = spec.product;
  line("- gemm:");
  line("    name: " + quoted(spec.name));
  line("    a_format: " + std::string(format_name(p.a_format)));
  line("    b_format: " + std::string(format_name(p.b_format)));
  line("    a: " + codes(p.a, p.a_format, "a"));
  line("    b: " + codes(p.b, p.b_format, "b"));
  if (p.bf16_entries) line("    entries: bf16");
  if (!p.raw) {
    line("    bias: " + bias_text(p.bias));
    if (p.relu) line("    relu: true");
    std::string output = "format: " + std::string(format_name(p.format));
    if (p.saturate) output += ", saturate: true";
    if (p.stochastic) output += ", round: stochastic, seed: " + std::to_string(p.seed);
    line("    output: {" + output + "}");
  }
  if (spec.m_tile != 0) line("    m_tile: " + std::to_string(spec.m_tile));
  if (!spec.expect.empty()) {
    functional::Matrix expect(p.a.rows, p.b.cols);
    expect.data = spec.expect;
    line("    expect: " + codes(expect, p.raw ? Format::Fp32 : p.format, "expect"));
  }
}

/// The stream bytes of a command as its operand: a value for all, or rows, without the zeros beyond the columns that it needs.
std::string Writer::stream_data(const std::vector<uint8_t>& bytes, size_t width, size_t least, bool is_unsigned) {
  const auto value = [&](uint8_t byte) { return is_unsigned ? int32_t{byte} : static_cast<int8_t>(byte); };
  const bool uniform = std::all_of(bytes.begin(), bytes.end(), [&](uint8_t byte) { return byte == bytes.front(); });
  if (uniform) return std::to_string(value(bytes.front()));
  size_t cols = least;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != 0) cols = std::max(cols, i % width + 1);
  }
  functional::Matrix values(static_cast<int>(bytes.size() / width), static_cast<int>(cols));
  for (int r = 0; r < values.rows; ++r) {
    for (int c = 0; c < values.cols; ++c) values.at(r, c) = value(bytes[static_cast<size_t>(r) * width + static_cast<size_t>(c)]);
  }
  return matrix(values, "data");
}

/// The same for a floating-point tile: lanes of one or two bytes, of which an 8-bit code takes the lower one. Lanes never put are all 0.
std::string Writer::stream_codes(const std::vector<uint8_t>& bytes, size_t width, size_t least, Format format) {
  const auto lane_bytes = static_cast<size_t>(config_.lane_bytes()), lanes = bytes.size() / lane_bytes;
  const auto code = [&](size_t lane) {
    const uint32_t low = bytes[lane * lane_bytes];
    return static_cast<int32_t>(format_bits(format) == 16 ? low | static_cast<uint32_t>(bytes[lane * lane_bytes + 1]) << 8 : low);
  };
  const auto put = [&](size_t lane) {
    const auto at = bytes.begin() + static_cast<ptrdiff_t>(lane * lane_bytes);
    return std::any_of(at, at + static_cast<ptrdiff_t>(lane_bytes), [](uint8_t byte) { return byte != 0; });
  };
  bool uniform = true;
  size_t cols = least;
  for (size_t lane = 0; lane < lanes; ++lane) {
    uniform =
        uniform && std::equal(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(lane_bytes), bytes.begin() + static_cast<ptrdiff_t>(lane * lane_bytes));
    if (put(lane)) cols = std::max(cols, lane % width + 1);
  }
  if (uniform && put(0)) return code_text(static_cast<uint32_t>(code(0)), format_bits(format));
  functional::Matrix values(static_cast<int>(lanes / width), static_cast<int>(cols));
  for (int r = 0; r < values.rows; ++r) {
    for (int c = 0; c < values.cols; ++c) values.at(r, c) = code(static_cast<size_t>(r) * width + static_cast<size_t>(c));
  }
  return codes(values, format, "data");
}

void Writer::item(const Recipe::Raw& raw) {
  std::string text = command_text(raw.word, config_);
  const Command command = decode(raw.word, datapath(config_));
  const bool load = !raw.weights.empty();
  const std::vector<uint8_t>& bytes = load ? raw.weights : raw.activations;
  const auto width = static_cast<size_t>(load ? config_.cols : config_.rows), least = load ? size_t{1} : static_cast<size_t>(command.k);
  std::string data;
  if (!bytes.empty()) {
    data = config_.floating() ? stream_codes(bytes, width, least, static_cast<Format>(command.format))
                              : stream_data(bytes, width, least, load ? command.weight_unsigned : command.activation_unsigned);
  }
  if (repeat_ > 1) text += ", repeat: " + std::to_string(repeat_);
  if (!data.empty()) text += ", data: " + data;
  line("- cmd: {" + text + "}");
}

std::string profile_text(const StallProfile& profile) {
  if (profile.kind == StallProfile::Kind::Burst) return "{burst: [" + std::to_string(profile.burst_min) + ", " + std::to_string(profile.burst_max) + "]}";
  if (profile.kind == StallProfile::Kind::None) return "none";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, profile.bubble).ptr;  // shortest text that reads back as the same number
  return "{bubble: " + std::string(digits, end) + "}";
}

void Writer::stall() {
  const StallProfiles& s = program_.stall;
  if (s == StallProfiles{}) return;
  out_.yaml += "stall:\n";
  const std::pair<const char*, const StallProfile*> streams[] = {
      {"commands", &s.commands}, {"weights", &s.weights}, {"activations", &s.activations}, {"output", &s.output}, {"response", &s.response}};
  for (const auto& [name, profile] : streams) {
    if (!(*profile == StallProfile{})) line(std::string(name) + ": " + profile_text(*profile));
  }
}

WrittenVector Writer::write(const std::string& head) {
  ASSAY_ASSERT(program_.recipe != nullptr);
  for (size_t at = 0; at < head.size();) {
    const size_t end = std::min(head.find('\n', at), head.size());
    out_.yaml += "# " + head.substr(at, end - at) + "\n";
    at = end + 1;
  }
  out_.yaml += "schema: assay/vector/1\nname: " + quoted(program_.name) + "\n";
  stall();
  out_.yaml += "program:\n";
  const auto& items = program_.recipe->items;
  for (size_t i = 0; i < items.size(); i += repeat_) {
    repeat_ = 1;
    const auto* raw = std::get_if<Recipe::Raw>(&items[i]);
    while (raw != nullptr && i + repeat_ < items.size() && repeat_ < 100000) {
      const auto* next = std::get_if<Recipe::Raw>(&items[i + repeat_]);
      if (next == nullptr || !(*next == *raw)) break;
      ++repeat_;
    }
    std::visit([this](const auto& it) { item(it); }, items[i]);
  }
  return std::move(out_);
}

}  // namespace

WrittenVector write_vector(const Program& program, const HwConfig& config, const std::string& head) { return Writer(program, config).write(head); }

}  // namespace assay::npu
