// SPDX-License-Identifier: Apache-2.0
// Purpose: delays the activations of array row Row by Row + 2 cycles, so that a beat enters the rows as a diagonal (spec 10).
// Latency: Row + 2 cycles.
// Formats: byte and high bit of the operand; both 0 when the beat does not use this row.
// Overflow, rounding: none.
// Twin: model/array/array.hpp
module npu_skew #(
  parameter int Row = 0
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       issue_i,
  input  logic [7:0] k_i,             // rows the beat uses
  input  logic       act_unsigned_i,
  input  logic [7:0] act_i,
  output logic [7:0] act_o,
  output logic       act_high_o
);
  localparam int Stages = Row + 2;

  logic [Stages*8-1:0] skew_q      /*verilator public_flat_rw*/;
  logic [Stages-1:0]   skew_high_q /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      skew_q      <= '0;
      skew_high_q <= '0;
    end else begin
      // One stage on: the last stage drops out, one element enters; Stages >= 2.
      skew_q      <= {skew_q[(Stages-1)*8-1:0], act_i & {8{issue_i && (k_i > 8'(Row))}}};
      skew_high_q <= {skew_high_q[Stages-2:0], issue_i && (k_i > 8'(Row)) && act_unsigned_i && act_i[7]};
    end
  end

  assign act_o      = skew_q[Stages*8-1 -: 8];
  assign act_high_o = skew_high_q[Stages-1];
endmodule
