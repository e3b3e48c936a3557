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

/// A code to FP32. Integer formats too.
std::vector<std::string> explain_decode(FloatCode code, FloatResult answer);

/// A conversion; `random` is R of a stochastic one.
std::vector<std::string> explain_cast(uint32_t code, const CastRule& rule, std::optional<uint16_t> random, FloatResult answer);

}  // namespace assay::cli
