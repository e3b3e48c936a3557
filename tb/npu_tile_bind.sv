// SPDX-License-Identifier: Apache-2.0
// Purpose: attaches the probes to the tile and to each of its FIFOs; the design under test stays untouched.
// Latency: none.
// Formats: none.
// Overflow, rounding: none.
// Twin: none.
bind npu_tile npu_tile_probe #(
  .Rows(Rows), .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .CommandFifoDepth(CommandFifoDepth),
  .WeightFifoDepth(WeightFifoDepth), .ActivationFifoDepth(ActivationFifoDepth), .QueueDepth(QueueDepth),
  .OutputFifoDepth(OutputFifoDepth), .ResponseFifoDepth(ResponseFifoDepth), .Formats(Formats), .PeLatency(PeLatency)
) u_probe (
  .clk_i, .rst_ni,
  .cmd_valid_i, .cmd_ready_i(cmd_ready_o), .cmd_data_i,
  .weight_valid_i, .weight_ready_i(weight_ready_o), .weight_data_i,
  .act_valid_i, .act_ready_i(act_ready_o), .act_data_i,
  .out_valid_i(out_valid_o), .out_ready_i, .out_data_i(out_data_o),
  .rsp_valid_i(rsp_valid_o), .rsp_ready_i, .rsp_data_i(rsp_data_o),
  .read_i(read), .read_bank_i(read_entry[EntryWidth-1 -: $clog2(AccBanks)]), .tag_valid_i(tag_valid), .tag_entry_i(tag_entry)
);

bind npu_fifo npu_fifo_probe #(.Depth(Depth)) u_probe (
  .clk_i, .rst_ni, .push_i, .pop_i, .count_i(count_q)
);
