// SPDX-License-Identifier: Apache-2.0
// Purpose: the tile's only queue: ring buffer of Depth words with push and pop (spec 6).
// Latency: 1 cycle from push to the earliest pop.
// Formats: Width bits in, inside and out, uninterpreted.
// Overflow, rounding: a push needs !full_o and a pop needs !empty_o; the user guarantees both (asserted in tb/npu_fifo_probe.sv).
// Twin: model/common/fifo.hpp
module npu_fifo #(
  parameter int Depth = 4,  // words, at least 2
  parameter int Width = 8
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       push_i,
  input  logic [Width-1:0]           data_i,
  input  logic                       pop_i,
  output logic [Width-1:0]           head_o,  // defined while !empty_o
  output logic [$clog2(Depth+1)-1:0] count_o,
  output logic                       full_o,
  output logic                       empty_o
);
  localparam int PtrWidth   = $clog2(Depth);
  localparam int CountWidth = $clog2(Depth + 1);

  logic [PtrWidth-1:0]   wptr_q  /*verilator public_flat_rw*/;
  logic [PtrWidth-1:0]   rptr_q  /*verilator public_flat_rw*/;
  logic [CountWidth-1:0] count_q /*verilator public_flat_rw*/;
  logic [Width-1:0]      mem_q [Depth] /*verilator public_flat_rw*/;

  // Ring increment: stays inside PtrWidth bits, because Depth-1 wraps to 0 before the sum could carry out.
  function automatic logic [PtrWidth-1:0] advance(logic [PtrWidth-1:0] ptr);
    advance = (ptr == PtrWidth'(Depth - 1)) ? '0 : ptr + PtrWidth'(1);
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q  <= '0;
      rptr_q  <= '0;
      count_q <= '0;
    end else begin
      if (push_i) wptr_q <= advance(wptr_q);
      if (pop_i) rptr_q <= advance(rptr_q);
      // 0 ... Depth fits CountWidth bits: no push when full, no pop when empty.
      if (push_i && !pop_i) count_q <= count_q + CountWidth'(1);
      if (pop_i && !push_i) count_q <= count_q - CountWidth'(1);
    end
  end

  // Storage has no reset; nothing is pushed while reset is active.
  always_ff @(posedge clk_i) begin
    if (rst_ni && push_i) mem_q[wptr_q] <= data_i;
  end

  assign head_o  = mem_q[rptr_q];
  assign count_o = count_q;
  assign full_o  = count_q == CountWidth'(Depth);
  assign empty_o = count_q == '0;
endmodule
