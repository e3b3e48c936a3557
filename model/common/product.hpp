// SPDX-License-Identifier: Apache-2.0
// Exact product of two operands, as an addend of the fused add.
// Latency: none, combinational.
// Formats: in operand form (1.8.10); out sign, exponent and normalised 24-bit significand.
// Overflow and rounding: exact; infinity and NaN by spec section 17.5.1.
// Twin: none
#pragma once

#include "model/common/fadd.hpp"
#include "model/common/float_format.hpp"

namespace assay {

/// One operand taken apart: significand below 2^11, exponent of its unit's place such that the value is significand · 2^(exponent − 137).
template <class W>
struct Factor {
  W sign, exponent, significand;
  W zero, infinite, nan, signalling;  ///< 0 or 1
};

template <class W>
constexpr Factor<W> unpack_operand(const OperandWord<W>& operand) {
  const W field = (operand.x >> W(7)) & W(255);
  const W mantissa = ((operand.x & W(127)) << W(3)) | (operand.low & W(7));  // 10 bits
  const W special = one_if<W>(field == W(255));
  const W small = one_if<W>(field == W(0));
  const W empty = one_if<W>(mantissa == W(0));
  const W nan = special & (empty ^ W(1));
  const W significand = mantissa | select(small == W(1), W(0), W(1024));
  // the quiet bit is bit 9
  return {(operand.x >> W(15)) & W(1),       select(small == W(1), W(1), field), significand, small & empty, special & empty, nan,
          nan & one_if<W>(mantissa < W(512))};
}

/// The exact product as an addend.
template <class W>
constexpr Addend<W> exact_product(const Factor<W>& a, const Factor<W>& w) {
  const W product = a.significand * w.significand;        // 11 · 11 = 22 bits
  const Flagged<W> significand = normalise<24>(product);  // 22 bits are exact in 24
  // product · 2^(ea − 137 + ew − 137) = (product · 2^shift) · 2^(exponent − 150): −146 … 382; a zero lies below every FP32 number
  const W exponent = select(product == W(0), W(0), a.exponent + w.exponent - W(124) - significand.flag);
  const W undefined = (a.infinite & w.zero) | (a.zero & w.infinite);
  const W nan = a.nan | w.nan | undefined;
  return {a.sign ^ w.sign, exponent, significand.value, (a.infinite | w.infinite) & (nan ^ W(1)), nan, a.signalling | w.signalling | undefined};
}

}  // namespace assay
