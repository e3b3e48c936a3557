// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc_explain.hpp"

#include <algorithm>

#include "cosim/cli/calc.hpp"
#include "cosim/cli/calc_exact.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr size_t kLabel = 9;

/// The steps so far, and the result with its flags.
struct Story {
  std::vector<std::string> lines;
  FloatResult result{0, 0};
  void add(const std::string& label, const std::string& text) { lines.push_back(pad_right(label, kLabel) + text); }
  void flag(unsigned flags) { result.flags = static_cast<uint8_t>(result.flags | flags); }
};

uint32_t sign_bit(Format f) { return 1u << (format_bits(f) - 1); }
Exact exact_of(FloatCode code) { return Exact(float_value(code)); }

std::string value_text(uint32_t bits, Format f) {
  const std::string hex = std::string(format_name(f)) + " " + hex_digits(bits, code_digits(f)) + " = ";
  if (is_integer(f)) return hex + grouped_signed(integer_value(bits, f));
  const FloatCode code{bits, f};
  const FloatClass kind = class_of(code);
  return hex + float_decimal(code) + (is_finite(kind) && kind != FloatClass::Zero ? " = " + exact_of(code).text() : "") + ", " + float_class_name(kind);
}

std::string flags_text(unsigned flags) {
  std::string text;
  const std::pair<unsigned, const char*> names[] = {{kInvalid, "invalid"}, {kOverflow, "overflow"}, {kUnderflow, "underflow"}, {kInexact, "inexact"}};
  for (const auto& [flag, name] : names)
    if ((flags & flag) != 0) text += (text.empty() ? "" : " ") + std::string(name);
  return text.empty() ? "none" : text;
}

std::vector<std::string> concluded(Story story, Format f, FloatResult answer) {
  story.add("result", value_text(story.result.bits, f));
  story.add("flags", flags_text(story.result.flags));
  if (answer.bits != story.result.bits || answer.flags != story.result.flags) {
    story.add("BUT", "the unit answered " + value_text(answer.bits, f) + ", flags " + flags_text(answer.flags));
  }
  return story.lines;
}

/// The code of a number that the format holds exactly.
uint32_t encoded(const Exact& x, bool negative, Format f) {
  const int bits = float_layout(f).mantissa_bits, least = least_normal(f);
  const uint32_t sign = negative ? sign_bit(f) : 0;
  if (x.zero()) return sign;
  if (x.top() < least) return sign | static_cast<uint32_t>(x.units(least - bits));
  const auto exponent = static_cast<uint32_t>(x.top() - least + 1), significand = static_cast<uint32_t>(x.units(x.top() - bits));
  return sign | (exponent << bits | (significand & ((1u << bits) - 1)));
}

uint32_t infinity_of(bool negative, Format f) { return (negative ? sign_bit(f) : 0) | static_cast<uint32_t>(float_layout(f).infinity()); }
uint32_t canonical_nan(Format f) { return static_cast<uint32_t>(float_layout(f).canonical_nan); }
Exact greatest_of(Format f) { return Exact(float_value({static_cast<uint32_t>(float_layout(f).max_finite), f})); }

/// What stands for a number beyond the greatest: spec section 17.5.3.
uint32_t beyond(Story& story, bool negative, Format f, bool saturate) {
  if (saturate) {
    story.add("rule", "saturating: the greatest finite number stands for it");
    return encoded(greatest_of(f), negative, f);
  }
  if (float_layout(f).has_infinity) {
    story.add("rule", "infinity stands for it");
    return infinity_of(negative, f);
  }
  story.add("rule", "NaN stands for it: " + std::string(format_name(f)) + " has no infinity");
  return canonical_nan(f);
}

/// One rounding of a number that is not 0: precision first, exponent unbounded, for the overflow test; then the format's own grid.
void round_to(Story& story, const Exact& x, Format f, bool saturate, std::optional<uint16_t> random) {
  const int bits = float_layout(f).mantissa_bits;
  const std::string least = "2^" + std::to_string(least_normal(f));
  Rounding r = round_on_grid(x, x.top() - bits, random);
  story.add("round", "to " + std::to_string(bits + 1) + " bits, " + rounding_text(r));
  const Exact greatest = greatest_of(f);
  if (r.result.compare_magnitude(greatest) > 0) {
    story.add("range", "above the greatest finite number of " + std::string(format_name(f)) + ", " + greatest.text() + ": overflow");
    story.flag(kOverflow | kInexact);
    story.result.bits = beyond(story, x.negative(), f, saturate);
    return;
  }
  const bool tiny = (random ? x : r.result).top() < least_normal(f);
  if (x.top() < least_normal(f)) {
    r = round_on_grid(x, least_normal(f) - bits, random);
    story.add("range",
              std::string(tiny ? "tiny: below" : "rounded up to") + " the smallest normal number " + least + "; the result is rounded on the subnormal grid");
    story.add("grid", rounding_text(r));
  } else {
    story.add("range", "from " + least + " to " + greatest.text() + ": neither tiny nor overflow");
  }
  story.flag(r.exact ? 0u : tiny ? kInexact | kUnderflow : unsigned{kInexact});
  story.result.bits = encoded(r.result, x.negative(), f);
}

/// The first rule of spec section 17.5.1 that names a NaN; "" when none does.
std::string nan_rule(FloatCode a, FloatCode b, FloatCode c, bool& invalid) {
  std::string text;
  const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  const std::pair<const char*, FloatCode> all[] = {{"a", a}, {"b", b}, {"c", c}};
  for (const auto& [name, code] : all) {
    const FloatClass kind = class_of(code);
    invalid = invalid || kind == FloatClass::SignallingNan;
    if (is_nan(kind)) add(std::string(name) + " is a " + float_class_name(kind));
  }
  const FloatClass ka = class_of(a), kb = class_of(b), kc = class_of(c);
  if ((ka == FloatClass::Infinity && kb == FloatClass::Zero) || (ka == FloatClass::Zero && kb == FloatClass::Infinity)) {
    invalid = true;
    add("infinity * 0");
  }
  const bool infinite = !is_nan(ka) && !is_nan(kb) && (ka == FloatClass::Infinity || kb == FloatClass::Infinity);
  if (infinite && kc == FloatClass::Infinity && (is_negative(a) != is_negative(b)) != is_negative(c)) {
    invalid = true;
    add("infinities of opposite signs");
  }
  return text.empty() ? text : text + ": canonical NaN" + (invalid ? ", invalid" : "");
}

void align_text(Story& story, const Exact& product, const Exact& c) {
  if (product.zero() || c.zero()) {
    story.add("align", std::string(product.zero() ? "the product" : "c") + " is 0: nothing to align");
    return;
  }
  const int apart = product.top() - c.top();
  const std::string places = std::to_string(std::abs(apart)) + " place" + (std::abs(apart) == 1 ? "" : "s");
  story.add("align", apart == 0  ? "leading bits of product and c stand in the same place"
                     : apart > 0 ? "c's leading bit stands " + places + " below the product's"
                                 : "the product's leading bit stands " + places + " below c's");
}

/// Round and encode an exact number, or say which zero it is.
void finish(Story& story, const Exact& x, bool zero_negative, Format f, bool saturate, std::optional<uint16_t> random) {
  if (!x.zero()) return round_to(story, x, f, saturate, random);
  story.result.bits = zero_negative ? sign_bit(f) : 0;
}

/// To an integer: to nearest, ties to even, then the range.
void round_to_integer(Story& story, const Exact& x, Format f) {
  constexpr int kSurelyOut = 40;  // beyond every integer format, and what 64 bits hold
  const int64_t low = f == Format::Int8 ? -128 : f == Format::Uint8 ? 0 : INT32_MIN;
  const int64_t high = f == Format::Int8 ? 127 : f == Format::Uint8 ? 255 : INT32_MAX;
  int64_t value = x.negative() ? INT64_MIN : INT64_MAX;
  bool exact = true;
  if (x.zero() || x.top() < kSurelyOut) {
    const Rounding r = round_on_grid(x, 0, std::nullopt);
    story.add("round", rounding_text(r));
    const auto magnitude = static_cast<int64_t>(r.result.units(0));
    value = x.negative() ? -magnitude : magnitude;
    exact = r.exact;
  }
  const bool out = value < low || value > high;
  story.add("range", std::string(out ? "outside " : "inside ") + grouped_signed(low) + " ... " + grouped_signed(high) + (out ? ": clamped, invalid" : ""));
  story.flag(out ? unsigned{kInvalid} : exact ? 0u : unsigned{kInexact});
  story.result.bits = static_cast<uint32_t>(std::clamp(value, low, high)) & static_cast<uint32_t>((uint64_t{1} << format_bits(f)) - 1);
}

/// NaN and infinity of a float operand; true when one of them was it.
bool special_operand(Story& story, FloatCode x, const CastRule& rule) {
  const FloatClass kind = class_of(x);
  if (is_nan(kind)) {
    const bool invalid = kind == FloatClass::SignallingNan || is_integer(rule.to);
    story.flag(invalid ? unsigned{kInvalid} : 0u);
    story.result.bits = is_integer(rule.to) ? 0 : canonical_nan(rule.to);
    story.add("rule", std::string(float_class_name(kind)) + ": " + (is_integer(rule.to) ? "0" : "canonical NaN") + (invalid ? ", invalid" : ""));
    return true;
  }
  if (kind != FloatClass::Infinity) return false;
  story.add("rule", is_integer(rule.to) ? "infinity is out of range: clamped, invalid" : "infinity is no overflow: no flag");
  if (is_integer(rule.to)) {
    story.flag(kInvalid);
    const bool least = is_negative(x);
    story.result.bits = rule.to == Format::Int8 ? (least ? 0x80 : 0x7F) : rule.to == Format::Uint8 ? (least ? 0 : 0xFF) : least ? 0x80000000 : 0x7FFFFFFF;
  } else {
    story.result.bits = beyond(story, is_negative(x), rule.to, rule.saturate);
  }
  return true;
}

}  // namespace

std::vector<std::string> explain_fma(FloatCode a, FloatCode b, uint32_t c_bits, FloatResult answer) {
  Story story;
  const FloatCode c{c_bits, Format::Fp32};
  story.add("a", value_text(a.bits, a.format));
  story.add("b", value_text(b.bits, b.format));
  story.add("c", value_text(c.bits, c.format));
  bool invalid = false;
  const bool product_negative = is_negative(a) != is_negative(b);
  if (const std::string rule = nan_rule(a, b, c, invalid); !rule.empty()) {
    story.add("rule", rule);
    story.flag(invalid ? unsigned{kInvalid} : 0u);
    story.result.bits = canonical_nan(Format::Fp32);
  } else if (class_of(a) == FloatClass::Infinity || class_of(b) == FloatClass::Infinity || class_of(c) == FloatClass::Infinity) {
    story.add("rule", class_of(c) == FloatClass::Infinity ? "c is infinite: that infinity, no flag" : "the product is infinite: that infinity, no flag");
    story.result.bits = infinity_of(class_of(c) == FloatClass::Infinity ? is_negative(c) : product_negative, Format::Fp32);
  } else {
    const Exact product = exact_of(a) * exact_of(b), addend = exact_of(c), sum = product + addend;
    story.add("product", std::string(product.zero() && product_negative ? "-" : "") + product.text() + " exactly");
    align_text(story, product, addend);
    story.add("sum", sum.text() + " exactly");
    const bool minus = product_negative && is_negative(c);
    if (sum.zero())
      story.add("rule", minus ? "an exact 0: minus, since product and c are both negative" : "an exact 0: plus, unless product and c are both negative");
    finish(story, sum, minus, Format::Fp32, false, std::nullopt);
  }
  return concluded(story, Format::Fp32, answer);
}

std::vector<std::string> explain_decode(FloatCode code, FloatResult answer) {
  return explain_cast(code.bits, {code.format, Format::Fp32, false, false}, std::nullopt, answer);
}

std::vector<std::string> explain_cast(uint32_t code, const CastRule& rule, std::optional<uint16_t> random, FloatResult answer) {
  Story story;
  story.add("x", value_text(code, rule.from));
  if (random) story.add("random", "R " + hex_digits(*random, 4) + ", the upper half of lane 0's state before its step");
  Exact x;
  bool zero_negative = false;
  if (is_integer(rule.from)) {
    const int64_t value = integer_value(code, rule.from);
    x = Exact(value < 0, static_cast<uint64_t>(value < 0 ? -value : value), 0);
    if (!is_integer(rule.to) && rule.to != Format::Fp32 && !x.zero()) {
      story.add("first", "to fp32, then from there");
      round_to(story, x, Format::Fp32, false, std::nullopt);
      x = exact_of({story.result.bits, Format::Fp32});
    }
  } else {
    const FloatCode operand{code, rule.from};
    if (special_operand(story, operand, rule)) return concluded(story, rule.to, answer);
    x = exact_of(operand);
    zero_negative = is_negative(operand);
  }
  if (is_integer(rule.to)) {
    round_to_integer(story, x, rule.to);
  } else {
    if (x.zero()) story.add("rule", "zero keeps its sign");
    finish(story, x, zero_negative, rule.to, rule.saturate, random);
  }
  return concluded(story, rule.to, answer);
}

}  // namespace assay::cli
