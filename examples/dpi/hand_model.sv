// SPDX-License-Identifier: Apache-2.0
// Purpose: the golden model stepped by hand beside a tile: created from a config, driven with the tile's pins, some fields read by name and compared.
// Latency: looks at the clock edge that ends a cycle.
// Formats: the pins of npu_tile; values filled up to 4096 bits.
// Overflow, rounding: none.
// Twin: none; bound to npu_tile in hand_model_tb.sv. It reads a few fields; the checker of tb/ compares all of them in one call.
module hand_model #(
  parameter int Rows = 8,
  parameter int Cols = 8
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               cmd_valid_i,
  input logic [127:0]       cmd_data_i,
  input logic               weight_valid_i,
  input logic [Cols*8-1:0]  weight_data_i,
  input logic               act_valid_i,
  input logic [Rows*8-1:0]  act_data_i,
  input logic               out_valid_i,
  input logic               out_ready_i,
  input logic [Cols*32-1:0] out_data_i,
  input logic               rsp_ready_i,
  input logic               busy_i,
  input logic [31:0]        cycles_i    // the tile's counter of cycles, low half
);
  import assay_dpi_pkg::*;

  chandle model;
  int     compared = 0;
  bit     running  = 1'b0;

  function automatic void must(int status);
    if (status != StatusOk) $fatal(1, "hand_model: %s (%s)", assay_dpi_last_error(model), assay_dpi_status_name(status));
  endfunction

  function automatic void compare(string element, bit [4095:0] value);
    must(assay_dpi_model_compare(model, element, value, 0));
    compared = compared + 1;
  endfunction

  initial begin
    string file;
    int    status;
    if ($value$plusargs("config=%s", file) == 0) $fatal(1, "hand_model: +config=FILE is missing, expected a config of schema assay/config/1");
    status = assay_dpi_open(ApiVersion, model);
    if (status != StatusOk) $fatal(1, "hand_model: %s", assay_dpi_status_name(status));
    must(assay_dpi_configure_file(model, file));
  end

  always @(posedge clk_i) begin
    if (rst_ni) running = 1'b1;
    if (running) begin
      compare("tile.busy", 4096'(busy_i));
      compare("tile.counter[0]", 4096'(cycles_i));
      compare("tile.out_valid", 4096'(out_valid_i));
      for (int c = 0; c < Cols && out_valid_i; c++) compare($sformatf("tile.out_data[%0d]", c), 4096'(out_data_i[c*32 +: 32]));
      must(assay_dpi_model_drive(model,
        (rst_ni ? PinRstN : 0) | (cmd_valid_i ? PinCmdValid : 0) | (weight_valid_i ? PinWeightValid : 0) | (act_valid_i ? PinActValid : 0)
        | (out_ready_i ? PinOutReady : 0) | (rsp_ready_i ? PinRspReady : 0),
        cmd_data_i, 2048'(weight_data_i), 2048'(act_data_i),
        ($isunknown(cmd_data_i) ? XCommand : 0) | ($isunknown(weight_data_i) ? XWeight : 0) | ($isunknown(act_data_i) ? XActivation : 0)));
      must(assay_dpi_model_step(model));
    end
  end

  final begin
    $display("hand_model: %0d values compared", compared);
    void'(assay_dpi_close(model));
  end
endmodule
