// SPDX-License-Identifier: Apache-2.0
// An FP32 adder for sums of products and of FP32 numbers as textbooks build it (align, add, normalise, round, judge), which may go wrong in every one of
// these steps. Without a deviation it is the addition of spec section 17.5.
#pragma once

#include <cstdint>

#include "model/common/fadd.hpp"

namespace assay::npu {

/// Bits of a result, and the flag set it raises.
struct FloatSum {
  uint32_t bits;
  uint64_t flags;
};

/// A flag of the set, or nothing.
constexpr uint64_t flag_if(bool raised, uint64_t flag) { return raised ? flag : 0; }

enum class Rounding : uint8_t { HalfEven, TowardZero, HalfAway, HalfToward, HalfUp, Away, Up, Down, Odd };

/// Sums for which the deviation holds.
enum class SumCase : uint8_t {
  All,
  Subtraction,
  Addition,
  Subnormal,
  FirstLarger,
  SecondLarger,
  FirstLargerSubtraction,
  SecondLargerSubtraction,
  Near,
  LowestExponent
};

/// How an adder deviates in its steps; as it stands, in nothing.
struct AdderDeviation {
  SumCase when = SumCase::All;
  // align: the addend with the smaller exponent moves right
  int kept_bits = -1;         ///< bits that are kept below the larger one's last place; -1: all
  bool sticky = true;         ///< below them one bit that tells whether anything was lost
  bool sticky_after = false;  ///< which joins the sum, not the addend
  int missing_bit = 0;        ///< the n-th bit below the last place is 0
  int distance_bits = 0;      ///< the distance has so many bits only; 0: all
  int distance_most = 0;      ///< and is so great at most
  int lost_from = 0;          ///< nothing is left of the smaller one from this distance on
  // normalise
  int shift_bits = 0;  ///< the shift to the left has so many bits only
  // round
  Rounding rounding = Rounding::HalfEven;
  bool carry_lost = false;            ///< the carry of the rounding does not reach the exponent
  bool smallest_normal_lost = false;  ///< the smallest normal number is given exponent 0
  enum class Overflow : uint8_t { Infinity, Largest, Nan, Wraps } overflow = Overflow::Infinity;
  enum class Zero : uint8_t { Rule, Plus, First, Second, Minus } zero = Zero::Rule;
  // judge
  enum class Inexact : uint8_t { Rule, FirstBit, OtherBits, NotOverflow } inexact = Inexact::Rule;
  enum class Underflow : uint8_t { Rule, BeforeRounding, Exact, Zero } underflow = Underflow::Rule;
  enum class OverflowFlag : uint8_t { Rule, BeforeRounding } overflow_flag = OverflowFlag::Rule;
};

/// p + c of finite addends (fadd.hpp), c an FP32 number.
FloatSum add_deviating(const Addend<int32_t>& p, const Addend<int32_t>& c, const AdderDeviation& deviation);

/// Whether a magnitude of which `kept` stays and `lost`, of at most 2^bits - 1, does not, becomes one more.
bool rounds_up(Rounding rounding, bool negative, uint64_t kept, unsigned __int128 lost, int bits);

}  // namespace assay::npu
