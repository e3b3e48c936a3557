// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point PE beside its two halves, decode and fused multiply-add, for the proof that it is their composition.
// Latency: combinational.
// Formats: a_i, b_i codes of their formats; psum FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: as npu_fma_pkg.
// Twin: none
module prove_pe_step (
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  input  logic [3:0]  format_a_i,
  input  logic [3:0]  format_b_i,
  input  logic [31:0] psum_i,
  output logic [31:0] step_o,
  output logic [3:0]  step_flags_o,
  output logic [31:0] sum_o,
  output logic [3:0]  flags_o
);
  logic [31:0] a, b;  // the operand form is the upper 19 bits, the others are 0

  assign a = npu_format_pkg::decoded(32'(a_i), format_a_i);
  assign b = npu_format_pkg::decoded(32'(b_i), format_b_i);
  assign {flags_o, sum_o} = npu_fma_pkg::fma({a[31:13], 13'd0}, {b[31:13], 13'd0}, psum_i);

  npu_fp_pe pe (
    .a_i,
    .b_i,
    .format_a_i,
    .format_b_i,
    .psum_i,
    .psum_o(step_o),
    .flags_o(step_flags_o)
  );
endmodule
