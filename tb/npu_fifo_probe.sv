// SPDX-License-Identifier: Apache-2.0
// Purpose: checks one FIFO: no push when full, no pop when empty, the count within the depth (spec 6).
// Latency: a broken rule is reported at the clock edge that ends the cycle.
// Formats: DPI call assay_assertion(name).
// Overflow, rounding: none.
// Twin: none; bound to npu_fifo by tb/npu_tile_bind.sv.
module npu_fifo_probe #(
  parameter int Depth = 4
) (
  input logic                       clk_i,
  input logic                       rst_ni,
  input logic                       push_i,
  input logic                       pop_i,
  input logic [$clog2(Depth+1)-1:0] count_i
);
  import "DPI-C" context function void assay_assertion(input string name);

  // One cheap test in every cycle, the assertions themselves only when it finds something.
  always_ff @(posedge clk_i) begin
    if (rst_ni && ((push_i && 32'(count_i) == Depth) || (pop_i && count_i == '0) || 32'(count_i) > Depth)) begin
      assert (!push_i || 32'(count_i) != Depth) else assay_assertion("fifo never overflows");
      assert (!pop_i || count_i != '0) else assay_assertion("fifo never underflows");
      assert (32'(count_i) <= Depth) else assay_assertion("fifo count within depth");
    end
  end
endmodule
