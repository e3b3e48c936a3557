// SPDX-License-Identifier: Apache-2.0
// Purpose: the sixteen performance counters (spec 13).
// Latency: a counter shows an event one cycle later.
// Formats: 48 bits unsigned.
// Overflow, rounding: counters wrap modulo 2^48.
// Twin: model/tile/tile.hpp
module npu_counters (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  input  logic                             clear_i,
  input  logic [15:0]                      event_i,
  input  logic                             read_i,
  input  logic [3:0]                       index_i,
  output logic [npu_pkg::CounterWidth-1:0] counter_o  // 0 without read_i
);
  logic [npu_pkg::CounterWidth-1:0] counter_q [16] /*verilator public_flat_rw*/;

  for (genvar i = 0; i < 16; i++) begin : gen_counter
    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) counter_q[i] <= '0;
      else if (event_i[i]) counter_q[i] <= counter_q[i] + npu_pkg::CounterWidth'(1);  // carry dropped: that is the wrap
    end
  end

  assign counter_o = read_i ? counter_q[index_i] : '0;
endmodule
