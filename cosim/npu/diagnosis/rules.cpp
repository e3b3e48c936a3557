// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/rules.hpp"

#include "cosim/npu/diagnosis/float_policies.hpp"

namespace assay::npu {
namespace {

using Choices = std::vector<RuleChoice>;

Choices sums(const char* kind, const char* what) {
  const std::string name = what;
  Choices all = {{kSumSaturates, "saturation", name + " saturates instead of wrapping"}, {kSumSubtracts, "sign.swapped", name + " is a difference"}};
  for (int n = 1; n < 32; ++n) all.push_back({kCarryLost + n, kind, name + " loses the carry into bit " + std::to_string(n)});
  for (int n = 8; n < 32; ++n) all.push_back({kSumBits + n, "width", name + " has " + std::to_string(n) + " bits, sign-extended"});
  return all;
}

Choices products() {
  Choices all = {{kActSigned, "signedness.activation", "the activation is always signed"},
                 {kActUnsigned, "signedness.activation", "the activation is always unsigned"},
                 {kWeightSigned, "signedness.weight", "the weight is always signed"},
                 {kWeightUnsigned, "signedness.weight", "the weight is always unsigned"},
                 {kActHighOr, "signedness.activation", "the activation is unsigned where either operand is"},
                 {kWeightHighOr, "signedness.weight", "the weight is unsigned where either operand is"},
                 {kHighSwapped, "signedness.activation", "each operand has the other's signedness"},
                 {kHighAnd, "signedness.activation", "operands are unsigned only where both are"},
                 {kCrossActUnsigned, "signedness.activation", "the term of an unsigned weight takes the activation as unsigned"},
                 {kCrossActMagnitude, "signedness.activation", "the term of an unsigned weight takes the activation without its top bit"},
                 {kCrossActSigned, "signedness.activation", "the term of an unsigned weight takes the activation as signed"},
                 {kCrossWeightUnsigned, "signedness.weight", "the term of an unsigned activation takes the weight as unsigned"},
                 {kCrossWeightSigned, "signedness.weight", "the term of an unsigned activation takes the weight as signed"},
                 {kCrossMissing, "signedness.activation", "the term of two unsigned operands is missing"},
                 {kActSignOr, "signedness.activation", "the activation is extended by the OR of both signs"},
                 {kActBytesOr, "signedness.activation", "the activation is extended by the OR of both top bits"},
                 {kWeightBytesOr, "signedness.weight", "the weight is extended by the OR of both top bits"},
                 {kWeightSignOr, "signedness.weight", "the weight is extended by the OR of both signs"},
                 {kSignAnd, "signedness.activation", "operands are extended by the AND of both signs"},
                 {kSignXor, "signedness.activation", "the activation is extended by the XOR of both signs"}};
  for (int n = 12; n <= 17; ++n) {
    if (n < 17) all.push_back({kProductBits + n, "width", "the product is cut to " + std::to_string(n) + " bits, signed"});
    all.push_back({kProductUnsigned + n, "width", "the product is cut to " + std::to_string(n) + " bits, unsigned"});
  }
  return all;
}

Choices highs(const char* kind, const char* what) {
  const std::string name = what;
  return {{kHighWithoutSign, kind, "the high bit of an unsigned " + name + " does not look at its top bit"},
          {kHighIgnoresMode, kind, name + "s are always unsigned"},
          {kHighNever, kind, name + "s are always signed"}};
}

Choices overflows() {
  return {{kOverflowCarry, "flag.rule", "raised by a carry out instead of a signed overflow"},
          {kOverflowSigns, "flag.rule", "raised by operands of different sign"},
          {kOverflowNever, "flag.missing", "never raised"},
          {kOverflowNegative, "flag.rule", "raised by negative overflows only"},
          {kOverflowPositive, "flag.rule", "raised by positive overflows only"},
          {kOverflowSign, "flag.rule", "raised by a negative sum"}};
}

Choices saturations(bool shifts) {
  Choices all = {{kNoSaturation, "saturation", "wraps instead of saturating"},
                 {kOneBitFewer, "saturation", "tests one bit too few"},
                 {kOneBitMore, "saturation", "tests one bit too many"},
                 {kPositiveToZero, "saturation", "too large positive values become 0"},
                 {kNegativeToZero, "saturation", "too large negative values become 0"},
                 {kToZero, "saturation", "too large values become 0"},
                 {kOppositeLimit, "saturation", "too large values become the limit of the other sign"},
                 {kSymmetric, "saturation", "the lowest value is one too high"}};
  if (!shifts) return all;
  all.push_back({kBothModesSaturate, "saturation", "mode single saturates before its multiplication, too"});
  for (int n = 1; n < 5; ++n) all.push_back({kShiftBits + n, "width", "the shift has " + std::to_string(n) + " bits only"});
  return all;
}

Choices roundings(const char* kind, int own) {
  const RuleChoice all[] = {{kFloor, kind, "rounds down"},
                            {kTowardZero, kind, "rounds toward zero"},
                            {kHalfEven, kind, "ties go to even"},
                            {kHalfAway, kind, "ties go away from zero"},
                            {kHalfUp, kind, "ties go up"},
                            {kHalfDown, kind, "ties go down"},
                            {kHalfBitHigh, kind, "the rounding constant is one bit too high"},
                            {kHalfBitLow, kind, "the rounding constant is one bit too low"}};
  Choices others;
  for (const RuleChoice& choice : all)
    if (choice.code != own) others.push_back(choice);
  return others;
}

Choices clamps() {
  Choices all = {{kLowUnsigned, "clamp", "clamp_lo is compared as unsigned"},
                 {kHighUnsigned, "clamp", "clamp_hi is compared as unsigned"},
                 {kBothUnsigned, "clamp", "both limits are compared as unsigned"},
                 {kNoLow, "clamp", "clamp_lo is ignored"},
                 {kNoHigh, "clamp", "clamp_hi is ignored"},
                 {kZeroAfterClamp, "order", "the zero point is added after the clamp"},
                 {kZeroSubtracted, "sign.swapped", "the zero point is subtracted"},
                 {kNoZero, "parameter.ignored", "the zero point is ignored"}};
  for (const int n : {8, 9, 10, 16}) all.push_back({kZeroBits + n, "width", "the sum with the zero point has " + std::to_string(n) + " bits"});
  return all;
}

/// The policies of a table, those of products only where there are products.
template <class Policy>
Choices named(const std::vector<NamedPolicy<Policy>>& table, bool products = true, const std::string& of = "") {
  Choices all;
  for (size_t i = 0; i < table.size(); ++i)
    if (products || !table[i].products) all.push_back({static_cast<int>(i) + 1, table[i].kind, of + table[i].text, table[i].cost});
  return all;
}

Choices flag_sets(bool lanes) {
  static const char* const kNames[] = {"inexact", "underflow", "overflow", "invalid"};
  Choices all;
  for (int i = 0; i < 4; ++i) all.push_back({kFlagMissing + i, "flag.missing", std::string(kNames[i]) + " is never raised"});
  if (lanes) all.push_back({kInvalidLanesToo, "flag.rule", "flags of lanes without valid operands count"});
  return all;
}

Choices integer_choices(Site site) {
  switch (site) {
    case Site::SkewHigh:
      return highs("signedness.activation", "activation");
    case Site::ShadowHigh:
      return highs("signedness.weight", "weight");
    case Site::PsumProduct:
      return products();
    case Site::PsumSum:
      return sums("width", "the partial sum");
    case Site::AccSum:
      return sums("width", "the sum");
    case Site::BiasSum:
      return sums("width", "the sum with the bias");
    case Site::AccOverflow:
    case Site::BiasOverflow:
      return overflows();
    case Site::MultiplySaturate:
      return saturations(true);
    case Site::ScaleSaturate:
      return saturations(false);
    case Site::ScaleFirst:
      return roundings("rounding.double", kHalfUp);
    case Site::ScaleSecond:
      return roundings("rounding.double", kHalfAway);
    case Site::ScaleOnce:
      return roundings("rounding.single", kHalfUp);
    case Site::ClampRule:
      return clamps();
    case Site::SaturatedRule:
      return {{kNotBefore, "flag.missing", "the saturation before the multiplication does not count"},
              {kNotScaled, "flag.missing", "the saturation of mode single does not count"},
              {kNotDestination, "flag.missing", "leaving the destination format does not count"},
              {kClampCounts, "flag.rule", "the clamp counts, too"},
              {kSignedDestination, "flag.rule", "the destination counts as signed always"}};
    case Site::TableOrder:
    case Site::TableBytes:
      return {{kBytesReversed, "order.reversed", "the bytes of a line in reverse"}};
    default:
      return {};
  }
}

Choices float_choices(Site site) {
  switch (site) {
    case Site::PsumSum:
      return named(sum_policies());
    case Site::FusedAdd:
    case Site::AccSum:
    case Site::BiasSum:
      return named(sum_policies(), false);
    case Site::AccNarrow:
      return named(entry_policies(), true, "BF16 entries: ");
    case Site::AccNeutral:
      return {{kOverwritesOntoPlusZero, "float.zero_sign", "overwriting adds to +0 instead of -0"},
              {kUndefinedMinusZero, "float.zero_sign", "an entry never written counts as -0 instead of +0"}};
    case Site::DecodeActivation:
    case Site::DecodeWeight:
      return named(decode_policies());
    case Site::ConvertRule:
      return named(convert_policies());
    case Site::PeFlags:
      return flag_sets(true);
    case Site::FloatFlags:
      return flag_sets(false);
    case Site::SeedRule:
      return {{kSeedAlike, "seed", "all lanes have the same seed"},
              {kLaneNotPlusOne, "seed", "the seed takes the lane instead of the lane plus 1"},
              {kZeroStays, "seed", "a seed of 0 stays 0"}};
    default:
      return {};
  }
}

}  // namespace

std::vector<RuleChoice> rule_choices(Site site, const HwConfig& hw) {
  if (site == Site::FifoRule) {
    return {{kPushAsOnePops, "fifo.full_push", "a full FIFO takes a word while one leaves"},
            {kPushAsOnePopsReady, "fifo.full_push", "a full FIFO is ready, and takes a word, while one leaves"},
            {kDropFilling, "fifo.dropped", "the word that fills it is dropped"},
            {kDropFillingUnlessPop, "fifo.dropped", "the word that fills it is dropped unless one leaves"},
            {kCountFillingOnly, "fifo.dropped", "the word that fills it is counted but not stored"}};
  }
  if (site == Site::PsumOperands) return {{kShadowWeights, "weight.shadow", "products use the shadow weight instead of the active one"}};
  return hw.floating() ? float_choices(site) : integer_choices(site);
}

}  // namespace assay::npu
