// SPDX-License-Identifier: Apache-2.0
// Purpose: relu as a module, for proofs: a frame around npu_narrow_pkg.
// Latency: combinational.
// Formats: FP32.
// Overflow, rounding: none.
// Twin: none
module prove_relu (
  input  logic [31:0] x_i,
  output logic [31:0] y_o
);
  assign y_o = npu_narrow_pkg::relu(x_i);
endmodule
