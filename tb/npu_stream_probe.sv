// SPDX-License-Identifier: Apache-2.0
// Purpose: checks one stream: a sender that has raised valid keeps it and the data until ready or a reset (spec 1).
// Latency: a broken rule is reported one clock edge after the beat that waited.
// Formats: DPI call assay_assertion(name).
// Overflow, rounding: none.
// Twin: none; part of tb/npu_tile_probe.sv.
module npu_stream_probe #(
  parameter int    Width = 8,
  parameter string Name  = "stream"
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);
  import "DPI-C" context function void assay_assertion(input string name);

  logic             waits_q;
  logic [Width-1:0] data_q [1];  // a memory of one word: it costs nothing while it is not written

  // One test per cycle, the assertions themselves only when it finds something.
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready_i;
    if (valid_i && !ready_i && !waits_q) data_q[0] <= data_i;
    if (rst_ni && waits_q && (!valid_i || data_i != data_q[0])) begin
      assert (valid_i) else assay_assertion({Name, " valid stays until ready"});
      assert (!valid_i || data_i == data_q[0]) else assay_assertion({Name, " data stay until ready"});
    end
  end
endmodule
