// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/classes.hpp"

#include <array>
#include <bit>

namespace assay::npu {

using coverage::Axis;

Axis size_axis(const char* name) { return {name, {"1", "2", "some", "limit-1", "limit"}}; }

uint32_t size_class(int value, int limit) {
  if (value == limit) return 4;
  if (value == 1) return 0;
  return value == limit - 1 ? 3 : value == 2 ? 1 : 2;
}

bool size_class_exists(size_t label, int limit) {
  constexpr std::array<int, 5> kLeast{2, 4, 5, 3, 1};  // below it another class has the value
  return limit >= kLeast[label];
}

Axis integer_operand_axis(const char* name) { return {name, {"-128", "-127..-2", "-1", "0", "1", "2..126", "127", "128", "129..254", "255"}}; }

uint32_t integer_operand_class(int value) {
  if (value == -128) return 0;
  if (value < -1) return 1;
  if (value <= 1) return static_cast<uint32_t>(value + 3);
  if (value < 127) return 5;
  return value <= 128 ? static_cast<uint32_t>(value - 121) : value < 255 ? 8 : 9;
}

bool integer_operand_exists(size_t label, bool is_unsigned) { return is_unsigned ? label >= 3 : label <= 6; }

Axis sum_axis(const char* name) { return {name, {"min", "-large", "-small", "-1", "0", "1", "small", "large", "max"}}; }

uint32_t sum_class(int32_t value) {
  constexpr int32_t kLarge = 1 << 20;
  if (value == INT32_MIN) return 0;
  if (value == INT32_MAX) return 8;
  if (value >= -1 && value <= 1) return static_cast<uint32_t>(value + 4);
  if (value < 0) return value <= -kLarge ? 1 : 2;
  return value >= kLarge ? 7 : 6;
}

Axis float_axis(const char* name) {
  return {name, {"+0", "-0", "subnormal", "least normal", "normal", "1", "power of 2", "max finite", "infinity", "quiet NaN", "signalling NaN"}};
}

uint32_t float_number_class(uint32_t code, Format format) {
  const FloatLayout l = float_layout(format);
  const uint32_t magnitude = code & ((1u << l.magnitude_bits()) - 1);
  switch (float_class(code, format)) {
    case FloatClass::Zero:
      return float_sign(code, format);
    case FloatClass::Subnormal:
      return 2;
    case FloatClass::Infinity:
      return 8;
    case FloatClass::QuietNan:
      return 9;
    case FloatClass::SignallingNan:
      return 10;
    default:
      break;
  }
  if (magnitude == static_cast<uint32_t>(l.max_finite)) return 7;
  if (magnitude == 1u << l.mantissa_bits) return 3;
  if (magnitude == static_cast<uint32_t>(l.bias) << l.mantissa_bits) return 5;
  return (magnitude & static_cast<uint32_t>(l.mantissa_mask())) == 0 ? 6 : 4;
}

bool float_class_exists(size_t label, Format format) { return format != Format::E4m3fn || (label != 8 && label != 10); }

Axis format_axis(const char* name) {
  Axis axis{name, {}};
  for (const std::string_view format : kFormatNames) axis.labels.emplace_back(format);
  return axis;
}

Axis rounding_axis() { return {"rounding", {"exact", "tie down", "tie up", "down", "up"}}; }

}  // namespace assay::npu
