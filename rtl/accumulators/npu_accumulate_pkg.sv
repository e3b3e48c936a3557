// SPDX-License-Identifier: Apache-2.0
// Purpose: wrapping INT32 addition and its overflow as pure functions (spec 5.2, 5.3), for accumulators and bias.
// Latency: combinational.
// Formats: INT32 in and out.
// Overflow, rounding: the sum wraps modulo 2^32; sum_overflows tells when the exact sum is not INT32.
// Twin: model/accumulators/accumulators.hpp
package npu_accumulate_pkg;

  // 32 + 32 bits, carry dropped: that is the wrap.
  function automatic logic [31:0] sum(logic [31:0] a, logic [31:0] b);
    sum = a + b;
  endfunction

  // Bit 31: the addends share a sign that the sum does not have. The other bits mean nothing.
  function automatic logic [31:0] overflow_sign(logic [31:0] a, logic [31:0] b);
    overflow_sign = (a ^ (a + b)) & (b ^ (a + b));
  endfunction

  function automatic logic sum_overflows(logic [31:0] a, logic [31:0] b);
    sum_overflows = 1'(overflow_sign(a, b) >> 31);
  endfunction

endpackage
