// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "model/common/float_format.hpp"

namespace assay::cli {

/// A code beside its format; fp32 and the operand formats.
struct FloatCode {
  uint32_t bits = 0;
  Format format = Format::Fp32;
};

/// Exponent of the smallest normal number.
constexpr int least_normal(Format format) { return 1 - float_layout(format).bias; }

inline FloatClass class_of(FloatCode code) { return float_class(code.bits, code.format); }
constexpr bool is_nan(FloatClass c) { return c >= FloatClass::QuietNan; }
constexpr bool is_finite(FloatClass c) { return c <= FloatClass::Normal; }
constexpr bool is_negative(FloatCode code) { return float_sign(code.bits, code.format) != 0; }
/// "zero", "subnormal", "normal", "infinity", "quiet NaN", "signalling NaN".
const char* float_class_name(FloatClass c);

/// The value; infinities and NaN as such.
double float_value(FloatCode code);
/// The value, in the fewest decimal digits that read back as it in FP32: "1.5", "-0", "3.3895314e+38", "inf", "-inf", "nan".
std::string float_decimal(FloatCode code);

}  // namespace assay::cli
