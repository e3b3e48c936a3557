// SPDX-License-Identifier: Apache-2.0
// Floating-point processing element: one fused multiply-add. The array holds the PEs' registers.
// Latency: none here; the array delays the result by L cycles.
// Formats: operands in operand form (1.8.10), partial sums FP32.
// Overflow and rounding: the product is exact; one rounding, to nearest, ties to even; subnormals kept (spec section 17.5.1).
// Twin: none
#pragma once

#include "model/common/product.hpp"

namespace assay {

/// a·w + c, c an FP32 number; bits above 31 of a wider word are ignored.
template <class W>
constexpr FloatWord<W> fma_word(const OperandWord<W>& a, const OperandWord<W>& w, W c) {
  return add_addends(exact_product(unpack_operand(a), unpack_operand(w)), unpack_fp32(c));
}

/// fma of spec section 17.5.1: a·w + c rounded once to FP32.
constexpr FloatResult fma(Operand a, Operand w, uint32_t c) {
  return float_result(fma_word(OperandWord<int32_t>{a.x, a.low}, OperandWord<int32_t>{w.x, w.low}, static_cast<int32_t>(c)));
}

}  // namespace assay
