// SPDX-License-Identifier: Apache-2.0
// Purpose: one accumulation, combinational, for benches and proofs; the accumulators call the same functions.
// Latency: combinational.
// Formats: FP32 in and out; with bf16_i the sum is rounded a second time, to BF16, and its low half is 0.
// Overflow, rounding: to nearest even; flags_o is {invalid, overflow, underflow, inexact} of both roundings.
// Twin: model/accumulators/fp_accumulators.hpp
module npu_fp_accumulate (
  input  logic [31:0] old_i,
  input  logic [31:0] new_i,
  input  logic        bf16_i,
  output logic [31:0] sum_o,
  output logic [3:0]  flags_o
);
  assign {flags_o, sum_o} = npu_fp_accumulate_pkg::accumulated(old_i, new_i, bf16_i);
endmodule
