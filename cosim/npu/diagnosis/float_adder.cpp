// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/float_adder.hpp"

#include <algorithm>

namespace assay::npu {
namespace {

__extension__ typedef unsigned __int128 Frame;

/// Bits of a frame below an addend's last place: what lies deeper counts as one bit, the last, which no rounding to 24 bits can tell from the rest.
constexpr int kBelow = 64;
constexpr int kTop = 24 + kBelow;  ///< the carry's bit
constexpr uint32_t kInfinity = 0x7F800000u, kLargest = 0x7F7FFFFFu, kCanonicalNan = 0x7FC00000u;

Frame low_bits(int n) { return n <= 0 ? 0 : (Frame{1} << n) - 1; }
int leading(Frame x) {
  const auto high = static_cast<uint64_t>(x >> 64), low = static_cast<uint64_t>(x);
  return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll(low);
}

Frame sticky_bit(const AdderDeviation& d) { return Frame{1} << (kBelow - d.kept_bits - 1); }

/// The smaller addend beside the larger one.
Frame aligned(uint32_t significand, int distance, const AdderDeviation& d) {
  if (d.lost_from != 0 && distance >= d.lost_from) return 0;
  if (d.distance_bits != 0) distance &= static_cast<int>(low_bits(d.distance_bits));
  if (d.distance_most != 0) distance = std::min(distance, d.distance_most);
  const Frame whole = Frame{significand} << kBelow;
  const int right = std::min(distance, kTop + 1);
  Frame moved = whole >> right;
  if ((moved << right) != whole) moved |= 1;
  if (d.kept_bits >= 0) {
    const Frame lost = moved & low_bits(kBelow - d.kept_bits);
    moved ^= lost;
    if (d.sticky && !d.sticky_after && lost != 0) moved |= sticky_bit(d);
  }
  if (d.missing_bit != 0) moved &= ~(Frame{1} << (kBelow - d.missing_bit));
  return moved;
}

/// A sum before it is rounded: magnitude in units of 2^(top - 150 - kBelow).
struct Exact {
  Frame magnitude;
  bool negative, first_larger, subtracts;
  int top, distance;
};

Exact exact_sum(const Addend<int32_t>& p, const Addend<int32_t>& c, const AdderDeviation& d) {
  Exact e{};
  e.first_larger = p.exponent >= c.exponent;
  e.top = std::max(p.exponent, c.exponent);
  e.distance = e.top - std::min(p.exponent, c.exponent);
  e.subtracts = p.sign != c.sign;
  const Addend<int32_t>&large = e.first_larger ? p : c, &small = e.first_larger ? c : p;
  const Frame high = Frame{static_cast<uint32_t>(large.significand)} << kBelow;
  const Frame low = aligned(static_cast<uint32_t>(small.significand), e.distance, d);
  const bool turned = e.subtracts && low > high;
  e.magnitude = e.subtracts ? (turned ? low - high : high - low) : high + low;
  e.negative = (large.sign != 0) != turned;
  if (d.sticky_after && low != aligned(static_cast<uint32_t>(small.significand), e.distance, {})) e.magnitude |= sticky_bit(d);
  return e;
}

bool holds(SumCase when, const Exact& e) {
  switch (when) {
    case SumCase::All:
      return true;
    case SumCase::Subtraction:
      return e.subtracts;
    case SumCase::Addition:
      return !e.subtracts;
    case SumCase::Subnormal:
      return e.magnitude != 0 && e.top + leading(e.magnitude) - (kTop - 1) < 1;
    case SumCase::FirstLarger:
      return e.first_larger;
    case SumCase::SecondLarger:
      return !e.first_larger;
    case SumCase::FirstLargerSubtraction:
      return e.first_larger && e.subtracts;
    case SumCase::SecondLargerSubtraction:
      return !e.first_larger && e.subtracts;
    case SumCase::Near:
      return e.subtracts && e.distance <= 1;
    case SumCase::LowestExponent:
      return e.top == 1;
  }
  return false;
}

uint32_t zero_sign(const Addend<int32_t>& p, const Addend<int32_t>& c, AdderDeviation::Zero rule) {
  using Zero = AdderDeviation::Zero;
  const bool minus = rule == Zero::Plus     ? false
                     : rule == Zero::First  ? p.sign != 0
                     : rule == Zero::Second ? c.sign != 0
                     : rule == Zero::Minus  ? (p.sign != 0 || c.sign != 0)
                                            : (p.sign != 0 && c.sign != 0);
  return minus ? 0x80000000u : 0;
}

uint32_t overflowed(uint64_t bits, AdderDeviation::Overflow rule) {
  using Overflow = AdderDeviation::Overflow;
  return rule == Overflow::Largest ? kLargest : rule == Overflow::Nan ? kCanonicalNan : rule == Overflow::Wraps ? bits & 0x7FFFFFFFu : kInfinity;
}

/// A magnitude on the grid of FP32.
struct Placed {
  uint64_t kept;
  Frame lost;
  int bits;  ///< of `lost`
};
Placed placed(Frame magnitude, int bits) {
  if (bits <= 0) return {static_cast<uint64_t>(magnitude << -bits), 0, 1};
  return {static_cast<uint64_t>(magnitude >> bits), magnitude & low_bits(bits), bits};
}

uint64_t flags_of(const Exact& e, const Placed& at, uint64_t bits, int exponent, const AdderDeviation& d) {
  using Inexact = AdderDeviation::Inexact;
  using Underflow = AdderDeviation::Underflow;
  const bool overflow = d.overflow_flag == AdderDeviation::OverflowFlag::BeforeRounding ? exponent > 254 : bits >= kInfinity;
  const Frame first = Frame{1} << (at.bits - 1);
  const bool seen = d.inexact == Inexact::FirstBit ? (at.lost & first) != 0 : d.inexact == Inexact::OtherBits ? (at.lost & (first - 1)) != 0 : at.lost != 0;
  const bool inexact = seen || (overflow && d.inexact != Inexact::NotOverflow);
  // Tiny: below 2^-126 after rounding to 24 bits of its own exponent.
  const Placed own = placed(e.magnitude, leading(e.magnitude) - 23);
  const bool carries = own.kept + (rounds_up(d.rounding, e.negative, own.kept, own.lost, own.bits) ? 1 : 0) == 1u << 24;
  bool tiny = exponent < 1 && !(exponent == 0 && carries);
  if (d.underflow == Underflow::BeforeRounding) tiny = exponent < 1;
  if (d.underflow == Underflow::Zero) tiny = bits == 0;
  const bool underflow = tiny && (inexact || d.underflow == Underflow::Exact);
  return flag_if(inexact, kInexact) | flag_if(underflow, kUnderflow) | flag_if(overflow, kOverflow);
}

}  // namespace

bool rounds_up(Rounding rounding, bool negative, uint64_t kept, unsigned __int128 lost, int bits) {
  if (lost == 0) return false;
  const Frame half = Frame{1} << (bits - 1);
  switch (rounding) {
    case Rounding::HalfEven:
      return lost > half || (lost == half && (kept & 1) != 0);
    case Rounding::TowardZero:
      return false;
    case Rounding::HalfAway:
      return lost >= half;
    case Rounding::HalfToward:
      return lost > half;
    case Rounding::HalfUp:
      return lost > half || (lost == half && !negative);
    case Rounding::Away:
      return true;
    case Rounding::Up:
      return !negative;
    case Rounding::Down:
      return negative;
    case Rounding::Odd:
      return (kept & 1) == 0;
  }
  return false;
}

FloatSum add_deviating(const Addend<int32_t>& p, const Addend<int32_t>& c, const AdderDeviation& deviation) {
  Exact e = exact_sum(p, c, {});
  AdderDeviation d;
  if (holds(deviation.when, e)) d = deviation, e = exact_sum(p, c, d);
  if (e.magnitude == 0) return {zero_sign(p, c, d.zero), 0};
  const int zeros = kTop - leading(e.magnitude);
  int shift = std::min(zeros, e.top);  // to the left, as far as the exponent allows
  if (d.shift_bits != 0) shift &= static_cast<int>(low_bits(d.shift_bits));
  const Placed at = placed(e.magnitude, kBelow + 1 - shift);
  uint64_t rounded = at.kept + (rounds_up(d.rounding, e.negative, at.kept, at.lost, at.bits) ? 1 : 0);
  if (d.carry_lost && rounded == 1u << 24) rounded = 1u << 23;
  const bool lost = d.smallest_normal_lost && shift == e.top && rounded == 1u << 23;
  // The leading one, or a carry into it, counts the exponent up.
  const uint64_t bits = lost ? 0 : (static_cast<uint64_t>(e.top - shift) << 23) + rounded;
  const uint32_t magnitude = bits >= kInfinity ? overflowed(bits, d.overflow) : static_cast<uint32_t>(bits);
  return {(e.negative ? 0x80000000u : 0) | magnitude, flags_of(e, at, bits, e.top - zeros + 1, d)};
}

}  // namespace assay::npu
