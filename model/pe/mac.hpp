// SPDX-License-Identifier: Apache-2.0
// Processing element: one multiply-accumulate step. The array holds the PEs' registers.
// Latency: one cycle from act_in to psum.
// Formats: INT8/UINT8 operands as byte and high bit, INT32 partial sums.
// Overflow and rounding: psum wraps modulo 2^32; exact otherwise (spec section 5.1).
// Twin: rtl/pe/npu_pe.sv
#pragma once

#include "model/common/word.hpp"

namespace assay {

/// The high bit of an operand byte (sign-extended in the word): unsigned & byte[7].
template <class W>
constexpr W high_bit(W byte, W is_unsigned) {
  // >> 7 leaves 0 or -1 of a sign-extended byte; is_unsigned is 0 or 1
  return (byte >> W(7)) & is_unsigned;
}

/// sext(byte) + 256·high: in [-128, 255], 9 bits signed.
template <class W>
constexpr W operand_value(W byte, W high) {
  return byte + (high << W(8));  // high is 0 or 1, so at most 9 bits
}

/// psum + value(a)·value(w) modulo 2^32.
template <class W>
constexpr W mac(W psum, W a_byte, W a_high, W w_byte, W w_high) {
  // product in [-32,640, 65,025]: 17 bits signed; the sum with an INT32 takes 33 bits before it wraps
  return wrap32(psum + operand_value(a_byte, a_high) * operand_value(w_byte, w_high));
}

}  // namespace assay
