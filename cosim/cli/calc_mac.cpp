// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "cosim/cli/text.hpp"
#include "model/pe/mac.hpp"

namespace assay::cli {
namespace {

bool unsigned_format(const char* option, const std::string& format) {
  if (format == "uint8") return true;
  if (format == "int8") return false;
  throw InputError(std::string("command line:1: ") + option + ": is '" + format + "', expected int8 or uint8");
}

struct MacOperands {
  uint8_t a, b;
  uint32_t c;
};

MacOperands parse_operands(const std::vector<std::string>& operands) {
  expect_operands(operands, "a b c", 3);
  return {static_cast<uint8_t>(parse_hex("a", operands[0], 2)), static_cast<uint8_t>(parse_hex("b", operands[1], 2)), parse_hex("c", operands[2], 8)};
}

class MacUnit : public CalcUnit {
 public:
  explicit MacUnit(const CalcOptions& options)
      : a_unsigned_(unsigned_format("--format", options.format)),
        b_unsigned_(options.format_b.empty() ? a_unsigned_ : unsigned_format("--format-b", options.format_b)) {}

 protected:
  int64_t value_of(uint8_t byte, bool is_unsigned) const {
    const int64_t word = static_cast<int8_t>(byte);
    return operand_value<int64_t>(word, high_bit<int64_t>(word, is_unsigned));
  }
  /// The exact sum beside the result, in decimal.
  std::vector<std::string> steps(const MacOperands& in, const CalcResult& result) const {
    const int64_t a = value_of(in.a, a_unsigned_), b = value_of(in.b, b_unsigned_), c = static_cast<int32_t>(in.c);
    std::vector<std::string> text = {"product  " + grouped_signed(a) + " * " + grouped_signed(b) + " = " + grouped_signed(a * b),
                                     "sum      " + grouped_signed(c) + " + " + grouped_signed(a * b) + " = " + grouped_signed(c + a * b) + " exactly",
                                     "result   " + grouped_signed(static_cast<int32_t>(result.value))};
    text.back() += (result.flags & kOverflow) != 0 ? ", wrapped modulo 2^32: overflow" : ", fits INT32";
    return text;
  }

  const bool a_unsigned_, b_unsigned_;
};

class ModelMac final : public MacUnit {
 public:
  using MacUnit::MacUnit;
  CalcResult answer(const std::vector<std::string>& operands, bool explain) override {
    const MacOperands in = parse_operands(operands);
    const int64_t a = static_cast<int8_t>(in.a), b = static_cast<int8_t>(in.b), c = static_cast<int32_t>(in.c);
    const int64_t a_high = high_bit<int64_t>(a, a_unsigned_), b_high = high_bit<int64_t>(b, b_unsigned_);
    const int64_t product = mac<int64_t>(0, a, a_high, b, b_high);
    CalcResult result;
    result.value = static_cast<uint32_t>(mac<int64_t>(c, a, a_high, b, b_high));
    result.flags = add32<int64_t>(c, product).flag != 0 ? kOverflow : 0;
    if (explain) result.steps = steps(in, result);
    return result;
  }
};

class RtlMac final : public MacUnit {
 public:
  explicit RtlMac(const CalcOptions& options)
      : MacUnit(options), unit_("npu_pe", {{"psum_i", "act_i", "weight_i", "act_unsigned_i", "weight_unsigned_i"}, {"psum_o", "int_overflow_o"}}) {}
  CalcResult answer(const std::vector<std::string>& operands, bool explain) override {
    const MacOperands in = parse_operands(operands);
    unit_.set("psum_i", in.c);
    unit_.set("act_i", in.a);
    unit_.set("weight_i", in.b);
    unit_.set("act_unsigned_i", a_unsigned_);
    unit_.set("weight_unsigned_i", b_unsigned_);
    unit_.settle();
    CalcResult result;
    result.value = unit_.get("psum_o");
    result.flags = unit_.get("int_overflow_o") != 0 ? kOverflow : 0;
    if (explain) result.steps = steps(in, result);
    return result;
  }

 private:
  RtlUnit unit_;
};

}  // namespace

std::unique_ptr<CalcUnit> make_mac_unit(const CalcOptions& options) {
  if (options.rtl) return std::make_unique<RtlMac>(options);
  return std::make_unique<ModelMac>(options);
}

}  // namespace assay::cli
