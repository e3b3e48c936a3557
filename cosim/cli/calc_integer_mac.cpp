// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "cosim/cli/text.hpp"
#include "model/pe/mac.hpp"

namespace assay::cli {
namespace {

struct MacOperands {
  uint8_t a, b;
  uint32_t c;
};

MacOperands parse_operands(const CalcOperands& operands) {
  expect_operands(operands, "a b c", 3);
  return {static_cast<uint8_t>(parse_hex("a", operands[0], 2)), static_cast<uint8_t>(parse_hex("b", operands[1], 2)), parse_hex("c", operands[2], 8)};
}

class MacUnit : public CalcUnit {
 public:
  MacUnit(Format a, Format b) : a_unsigned_(a == Format::Uint8), b_unsigned_(b == Format::Uint8) {}

 protected:
  int64_t value_of(uint8_t byte, bool is_unsigned) const {
    const int64_t word = static_cast<int8_t>(byte);
    return operand_value<int64_t>(word, high_bit<int64_t>(word, is_unsigned));
  }
  /// The exact sum beside the result, in decimal.
  std::vector<std::string> steps(const MacOperands& in, const CalcResult& result) const {
    return explain_integer_mac(value_of(in.a, a_unsigned_), value_of(in.b, b_unsigned_), static_cast<int32_t>(in.c), static_cast<int32_t>(result.value),
                               (result.flags & kCalcOverflow) != 0);
  }

  const bool a_unsigned_, b_unsigned_;
};

class ModelMac final : public MacUnit {
 public:
  using MacUnit::MacUnit;
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    const MacOperands in = parse_operands(operands);
    const int64_t a = static_cast<int8_t>(in.a), b = static_cast<int8_t>(in.b), c = static_cast<int32_t>(in.c);
    const int64_t a_high = high_bit<int64_t>(a, a_unsigned_), b_high = high_bit<int64_t>(b, b_unsigned_);
    const int64_t product = mac<int64_t>(0, a, a_high, b, b_high);
    CalcResult result;
    result.value = static_cast<uint32_t>(mac<int64_t>(c, a, a_high, b, b_high));
    result.flags = add32<int64_t>(c, product).flag != 0 ? kCalcOverflow : 0u;
    if (explain) result.steps = steps(in, result);
    return result;
  }
};

class RtlMac final : public MacUnit {
 public:
  RtlMac(Format a, Format b) : MacUnit(a, b) {
    unit_.port("act_unsigned_i").set(a_unsigned_);
    unit_.port("weight_unsigned_i").set(b_unsigned_);
  }
  CalcResult answer(const CalcOperands& operands, bool explain) override {
    const MacOperands in = parse_operands(operands);
    c_.set(in.c);
    a_.set(in.a);
    b_.set(in.b);
    unit_.settle();
    CalcResult result;
    result.value = result_.get();
    result.flags = overflow_.get() != 0 ? kCalcOverflow : 0u;
    if (explain) result.steps = steps(in, result);
    return result;
  }

 private:
  RtlUnit unit_{"npu_pe", {{"psum_i", "act_i", "weight_i", "act_unsigned_i", "weight_unsigned_i"}, {"psum_o", "int_overflow_o"}}};
  RtlUnit::Port a_ = unit_.port("act_i"), b_ = unit_.port("weight_i"), c_ = unit_.port("psum_i");
  RtlUnit::Port result_ = unit_.port("psum_o"), overflow_ = unit_.port("int_overflow_o");
};

}  // namespace

std::unique_ptr<CalcUnit> make_integer_mac_unit(const CalcOptions& options, Format a, Format b) {
  if (options.rtl) return std::make_unique<RtlMac>(a, b);
  return std::make_unique<ModelMac>(a, b);
}

}  // namespace assay::cli
