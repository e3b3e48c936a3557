// SPDX-License-Identifier: Apache-2.0
// Purpose: one processing element, combinational, for benches and proofs; the array calls the same functions per row.
// Latency: combinational.
// Formats: act, weight int8 or uint8 by their *_unsigned_i; psum INT32.
// Overflow, rounding: psum_o wraps modulo 2^32; int_overflow_o tells that the exact sum is not INT32.
// Twin: model/pe/mac.hpp
module npu_pe (
  input  logic [31:0] psum_i,
  input  logic [7:0]  act_i,
  input  logic [7:0]  weight_i,
  input  logic        act_unsigned_i,
  input  logic        weight_unsigned_i,
  output logic [31:0] psum_o,
  output logic        int_overflow_o
);
  logic        act_high, weight_high;
  logic [31:0] product;

  assign act_high    = act_unsigned_i & act_i[7];
  assign weight_high = weight_unsigned_i & weight_i[7];

  // The product alone fits 17 bits, so 32 bits hold it exactly.
  assign product = npu_pe_pkg::mac(32'd0, act_i, weight_i) + npu_pe_pkg::high_term(act_i, act_high, weight_i, weight_high);
  assign psum_o  = npu_pe_pkg::mac(psum_i, act_i, weight_i) + npu_pe_pkg::high_term(act_i, act_high, weight_i, weight_high);

  // Two's complement sum overflows exactly when both addends share a sign that the sum does not have.
  assign int_overflow_o = 1'(((psum_i ^ psum_o) & (product ^ psum_o)) >> 31);
endmodule
