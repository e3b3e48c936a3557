// SPDX-License-Identifier: Apache-2.0
// Purpose: delays the activations of array row Row by Row * PeLatency + 2 cycles, so that beats enter the rows as a diagonal (spec 17.7).
// Latency: Row * PeLatency + 2 cycles.
// Formats: operand form (x, with WithLow also low) and a valid bit; all 0 when the beat does not use this row.
// Overflow, rounding: none.
// Twin: model/array/fp_array.hpp
module npu_fp_skew #(
  parameter int Row       = 0,
  parameter int PeLatency = 1,
  parameter bit WithLow   = 1'b0
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        use_i,        // a beat is issued and uses this row
  input  logic [15:0] act_i,
  input  logic [2:0]  act_low_i,    // unused without WithLow
  output logic [15:0] act_o,
  output logic [2:0]  act_low_o,    // 0 without WithLow
  output logic        act_valid_o
);
  localparam int Stages = Row * PeLatency + 2;

  logic [Stages*16-1:0] skew_q       /*verilator public_flat_rw*/;
  logic [Stages-1:0]    skew_valid_q /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      skew_q       <= '0;
      skew_valid_q <= '0;
    end else begin
      // One stage on: the last stage drops out, one element enters; Stages >= 2.
      skew_q       <= {skew_q[(Stages-1)*16-1:0], act_i & {16{use_i}}};
      skew_valid_q <= {skew_valid_q[Stages-2:0], use_i};
    end
  end

  if (WithLow) begin : gen_low
    logic [Stages*3-1:0] skew_low_q /*verilator public_flat_rw*/;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) skew_low_q <= '0;
      else skew_low_q <= {skew_low_q[(Stages-1)*3-1:0], act_low_i & {3{use_i}}};
    end
    assign act_low_o = skew_low_q[Stages*3-1 -: 3];
  end else begin : gen_no_low
    logic [2:0] unused_low;
    assign unused_low = act_low_i;
    assign act_low_o  = '0;
  end

  assign act_o       = skew_q[Stages*16-1 -: 16];
  assign act_valid_o = skew_valid_q[Stages-1];
endmodule
