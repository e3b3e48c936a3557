// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cosim/cli/commands.hpp"
#include "model/common/format.hpp"

namespace assay::cli {

/// Flags of a result, as IEEE 754 units report them; signed overflow of integers is kCalcOverflow.
enum CalcFlag : unsigned { kCalcInexact = 0x01, kCalcUnderflow = 0x02, kCalcOverflow = 0x04, kCalcDivideByZero = 0x08, kCalcInvalid = 0x10 };

struct CalcResult {
  uint32_t value = 0;
  unsigned flags = 0;
  size_t digits = 8;               ///< hex digits of the value
  std::vector<std::string> steps;  ///< only when asked for: the arithmetic, a line per step
};

/// The words of a line.
using CalcOperands = std::vector<std::string_view>;

/// One primitive, on operands as text. Throws InputError `operand: what is wrong, what was expected`.
class CalcUnit {
 public:
  virtual ~CalcUnit() = default;
  virtual CalcResult answer(const CalcOperands& operands, bool explain) = 0;
};

/// The unit that the options ask for. Throws InputError for options that do not fit the operation.
std::unique_ptr<CalcUnit> make_calc_unit(const CalcOptions& options);

/// One answer per line of `in`, in order; all are out before a read waits, so that a program can talk to it through pipes.
void answer_lines(CalcUnit& unit, bool explain, int in, int out);

/// The model's unit, or with `rtl` the Verilated one.
std::unique_ptr<CalcUnit> make_integer_mac_unit(const CalcOptions& options, Format a, Format b);
std::unique_ptr<CalcUnit> make_float_mac_unit(const CalcOptions& options, Format a, Format b);
std::unique_ptr<CalcUnit> make_decode_unit(const CalcOptions& options);
std::unique_ptr<CalcUnit> make_cast_unit(const CalcOptions& options);
std::unique_ptr<CalcUnit> make_requant_unit(const CalcOptions& options);

/// A format out of `legal` (a mask of format codes); the message names them all.
Format parse_calc_format(const std::string& option, const std::string& name, unsigned legal);
/// The refusal of an option's value.
InputError bad_option(const std::string& option, const std::string& value, const std::string& expected);

/// Exactly `digits` hex digits without prefix.
uint32_t parse_hex(const char* operand, std::string_view text, size_t digits);
std::string hex_digits(uint64_t value, size_t digits);
/// Checks the number of operands of a line.
void expect_operands(const CalcOperands& operands, const std::string& names, size_t count);

}  // namespace assay::cli
