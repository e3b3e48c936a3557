// SPDX-License-Identifier: Apache-2.0
// Purpose: a testbench of one's own under lockstep: it knows nothing of assay; tb/npu_lockstep_bind.sv attaches the checker.
// Latency: none.
// Formats: none.
// Overflow, rounding: none.
// Twin: none.
module own_bench_tb;
  logic clk = 1'b0, rst_n = 1'b0, done;

  own_tile #(.Rows(8), .Cols(8)) u_own (.clk_i(clk), .rst_ni(rst_n), .done_o(done));

  always #5 clk = !clk;

  initial begin
    repeat (3) @(negedge clk);
    rst_n = 1'b1;
    wait (done);
    repeat (4) @(negedge clk);
    $finish;
  end
endmodule
