// SPDX-License-Identifier: Apache-2.0
// Purpose: requantisation of one value, combinational, for benches and proofs; the activation unit calls the same functions.
// Latency: combinational.
// Formats: x_i INT32; multiplier_i 0 or [2^30, 2^31); shift_i signed, -31 ... 30; y_o INT32, before zero point and clamp.
// Overflow, rounding: y_o saturates and saturated_o tells; double: half up, then half away from zero; single: half up once.
// Twin: model/activation/requantise.hpp
module npu_requantise (
  input  logic [31:0] x_i,
  input  logic [31:0] multiplier_i,
  input  logic [5:0]  shift_i,
  input  logic        single_i,
  output logic [31:0] y_o,
  output logic        saturated_o
);
  logic [63:0] product;

  assign product     = npu_requantise_pkg::product(x_i, multiplier_i, shift_i, single_i);
  assign y_o         = npu_requantise_pkg::scaled(product, shift_i, single_i);
  assign saturated_o = npu_requantise_pkg::product_saturates(x_i, shift_i, single_i)
                     | npu_requantise_pkg::scaled_saturates(product, shift_i, single_i);
endmodule
