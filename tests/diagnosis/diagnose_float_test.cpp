// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnosis/planted.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::test;

namespace {

HwConfig float_tile() { return small_float_config(4, 4, {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn}, 2); }

/// The alternative of a site that has this text.
Change said(Site site, const HwConfig& hw, const std::string& text) {
  for (const RuleChoice& choice : rule_choices(site, hw))
    if (choice.text == text) return at_site(site, How::Choice, choice.code);
  FAIL("no such alternative: " << text);
  return {};
}

}  // namespace

TEST_CASE("diagnosis: what is planted in the sums of a floating-point tile of rules is found, its family first") {
  const HwConfig hw = float_tile();
  const auto pe = [&](const char* text, const char* kind) { check_tied(hw, said(Site::PsumSum, hw, text), kind); };
  pe("rounds toward zero", "rounding.float");
  pe("ties go away from zero", "rounding.float");
  pe("rounds toward plus infinity", "rounding.float");
  pe("the product is rounded before the sum", "rounding.twice");
  pe("subnormal results become 0", "float.flush");
  pe("subnormal operands count as 0", "float.flush");
  pe("an exact zero takes the sign of the second addend", "float.zero_sign");
  pe("a NaN passes its sign and payload on", "float.nan");
  pe("an infinity wins over a NaN", "float.special");
  pe("infinity times zero is zero", "float.special");
  pe("too large results become the largest finite number", "float.overflow");
  pe("the alignment keeps 3 bits below the last place and forgets what else it shifts out", "float.sticky");
  pe("the alignment keeps nothing below the last place and forgets what else it shifts out", "float.guard");
  pe("the first bit below the last place gets lost in the alignment", "float.guard");
  pe("the alignment shift has 5 bits: distant exponents wrap around", "width");
  pe("the carry of the rounding does not reach the exponent", "float.carry");
  pe("the low mantissa bits of both factors do not enter the product", "width");
}

TEST_CASE("diagnosis: what is planted in the flags of a floating-point tile of rules is found, its family first") {
  const HwConfig hw = float_tile();
  const auto pe = [&](const char* text, const char* kind) { check_tied(hw, said(Site::PsumSum, hw, text), kind); };
  pe("only results that become 0 raise underflow", "float.underflow");
  pe("inexact looks at the first bit below the last place only", "flag.rule");
  pe("infinity times zero does not raise invalid", "flag.rule");
  pe("a signalling NaN as second factor does not raise invalid", "flag.rule");
}

TEST_CASE("diagnosis: what is planted in accumulators, conversions and decoders of a floating-point tile of rules is found, its family first") {
  const HwConfig hw = float_tile();
  const auto at = [&](Site site, const char* text, const char* kind) { check_tied(hw, said(site, hw, text), kind); };
  at(Site::AccSum, "rounds toward zero", "rounding.float");
  at(Site::AccNarrow, "BF16 entries: keeps the whole FP32 sum", "rounding.missing");
  at(Site::AccNarrow, "BF16 entries: rounds toward zero", "rounding.float");
  at(Site::AccNeutral, "overwriting adds to +0 instead of -0", "float.zero_sign");
  at(Site::ConvertRule, "rounds toward zero", "rounding.float");
  at(Site::ConvertRule, "a saturating conversion leaves infinity infinite", "float.saturate");
  at(Site::ConvertRule, "never saturates", "float.saturate");
  at(Site::ConvertRule, "NaN becomes the lowest integer", "float.nan");
  at(Site::ConvertRule, "the random number enters one bit too low", "rounding.stochastic");
  at(Site::ConvertRule, "subnormal results become 0", "float.flush");
  at(Site::ConvertRule, "e4m3 and e4m3fn are mixed up", "format.mixed");
  at(Site::DecodeActivation, "subnormal codes count as 0", "float.flush");
  at(Site::DecodeWeight, "e4m3: decoded as e4m3fn", "format.mixed");
  check_tied(hw, at_site(Site::LoadFormat, How::Choice, kFormatOfOtherMoving), "format.mixed");
}

TEST_CASE("diagnosis: what is wrong in every other lane only is found there") {
  const HwConfig hw = float_tile();
  Change passes = at_site(Site::PsumComputes, How::Always);
  passes.cols.set(0), passes.cols.set(2);
  check_tied(hw, passes, "condition.always");
  Change flags = at_site(Site::PeFlags, How::Choice, kInvalidLanesToo);
  flags.cols.set(1), flags.cols.set(3);
  check_tied(hw, flags, "flag.rule");
}
