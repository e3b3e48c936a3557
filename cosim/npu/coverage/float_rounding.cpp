// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/float_rounding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace assay::npu {

coverage::Axis range_axis() { return {"range", {"zero", "subnormal", "normal", "top binade", "overflow"}}; }

coverage::Axis sum_case_axis() {
  return {"case",
          {"a signalling NaN", "a quiet NaN", "infinity times zero", "opposite infinities", "infinite product and sum", "infinite product", "infinite sum",
           "zero product, zero sum", "zero product", "zero sum", "cancels to zero", "finite"}};
}

size_t sum_case(const Addend<int32_t>& p, const Addend<int32_t>& c, uint32_t result, bool signalling, bool invalid_product) {
  if (signalling) return 0;
  if (invalid_product) return 2;
  if (p.nan != 0 || c.nan != 0) return 1;
  if (p.infinite != 0 && c.infinite != 0) return p.sign != c.sign ? 3 : 4;
  if (p.infinite != 0) return 5;
  if (c.infinite != 0) return 6;
  if (p.significand == 0) return c.significand == 0 ? 7 : 8;
  if (c.significand == 0) return 9;
  return (result & 0x7FFFFFFF) == 0 && p.sign != c.sign && p.exponent == c.exponent ? 10 : kFiniteCase;
}

/// The same frame as in fadd.hpp: 28 bits, four of them below the last place, the lowest of which stands for all that is below it.
FloatEvent sum_event(const Addend<int32_t>& p, const Addend<int32_t>& c) {
  const bool swap = p.exponent < c.exponent;
  const Addend<int32_t>&high = swap ? c : p, &low = swap ? p : c;
  const int32_t far = std::min(high.exponent - low.exponent, 31);
  const int32_t small = shift_sticky<int32_t>(low.significand << 3, far);
  const int32_t sum = (high.significand << 3) + (p.sign != c.sign ? -small : small);
  const int32_t magnitude = std::abs(sum);
  if (magnitude == 0) return {Rounding::Exact, Range::Zero};
  const Flagged<int32_t> frame = normalise<28>(magnitude);
  const int32_t exponent = high.exponent + 1 - frame.flag, below = 1 - exponent;
  const int32_t placed = shift_sticky<int32_t>(frame.value, std::clamp(below, 0, 31));
  const int32_t kept = placed >> 4, lost = placed & 15;
  const bool up = 8 < lost + (kept & 1);
  FloatEvent event{rounding_of(static_cast<uint64_t>(lost), 4, up), Range::Normal};
  const int32_t rounded = kept + (up ? 1 : 0);
  const int32_t top = std::max(exponent, 1) + (rounded > 0xFFFFFF ? 1 : 0);
  if (rounded == 0)
    event.range = Range::Zero;
  else if (below >= 0 && rounded < 0x800000)
    event.range = Range::Subnormal;
  else
    event.range = top > 254 ? Range::Overflow : top == 254 ? Range::TopBinade : Range::Normal;
  return event;
}

FloatEvent narrow_event(uint32_t x, Format to, uint32_t code, bool overflow) {
  const FloatLayout l = float_layout(to);
  const uint32_t magnitude = code & ((1u << l.magnitude_bits()) - 1);
  FloatEvent event;
  // double holds every FP32 number and every code, and twice the difference of two neighbours
  const double exact = std::fabs(static_cast<double>(std::bit_cast<float>(x)));
  if (overflow) {
    event.range = Range::Overflow;
    event.rounding = Rounding::Up;
    return event;
  }
  const double got = std::fabs(to_double(code, to));
  const uint32_t other = got > exact ? magnitude - 1 : magnitude + 1;
  const double neighbour = std::fabs(to_double(other, to));
  const double error = std::fabs(got - exact), distance = std::fabs(neighbour - exact);
  const bool up = got > exact;
  // beyond the largest number there is no neighbour: then it is no tie
  const bool tie = std::isfinite(neighbour) && error == distance;
  event.rounding = error == 0 ? Rounding::Exact : tie ? (up ? Rounding::TieUp : Rounding::TieDown) : up ? Rounding::Up : Rounding::Down;
  const auto top = static_cast<uint32_t>(l.max_finite) >> l.mantissa_bits;
  event.range = magnitude == 0                                          ? Range::Zero
                : magnitude <= static_cast<uint32_t>(l.mantissa_mask()) ? Range::Subnormal
                : magnitude >> l.mantissa_bits == top                   ? Range::TopBinade
                                                                        : Range::Normal;
  return event;
}

std::optional<Rounding> integer_event(uint32_t x, int32_t result, bool invalid) {
  if (invalid) return std::nullopt;
  const double exact = std::fabs(static_cast<double>(std::bit_cast<float>(x))), got = std::fabs(static_cast<double>(result));
  if (exact == got) return Rounding::Exact;
  const bool up = got > exact;
  if (std::fabs(got - exact) == 0.5) return up ? Rounding::TieUp : Rounding::TieDown;
  return up ? Rounding::Up : Rounding::Down;
}

}  // namespace assay::npu
