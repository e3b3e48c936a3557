// SPDX-License-Identifier: Apache-2.0
// Purpose: attaches hand_model.sv and scoreboard.sv to every npu_tile of a simulation.
// Latency: none.
// Formats: none.
// Overflow, rounding: none.
// Twin: none.
bind npu_tile hand_model #(.Rows(Rows), .Cols(Cols)) u_hand_model (
  .clk_i, .rst_ni, .cmd_valid_i, .cmd_data_i, .weight_valid_i, .weight_data_i, .act_valid_i, .act_data_i,
  .out_valid_i(out_valid_o), .out_ready_i, .out_data_i(out_data_o), .rsp_ready_i, .busy_i(busy_o), .cycles_i(u_counters.counter_q[0][31:0])
);
bind npu_tile scoreboard #(.Rows(Rows), .Cols(Cols)) u_scoreboard (
  .clk_i, .rst_ni, .cmd_valid_i, .cmd_ready_i(cmd_ready_o), .cmd_data_i, .weight_valid_i, .weight_ready_i(weight_ready_o), .weight_data_i,
  .act_valid_i, .act_ready_i(act_ready_o), .act_data_i, .out_valid_i(out_valid_o), .out_ready_i, .out_data_i(out_data_o),
  .rsp_valid_i(rsp_valid_o), .rsp_ready_i
);
