// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

#include "cosim/cli/calc_stream.hpp"
#include "cosim/cli/exit_code.hpp"

namespace assay::cli {
namespace {

constexpr unsigned kIntegerOperands = 1u << static_cast<unsigned>(Format::Int8) | 1u << static_cast<unsigned>(Format::Uint8);
constexpr unsigned kFloatOperands =
    format_mask(Format::Bf16) | format_mask(Format::Fp16) | format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);

/// An option, what was given for it ("" for nothing), and the operations that take it.
struct Taken {
  const char* option;
  std::string value;
  std::vector<std::string> operations;
};

/// An option that the operation would ignore is refused.
void check_options(const CalcOptions& o) {
  const std::vector<Taken> all = {{"--format", o.format, {"mac", "decode"}},
                                  {"--format-b", o.format_b, {"mac"}},
                                  {"--mode", o.mode, {"requant"}},
                                  {"--from", o.from, {"cast"}},
                                  {"--to", o.to, {"cast"}},
                                  {"--round", o.round, {"cast"}},
                                  {"--saturate", o.saturate ? "given" : "", {"cast"}}};
  for (const Taken& taken : all) {
    bool fits = taken.value.empty();
    std::string names;
    for (const std::string& operation : taken.operations) {
      fits = fits || operation == o.op;
      names += (names.empty() ? "" : " or ") + operation;
    }
    if (!fits) throw InputError(std::string("command line:1: ") + taken.option + ": given with " + o.op + ", expected with " + names + " only");
  }
}

std::unique_ptr<CalcUnit> make_mac_unit(const CalcOptions& options) {
  const Format a = parse_calc_format("--format", options.format.empty() ? "int8" : options.format, kIntegerOperands | kFloatOperands);
  if (options.format_b.empty()) return is_integer(a) ? make_integer_mac_unit(options, a, a) : make_float_mac_unit(options, a, a);
  const Format b = parse_calc_format("--format-b", options.format_b, kIntegerOperands | kFloatOperands);
  if (is_integer(a) != is_integer(b)) {
    const std::string expected = is_integer(a) ? "int8 or uint8" : "bf16, fp16, e5m2, e4m3 or e4m3fn";
    throw bad_option("--format-b", options.format_b, expected + " beside " + std::string(format_name(a)) + ": no unit multiplies an integer by a float");
  }
  return is_integer(a) ? make_integer_mac_unit(options, a, b) : make_float_mac_unit(options, a, b);
}

constexpr uint8_t kNoDigit = 255;
constexpr std::array<uint8_t, 256> digit_values() {
  std::array<uint8_t, 256> values{};
  for (auto& value : values) value = kNoDigit;
  for (size_t i = 0; i < 10; ++i) values['0' + i] = static_cast<uint8_t>(i);
  for (size_t i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = static_cast<uint8_t>(10 + i);
  return values;
}
constexpr std::array<uint8_t, 256> kDigits = digit_values();

}  // namespace

InputError bad_option(const std::string& option, const std::string& value, const std::string& expected) {
  return InputError("command line:1: " + option + ": " + (value.empty() ? "missing" : "is '" + value + "'") + ", expected " + expected);
}

Format parse_calc_format(const std::string& option, const std::string& name, unsigned legal) {
  const auto format = parse_format(name);
  if (format && (legal >> static_cast<unsigned>(*format) & 1) != 0) return *format;
  std::vector<std::string> names;
  for (int i = 0; i < kFormats; ++i)
    if ((legal >> i & 1) != 0) names.emplace_back(kFormatNames[static_cast<size_t>(i)]);
  std::string expected;
  for (size_t i = 0; i < names.size(); ++i) expected += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  throw bad_option(option, name, expected);
}

std::unique_ptr<CalcUnit> make_calc_unit(const CalcOptions& options) {
  using Make = std::unique_ptr<CalcUnit> (*)(const CalcOptions&);
  const std::pair<const char*, Make> operations[] = {
      {"mac", make_mac_unit}, {"decode", make_decode_unit}, {"cast", make_cast_unit}, {"requant", make_requant_unit}};
  for (const auto& [name, make] : operations) {
    if (options.op != name) continue;
    check_options(options);
    return make(options);
  }
  throw bad_option("OP", options.op, "mac, decode, cast or requant");
}

uint32_t parse_hex(const char* operand, std::string_view text, size_t digits) {
  uint32_t value = 0;
  bool wrong = text.size() != digits;
  for (const char c : text) {
    const uint8_t digit = kDigits[static_cast<uint8_t>(c)];
    wrong = wrong || digit == kNoDigit;
    value = value << 4 | digit;
  }
  if (wrong) throw InputError(std::string(operand) + ": is '" + std::string(text) + "', expected " + std::to_string(digits) + " hex digits");
  return value;
}

std::string hex_digits(uint64_t value, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

void expect_operands(const CalcOperands& operands, const std::string& names, size_t count) {
  if (operands.size() == count) return;
  throw InputError("line: has " + std::to_string(operands.size()) + " operand" + (operands.size() == 1 ? "" : "s") + ", expected " + std::to_string(count) +
                   ": " + names);
}

void answer_lines(CalcUnit& unit, bool explain, int in_fd, int out_fd) {
  TextSink out(out_fd);
  LineSource in(in_fd, out);
  CalcOperands operands;
  for (std::string_view line; in.next(line);) {
    split_words(line, operands);
    if (operands.empty() || operands[0][0] == '#') continue;
    try {
      const CalcResult result = unit.answer(operands, explain);
      for (const std::string& step : result.steps) out.text("# " + step + "\n");
      out.hex(result.value, result.digits);
      out.text(" ");
      out.hex(result.flags, 2);
      out.text("\n");
    } catch (const InputError& error) {
      out.flush();
      throw InputError("stdin:" + std::to_string(in.number()) + ": " + error.what());
    }
  }
  out.flush();
}

int calc_command(const CalcOptions& options) {
  const auto unit = make_calc_unit(options);
  try {
    answer_lines(*unit, options.explain, STDIN_FILENO, STDOUT_FILENO);
  } catch (const StreamError& error) {
    std::fprintf(stderr, "assay: %s\n", error.what());
    return kBuild;
  }
  return kPass;
}

}  // namespace assay::cli
