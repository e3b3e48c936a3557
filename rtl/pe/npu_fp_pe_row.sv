// SPDX-License-Identifier: Apache-2.0
// Purpose: operands of one row of Cols floating-point processing elements, as flat row vectors: activations, weights, valid bits (spec 17.7).
// Latency: an activation moves one column a cycle; a valid bit leaves PeLatency cycles after it came.
// Formats: act, weight in the operand form (x, with WithLow also low).
// Overflow, rounding: none; the arithmetic of all rows is in npu_fp_pe_sums.
// Twin: model/array/fp_array.hpp
module npu_fp_pe_row #(
  parameter int Cols      = 8,
  parameter int PeLatency = 1,
  parameter bit WithLow   = 1'b0
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic [15:0]        act_i,
  input  logic [2:0]         act_low_i,    // 0 without WithLow
  input  logic               act_valid_i,
  input  logic               switch_i,
  input  logic               load_i,       // write the shadow row
  input  logic [Cols*16-1:0] weight_i,
  input  logic [Cols*3-1:0]  weight_low_i, // 0 without WithLow
  input  logic [Cols-1:0]    valid_i,      // of the row above
  // what stands in front of each element
  output logic [Cols*16-1:0] act_o,
  output logic [Cols*3-1:0]  act_low_o,
  output logic [Cols-1:0]    act_valid_o,
  output logic [Cols*16-1:0] weight_o,
  output logic [Cols*3-1:0]  weight_low_o,
  output logic [Cols-1:0]    valid_o       // to the row below
);
  localparam int Pairs = (Cols + 1) / 2;  // words of two operands; the last may be half used

  logic [Cols*16-1:0] act_q        /*verilator public_flat_rw*/;
  logic [Cols-1:0]    act_valid_q  /*verilator public_flat_rw*/;
  logic [Cols-1:0]    switch_q     /*verilator public_flat_rw*/;
  logic [Cols*16-1:0] shadow_q     /*verilator public_flat_rw*/;
  logic [Cols*16-1:0] weight_q     /*verilator public_flat_rw*/;
  logic [Cols-1:0]    psum_valid_q /*verilator public_flat_rw*/;

  // One column to the right: the last column drops out, one element enters.
  assign act_o       = (act_q << 16) | (Cols*16)'(act_i);
  assign act_valid_o = (act_valid_q << 1) | Cols'(act_valid_i);
  assign weight_o    = weight_q;

  // Takes the shadow operand where the column switches; two columns a turn, so that every select is a whole word.
  function automatic logic [Pairs*32-1:0] move(logic [Pairs*2-1:0] take, logic [Pairs*32-1:0] shadow, logic [Pairs*32-1:0] weight);
    logic [31:0] mask;
    for (int p = 0; p < Pairs; p++) begin
      mask = {{16{take[p*2 + 1]}}, {16{take[p*2]}}};
      move[p*32 +: 32] = (shadow[p*32 +: 32] & mask) | (weight[p*32 +: 32] & ~mask);
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_q        <= '0;
      act_valid_q  <= '0;
      switch_q     <= '0;
      shadow_q     <= '0;
      weight_q     <= '0;
      psum_valid_q <= '0;
    end else begin
      act_q        <= act_o;
      act_valid_q  <= act_valid_o;
      switch_q     <= (switch_q << 1) | Cols'(switch_i);
      if (load_i) shadow_q <= weight_i;
      if (switch_q != '0) weight_q <= (Cols*16)'(move((Pairs*2)'(switch_q), (Pairs*32)'(shadow_q), (Pairs*32)'(weight_q)));
      psum_valid_q <= valid_i;
    end
  end

  if (WithLow) begin : gen_low
    logic [Cols*3-1:0] act_low_q    /*verilator public_flat_rw*/;
    logic [Cols*3-1:0] shadow_low_q /*verilator public_flat_rw*/;
    logic [Cols*3-1:0] weight_low_q /*verilator public_flat_rw*/;
    assign act_low_o    = (act_low_q << 3) | (Cols*3)'(act_low_i);
    assign weight_low_o = weight_low_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        act_low_q    <= '0;
        shadow_low_q <= '0;
        weight_low_q <= '0;
      end else begin
        act_low_q <= act_low_o;
        if (load_i) shadow_low_q <= weight_low_i;
        if (switch_q != '0) begin
          for (int c = 0; c < Cols; c++) begin
            if (switch_q[c]) weight_low_q[c*3 +: 3] <= shadow_low_q[c*3 +: 3];
          end
        end
      end
    end
  end else begin : gen_no_low
    logic [Cols*3+2:0] unused_low;
    assign unused_low   = {act_low_i, weight_low_i};
    assign act_low_o    = '0;
    assign weight_low_o = '0;
  end

  // The valid bits wait with the sums, PeLatency - 1 cycles more.
  for (genvar i = 1; i < PeLatency; i++) begin : gen_delay
    logic [Cols-1:0] psum_valid_delay_q /*verilator public_flat_rw*/;
    logic [Cols-1:0] previous;
    if (i == 1) begin : gen_first
      assign previous = psum_valid_q;
    end else begin : gen_next
      assign previous = gen_delay[i-1].psum_valid_delay_q;
    end
    always_ff @(posedge clk_i) begin
      if (!rst_ni) psum_valid_delay_q <= '0;
      else psum_valid_delay_q <= previous;
    end
  end
  if (PeLatency == 1) begin : gen_direct
    assign valid_o = psum_valid_q;
  end else begin : gen_delayed
    assign valid_o = gen_delay[PeLatency-1].psum_valid_delay_q;
  end
endmodule
