// SPDX-License-Identifier: Apache-2.0
// Purpose: zero point and clamp as a module, for proofs: a frame around npu_requantise_pkg, as the activation lanes put it together.
// Latency: combinational.
// Formats: INT32 and 9-bit signed values in; INT32 out.
// Overflow, rounding: as npu_requantise_pkg.
// Twin: none
module prove_clamp (
  input  logic [31:0] y_i,
  input  logic [8:0]  zero_point_i,
  input  logic [8:0]  lo_i,
  input  logic [8:0]  hi_i,
  input  logic        unsigned_i,
  output logic [31:0] z_o,
  output logic        saturated_o
);
  assign z_o         = npu_requantise_pkg::clamped(npu_requantise_pkg::with_zero_point(y_i, zero_point_i), lo_i, hi_i);
  assign saturated_o = npu_requantise_pkg::leaves_destination(y_i, zero_point_i, unsigned_i);
endmodule
