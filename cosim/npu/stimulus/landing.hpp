// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cosim/common/random.hpp"
#include "cosim/npu/stimulus/dials.hpp"
#include "model/common/format.hpp"
#include "model/functional/numerics.hpp"

// Operands solved backwards from where a result is to land. tests/vectors/landing_test.cpp shows by exact arithmetic that they do.
namespace assay::npu {

/// One product of a sum: codes of the activation's and the weight's format.
struct Term {
  uint32_t activation, weight;
};

/// Products whose sum from +0, each added by one fma in FP32 (spec section 17.5.1), is exact up to the last one, and lands with it:
/// Tie: half way between two FP32 numbers, NearTie: just beside; Overflow (and Saturate): at the greatest finite number, half a step beyond or just short
/// of that; Subnormal: at or below the smallest normal number; Zero: an exact zero out of numbers that are none; Special: where NaN, infinity and
/// zero meet. Nothing when the formats do not reach there.
std::optional<std::vector<Term>> solve_sum(Landing landing, Format activation, Format weight, Random& random);

/// FP32 bits whose conversion to the format (spec sections 17.5.3 and 17.5.6) lands there: Tie: half way between two neighbours; NearTie: one FP32
/// step beside; Overflow, Saturate: at the greatest value, half a step beyond, one FP32 step beside; Subnormal: between subnormal neighbours, beside the
/// smallest normal (integers: below 1); Zero: what becomes zero, or nearly; Special: NaN, infinity.
uint32_t solve_conversion(Landing landing, Format format, Random& random);

/// An accumulator value and parameters for the activation unit of the integer tile.
struct Requantisation {
  functional::ColumnParams params;  ///< bias 0
  int32_t x = 0;                    ///< what is requantised
};

/// Tie: x·m is half way between two steps of the result, also of the first step of mode double; NearTie: x or m one beside; Zero: the tie is ±1/2;
/// Saturate: x is the first value whose result reaches an end of the destination format, of the clamp or of INT32; Overflow: x stands at an end of INT32, so
/// that neighbours leave it; Subnormal, Special: ends of multiplier and shift.
Requantisation solve_requantisation(Landing landing, const functional::OutputMode& mode, Random& random);

}  // namespace assay::npu
