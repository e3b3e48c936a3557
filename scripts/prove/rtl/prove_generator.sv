// SPDX-License-Identifier: Apache-2.0
// Purpose: the generator of stochastic rounding as a module, for proofs: a frame around npu_narrow_pkg.
// Latency: combinational.
// Formats: 32-bit states, seeds and lane numbers.
// Overflow, rounding: all wraps modulo 2^32.
// Twin: none
module prove_generator (
  input  logic [31:0] state_i,
  input  logic [31:0] seed_i,
  input  logic [31:0] lane_i,
  output logic [31:0] next_o,
  output logic [31:0] seeded_o
);
  assign next_o   = npu_narrow_pkg::next_state(state_i);
  assign seeded_o = npu_narrow_pkg::seeded(seed_i, lane_i);
endmodule
