// SPDX-License-Identifier: Apache-2.0
// Purpose: conversion of one FP32 number, combinational, for benches and proofs; the activation unit calls the same functions.
// Latency: combinational.
// Formats: x_i FP32; format_i any code of spec 17.1; y_o the code zero-extended, or the integer extended to 32 bits.
// Overflow, rounding: as npu_narrow_pkg; flags_o is {invalid, overflow, underflow, inexact}.
// Twin: model/common/narrow.hpp
module npu_cast (
  input  logic [31:0] x_i,
  input  logic [3:0]  format_i,
  input  logic        saturate_i,
  input  logic        stochastic_i,
  input  logic [15:0] random_i,
  output logic [31:0] y_o,
  output logic [3:0]  flags_o
);
  assign {flags_o, y_o} = npu_narrow_pkg::converted(x_i, format_i, saturate_i, stochastic_i, 32'(random_i));
endmodule
