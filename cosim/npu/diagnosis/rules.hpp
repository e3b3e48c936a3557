// SPDX-License-Identifier: Apache-2.0
// The alternatives of the sites of role Rule: How::Choice, `a` one of these numbers. 0 is the specification.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/sites.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

enum FifoRuleChoice { kPushAsOnePops = 1, kPushAsOnePopsReady, kDropFilling, kDropFillingUnlessPop, kCountFillingOnly };

enum HighRuleChoice { kHighWithoutSign = 1, kHighIgnoresMode, kHighNever };

enum OperandsChoice { kShadowWeights = 1 };

enum ProductChoice {
  kActSigned = 1,
  kActUnsigned,
  kWeightSigned,
  kWeightUnsigned,
  kActHighOr,
  kWeightHighOr,
  kHighSwapped,
  kHighAnd,
  kCrossActUnsigned,
  kCrossActSigned,
  kCrossWeightUnsigned,
  kCrossWeightSigned,
  kCrossMissing,
  kActSignOr,
  kWeightSignOr,
  kSignAnd,
  kSignXor,
  kCrossActMagnitude,
  kActBytesOr,
  kWeightBytesOr,
  kProductBits = 32,     ///< + n: cut to n bits, signed
  kProductUnsigned = 64  ///< + n: cut to n bits, unsigned
};

enum SumChoice {
  kSumSaturates = 1,
  kSumSubtracts,
  kCarryLost = 32,  ///< + n: no carry into bit n
  kSumBits = 64     ///< + n: n bits, sign-extended
};

enum OverflowChoice { kOverflowCarry = 1, kOverflowSigns, kOverflowNever, kOverflowNegative, kOverflowPositive, kOverflowSign };

enum SaturationChoice {
  kNoSaturation = 1,
  kBothModesSaturate,
  kOneBitFewer,
  kOneBitMore,
  kPositiveToZero,
  kNegativeToZero,
  kToZero,
  kOppositeLimit,
  kSymmetric,
  kShiftBits = 32  ///< + n: the shift has only n bits
};

enum RoundingChoice { kFloor = 1, kTowardZero, kHalfEven, kHalfAway, kHalfUp, kHalfDown, kHalfBitHigh, kHalfBitLow };

enum ClampChoice {
  kLowUnsigned = 1,
  kHighUnsigned,
  kBothUnsigned,
  kNoLow,
  kNoHigh,
  kHighFirst,
  kZeroAfterClamp,
  kZeroSubtracted,
  kNoZero,
  kZeroBits = 32  ///< + n: y + zero_point in n bits
};

enum SaturatedChoice { kNotBefore = 1, kNotScaled, kNotDestination, kClampCounts, kSignedDestination };

enum TableOrderChoice { kBytesReversed = 1 };

enum SeedChoice { kSeedAlike = 1, kLaneNotPlusOne, kZeroStays };

/// Sums, conversions, BF16 entries and operands of a floating-point tile: a place in the tables of float_policies.hpp, plus 1.
/// A stream's format taken from the other stream's command (site of role Mode).
enum StreamFormatChoice { kFormatOfOtherMoving = 1, kFormatOfOther };

enum NeutralChoice { kOverwritesOntoPlusZero = 1, kUndefinedMinusZero };

/// A flag of the set never raised: + its bit; all flags of lanes without valid operands too.
enum FlagsChoice { kFlagMissing = 1, kInvalidLanesToo = 16 };

/// One alternative of a Rule site, as it is named in a report.
struct RuleChoice {
  int code;
  std::string kind, text;
  double cost = -1;  ///< bits it takes to say which; negative: as the code says
};
/// Those that this tile can have.
std::vector<RuleChoice> rule_choices(Site site, const HwConfig& hw);

}  // namespace assay::npu
