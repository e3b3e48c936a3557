// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cosim/cli/commands.hpp"

namespace assay::cli {

/// Flags of a result, as IEEE 754 units report them; signed overflow of integers is kOverflow.
inline constexpr unsigned kOverflow = 0x04;

struct CalcResult {
  uint32_t value = 0;
  unsigned flags = 0;
  std::vector<std::string> steps;  ///< only when asked for: the arithmetic, a line per step
};

/// One primitive, on operands as text. Throws InputError `operand: what is wrong, what was expected`.
class CalcUnit {
 public:
  virtual ~CalcUnit() = default;
  virtual CalcResult answer(const std::vector<std::string>& operands, bool explain) = 0;
};

/// The model's unit, or with `rtl` the Verilated one.
std::unique_ptr<CalcUnit> make_mac_unit(const CalcOptions& options);
std::unique_ptr<CalcUnit> make_requant_unit(const CalcOptions& options);

/// Exactly `digits` hex digits without prefix.
uint32_t parse_hex(const char* operand, const std::string& text, size_t digits);
std::string hex_digits(uint64_t value, size_t digits);
/// Checks the number of operands of a line.
void expect_operands(const std::vector<std::string>& operands, const std::string& names, size_t count);

}  // namespace assay::cli
