// SPDX-License-Identifier: Apache-2.0
// Purpose: one accumulation of FP32 sums, entries in FP32 or BF16, as a pure function (spec 17.8).
// Latency: combinational.
// Formats: FP32 in and out; an entry in BF16 is an FP32 number whose low half is 0; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: the sum is rounded to FP32 and, for BF16 entries, once more; to nearest, ties to even.
// Twin: model/accumulators/fp_accumulators.hpp
package npu_fp_accumulate_pkg;

  // {flags, sum}
  function automatic logic [35:0] accumulated(logic [31:0] older, logic [31:0] newer, logic bf16);
    logic [35:0] sum, code;
    sum  = npu_fused_add_pkg::add(older, newer);
    code = npu_narrow_pkg::narrow(sum[31:0], npu_format_pkg::Bf16, 1'b0, 1'b0, 32'd0);
    accumulated = bf16 ? {sum[35:32] | code[35:32], code[31:0] << 16} : sum;
  endfunction

endpackage
