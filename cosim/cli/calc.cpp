// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"

#include <charconv>
#include <iostream>
#include <sstream>

#include "cosim/cli/exit_code.hpp"

namespace assay::cli {
namespace {

std::unique_ptr<CalcUnit> make_unit(const CalcOptions& options) {
  if (options.op == "mac") return make_mac_unit(options);
  if (options.op == "requant") return make_requant_unit(options);
  throw InputError("command line:1: OP: is '" + options.op + "', expected mac or requant");
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

uint32_t parse_hex(const char* operand, const std::string& text, size_t digits) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() != digits || error != std::errc{} || end != text.data() + text.size()) {
    throw InputError(std::string(operand) + ": is '" + text + "', expected " + std::to_string(digits) + " hex digits");
  }
  return value;
}

std::string hex_digits(uint64_t value, size_t digits) {
  std::string text(digits, '0');
  for (size_t i = digits; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

void expect_operands(const std::vector<std::string>& operands, const std::string& names, size_t count) {
  if (operands.size() == count) return;
  throw InputError("line: has " + std::to_string(operands.size()) + " operand" + (operands.size() == 1 ? "" : "s") + ", expected " + std::to_string(count) +
                   ": " + names);
}

/// One answer per line, in order; flushed whenever no further input waits, so that a program can talk to it through pipes.
int calc_command(const CalcOptions& options) {
  const auto unit = make_unit(options);
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  uint64_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const std::vector<std::string> operands = words_of(line);
    if (operands.empty() || operands[0][0] == '#') continue;
    try {
      const CalcResult result = unit->answer(operands, options.explain);
      for (const std::string& step : result.steps) std::cout << "# " << step << '\n';
      std::cout << hex_digits(result.value, 8) << ' ' << hex_digits(result.flags, 2) << '\n';
    } catch (const InputError& error) {
      std::cout.flush();
      throw InputError("stdin:" + std::to_string(number) + ": " + error.what());
    }
    if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
  }
  std::cout.flush();
  return kPass;
}

}  // namespace assay::cli
