// SPDX-License-Identifier: Apache-2.0
// Purpose: a narrow floating-point code as FP32, combinational, for benches and proofs; the array uses the same decode.
// Latency: combinational.
// Formats: code_i bf16, fp16, e5m2, e4m3 or e4m3fn by format_i (codes of 8 bits in the low byte); fp32_o FP32.
// Overflow, rounding: exact; NaN becomes canonical, flags_o is {invalid, overflow, underflow, inexact}, invalid when it was signalling.
// Twin: model/common/float_format.hpp
module npu_decode (
  input  logic [15:0] code_i,
  input  logic [3:0]  format_i,
  output logic [31:0] fp32_o,
  output logic [3:0]  flags_o
);
  logic [31:0] exact;

  assign exact   = npu_format_pkg::decoded(32'(code_i), format_i);
  assign fp32_o  = npu_format_pkg::canonical(exact);
  assign flags_o = {npu_format_pkg::is_signalling(exact), 3'b000};
endmodule
