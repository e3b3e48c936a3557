// SPDX-License-Identifier: Apache-2.0
// Purpose: one npu_tile with its stimulus, as a testbench of one's own has it; what hangs on it is each bench's business.
// Latency: none.
// Formats: the pins of npu_tile.
// Overflow, rounding: none.
// Twin: none.
module own_tile #(
  parameter int Rows              = 8,
  parameter int Cols              = 8,
  parameter int AccDepth          = 64,
  parameter int WeightFifoDepth   = 16,
  parameter int Rounds            = 20
) (
  input  logic clk_i,
  input  logic rst_ni,
  output logic done_o
);
  logic               cmd_valid, cmd_ready, weight_valid, weight_ready, act_valid, act_ready, out_valid, out_ready, rsp_valid, rsp_ready, unused_busy;
  logic [127:0]       cmd_data;
  logic [Cols*8-1:0]  weight_data;
  logic [Rows*8-1:0]  act_data;
  logic [Cols*32-1:0] out_data;
  logic [47:0]        unused_rsp;
  logic [4:0]         unused_flags;

  small_stimulus #(.Rows(Rows), .Cols(Cols), .Rounds(Rounds)) u_stimulus (
    .clk_i, .rst_ni, .cmd_valid_o(cmd_valid), .cmd_ready_i(cmd_ready), .cmd_data_o(cmd_data),
    .weight_valid_o(weight_valid), .weight_ready_i(weight_ready), .weight_data_o(weight_data),
    .act_valid_o(act_valid), .act_ready_i(act_ready), .act_data_o(act_data),
    .out_ready_o(out_ready), .rsp_valid_i(rsp_valid), .rsp_ready_o(rsp_ready), .done_o
  );

  npu_tile #(.Rows(Rows), .Cols(Cols), .AccDepth(AccDepth), .WeightFifoDepth(WeightFifoDepth)) u_tile (
    .clk_i, .rst_ni, .cmd_valid_i(cmd_valid), .cmd_ready_o(cmd_ready), .cmd_data_i(cmd_data),
    .weight_valid_i(weight_valid), .weight_ready_o(weight_ready), .weight_data_i(weight_data),
    .act_valid_i(act_valid), .act_ready_o(act_ready), .act_data_i(act_data),
    .out_valid_o(out_valid), .out_ready_i(out_ready), .out_data_o(out_data),
    .rsp_valid_o(rsp_valid), .rsp_ready_i(rsp_ready), .rsp_data_o(unused_rsp), .busy_o(unused_busy), .flags_o(unused_flags)
  );
endmodule
