// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosim/cli/float_text.hpp"
#include "model/common/float_flags.hpp"

namespace assay::cli {

/// Hex digits of a code of the format.
constexpr size_t code_digits(Format format) { return static_cast<size_t>(format_bits(format)) / 4; }

/// The flag set of spec section 17.1 as `calc` prints it.
constexpr unsigned calc_flags(unsigned set) { return (set & (kInexact | kUnderflow | kOverflow)) | (set & kInvalid) << 1; }

struct CastRule {
  Format from = Format::Fp32, to = Format::Fp32;
  bool saturate = false, stochastic = false;
};

// The steps of docs/spec.md section 17.5 with their values, computed here from exact numbers and not by the unit that answered: when its answer is
// another one, the last line says so.

/// a·b + c.
std::vector<std::string> explain_fma(FloatCode a, FloatCode b, uint32_t c, FloatResult answer);

/// a·b + c of integer operands as their values; `result` is what the unit answered, `wrapped` that the sum is not INT32.
std::vector<std::string> explain_integer_mac(int64_t a, int64_t b, int32_t c, int32_t result, bool wrapped);

/// a + b of INT32; `result` is what the unit answered.
std::vector<std::string> explain_integer_add(int32_t a, int32_t b, int32_t result);

/// y + zero point, clamped (docs/spec.md section 5.5).
struct ClampRule {
  int zero_point = 0, low = 0, high = 0;
  bool is_unsigned = false;
};
std::vector<std::string> explain_clamp(int32_t y, const ClampRule& rule, int32_t result);

/// Requantisation of x by multiplier m and shift s (docs/spec.md section 5.4), before zero point and clamp.
struct RequantOperands {
  int64_t x, m, s;
};
std::vector<std::string> explain_multiply(const RequantOperands& in, bool single);  ///< the steps up to the product
std::vector<std::string> explain_scale(int64_t product, int64_t s, bool single);    ///< those after it
std::vector<std::string> explain_requant(const RequantOperands& in, bool single, int32_t result, bool saturated);

/// A code to FP32. Integer formats too.
std::vector<std::string> explain_decode(FloatCode code, FloatResult answer);

/// A conversion; `random` is R of a stochastic one.
std::vector<std::string> explain_cast(uint32_t code, const CastRule& rule, std::optional<uint16_t> random, FloatResult answer);

}  // namespace assay::cli
