// SPDX-License-Identifier: Apache-2.0
// Purpose: two tiles of two configs (int8_8x8 and int8_4x4) in one simulation, each with the checker of its own config.
// Latency: none.
// Formats: none.
// Overflow, rounding: none.
// Twin: none.
module two_tiles_tb;
  logic clk = 1'b0, rst_n = 1'b0, large_done, small_done;

  own_tile #(.Rows(8), .Cols(8)) u_large (.clk_i(clk), .rst_ni(rst_n), .done_o(large_done));
  own_tile #(.Rows(4), .Cols(4), .AccDepth(32), .WeightFifoDepth(8)) u_small (.clk_i(clk), .rst_ni(rst_n), .done_o(small_done));

  always #5 clk = !clk;

  initial begin
    repeat (3) @(negedge clk);
    rst_n = 1'b1;
    wait (large_done && small_done);
    repeat (4) @(negedge clk);
    $finish;
  end
endmodule
