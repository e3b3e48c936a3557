// SPDX-License-Identifier: Apache-2.0
// Purpose: attaches the lockstep checker to every npu_tile.
// Latency: none.
// Formats: none.
// Overflow, rounding: none.
// Twin: none.
bind npu_tile npu_lockstep_checker #(
  .Rows(Rows), .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .CommandFifoDepth(CommandFifoDepth),
  .WeightFifoDepth(WeightFifoDepth), .ActivationFifoDepth(ActivationFifoDepth), .QueueDepth(QueueDepth),
  .OutputFifoDepth(OutputFifoDepth), .ResponseFifoDepth(ResponseFifoDepth), .Formats(Formats), .PeLatency(PeLatency)
) u_checker (
  .clk_i, .rst_ni, .cmd_valid_i, .cmd_data_i, .weight_valid_i, .weight_data_i, .act_valid_i, .act_data_i, .out_ready_i, .rsp_ready_i,
  .cmd_ready_i(cmd_ready_o), .weight_ready_i(weight_ready_o), .act_ready_i(act_ready_o), .out_valid_i(out_valid_o), .out_data_i(out_data_o),
  .rsp_valid_i(rsp_valid_o), .rsp_data_i(rsp_data_o), .busy_i(busy_o), .flags_i(flags_o), .read_entry_i(read_entry)
);
