// SPDX-License-Identifier: Apache-2.0
// Purpose: the arithmetic of all Rows x Cols floating-point processing elements: partial sums, their delay, their flags (spec 17.7).
// Latency: PeLatency cycles from the operands and partial sums of a row to the partial sums of the next.
// Formats: operands in the operand form (x, with WithLow also low); psum FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: as npu_fma_pkg.
// Twin: model/array/fp_array.hpp
module npu_fp_pe_sums #(
  parameter int Rows      = 8,
  parameter int Cols      = 8,
  parameter int PeLatency = 1,
  parameter bit WithLow   = 1'b0,
  localparam int Size = Rows * Cols
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // in front of every element, row 0 in the least significant bits
  input  logic [Size*16-1:0] act_i,
  input  logic [Size*3-1:0]  act_low_i,    // 0 without WithLow
  input  logic [Size-1:0]    act_valid_i,
  input  logic [Size*16-1:0] weight_i,
  input  logic [Size*3-1:0]  weight_low_i, // 0 without WithLow
  input  logic [Size-1:0]    valid_i,
  output logic [Cols*32-1:0] psum_o,       // of the last row
  output logic [3:0]         flags_o       // of the elements in use, one cycle after their operands
);
  // All rows are one vector, padded to groups of 32 elements, two a turn, and their number to a power of two: then every select is a
  // whole word without a bound to check, and the inner loop becomes vector code in simulation (measured: 20 times as fast as a row
  // at a time whose flags are a net). The padding is no hardware: nothing looks at it.
  localparam int Groups   = (Size <= 32) ? 1 : 1 << ($clog2(Size) - 5);
  localparam int Elements = Groups * 32;

  logic [Size*32-1:0] psum_q     /*verilator public_flat_rw*/;
  logic [3:0]         pe_flags_q /*verilator public_flat_rw*/;
  logic [Size*32-1:0] psum_out;  // psum_q, PeLatency - 1 cycles later

  // Six low bits of elements 2*i and 2*i + 1 out of a group's 96: bits 6*i and up of three words.
  function automatic logic [31:0] low_pair(logic [31:0] w0, logic [31:0] w1, logic [31:0] w2, logic [31:0] i);
    logic [31:0] first, second, place;
    place    = i * 32'd6;  // 0 ... 90
    first    = (place < 32'd32) ? w0 : (place < 32'd64) ? w1 : w2;
    second   = (place < 32'd32) ? w1 : w2;
    low_pair = (first >> (place & 32'd31)) | (second << (32'd32 - (place & 32'd31)));
  endfunction

  // {flags of the elements in use, sums of all elements}
  function automatic logic [Size*32+3:0] fma_all(logic [Elements*16-1:0] act, logic [Elements*3-1:0] act_low, logic [Elements-1:0] act_valid,
                                                 logic [Elements*16-1:0] weight, logic [Elements*3-1:0] weight_low,
                                                 logic [Elements-1:0] valid, logic [Elements*32-1:0] psum);
    logic [Elements*32-1:0] sums;
    logic [31:0]            flags, take, count, a, w, al, wl, al0, al1, al2, wl0, wl1, wl2;
    logic [35:0]            even, odd;
    flags = '0;
    sums  = psum;
    for (int g = 0; g < Groups; g++) begin
      take  = act_valid[g*32 +: 32];
      count = take & valid[g*32 +: 32];
      al0 = act_low[g*96 +: 32];
      al1 = act_low[g*96 + 32 +: 32];
      al2 = act_low[g*96 + 64 +: 32];
      wl0 = weight_low[g*96 +: 32];
      wl1 = weight_low[g*96 + 32 +: 32];
      wl2 = weight_low[g*96 + 64 +: 32];
      if (take != 32'd0) begin
        for (int i = 0; i < 16; i++) begin
          a    = act[g*512 + i*32 +: 32];
          w    = weight[g*512 + i*32 +: 32];
          al   = WithLow ? low_pair(al0, al1, al2, i) : 32'd0;
          wl   = WithLow ? low_pair(wl0, wl1, wl2, i) : 32'd0;
          even = npu_fma_pkg::fma((a << 16) | ((al & 32'd7) << 13), (w << 16) | ((wl & 32'd7) << 13), psum[g*1024 + i*64 +: 32]);
          odd  = npu_fma_pkg::fma((a & 32'hffff0000) | ((al & 32'h38) << 10), (w & 32'hffff0000) | ((wl & 32'h38) << 10),
                                  psum[g*1024 + i*64 + 32 +: 32]);
          sums[g*1024 + i*64 +: 32]      = ((take & (32'd1 << (2*i))) != 32'd0) ? even[31:0] : psum[g*1024 + i*64 +: 32];
          sums[g*1024 + i*64 + 32 +: 32] = ((take & (32'd2 << (2*i))) != 32'd0) ? odd[31:0] : psum[g*1024 + i*64 + 32 +: 32];
          flags = flags | (((count & (32'd1 << (2*i))) != 32'd0) ? 32'(even[35:32]) : 32'd0)
                        | (((count & (32'd2 << (2*i))) != 32'd0) ? 32'(odd[35:32]) : 32'd0);
        end
      end
    end
    fma_all = {flags[3:0], (Size*32)'(sums)};
  endfunction

  // The sums of a row go on to the row below; row 0 starts from +0. One call gives sums and flags, so it stands in a variable.
  always_ff @(posedge clk_i) begin : elements
    logic [Size*32+3:0] next;
    next = fma_all((Elements*16)'(act_i), (Elements*3)'(act_low_i), Elements'(act_valid_i),
                   (Elements*16)'(weight_i), (Elements*3)'(weight_low_i), Elements'(valid_i), (Elements*32)'(psum_out) << (Cols*32));
    if (!rst_ni) begin
      psum_q     <= '0;
      pe_flags_q <= '0;
    end else begin
      psum_q     <= next[Size*32-1:0];
      pe_flags_q <= next[Size*32 +: 4];
    end
  end

  // Plain delay, for retiming into the arithmetic in synthesis.
  for (genvar i = 1; i < PeLatency; i++) begin : gen_delay
    logic [Size*32-1:0] psum_delay_q /*verilator public_flat_rw*/;
    logic [Size*32-1:0] previous;
    if (i == 1) begin : gen_first
      assign previous = psum_q;
    end else begin : gen_next
      assign previous = gen_delay[i-1].psum_delay_q;
    end
    always_ff @(posedge clk_i) begin
      if (!rst_ni) psum_delay_q <= '0;
      else psum_delay_q <= previous;
    end
  end
  if (PeLatency == 1) begin : gen_direct
    assign psum_out = psum_q;
  end else begin : gen_delayed
    assign psum_out = gen_delay[PeLatency-1].psum_delay_q;
  end

  assign psum_o  = psum_out[Size*32-1 -: Cols*32];
  assign flags_o = pe_flags_q;
endmodule
