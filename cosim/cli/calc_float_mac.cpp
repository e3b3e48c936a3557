// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_explain.hpp"
#include "cosim/cli/calc_unit.hpp"
#include "model/common/float_format.hpp"
#include "model/pe/fma.hpp"

namespace assay::cli {
namespace {

/// a·b + c on codes; the two units differ in who computes.
class FloatMacUnit : public CalcUnit {
 public:
  FloatMacUnit(Format a, Format b) : a_format_(a), b_format_(b) {}
  CalcResult answer(const CalcOperands& operands, bool explain) final {
    expect_operands(operands, "a b c", 3);
    const uint32_t a = parse_hex("a", operands[0], code_digits(a_format_));
    const uint32_t b = parse_hex("b", operands[1], code_digits(b_format_));
    const uint32_t c = parse_hex("c", operands[2], 8);
    const FloatResult y = compute(a, b, c);
    CalcResult result;
    result.value = y.bits;
    result.flags = calc_flags(y.flags);
    if (explain) result.steps = explain_fma({a, a_format_}, {b, b_format_}, c, y);
    return result;
  }

 protected:
  virtual FloatResult compute(uint32_t a, uint32_t b, uint32_t c) = 0;
  const Format a_format_, b_format_;
};

class ModelFloatMac final : public FloatMacUnit {
 public:
  using FloatMacUnit::FloatMacUnit;

 private:
  FloatResult compute(uint32_t a, uint32_t b, uint32_t c) override { return fma(operand_form(a, a_format_), operand_form(b, b_format_), c); }
};

class RtlFloatMac final : public FloatMacUnit {
 public:
  RtlFloatMac(Format a, Format b) : FloatMacUnit(a, b) {
    unit_.port("format_a_i").set(static_cast<uint32_t>(a));
    unit_.port("format_b_i").set(static_cast<uint32_t>(b));
  }

 private:
  FloatResult compute(uint32_t a, uint32_t b, uint32_t c) override {
    a_.set(a);
    b_.set(b);
    c_.set(c);
    unit_.settle();
    return {y_.get(), static_cast<uint8_t>(flags_.get())};
  }

  RtlUnit unit_{"npu_fp_pe", {{"a_i", "b_i", "format_a_i", "format_b_i", "psum_i"}, {"psum_o", "flags_o"}}};
  RtlUnit::Port a_ = unit_.port("a_i"), b_ = unit_.port("b_i"), c_ = unit_.port("psum_i");
  RtlUnit::Port y_ = unit_.port("psum_o"), flags_ = unit_.port("flags_o");
};

}  // namespace

std::unique_ptr<CalcUnit> make_float_mac_unit(const CalcOptions& options, Format a, Format b) {
  if (options.rtl) return std::make_unique<RtlFloatMac>(a, b);
  return std::make_unique<ModelFloatMac>(a, b);
}

}  // namespace assay::cli
