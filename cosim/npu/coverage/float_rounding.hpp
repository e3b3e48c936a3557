// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "cosim/npu/coverage/classes.hpp"
#include "model/common/product.hpp"

namespace assay::npu {

/// What kind of number a rounded result is.
enum class Range : uint8_t { Zero, Subnormal, Normal, TopBinade, Overflow };
coverage::Axis range_axis();

/// How one floating-point operation went, beside its result.
struct FloatEvent {
  Rounding rounding = Rounding::Exact;
  Range range = Range::Zero;
};

/// Of p + c, both finite (spec section 17.5.1): what was dropped in the rounding to 24 bits, or to the grid of the subnormals.
FloatEvent sum_event(const Addend<int32_t>& p, const Addend<int32_t>& c);

/// Of a finite FP32 number narrowed to a small format (spec section 17.5.3), by its result's code.
FloatEvent narrow_event(uint32_t x, Format to, uint32_t code, bool overflow);

/// Of a finite FP32 number made an integer (17.5.6): nothing when it was clamped.
std::optional<Rounding> integer_event(uint32_t x, int32_t result, bool invalid);

/// The cases of spec section 17.5.1, in its order; for an fma and, with w = 1, for an fadd.
coverage::Axis sum_case_axis();
constexpr size_t kFiniteCase = 11;
size_t sum_case(const Addend<int32_t>& p, const Addend<int32_t>& c, uint32_t result, bool signalling, bool invalid_product);

}  // namespace assay::npu
