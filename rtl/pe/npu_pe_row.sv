// SPDX-License-Identifier: Apache-2.0
// Purpose: one row of Cols processing elements with their state as flat row vectors (spec 10).
// Latency: 1 cycle from act_i at column 0 to psum_o of column 0; one more per column.
// Formats: act, weight byte + high bit (int8 or uint8); psum INT32.
// Overflow, rounding: psum wraps modulo 2^32, impossible at <= 128 rows; nothing is rounded.
// Twin: model/pe/pe.hpp
module npu_pe_row #(
  parameter int Cols = 8
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic [7:0]         act_i,
  input  logic               act_high_i,
  input  logic               switch_i,
  input  logic               load_i,             // write the shadow row
  input  logic               weight_unsigned_i,
  input  logic [Cols*8-1:0]  weight_i,
  input  logic [Cols*32-1:0] psum_i,             // of the row above
  output logic               switch_o,           // to the row below
  output logic [Cols*32-1:0] psum_o
);
  localparam int Groups = (Cols + 3) / 4;  // columns in words of four bytes, for move()

  logic [Cols*8-1:0]  act_q         /*verilator public_flat_rw*/;
  logic [Cols-1:0]    act_high_q    /*verilator public_flat_rw*/;
  logic [Cols-1:0]    switch_q      /*verilator public_flat_rw*/;
  logic [Cols*8-1:0]  shadow_q      /*verilator public_flat_rw*/;
  logic [Cols-1:0]    shadow_high_q /*verilator public_flat_rw*/;
  logic [Cols*8-1:0]  weight_q      /*verilator public_flat_rw*/;
  logic [Cols-1:0]    weight_high_q /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] psum_q        /*verilator public_flat_rw*/;

  // One column to the right; the shifts drop the last column and make room for exactly one element.
  function automatic logic [Cols*8-1:0] shift_bytes(logic [Cols*8-1:0] row, logic [7:0] first);
    shift_bytes = (row << 8) | (Cols*8)'(first);
  endfunction

  function automatic logic [Cols-1:0] shift_bits(logic [Cols-1:0] row, logic first);
    shift_bits = (row << 1) | Cols'(first);
  endfunction

  // psum of every column from the row above, signed bytes only.
  function automatic logic [Cols*32-1:0] mac_row(logic [Cols*32-1:0] psum, logic [Cols*8-1:0] act, logic [Cols*8-1:0] weight);
    for (int c = 0; c < Cols; c++) mac_row[c*32 +: 32] = npu_pe_pkg::mac(psum[c*32 +: 32], act[c*8 +: 8], weight[c*8 +: 8]);
  endfunction

  // Adds what the high bits contribute.
  function automatic logic [Cols*32-1:0] add_high(logic [Cols*32-1:0] psum, logic [Cols*8-1:0] act, logic [Cols-1:0] act_high,
                                                  logic [Cols*8-1:0] weight, logic [Cols-1:0] weight_high);
    for (int c = 0; c < Cols; c++) begin
      add_high[c*32 +: 32] = psum[c*32 +: 32] + npu_pe_pkg::high_term(act[c*8 +: 8], act_high[c], weight[c*8 +: 8], weight_high[c]);
    end
  endfunction

  // Takes the shadow byte where the column switches. Four columns a turn: bit b of the nibble goes to bit 8*b (shifts by
  // 0, 7, 14, 21 and the mask), then fills its byte. All of it is wiring; as words it is also quick to simulate.
  function automatic logic [Cols*8-1:0] move(logic [Cols-1:0] take, logic [Cols*8-1:0] shadow, logic [Cols*8-1:0] weight);
    logic [Groups*4-1:0]  sel;
    logic [Groups*32-1:0] mask;
    logic [31:0]          m;
    sel = (Groups*4)'(take);
    for (int g = 0; g < Groups; g++) begin
      m = {28'd0, sel[g*4 +: 4]};
      m = (m | (m << 7) | (m << 14) | (m << 21)) & 32'h01010101;
      m = m | (m << 1);
      m = m | (m << 2);
      m = m | (m << 4);
      mask[g*32 +: 32] = m;
    end
    move = (shadow & mask[Cols*8-1:0]) | (weight & ~mask[Cols*8-1:0]);
  endfunction

  function automatic logic [Cols-1:0] sign_bits(logic [Cols*8-1:0] bytes);
    for (int c = 0; c < Cols; c++) sign_bits[c] = bytes[c*8 + 7];
  endfunction

  // Operand isolation: with signed operands no high bit is set, then the high terms are all zero and their adders stand still.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_q         <= '0;
      act_high_q    <= '0;
      switch_q      <= '0;
      shadow_q      <= '0;
      shadow_high_q <= '0;
      weight_q      <= '0;
      weight_high_q <= '0;
      psum_q        <= '0;
    end else begin
      act_q      <= shift_bytes(act_q, act_i);
      act_high_q <= shift_bits(act_high_q, act_high_i);
      switch_q   <= shift_bits(switch_q, switch_i);
      if (load_i) begin
        shadow_q      <= weight_i;
        shadow_high_q <= sign_bits(weight_i) & {Cols{weight_unsigned_i}};
      end
      if (switch_q != '0) begin
        weight_q      <= move(switch_q, shadow_q, weight_q);
        weight_high_q <= (shadow_high_q & switch_q) | (weight_high_q & ~switch_q);
      end
      if (act_high_i || act_high_q != '0 || weight_high_q != '0) begin
        psum_q <= add_high(mac_row(psum_i, shift_bytes(act_q, act_i), weight_q), shift_bytes(act_q, act_i),
                           shift_bits(act_high_q, act_high_i), weight_q, weight_high_q);
      end else begin
        psum_q <= mac_row(psum_i, shift_bytes(act_q, act_i), weight_q);
      end
    end
  end

  assign switch_o = switch_q[0];
  assign psum_o   = psum_q;
endmodule
