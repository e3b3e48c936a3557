// SPDX-License-Identifier: Apache-2.0
// Purpose: one row of Cols processing elements with their state as flat row vectors (spec 10).
// Latency: 1 cycle from act_i at column 0 to psum_o of column 0; one more per column.
// Formats: act, weight byte + high bit (int8 or uint8); psum INT32.
// Overflow, rounding: psum wraps modulo 2^32, impossible at <= 128 rows; nothing is rounded.
// Twin: model/array/array.hpp
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
  localparam int Groups = (Cols + 3) / 4;  // words of four bytes; the last may be partly used

  logic [Cols*8-1:0]  act_q         /*verilator public_flat_rw*/;
  logic [Cols-1:0]    act_high_q    /*verilator public_flat_rw*/;
  logic [Cols-1:0]    switch_q      /*verilator public_flat_rw*/;
  logic [Cols*8-1:0]  shadow_q      /*verilator public_flat_rw*/;
  logic [Cols-1:0]    shadow_high_q /*verilator public_flat_rw*/;
  logic [Cols*8-1:0]  weight_q      /*verilator public_flat_rw*/;
  logic [Cols-1:0]    weight_high_q /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] psum_q        /*verilator public_flat_rw*/;

  // Four columns a turn in all loops: then every select is a whole word or a constant part of one, and loops that are not
  // unrolled become vector code in simulation.

  // psum of every column from the row above, signed bytes only.
  function automatic logic [Groups*128-1:0] mac_row(logic [Groups*128-1:0] psum, logic [Groups*32-1:0] act, logic [Groups*32-1:0] weight);
    logic [31:0] a, w;
    for (int g = 0; g < Groups; g++) begin
      a = act[g*32 +: 32];
      w = weight[g*32 +: 32];
      mac_row[g*128 +: 32]      = npu_pe_pkg::mac(psum[g*128 +: 32], a[7:0], w[7:0]);
      mac_row[g*128 + 32 +: 32] = npu_pe_pkg::mac(psum[g*128 + 32 +: 32], a[15:8], w[15:8]);
      mac_row[g*128 + 64 +: 32] = npu_pe_pkg::mac(psum[g*128 + 64 +: 32], a[23:16], w[23:16]);
      mac_row[g*128 + 96 +: 32] = npu_pe_pkg::mac(psum[g*128 + 96 +: 32], a[31:24], w[31:24]);
    end
  endfunction

  // Adds what the high bits contribute.
  function automatic logic [Groups*128-1:0] add_high(logic [Groups*128-1:0] psum, logic [Groups*32-1:0] act, logic [Groups*4-1:0] act_high,
                                                     logic [Groups*32-1:0] weight, logic [Groups*4-1:0] weight_high);
    logic [31:0] a, w;
    logic [3:0]  ah, wh;
    for (int g = 0; g < Groups; g++) begin
      a  = act[g*32 +: 32];
      w  = weight[g*32 +: 32];
      ah = act_high[g*4 +: 4];
      wh = weight_high[g*4 +: 4];
      add_high[g*128 +: 32]      = psum[g*128 +: 32] + npu_pe_pkg::high_term(a[7:0], ah[0], w[7:0], wh[0]);
      add_high[g*128 + 32 +: 32] = psum[g*128 + 32 +: 32] + npu_pe_pkg::high_term(a[15:8], ah[1], w[15:8], wh[1]);
      add_high[g*128 + 64 +: 32] = psum[g*128 + 64 +: 32] + npu_pe_pkg::high_term(a[23:16], ah[2], w[23:16], wh[2]);
      add_high[g*128 + 96 +: 32] = psum[g*128 + 96 +: 32] + npu_pe_pkg::high_term(a[31:24], ah[3], w[31:24], wh[3]);
    end
  endfunction

  // Takes the shadow byte where the column switches. Bit b of a group's nibble goes to bit 8*b (shifts by 0, 7, 14, 21 and the
  // mask), then fills its byte: all wiring.
  function automatic logic [Groups*32-1:0] move(logic [Groups*4-1:0] take, logic [Groups*32-1:0] shadow, logic [Groups*32-1:0] weight);
    logic [31:0] mask;
    for (int g = 0; g < Groups; g++) begin
      mask = {28'd0, take[g*4 +: 4]};
      mask = (mask | (mask << 7) | (mask << 14) | (mask << 21)) & 32'h01010101;
      mask = mask | (mask << 1);
      mask = mask | (mask << 2);
      mask = mask | (mask << 4);
      move[g*32 +: 32] = (shadow[g*32 +: 32] & mask) | (weight[g*32 +: 32] & ~mask);
    end
  endfunction

  function automatic logic [Groups*4-1:0] sign_bits(logic [Groups*32-1:0] bytes);
    for (int g = 0; g < Groups; g++) sign_bits[g*4 +: 4] = {bytes[g*32 + 31], bytes[g*32 + 23], bytes[g*32 + 15], bytes[g*32 + 7]};
  endfunction

  // One column to the right: the last column drops out, one element enters.
  function automatic logic [Cols*8-1:0] shift_bytes(logic [Cols*8-1:0] row, logic [7:0] first);
    shift_bytes = (row << 8) | (Cols*8)'(first);
  endfunction

  function automatic logic [Cols-1:0] shift_bits(logic [Cols-1:0] row, logic first);
    shift_bits = (row << 1) | Cols'(first);
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
        shadow_high_q <= weight_unsigned_i ? Cols'(sign_bits((Groups*32)'(weight_i))) : '0;
      end
      if (switch_q != '0) begin
        weight_q      <= (Cols*8)'(move((Groups*4)'(switch_q), (Groups*32)'(shadow_q), (Groups*32)'(weight_q)));
        weight_high_q <= (shadow_high_q & switch_q) | (weight_high_q & ~switch_q);
      end
      psum_q <= (Cols*32)'(mac_row((Groups*128)'(psum_i), (Groups*32)'(shift_bytes(act_q, act_i)), (Groups*32)'(weight_q)));
      if (act_high_i || act_high_q != '0 || weight_high_q != '0) begin
        psum_q <= (Cols*32)'(add_high(
            mac_row((Groups*128)'(psum_i), (Groups*32)'(shift_bytes(act_q, act_i)), (Groups*32)'(weight_q)),
            (Groups*32)'(shift_bytes(act_q, act_i)), (Groups*4)'(shift_bits(act_high_q, act_high_i)),
            (Groups*32)'(weight_q), (Groups*4)'(weight_high_q)));
      end
    end
  end

  assign switch_o = switch_q[0];
  assign psum_o   = psum_q;
endmodule
