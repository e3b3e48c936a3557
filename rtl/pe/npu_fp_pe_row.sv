// SPDX-License-Identifier: Apache-2.0
// Purpose: one row of Cols floating-point processing elements with their state as flat row vectors (spec 17.7).
// Latency: PeLatency cycles from psum_i to psum_o; an activation moves one column a cycle.
// Formats: act, weight in the operand form (x, with WithLow also low); psum FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: as npu_fma_pkg.
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
  input  logic [Cols*3-1:0]  weight_low_i,
  input  logic [Cols*32-1:0] psum_i,       // of the row above
  input  logic [Cols-1:0]    valid_i,
  output logic [Cols*32-1:0] psum_o,
  output logic [Cols-1:0]    valid_o,
  output logic [3:0]         flags_o       // of this cycle's sums, before their register
);
  localparam int Pairs = (Cols + 1) / 2;  // words of two operands; the last may be half used

  logic [Cols*16-1:0] act_q        /*verilator public_flat_rw*/;
  logic [Cols-1:0]    act_valid_q  /*verilator public_flat_rw*/;
  logic [Cols-1:0]    switch_q     /*verilator public_flat_rw*/;
  logic [Cols*16-1:0] shadow_q     /*verilator public_flat_rw*/;
  logic [Cols*16-1:0] weight_q     /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] psum_q       /*verilator public_flat_rw*/;
  logic [Cols-1:0]    psum_valid_q /*verilator public_flat_rw*/;

  // Activations in front of each column; the last column drops out, one enters.
  logic [Cols*16-1:0] act;
  logic [Cols-1:0]    act_valid;
  assign act       = (act_q << 16) | (Cols*16)'(act_i);
  assign act_valid = (act_valid_q << 1) | Cols'(act_valid_i);

  logic [Pairs*64-1:0] act_word, weight_word;  // a word of 32 bits per column: operand form as FP32

  // Operands side by side become one 32-bit word each; the low bits follow the upper half.
  function automatic logic [Pairs*64-1:0] words(logic [Pairs*32-1:0] x, logic [Pairs*6-1:0] low);
    for (int p = 0; p < Pairs; p++) begin
      words[p*64 +: 32]      = (x[p*32 +: 32] << 16) | (32'(low[p*6 +: 3]) << 13);
      words[p*64 + 32 +: 32] = (x[p*32 +: 32] & 32'hffff0000) | (32'(low[p*6 + 3 +: 3]) << 13);
    end
  endfunction

  // {flags of all columns in use, psum of every column}
  function automatic logic [Cols*32+3:0] fma_row(logic [Pairs*64-1:0] a, logic [Cols-1:0] a_valid, logic [Pairs*64-1:0] w,
                                                 logic [Cols*32-1:0] psum, logic [Cols-1:0] valid);
    logic [35:0] result;
    logic [31:0] flags;
    flags = '0;
    for (int c = 0; c < Cols; c++) begin
      result = npu_fma_pkg::fma(a[c*32 +: 32], w[c*32 +: 32], psum[c*32 +: 32]);
      fma_row[c*32 +: 32] = a_valid[c] ? result[31:0] : psum[c*32 +: 32];
      flags = flags | ((a_valid[c] & valid[c]) ? 32'(result[35:32]) : 32'd0);
    end
    fma_row[Cols*32 +: 4] = flags[3:0];
  endfunction

  // Takes the shadow operand where the column switches.
  function automatic logic [Pairs*32-1:0] move(logic [Pairs*2-1:0] take, logic [Pairs*32-1:0] shadow, logic [Pairs*32-1:0] weight);
    logic [31:0] mask;
    for (int p = 0; p < Pairs; p++) begin
      mask = {{16{take[p*2 + 1]}}, {16{take[p*2]}}};
      move[p*32 +: 32] = (shadow[p*32 +: 32] & mask) | (weight[p*32 +: 32] & ~mask);
    end
  endfunction

  logic [Cols*32+3:0] next;
  always_comb begin
    next = {4'b0000, psum_i};
    if (act_valid != '0) next = fma_row(act_word, act_valid, weight_word, psum_i, valid_i);
  end
  assign flags_o = next[Cols*32 +: 4];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_q        <= '0;
      act_valid_q  <= '0;
      switch_q     <= '0;
      shadow_q     <= '0;
      weight_q     <= '0;
      psum_q       <= '0;
      psum_valid_q <= '0;
    end else begin
      act_q        <= act;
      act_valid_q  <= act_valid;
      switch_q     <= (switch_q << 1) | Cols'(switch_i);
      if (load_i) shadow_q <= weight_i;
      if (switch_q != '0) weight_q <= (Cols*16)'(move((Pairs*2)'(switch_q), (Pairs*32)'(shadow_q), (Pairs*32)'(weight_q)));
      psum_q       <= next[Cols*32-1:0];
      psum_valid_q <= valid_i;
    end
  end

  if (WithLow) begin : gen_low
    logic [Cols*3-1:0] act_low_q    /*verilator public_flat_rw*/;
    logic [Cols*3-1:0] shadow_low_q /*verilator public_flat_rw*/;
    logic [Cols*3-1:0] weight_low_q /*verilator public_flat_rw*/;
    logic [Cols*3-1:0] act_low;
    assign act_low     = (act_low_q << 3) | (Cols*3)'(act_low_i);
    assign act_word    = words((Pairs*32)'(act), (Pairs*6)'(act_low));
    assign weight_word = words((Pairs*32)'(weight_q), (Pairs*6)'(weight_low_q));
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        act_low_q    <= '0;
        shadow_low_q <= '0;
        weight_low_q <= '0;
      end else begin
        act_low_q <= act_low;
        if (load_i) shadow_low_q <= weight_low_i;
        for (int c = 0; c < Cols; c++) begin
          if (switch_q[c]) weight_low_q[c*3 +: 3] <= shadow_low_q[c*3 +: 3];
        end
      end
    end
  end else begin : gen_no_low
    logic [Cols*3+2:0] unused_low;
    assign unused_low  = {act_low_i, weight_low_i};
    assign act_word    = words((Pairs*32)'(act), '0);
    assign weight_word = words((Pairs*32)'(weight_q), '0);
  end

  // Results wait PeLatency - 1 cycles more: stages for retiming the sum in synthesis.
  for (genvar i = 1; i < PeLatency; i++) begin : gen_delay
    logic [Cols*32-1:0] psum_delay_q       /*verilator public_flat_rw*/;
    logic [Cols-1:0]    psum_valid_delay_q /*verilator public_flat_rw*/;
    logic [Cols*32-1:0] psum;
    logic [Cols-1:0]    valid;
    if (i == 1) begin : gen_first
      assign psum  = psum_q;
      assign valid = psum_valid_q;
    end else begin : gen_next
      assign psum  = gen_delay[i-1].psum_delay_q;
      assign valid = gen_delay[i-1].psum_valid_delay_q;
    end
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        psum_delay_q       <= '0;
        psum_valid_delay_q <= '0;
      end else begin
        psum_delay_q       <= psum;
        psum_valid_delay_q <= valid;
      end
    end
  end

  if (PeLatency == 1) begin : gen_direct
    assign psum_o  = psum_q;
    assign valid_o = psum_valid_q;
  end else begin : gen_delayed
    assign psum_o  = gen_delay[PeLatency-1].psum_delay_q;
    assign valid_o = gen_delay[PeLatency-1].psum_valid_delay_q;
  end
endmodule
