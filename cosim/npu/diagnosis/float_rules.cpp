// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "cosim/npu/diagnosis/float_policies.hpp"
#include "cosim/npu/diagnosis/rule_float.hpp"
#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"
#include "model/pe/fma.hpp"

namespace assay::npu {
namespace {

constexpr uint32_t kSign = 0x80000000u, kInfinity = 0x7F800000u, kMinusZero = kSign, kCanonicalNan = 0x7FC00000u, kQuiet = 0x00400000u, kOne = 0x3F800000u;

bool is_nan(uint32_t x) { return (x & ~kSign) > kInfinity; }
bool is_signalling(uint32_t x) { return is_nan(x) && (x & kQuiet) == 0; }
bool is_infinite(uint32_t x) { return (x & ~kSign) == kInfinity; }
bool is_zero(uint32_t x) { return (x & ~kSign) == 0; }
bool is_subnormal(uint32_t x) { return (x & kInfinity) == 0 && !is_zero(x); }
uint32_t flushed(uint32_t x, bool flush = true) { return flush && is_subnormal(x) ? x & kSign : x; }
float as_float(uint32_t x) { return std::bit_cast<float>(x); }
Addend<int32_t> addend_of(uint32_t x) { return unpack_fp32(static_cast<int32_t>(x)); }
/// An operand as the FP32 number that it is, and back.
uint32_t wide(FloatOperand a) { return static_cast<uint32_t>(a.x << 16 | (a.low & 7) << 13); }
FloatOperand operand_of(uint32_t x) { return {x >> 16, (x >> 13) & 7}; }
OperandWord<int32_t> word_of(FloatOperand a) { return {static_cast<int32_t>(a.x), static_cast<int32_t>(a.low)}; }

/// What goes into a sum: first · second + addend; of a sum of two, second is 1.
struct Inputs {
  uint32_t first, second, addend;
  Addend<int32_t> product;
  bool void_product() const { return (is_infinite(first) && is_zero(second)) || (is_zero(first) && is_infinite(second)); }
  bool clash() const {
    const Addend<int32_t> c = addend_of(addend);
    return product.infinite != 0 && c.infinite != 0 && product.sign != c.sign;
  }
  /// Of the operands the first that is NaN; 0: none.
  uint32_t nan() const { return is_nan(first) ? first : is_nan(second) ? second : is_nan(addend) ? addend : 0; }
};

FloatSum finite_sum(const Addend<int32_t>& p, uint32_t addend, const SumPolicy& policy) {
  FloatSum sum = add_deviating(p, addend_of(addend), policy.adder);
  if (policy.flushed_out && is_subnormal(sum.bits)) sum.bits = policy.flushed_plus ? 0 : sum.bits & kSign;
  return sum;
}

bool is_invalid(const Inputs& in, const SumPolicy& policy) {
  const bool is_void = in.void_product(), beside_nan = is_nan(in.addend);
  const uint64_t reasons = flag_if(is_signalling(in.first), kFirstSignals) | flag_if(is_signalling(in.second), kSecondSignals) |
                           flag_if(is_signalling(in.addend), kAddendSignals) | flag_if(is_void && !beside_nan, kVoidProduct) |
                           flag_if(is_void && beside_nan, kVoidBesideNan) | flag_if(in.clash(), kClash);
  return (reasons & ~uint64_t{policy.not_invalid}) != 0 || (policy.quiet_invalid && in.nan() != 0);
}

/// The sum when an operand is NaN or infinite.
uint32_t special_sum(const Inputs& in, const SumPolicy& policy) {
  const Addend<int32_t> c = addend_of(in.addend);
  const bool clash = in.clash(), infinite = in.product.infinite != 0 || c.infinite != 0;
  const bool minus = in.product.infinite != 0 ? in.product.sign != 0 : c.sign != 0;
  const uint32_t infinity = (minus ? kSign : 0) | kInfinity, nan = in.nan();
  if (in.product.nan == 0 && c.nan == 0 && !clash) return infinity;
  switch (policy.special) {
    case Special::InfinityWins:
      return infinite && !clash ? infinity : kCanonicalNan;
    case Special::ClashInfinite:
      return clash ? infinity : kCanonicalNan;
    case Special::VoidZero:
      if (nan != 0) return kCanonicalNan;
      return c.infinite != 0 ? in.addend : finite_sum({in.product.sign, 0, 0, 0, 0, 0}, in.addend, policy).bits;
    case Special::VoidInfinite:
      return nan != 0 || clash || (c.infinite != 0 && c.sign != in.product.sign) ? kCanonicalNan : (in.product.sign != 0 ? kSign : 0) | kInfinity;
    case Special::Payload:
      return nan != 0 ? nan | kQuiet : kCanonicalNan;
    case Special::AddendPayload:
      return is_nan(in.addend) ? in.addend | kQuiet : kCanonicalNan;
    case Special::NanSign:
      return kCanonicalNan | (nan & kSign);
    case Special::Rule:
      break;
  }
  return kCanonicalNan;
}

FloatSum sum_of(const Inputs& in, const SumPolicy& policy) {
  const bool special = in.product.nan != 0 || in.product.infinite != 0 || (in.addend & kInfinity) == kInfinity;
  if (!special) return finite_sum(in.product, in.addend, policy);
  return {special_sum(in, policy), is_invalid(in, policy) ? uint64_t{kInvalid} : 0};
}

/// Rounded to an integer that a double holds; `x` is finite.
double whole_of(double x, Rounding rounding) {
  switch (rounding) {
    case Rounding::TowardZero:
      return std::trunc(x);
    case Rounding::HalfAway:
      return std::round(x);
    case Rounding::HalfUp:
      return std::floor(x + 0.5);
    case Rounding::HalfToward:
      return std::copysign(std::ceil(std::fabs(x) - 0.5), x);
    case Rounding::Away:
      return std::copysign(std::ceil(std::fabs(x)), x);
    case Rounding::Up:
      return std::ceil(x);
    case Rounding::Down:
      return std::floor(x);
    case Rounding::Odd: {
      const double low = std::floor(x);
      return low == x || std::fmod(low, 2) != 0 ? low : low + 1;
    }
    case Rounding::HalfEven:
      break;
  }
  return std::nearbyint(x);
}

FloatSum convert_integer(const ConvertPolicy& policy, uint32_t x, Format f) {
  using Nan = ConvertPolicy::NanInteger;
  const FloatResult rule = to_integer(x, f);
  const int64_t lowest = f == Format::Uint8 ? 0 : f == Format::Int8 ? INT8_MIN : INT32_MIN;
  const int64_t highest = f == Format::Uint8 ? UINT8_MAX : f == Format::Int8 ? INT8_MAX : INT32_MAX;
  if (is_nan(x)) {
    const bool high = policy.nan_integer == Nan::Highest || (policy.nan_integer == Nan::BySign && (x & kSign) == 0);
    return {policy.nan_integer == Nan::Zero ? rule.bits : static_cast<uint32_t>(high ? highest : lowest), rule.flags};
  }
  if (is_infinite(x)) return {rule.bits, rule.flags};
  const double whole = whole_of(as_float(x), policy.integer);
  if (policy.wraps) {
    const auto low = static_cast<uint32_t>(static_cast<int64_t>(std::fmod(whole, 4294967296.0)));
    return {f == Format::Int8 ? static_cast<uint32_t>(static_cast<int8_t>(low)) : f == Format::Uint8 ? low & 255 : low, rule.flags};
  }
  const bool as_signed = policy.signed_limit && f == Format::Uint8;
  const double bottom = as_signed ? -128 : static_cast<double>(lowest), top = as_signed ? 127 : static_cast<double>(highest);
  const auto value = static_cast<uint32_t>(static_cast<int64_t>(std::clamp(whole, bottom, top)));
  return {as_signed ? value & 255 : value, rule.flags};
}

FloatSum convert_float(const ConvertPolicy& policy, uint32_t x, Format f, bool saturate, std::optional<uint16_t> random) {
  if (policy.formats_mixed && (f == Format::E4m3 || f == Format::E4m3fn)) f = f == Format::E4m3 ? Format::E4m3fn : Format::E4m3;
  if (policy.through) x = widen(narrow(x, *policy.through, false, std::nullopt).bits, *policy.through).bits;
  return narrow_deviating(x, f, policy.saturates.value_or(saturate), random, policy.narrow);
}

}  // namespace

FloatOperand float_operand(int choice, uint64_t code, int format) {
  auto f = static_cast<Format>(format);
  if (format >= kFormats || !is_operand_float(f)) return {code & 0xFFFF, 0};
  const DecodePolicy& policy = policy_of(decode_policies(), choice);
  const bool applies = !policy.only || *policy.only == f;
  if (applies && policy.as) f = *policy.as;
  const FloatLayout l = float_layout(f);
  const auto bits = static_cast<uint32_t>(code) & ((2u << l.magnitude_bits()) - 1), magnitude = bits & ((1u << l.magnitude_bits()) - 1);
  Operand x = operand_form(bits, f);
  if (!applies) return {x.x, x.low};
  const bool subnormal = float_class(bits, f) == FloatClass::Subnormal;
  if (subnormal && policy.flushed) x = {static_cast<uint16_t>(x.x & 0x8000), 0};
  if (subnormal && (x.x & 0x7F80) + policy.subnormal_exponent * 128 >= 0) x.x = static_cast<uint16_t>(x.x + policy.subnormal_exponent * 128);
  const bool special = (x.x & 0x7F80) == 0x7F80;
  if (special && policy.special_finite) {
    const auto exponent = static_cast<uint32_t>(static_cast<int>(magnitude >> l.mantissa_bits) + 127 - l.bias);
    x.x = static_cast<uint16_t>((x.x & 0x807F) | exponent << 7);
  }
  if (policy.largest_nan && magnitude == static_cast<uint32_t>(l.max_finite)) x.x |= 0x7F80;
  return {x.x, x.low};
}

FloatSum float_fma(int choice, FloatOperand a, FloatOperand w, uint32_t c) {
  if (choice == 0) {
    const FloatResult result = fma({static_cast<uint16_t>(a.x), static_cast<uint8_t>(a.low)}, {static_cast<uint16_t>(w.x), static_cast<uint8_t>(w.low)}, c);
    return {result.bits, result.flags};
  }
  const SumPolicy& policy = policy_of(sum_policies(), choice);
  if ((policy.low_ignored & 1) != 0) a.low = 0;
  if ((policy.low_ignored & 2) != 0) w.low = 0;
  const uint32_t first = flushed(wide(a), (policy.flushed_in & 1) != 0), second = flushed(wide(w), (policy.flushed_in & 2) != 0);
  const uint32_t addend = flushed(c, (policy.flushed_in & 4) != 0) ^ (policy.subtracted ? kSign : 0);
  const Addend<int32_t> product = exact_product(unpack_operand(word_of(operand_of(first))), unpack_operand(word_of(operand_of(second))));
  if (!policy.product) return sum_of({first, second, addend, product}, policy);
  SumPolicy rounds;
  rounds.adder.rounding = *policy.product;
  const FloatSum rounded = sum_of({first, second, kMinusZero, product}, rounds);
  const FloatResult sum = fadd(rounded.bits, addend);
  return {sum.bits, rounded.flags | sum.flags};
}

FloatSum float_add(int choice, uint32_t x, uint32_t y) {
  if (choice == 0) {
    const FloatResult result = fadd(x, y);
    return {result.bits, result.flags};
  }
  const SumPolicy& policy = policy_of(sum_policies(), choice);
  x = flushed(x, (policy.flushed_in & 1) != 0), y = flushed(y, (policy.flushed_in & 4) != 0);
  return sum_of({x, kOne, y ^ (policy.subtracted ? kSign : 0), addend_of(x)}, policy);
}

FloatSum float_entry_sum(int choice, int narrowing, uint32_t old_sum, uint32_t new_sum, bool bf16) {
  const EntryPolicy& policy = policy_of(entry_policies(), narrowing);
  const auto shortened = [&](uint32_t x) {
    const FloatSum y = narrow_deviating(x, Format::Bf16, false, std::nullopt, policy.narrow);
    return FloatSum{y.bits << 16, y.flags};
  };
  if (bf16 && policy.new_first) {
    const FloatSum first = shortened(new_sum), sum = float_add(choice, old_sum, first.bits);
    return {sum.bits, sum.flags | first.flags};
  }
  const FloatSum sum = float_add(choice, old_sum, new_sum);
  if (!bf16) return sum;
  const FloatSum entry = shortened(sum.bits);
  if (policy.whole) return {sum.bits, sum.flags | (policy.flags_apart ? entry.flags : 0)};
  return {entry.bits, sum.flags | entry.flags};
}

FloatSum float_convert(int choice, uint32_t x, int format, bool relu_mode, bool saturate, int random) {
  const ConvertPolicy& policy = policy_of(convert_policies(), choice);
  const auto f = static_cast<Format>(format);
  if (relu_mode) {
    const bool kept = policy.relu_keeps_minus && x == kMinusZero, dropped = policy.relu_nan_zero && is_nan(x);
    x = kept ? x : dropped ? 0 : relu(policy.relu_flips && !is_nan(x) ? x ^ kSign : x);
    if (policy.relu_flips && !is_nan(x) && !is_zero(x)) x ^= kSign;
  }
  if (f == Format::Fp32 || format >= kFormats) return {x, 0};
  if (is_integer(f)) return convert_integer(policy, x, f);
  return convert_float(policy, x, f, saturate, random < 0 ? std::nullopt : std::optional<uint16_t>(static_cast<uint16_t>(random)));
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
