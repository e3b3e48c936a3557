// SPDX-License-Identifier: Apache-2.0
// Operand form and widening of every code of every operand format, against the formats' definition.
#include <cmath>

#include "model/common/float_format.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

constexpr uint32_t kQuiet = 0x200;  ///< of the operand form's 10 mantissa bits

struct Form {
  bool negative;
  int exponent;
  uint32_t mantissa;
};
Form parts(Operand o) { return {(o.x & 0x8000) != 0, (o.x >> 7) & 0xFF, ((o.x & 0x7Fu) << 3) | o.low}; }

/// The 1.8.10 number as an exact double.
double form_value(const Form& f) {
  const double magnitude = f.exponent == 0 ? std::ldexp(f.mantissa, 1 - 127 - 10) : std::ldexp(f.mantissa + 1024.0, f.exponent - 127 - 10);
  return f.negative ? -magnitude : magnitude;
}

void check_form(uint32_t code, Format f) {
  const Number n = oracle::decode(code, f);
  const Layout l = layout(f);
  const Operand operand = operand_form(code, f);
  const Form form = parts(operand);
  INFO(describe(DecodeCase{code, f}) << ": x " << operand.x << " low " << unsigned{operand.low});
  if (form.negative != n.negative) FAIL("sign");
  if (operand.low > 7 || (operand.low != 0 && f != Format::Fp16)) FAIL("low bits");
  if (n.nan()) {
    const uint32_t payload = (code & ((1u << l.mantissa_bits) - 1)) << (10 - l.mantissa_bits);
    if (form.exponent != 255 || form.mantissa != payload || ((payload & kQuiet) != 0) != (n.kind == Kind::QuietNan)) FAIL("NaN");
  } else if (n.kind == Kind::Infinity) {
    if (form.exponent != 255 || form.mantissa != 0) FAIL("infinity");
  } else {
    if (form.exponent == 255 || form_value(form) != static_cast<double>(values_of(f)[code])) FAIL("value " << form_value(form));
    if (form.exponent == 0 && form.mantissa != 0 && f != Format::Bf16) FAIL("a narrow format's subnormal is normal here");
  }
}

}  // namespace

TEST_CASE("operand form: equals the value of every code of all five formats, NaNs keep payload and quiet bit") {
  for (const Format f : kOperandFormats)
    for (uint32_t code = 0; code < codes(f); ++code) check_form(code, f);
}

TEST_CASE("operand form: e5m2 is the upper byte of fp16") {
  for (uint32_t code = 0; code < 256; ++code) {
    const Operand e5m2 = operand_form(code, Format::E5m2), fp16 = operand_form(code << 8, Format::Fp16);
    if (e5m2.x != fp16.x || e5m2.low != fp16.low) FAIL("code " << code);
  }
}

TEST_CASE("operand form: the worked examples of the specification") {
  const auto is = [](uint32_t code, Format f, uint16_t x, uint8_t low) {
    const Operand o = operand_form(code, f);
    return o.x == x && o.low == low;
  };
  CHECK(is(0x0001, Format::Fp16, 0x3380, 0));
  CHECK(is(0x03FF, Format::Fp16, 0x387F, 6));
  CHECK(is(0x01, Format::E4m3fn, 0x3B00, 0));
  CHECK(is(0x7E, Format::E4m3fn, 0x43E0, 0));
  CHECK(is(0x7D, Format::E5m2, 0x7FA0, 0));
}

TEST_CASE("widen: every code of every operand format to FP32, exact, NaN canonical, signalling NaN invalid") {
  for (const Format f : kOperandFormats) {
    const Outcome outcome = decodes([](const DecodeCase& c) { return assay::widen(c.code, c.f); }, f);
    INFO(outcome.first);
    REQUIRE(outcome.good());
    CHECK(outcome.vectors == codes(f));
  }
}

TEST_CASE("to_double: the exact value of every code") {
  for (const Format f : kOperandFormats) {
    for (uint32_t code = 0; code < codes(f); ++code) {
      const Number n = oracle::decode(code, f);
      const double value = to_double(code, f);
      if (n.nan() ? !std::isnan(value) : n.kind == Kind::Infinity ? !std::isinf(value) : value != static_cast<double>(values_of(f)[code]))
        FAIL("code " << code);
      if (!n.nan() && std::signbit(value) != n.negative) FAIL("sign of code " << code);
    }
  }
}
