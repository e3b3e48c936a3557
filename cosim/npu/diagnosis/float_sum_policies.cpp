// SPDX-License-Identifier: Apache-2.0
// Sums and multiply-adds (spec sections 17.5.1 and 17.5.2).
#include "cosim/npu/diagnosis/float_policies.hpp"

namespace assay::npu {
namespace {

using Table = std::vector<NamedPolicy<SumPolicy>>;

struct Case {
  SumCase when;
  const char* text;
};

void add(Table& table, const std::string& kind, const std::string& text, double cost, const SumPolicy& policy, bool products = false) {
  table.push_back({kind, text, cost, policy, products});
}

void aligning(Table& table) {
  static const Case kCases[] = {{SumCase::All, ""},
                                {SumCase::Subtraction, " where magnitudes are subtracted"},
                                {SumCase::Addition, " where magnitudes are added"},
                                {SumCase::Subnormal, " of subnormal results"},
                                {SumCase::LowestExponent, " beside an addend of the lowest exponent"},
                                {SumCase::FirstLarger, " where the first addend is the larger one"},
                                {SumCase::SecondLarger, " where the second addend is the larger one"},
                                {SumCase::FirstLargerSubtraction, " where the second addend is subtracted from a larger first one"},
                                {SumCase::SecondLargerSubtraction, " where the first addend is subtracted from a larger second one"},
                                {SumCase::Near, " where numbers of like size are subtracted"}};
  for (const Case& c : kCases) {
    const double cost = c.when == SumCase::All ? 0.5 : 3;
    const std::string where = c.text;
    SumPolicy p;
    p.adder.when = c.when;
    const int most = c.when == SumCase::Near ? 0 : 5, bits_missing = c.when == SumCase::Near ? 1 : 2;  // near numbers shift out one bit
    for (int kept = 0; kept <= most; ++kept) {
      p.adder.kept_bits = kept;
      p.adder.sticky = false;
      const std::string bits = kept == 0 ? "nothing" : kept == 1 ? "one bit" : std::to_string(kept) + " bits";
      add(table, kept < 2 ? "float.guard" : "float.sticky", "the alignment keeps " + bits + " below the last place and forgets what else it shifts out" + where,
          cost + (kept == 3 ? 0 : 1), p);
      if (kept < 2 || c.when == SumCase::Addition) continue;
      p.adder.sticky = p.adder.sticky_after = true;
      add(table, "float.sticky", "what the alignment shifts out " + std::to_string(kept) + " bits below the last place borrows nothing" + where,
          cost + (kept == 3 ? 0.5 : 1.5), p);
      p.adder.sticky_after = false;
    }
    p.adder = {};
    p.adder.when = c.when;
    for (int bit = 1; bit <= bits_missing; ++bit) {
      p.adder.missing_bit = bit;
      add(table, "float.guard", std::string("the ") + (bit == 1 ? "first" : "second") + " bit below the last place gets lost in the alignment" + where, cost,
          p);
    }
  }
  SumPolicy p;
  for (int n = 3; n <= 8; ++n) {
    p.adder.distance_bits = n;
    add(table, "width", "the alignment shift has " + std::to_string(n) + " bits: distant exponents wrap around", 3, p);
  }
  p.adder = {};
  for (const int n : {7, 8, 15, 16, 22, 23, 24, 25}) {
    p.adder.distance_most = n;
    add(table, "float.align", "the alignment shifts by " + std::to_string(n) + " at most", 3.5, p);
  }
  p.adder = {};
  for (int n = 8; n <= 26; ++n) {
    p.adder.lost_from = n;
    add(table, "float.align", "an addend smaller by " + std::to_string(n) + " binades or more is lost, with all that it would round", 4.5, p);
  }
  p.adder = {};
  for (int n = 2; n <= 4; ++n) {
    p.adder.shift_bits = n;
    add(table, "width", "the normalising shift has " + std::to_string(n) + " bits", 3, p);
  }
}

void rounding(Table& table) {
  static const std::pair<Rounding, const char*> kModes[] = {
      {Rounding::TowardZero, "rounds toward zero"},     {Rounding::HalfAway, "ties go away from zero"},
      {Rounding::HalfToward, "ties go toward zero"},    {Rounding::HalfUp, "ties go toward plus infinity"},
      {Rounding::Away, "rounds away from zero"},        {Rounding::Up, "rounds toward plus infinity"},
      {Rounding::Down, "rounds toward minus infinity"}, {Rounding::Odd, "rounds to odd"}};
  for (const auto& [mode, text] : kModes) {
    SumPolicy p;
    p.adder.rounding = mode;
    add(table, "rounding.float", text, 0.5, p);
    p.adder.when = SumCase::Subnormal;
    add(table, "rounding.float", std::string(text) + " where the result is subnormal", 3, p);
    p = {};
    p.product = mode;
    add(table, "rounding.twice", std::string("the product is rounded before the sum, and there ") + text, 2.5, p, true);
  }
  SumPolicy p;
  p.product = Rounding::HalfEven;
  add(table, "rounding.twice", "the product is rounded before the sum", 0.5, p, true);
  p = {};
  p.adder.carry_lost = true;
  add(table, "float.carry", "the carry of the rounding does not reach the exponent", 0.5, p);
  p = {};
  p.adder.smallest_normal_lost = true;
  add(table, "float.exponent", "the smallest normal number gets the exponent of subnormals", 1, p);
}

void results(Table& table) {
  using D = AdderDeviation;
  const auto flush = [&](uint8_t in, bool out, bool plus, const char* text, double cost, bool products = false) {
    SumPolicy p;
    p.flushed_in = in, p.flushed_out = out, p.flushed_plus = plus;
    add(table, "float.flush", text, cost, p, products);
  };
  flush(0, true, false, "subnormal results become 0", 0.5);
  flush(0, true, true, "subnormal results become +0", 1.5);
  flush(7, false, false, "subnormal operands count as 0", 0.5);
  flush(3, false, false, "subnormal factors count as 0", 1.5, true);
  flush(1, false, false, "a subnormal first operand counts as 0", 2);
  flush(2, false, false, "a subnormal second factor counts as 0", 2, true);
  flush(4, false, false, "a subnormal addend counts as 0", 2);
  flush(7, true, false, "subnormal operands and results count as 0", 1);
  const auto zero = [&](D::Zero rule, const char* text, double cost) {
    SumPolicy p;
    p.adder.zero = rule;
    add(table, "float.zero_sign", text, cost, p);
  };
  zero(D::Zero::Plus, "zeros are always +0", 0.5);
  zero(D::Zero::First, "an exact zero takes the sign of the first addend", 1);
  zero(D::Zero::Second, "an exact zero takes the sign of the second addend", 1);
  zero(D::Zero::Minus, "an exact zero of unlike addends is -0", 1);
  const auto overflow = [&](D::Overflow rule, const char* text) {
    SumPolicy p;
    p.adder.overflow = rule;
    add(table, "float.overflow", text, 0.5, p);
  };
  overflow(D::Overflow::Largest, "too large results become the largest finite number");
  overflow(D::Overflow::Nan, "too large results become NaN");
  overflow(D::Overflow::Wraps, "too large results wrap around");
  SumPolicy p;
  p.subtracted = true;
  add(table, "sign.swapped", "it is a difference", 0.5, p);
  for (uint8_t which = 1; which <= 3; ++which) {
    p = {};
    p.low_ignored = which;
    add(table, "width",
        std::string("the low mantissa bits of ") +
            (which == 1   ? "activations"
             : which == 2 ? "weights"
                          : "both factors") +
            " do not enter the product",
        which == 3 ? 0.5 : 1, p, true);
  }
}

void specials(Table& table) {
  const auto special = [&](Special rule, const char* kind, const char* text, bool products = false) {
    SumPolicy p;
    p.special = rule;
    add(table, kind, text, 0.5, p, products);
  };
  special(Special::InfinityWins, "float.special", "an infinity wins over a NaN");
  special(Special::ClashInfinite, "float.special", "infinities of different sign give an infinity");
  special(Special::VoidZero, "float.special", "infinity times zero is zero", true);
  special(Special::VoidInfinite, "float.special", "infinity times zero is infinite", true);
  special(Special::Payload, "float.nan", "a NaN passes its sign and payload on");
  special(Special::AddendPayload, "float.nan", "a NaN addend passes its sign and payload on");
  special(Special::NanSign, "float.nan", "NaN has the sign of the first operand that is one");
}

void flags(Table& table) {
  using D = AdderDeviation;
  const auto invalid = [&](uint8_t not_raised, const char* text, bool products = false) {
    SumPolicy p;
    p.not_invalid = not_raised;
    add(table, "flag.rule", text, 1, p, products);
  };
  invalid(kFirstSignals, "a signalling NaN as first operand does not raise invalid");
  invalid(kSecondSignals, "a signalling NaN as second factor does not raise invalid", true);
  invalid(kAddendSignals, "a signalling NaN as addend does not raise invalid");
  invalid(kFirstSignals | kSecondSignals | kAddendSignals, "signalling NaNs do not raise invalid");
  invalid(kVoidProduct, "infinity times zero does not raise invalid", true);
  invalid(kVoidBesideNan, "infinity times zero beside a NaN addend does not raise invalid", true);
  invalid(kClash, "infinities of different sign do not raise invalid");
  SumPolicy p;
  p.quiet_invalid = true;
  add(table, "flag.rule", "quiet NaNs raise invalid, too", 0.5, p);
  const auto judged = [&](const char* kind, const char* text, auto member, auto value) {
    SumPolicy rule;
    rule.adder.*member = value;
    add(table, kind, text, 0.5, rule);
  };
  judged("float.underflow", "underflow is judged before rounding", &D::underflow, D::Underflow::BeforeRounding);
  judged("float.underflow", "exact subnormal results raise underflow, too", &D::underflow, D::Underflow::Exact);
  judged("float.underflow", "only results that become 0 raise underflow", &D::underflow, D::Underflow::Zero);
  judged("flag.rule", "inexact looks at the first bit below the last place only", &D::inexact, D::Inexact::FirstBit);
  judged("flag.rule", "inexact looks at all but the first bit below the last place", &D::inexact, D::Inexact::OtherBits);
  judged("flag.rule", "an overflow alone does not raise inexact", &D::inexact, D::Inexact::NotOverflow);
  judged("float.overflow", "the overflow flag is judged before rounding", &D::overflow_flag, D::OverflowFlag::BeforeRounding);
}

}  // namespace

const std::vector<NamedPolicy<SumPolicy>>& sum_policies() {
  static const Table kTable = [] {
    Table table;
    results(table), specials(table), rounding(table), flags(table), aligning(table);
    return table;
  }();
  return kTable;
}

}  // namespace assay::npu
