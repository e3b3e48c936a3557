// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/float_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace assay::cli {

const char* float_class_name(FloatClass c) {
  constexpr const char* kNames[] = {"zero", "subnormal", "normal", "infinity", "quiet NaN", "signalling NaN"};
  return kNames[static_cast<size_t>(c)];
}

double float_value(FloatCode code) {
  const FloatLayout layout = float_layout(code.format);
  const FloatClass c = class_of(code);
  const int magnitude = static_cast<int>(code.bits & ((1u << layout.magnitude_bits()) - 1));
  const int exponent = magnitude >> layout.mantissa_bits, mantissa = magnitude & layout.mantissa_mask();
  double value = std::numeric_limits<double>::quiet_NaN();
  if (c == FloatClass::Infinity) value = std::numeric_limits<double>::infinity();
  if (c <= FloatClass::Subnormal) value = std::ldexp(mantissa, least_normal(code.format) - layout.mantissa_bits);
  if (c == FloatClass::Normal) value = std::ldexp(mantissa + (1 << layout.mantissa_bits), exponent - layout.bias - layout.mantissa_bits);
  return is_negative(code) ? -value : value;
}

std::string float_decimal(FloatCode code) {
  if (is_nan(class_of(code))) return "nan";  // without its sign, which means nothing
  char text[64];
  const auto value = static_cast<float>(float_value(code));  // exact: every format's numbers are FP32 numbers
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

}  // namespace assay::cli
