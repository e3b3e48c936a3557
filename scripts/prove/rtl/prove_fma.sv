// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point PE's fused multiply-add as a module, for proofs: a frame around npu_fma_pkg.
// Latency: combinational.
// Formats: a_i, b_i in the operand form, 1.8.10; c_i, sum_o FP32; flags_o is {invalid, overflow, underflow, inexact}.
// Overflow, rounding: as npu_fma_pkg.
// Twin: none
module prove_fma (
  input  logic [18:0] a_i,
  input  logic [18:0] b_i,
  input  logic [31:0] c_i,
  output logic [31:0] sum_o,
  output logic [3:0]  flags_o
);
  assign {flags_o, sum_o} = npu_fma_pkg::fma({a_i, 13'd0}, {b_i, 13'd0}, c_i);
endmodule
