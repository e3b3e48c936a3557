// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <optional>

#include "cosim/npu/diagnosis/rule_float.hpp"
#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"
#include "model/pe/fma.hpp"

namespace assay::npu {
namespace {

__extension__ typedef __float128 Quad;

constexpr uint32_t kSign = 0x80000000u, kInfinity = 0x7F800000u, kMaxFinite = 0x7F7FFFFFu, kMinusZero = kSign;

bool is_nan(uint32_t x) { return (x & ~kSign) > kInfinity; }
bool is_subnormal(uint32_t x) { return (x & kInfinity) == 0 && (x & ~kSign) != 0; }
uint32_t flushed(uint32_t x) { return is_subnormal(x) ? x & kSign : x; }
float as_float(uint32_t x) { return std::bit_cast<float>(x); }
/// An operand as the FP32 number that it is.
uint32_t wide(FloatOperand a) { return static_cast<uint32_t>(a.x << 16 | (a.low & 7) << 13); }

/// A finite value rounded in another way than to nearest even: 113 bits of it decide, enough for all but sums of very distant numbers.
uint32_t rounded(int choice, Quad exact, uint32_t nearest) {
  const float r = as_float(nearest);
  if (std::isinf(r) || r == 0.0F || std::isnan(r)) return nearest;
  const Quad size = exact < 0 ? -exact : exact, magnitude = r < 0 ? -Quad{r} : Quad{r};
  const uint32_t below = magnitude > size ? nearest - 1 : nearest;  // the next code toward zero
  if (choice == kRoundTowardZero) return below;
  const float up = as_float((below & ~kSign) + 1);
  if (std::isinf(up)) return nearest;
  const Quad middle = (Quad{as_float(below & ~kSign)} + Quad{up}) / 2;
  return size >= middle ? below + 1 : below;
}

Quad power(int exponent) {
  Quad x = 1;
  for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) x = exponent < 0 ? x / 2 : x * 2;
  return x;
}

int exponent_of(Quad x) {
  int e = 0;
  for (Quad size = x < 0 ? -x : x; size >= 2; size /= 2) ++e;
  for (Quad size = x < 0 ? -x : x; size < 1; size *= 2) --e;
  return e;
}

/// The sum of two finite numbers, not 0, whose alignment goes wrong: with a shift of fewer bits, or without what is shifted out below three guard bits.
uint32_t misaligned(int choice, Quad x, Quad y) {
  const int ex = exponent_of(x), ey = exponent_of(y), distance = ex > ey ? ex - ey : ey - ex;
  Quad& small = ex > ey ? y : x;
  if (choice == kStickyLost) {
    const Quad grid = power((ex > ey ? ex : ey) - 26);
    const Quad places = small / grid;
    if (places > -134217728 && places < 134217728) small = grid * static_cast<int64_t>(places);
  } else {
    small *= power(distance - (distance & ((1 << (choice - kDistanceBits)) - 1)));
  }
  return std::bit_cast<uint32_t>(static_cast<float>(x + y));
}

bool misaligns(int choice, Quad x, Quad y, uint32_t result) {
  return (choice == kStickyLost || choice > kDistanceBits) && x != 0 && y != 0 && (result & kInfinity) != kInfinity;
}

FloatSum finished(int choice, FloatResult result, Quad exact, uint32_t nan) {
  uint32_t bits = result.bits;
  if (choice == kFlushResult) bits = flushed(bits);
  if ((choice == kRoundTowardZero || choice == kRoundHalfAway) && !is_nan(bits)) bits = rounded(choice, exact, bits);
  if (choice == kZeroAlwaysPlus && bits == kMinusZero) bits = 0;
  if (choice == kNanPayload && is_nan(bits) && nan != 0) bits = nan | 0x00400000u;
  if (choice == kOverflowToMax && (result.flags & kOverflow) != 0) bits = (bits & kSign) | kMaxFinite;
  return {bits, result.flags};
}

uint32_t first_nan(uint32_t a, uint32_t b, uint32_t c) { return is_nan(a) ? a : is_nan(b) ? b : is_nan(c) ? c : 0; }

/// Toward zero: what stays when the places below the format's last are cut off.
uint32_t truncated(uint32_t x, Format f, bool saturate) {
  const FloatResult nearest = narrow(x, f, saturate, std::nullopt);
  const FloatResult back = widen(nearest.bits, f);
  if (is_nan(x) || (x & ~kSign) >= kInfinity || (back.bits & ~kSign) <= (x & ~kSign)) return nearest.bits;
  return nearest.bits - 1;
}

uint32_t half_away(uint32_t x, Format f, bool saturate) {
  const uint32_t low = truncated(x, f, saturate);
  const double below = to_double(low, f), above = to_double(low + 1, f), size = std::fabs(double{as_float(x)});
  if (!std::isfinite(above) || is_nan(x)) return narrow(x, f, saturate, std::nullopt).bits;
  return size >= (std::fabs(below) + std::fabs(above)) / 2 ? low + 1 : low;
}

uint32_t flushed_code(uint32_t code, Format f) { return float_class(code, f) == FloatClass::Subnormal ? code & (1u << (format_bits(f) - 1)) : code; }

FloatSum convert_float(int choice, uint32_t x, Format f, bool saturate, std::optional<uint16_t> random) {
  const bool infinite = (x & ~kSign) == kInfinity;
  if (choice == kAlwaysSaturates) saturate = true;
  if (choice == kNeverSaturates) saturate = false;
  if (choice == kInfinityStays && infinite) saturate = false;
  if (choice == kE4m3Mixed && (f == Format::E4m3 || f == Format::E4m3fn)) f = f == Format::E4m3 ? Format::E4m3fn : Format::E4m3;
  if (choice == kRandomBitLower && random) random = static_cast<uint16_t>(*random >> 1);
  if (choice == kThroughBf16) x = widen(narrow(x, Format::Bf16, false, std::nullopt).bits, Format::Bf16).bits;
  if (choice == kThroughFp16) x = widen(narrow(x, Format::Fp16, false, std::nullopt).bits, Format::Fp16).bits;
  const FloatResult y = narrow(x, f, saturate, random);
  if (choice == kConvertTruncates && !random) return {truncated(x, f, saturate), y.flags};
  if (choice == kConvertHalfAway && !random) return {half_away(x, f, saturate), y.flags};
  if (choice == kConvertFlush) return {flushed_code(y.bits, f), y.flags};
  const double max = to_double(static_cast<uint32_t>(float_layout(f).max_finite), f);
  if (choice == kMaxOverflows && std::fabs(double{as_float(x)}) > max) {
    const FloatResult over = narrow((x & kSign) | kMaxFinite, f, saturate, std::nullopt);
    return {over.bits, over.flags};
  }
  return {y.bits, y.flags};
}

}  // namespace

FloatOperand float_operand(uint64_t code, int format) {
  const auto f = static_cast<Format>(format);
  if (format >= kFormats || !is_operand_float(f)) return {code & 0xFFFF, 0};
  const Operand x = operand_form(static_cast<uint32_t>(code), f);
  return {x.x, x.low};
}

FloatSum float_fma(int choice, FloatOperand a, FloatOperand w, uint32_t c) {
  if (choice == kFlushInputs) {
    const uint32_t fa = flushed(wide(a)), fw = flushed(wide(w));
    a = {fa >> 16, (fa >> 13) & 7}, w = {fw >> 16, (fw >> 13) & 7}, c = flushed(c);
  }
  const Operand x{static_cast<uint16_t>(a.x), static_cast<uint8_t>(a.low)}, y{static_cast<uint16_t>(w.x), static_cast<uint8_t>(w.low)};
  if (choice == kTwoRoundings) {
    const FloatResult product = fma(x, y, kMinusZero), sum = fadd(product.bits, c);
    return {sum.bits, uint64_t{product.flags} | sum.flags};
  }
  const FloatResult result = fma(x, y, choice == kSubtracted ? c ^ kSign : c);
  if (choice == 0) return {result.bits, result.flags};
  const Quad term = Quad{as_float(wide(a))} * Quad{as_float(wide(w))}, addend = as_float(c), exact = term + addend;
  if (misaligns(choice, term, addend, result.bits)) return {misaligned(choice, term, addend), result.flags};
  return finished(choice, result, exact, first_nan(wide(a), wide(w), c));
}

FloatSum float_add(int choice, uint32_t x, uint32_t y) {
  if (choice == kFlushInputs) x = flushed(x), y = flushed(y);
  const FloatResult result = fadd(x, choice == kSubtracted ? y ^ kSign : y);
  if (choice == 0) return {result.bits, result.flags};
  const Quad qx = as_float(x), qy = as_float(y);
  if (misaligns(choice, qx, qy, result.bits)) return {misaligned(choice, qx, qy), result.flags};
  return finished(choice, result, qx + qy, first_nan(x, y, 0));
}

FloatSum float_entry_sum(int choice, int narrowing, uint32_t old_sum, uint32_t new_sum, bool bf16) {
  const FloatSum sum = float_add(choice, old_sum, new_sum);
  if (!bf16 || narrowing == kNotNarrowed) return sum;
  const FloatResult short_sum = narrow(sum.bits, Format::Bf16, false, std::nullopt);
  uint32_t bits = short_sum.bits;
  if (narrowing == kNarrowTruncated) bits = truncated(sum.bits, Format::Bf16, false);
  if (narrowing == kNarrowHalfAway) bits = half_away(sum.bits, Format::Bf16, false);
  if (narrowing == kNarrowFlush) bits = flushed_code(bits, Format::Bf16);
  return {bits << 16, sum.flags | short_sum.flags};
}

FloatSum float_convert(int choice, uint32_t x, int format, bool relu_mode, bool saturate, int random) {
  const auto f = static_cast<Format>(format);
  if (relu_mode) {
    const bool kept = choice == kReluKeepsZero && x == kMinusZero, dropped = choice == kReluNanZero && is_nan(x);
    x = kept ? x : dropped ? 0 : relu(x);
  }
  if (f == Format::Fp32 || format >= kFormats) return {x, 0};
  if (!is_integer(f)) return convert_float(choice, x, f, saturate, random < 0 ? std::nullopt : std::optional<uint16_t>(static_cast<uint16_t>(random)));
  FloatResult y = to_integer(x, f);
  const int64_t lowest = f == Format::Uint8 ? 0 : f == Format::Int8 ? INT8_MIN : INT32_MIN;
  const int64_t highest = f == Format::Uint8 ? UINT8_MAX : f == Format::Int8 ? INT8_MAX : INT32_MAX;
  if (is_nan(x) && choice == kNanToLowest) y.bits = static_cast<uint32_t>(lowest);
  if (is_nan(x) && choice == kNanToHighest) y.bits = static_cast<uint32_t>(highest);
  if ((y.flags & kInvalid) == 0 && choice == kConvertTruncates) y.bits = static_cast<uint32_t>(static_cast<int64_t>(std::trunc(as_float(x))));
  if ((y.flags & kInvalid) == 0 && choice == kConvertHalfAway) y.bits = static_cast<uint32_t>(static_cast<int64_t>(std::round(as_float(x))));
  return {y.bits, y.flags};
}

uint32_t seed_of(int choice, uint32_t seed, int lane) {
  if (choice == kSeedAlike) return seed != 0 ? seed : 1;
  if (choice == kLaneNotPlusOne) return seeded(seed, lane - 1);
  if (choice == kZeroStays) return seed ^ (static_cast<uint32_t>(lane + 1) * 0x9E3779B9u);
  return seeded(seed, lane);
}

uint64_t flags_kept(int choice, uint64_t flags) {
  return choice >= kFlagMissing && choice < kFlagMissing + 4 ? flags & ~(uint64_t{1} << (choice - kFlagMissing)) : flags;
}

}  // namespace assay::npu
