// SPDX-License-Identifier: Apache-2.0
// Purpose: the accumulators' and the bias' INT32 sum as a module, for proofs: a frame around npu_accumulate_pkg.
// Latency: combinational.
// Formats: INT32 in and out.
// Overflow, rounding: as npu_accumulate_pkg.
// Twin: none
module prove_accumulate (
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] sum_o,
  output logic        overflow_o
);
  assign sum_o      = npu_accumulate_pkg::sum(a_i, b_i);
  assign overflow_o = npu_accumulate_pkg::sum_overflows(a_i, b_i);
endmodule
