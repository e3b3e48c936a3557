// SPDX-License-Identifier: Apache-2.0
// Purpose: one floating-point processing element, combinational, for benches and proofs; the array calls the same functions per row.
// Latency: combinational.
// Formats: a_i, b_i codes of bf16, fp16, e5m2, e4m3 or e4m3fn by their format (8 bits: the low byte); psum FP32.
// Overflow, rounding: one rounding, to nearest even; flags_o is {invalid, overflow, underflow, inexact}.
// Twin: model/pe/fma.hpp
module npu_fp_pe (
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  input  logic [3:0]  format_a_i,
  input  logic [3:0]  format_b_i,
  input  logic [31:0] psum_i,
  output logic [31:0] psum_o,
  output logic [3:0]  flags_o
);
  assign {flags_o, psum_o} = npu_fma_pkg::fma(npu_format_pkg::decoded(32'(a_i), format_a_i),
                                              npu_format_pkg::decoded(32'(b_i), format_b_i), psum_i);
endmodule
