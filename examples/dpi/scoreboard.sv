// SPDX-License-Identifier: Apache-2.0
// Purpose: a scoreboard that predicts at the end of an operation only: it takes what the tile took, and when the tile answers a fence it plays that
//          into the golden model at the model's own pace and compares the output beats in order. Cycles do not matter to it.
// Latency: compares in the cycle of the response.
// Formats: the pins of npu_tile.
// Overflow, rounding: none.
// Twin: none; bound to npu_tile in hand_model_bind.sv.
module scoreboard #(
  parameter int Rows = 8,
  parameter int Cols = 8
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               cmd_valid_i,
  input logic               cmd_ready_i,
  input logic [127:0]       cmd_data_i,
  input logic               weight_valid_i,
  input logic               weight_ready_i,
  input logic [Cols*8-1:0]  weight_data_i,
  input logic               act_valid_i,
  input logic               act_ready_i,
  input logic [Rows*8-1:0]  act_data_i,
  input logic               out_valid_i,
  input logic               out_ready_i,
  input logic [Cols*32-1:0] out_data_i,
  input logic               rsp_valid_i,
  input logic               rsp_ready_i
);
  import assay_dpi_pkg::*;
  localparam int Patience = 100000;  // cycles of the model without a fence's answer

  chandle model;
  int     beats = 0, operations = 0;

  bit [127:0]       commands[$];
  bit [Cols*8-1:0]  weights[$];
  bit [Rows*8-1:0]  activations[$];
  bit [Cols*32-1:0] results[$];

  function automatic void must(int status);
    if (status != StatusOk) $fatal(1, "scoreboard: %s (%s)", assay_dpi_last_error(model), assay_dpi_status_name(status));
  endfunction

  function automatic bit pin(string name);
    bit [4095:0] value;
    must(assay_dpi_model_read(model, name, value));
    return value[0];
  endfunction

  // One output beat of the model against the oldest one of the tile.
  function automatic void check_beat();
    bit [Cols*32-1:0] got;
    if (results.size() == 0) $fatal(1, "scoreboard: the tile gave fewer beats than the model");
    got = results.pop_front();
    for (int c = 0; c < Cols; c++) must(assay_dpi_model_compare(model, $sformatf("tile.out_data[%0d]", c), 4096'(got[c*32 +: 32]), 0));
    beats = beats + 1;
  endfunction

  // Plays what was taken since the last fence; ends with the model's answer to this one.
  function automatic void predict();
    bit             answered, cmd_taken, weight_taken, act_taken;
    bit [127:0]     command;
    bit [2047:0]    weight, activation;
    answered = 1'b0;
    for (int cycle = 0; !answered; cycle++) begin
      if (cycle == Patience) $fatal(1, "scoreboard: the model does not answer the fence");
      command      = commands.size() != 0 ? commands[0] : '0;
      weight       = weights.size() != 0 ? 2048'(weights[0]) : '0;
      activation   = activations.size() != 0 ? 2048'(activations[0]) : '0;
      cmd_taken    = commands.size() != 0 && pin("tile.cmd_ready");
      weight_taken = weights.size() != 0 && pin("tile.weight_ready");
      act_taken    = activations.size() != 0 && pin("tile.act_ready");
      if (pin("tile.out_valid")) check_beat();
      answered = pin("tile.rsp_valid");
      must(assay_dpi_model_drive(model,
        PinRstN | PinOutReady | PinRspReady | (commands.size() != 0 ? PinCmdValid : 0) | (weights.size() != 0 ? PinWeightValid : 0)
        | (activations.size() != 0 ? PinActValid : 0), command, weight, activation, 0));
      must(assay_dpi_model_step(model));
      if (cmd_taken) void'(commands.pop_front());
      if (weight_taken) void'(weights.pop_front());
      if (act_taken) void'(activations.pop_front());
    end
    if (results.size() != 0) $fatal(1, "scoreboard: the tile gave more beats than the model");
    operations = operations + 1;
  endfunction

  initial begin
    string file;
    int    status;
    if ($value$plusargs("config=%s", file) == 0) $fatal(1, "scoreboard: +config=FILE is missing, expected a config of schema assay/config/1");
    status = assay_dpi_open(ApiVersion, model);
    if (status != StatusOk) $fatal(1, "scoreboard: %s", assay_dpi_status_name(status));
    must(assay_dpi_configure_file(model, file));
  end

  always @(posedge clk_i) begin
    if (rst_ni) begin
      if (cmd_valid_i && cmd_ready_i) commands.push_back(cmd_data_i);
      if (weight_valid_i && weight_ready_i) weights.push_back(weight_data_i);
      if (act_valid_i && act_ready_i) activations.push_back(act_data_i);
      if (out_valid_i && out_ready_i) results.push_back(out_data_i);
      if (rsp_valid_i && rsp_ready_i) predict();
    end
  end

  final begin
    $display("scoreboard: %0d operations, %0d beats compared", operations, beats);
    void'(assay_dpi_close(model));
  end
endmodule
