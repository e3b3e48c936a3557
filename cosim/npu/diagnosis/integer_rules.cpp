// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the integer tile (spec section 5) with its alternatives.
#include "cosim/npu/diagnosis/integer_rules.hpp"

#include <algorithm>

#include "model/functional/integer_policy.hpp"

namespace assay::npu {
namespace {

int64_t sign_extend(uint64_t x, int bits) { return static_cast<int64_t>(x << (64 - bits)) >> (64 - bits); }

int64_t byte_value(uint8_t byte, bool high) { return static_cast<int8_t>(byte) + (high ? 256 : 0); }

}  // namespace

uint64_t high_bit(int choice, bool is_unsigned, uint64_t byte) {
  const bool top = (byte & 0x80) != 0;
  switch (choice) {
    case kHighWithoutSign:
      return is_unsigned;
    case kHighIgnoresMode:
      return top;
    case kHighNever:
      return 0;
    default:
      return is_unsigned && top;
  }
}

int64_t operand_product(int choice, uint8_t a, bool ah, uint8_t w, bool wh) {
  const bool at = (a & 0x80) != 0, wt = (w & 0x80) != 0, negative_a = at && !ah, negative_w = wt && !wh;
  const int64_t va = byte_value(a, ah), vw = byte_value(w, wh), sa = byte_value(a, false), sw = byte_value(w, false);
  const auto nine = [](uint8_t byte, bool sign) { return int64_t{byte} - (sign ? 256 : 0); };
  if (choice >= kProductUnsigned) return static_cast<int64_t>(static_cast<uint64_t>(va * vw) & ((uint64_t{1} << (choice - kProductUnsigned)) - 1));
  if (choice >= kProductBits) return sign_extend(static_cast<uint64_t>(va * vw), choice - kProductBits);
  switch (choice) {
    case kActSigned:
      return sa * vw;
    case kActUnsigned:
      return a * vw;
    case kWeightSigned:
      return va * sw;
    case kWeightUnsigned:
      return va * w;
    case kActHighOr:
      return byte_value(a, (ah || wh) && at) * vw;
    case kWeightHighOr:
      return va * byte_value(w, (ah || wh) && wt);
    case kHighSwapped:
      return byte_value(a, wh) * byte_value(w, ah);
    case kHighAnd:
      return byte_value(a, ah && wh) * byte_value(w, ah && wh);
    case kCrossActUnsigned:
      return va * sw + (wh ? 256 * int64_t{a} : 0);
    case kCrossActMagnitude:
      return va * sw + (wh ? 256 * int64_t{a & 0x7F} : 0);
    case kCrossActSigned:
      return va * sw + (wh ? 256 * sa : 0);
    case kCrossWeightUnsigned:
      return sa * vw + (ah ? 256 * int64_t{w} : 0);
    case kCrossWeightSigned:
      return sa * vw + (ah ? 256 * sw : 0);
    case kCrossMissing:
      return va * vw - (ah && wh ? 65536 : 0);
    case kActSignOr:
      return nine(a, negative_a || negative_w) * vw;
    case kActBytesOr:
      return (nine(a, at || wt) + (ah ? 256 : 0)) * vw;
    case kWeightBytesOr:
      return va * (nine(w, at || wt) + (wh ? 256 : 0));
    case kWeightSignOr:
      return va * nine(w, negative_a || negative_w);
    case kSignAnd:
      return nine(a, negative_a && negative_w) * nine(w, negative_a && negative_w);
    case kSignXor:
      return nine(a, negative_a != negative_w) * vw;
    default:
      return va * vw;
  }
}

uint32_t sum32(int choice, uint32_t x, uint32_t y) {
  const int64_t exact = int64_t{static_cast<int32_t>(x)} + static_cast<int32_t>(y);
  if (choice >= kSumBits) return static_cast<uint32_t>(sign_extend(uint64_t{x} + y, choice - kSumBits));
  if (choice >= kCarryLost) {
    const int n = choice - kCarryLost;
    const uint32_t low = (uint32_t{1} << n) - 1;
    return (((x >> n) + (y >> n)) << n) | (((x & low) + (y & low)) & low);
  }
  switch (choice) {
    case kSumSaturates:
      return static_cast<uint32_t>(std::clamp<int64_t>(exact, INT32_MIN, INT32_MAX));
    case kSumSubtracts:
      return x - y;
    default:
      return x + y;
  }
}

bool sum_overflows(int choice, uint32_t x, uint32_t y) {
  const int64_t exact = int64_t{static_cast<int32_t>(x)} + static_cast<int32_t>(y);
  switch (choice) {
    case kOverflowCarry:
      return uint64_t{x} + y > UINT32_MAX;
    case kOverflowSigns:
      return ((x ^ y) >> 31) != 0;
    case kOverflowNever:
      return false;
    case kOverflowNegative:
      return exact < INT32_MIN;
    case kOverflowSign:
      return exact < 0;
    case kOverflowPositive:
      return exact > INT32_MAX;
    default:
      return exact != static_cast<int32_t>(exact);
  }
}

Saturated saturate32(int choice, Wide x) {
  const bool above = x > INT32_MAX, below = x < INT32_MIN;
  const auto wrapped = static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(x)));
  const bool fewer = x > Wide{INT32_MAX} * 2 + 1 || x<Wide{INT32_MIN} * 2, more = x> INT32_MAX / 2 || x < INT32_MIN / 2;
  const int64_t limit = x < 0 ? INT32_MIN : INT32_MAX;
  const bool out = above || below;
  switch (choice) {
    case kNoSaturation:
      return {wrapped, false};
    case kOneBitFewer:
      return {fewer ? limit : int64_t{wrapped}, fewer};
    case kOneBitMore:
      return {more ? limit : int64_t{wrapped}, more};
    case kPositiveToZero:
      return {above ? 0 : below ? INT32_MIN : int64_t{wrapped}, out};
    case kNegativeToZero:
      return {below ? 0 : above ? INT32_MAX : int64_t{wrapped}, out};
    case kToZero:
      return {out ? 0 : int64_t{wrapped}, out};
    case kOppositeLimit:
      return {out ? (x < 0 ? INT32_MAX : INT32_MIN) : int64_t{wrapped}, out};
    case kSymmetric:
      return {below || x == INT32_MIN ? -int64_t{INT32_MAX} : above ? INT32_MAX : int64_t{wrapped}, out};
    default:
      return {out ? limit : int64_t{wrapped}, out};
  }
}

int64_t divide_rounding(int choice, int64_t x, int shift) {
  const Wide wide = x;
  const Wide half = shift == 0 ? 0 : Wide{1} << (shift - 1);
  switch (choice) {
    case kHalfBitHigh:
      return static_cast<int64_t>((wide + 2 * half) >> shift);
    case kHalfBitLow:
      return static_cast<int64_t>((wide + half / 2) >> shift);
    case kHalfDown:
      return static_cast<int64_t>(-((-wide + half) >> shift));
    case kFloor:
      return rounding_shift(x, shift, Rounding::Floor);
    case kTowardZero:
      return rounding_shift(x, shift, Rounding::TowardZero);
    case kHalfEven:
      return rounding_shift(x, shift, Rounding::NearestEven);
    case kHalfAway:
      return rounding_shift(x, shift, Rounding::HalfAway);
    default:
      return rounding_shift(x, shift, Rounding::HalfUp);
  }
}

int64_t clamp_value(int choice, int64_t y, int64_t zero, int64_t low, int64_t high) {
  if (choice >= kZeroBits) return std::min(std::max(sign_extend(static_cast<uint64_t>(y + zero), choice - kZeroBits), low), high);
  const int64_t z = choice == kNoZero || choice == kZeroAfterClamp ? y : choice == kZeroSubtracted ? y - zero : y + zero;
  const auto as_unsigned = [](int64_t v) { return static_cast<uint32_t>(v); };
  const bool low_unsigned = choice == kLowUnsigned || choice == kBothUnsigned, high_unsigned = choice == kHighUnsigned || choice == kBothUnsigned;
  const bool below = choice != kNoLow && (low_unsigned ? as_unsigned(z) < as_unsigned(low) : z < low);
  const int64_t raised = below ? low : z;
  const bool above = choice != kNoHigh && (high_unsigned ? as_unsigned(raised) > as_unsigned(high) : raised > high);
  const int64_t clamped = above ? high : raised;
  return choice == kZeroAfterClamp ? clamped + zero : clamped;
}

}  // namespace assay::npu
