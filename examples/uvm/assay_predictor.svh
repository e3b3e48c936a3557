// SPDX-License-Identifier: Apache-2.0
// Pins in, the model's output beats out: steps the golden model with each cycle's input pins. Not compiled here.
class assay_predictor extends uvm_subscriber #(assay_pins_item);
  uvm_analysis_port #(assay_pins_item) ap;  // items whose out_valid & out_ready, or rsp_valid & rsp_ready, are the model's
  local chandle model;
  local int     columns;
  local bit     running;

  `uvm_component_utils(assay_predictor)

  function new(string name, uvm_component parent);
    super.new(name, parent);
  endfunction

  local function void must(int status);
    if (status != StatusOk) `uvm_fatal("ASSAY", $sformatf("%s (%s)", assay_dpi_last_error(model), assay_dpi_status_name(status)))
  endfunction

  local function bit [4095:0] value(string element);
    must(assay_dpi_model_read(model, element, value));
  endfunction

  function void build_phase(uvm_phase phase);
    string file;
    int    status;
    super.build_phase(phase);
    ap = new("ap", this);
    if (!uvm_config_db#(string)::get(this, "", "config", file)) `uvm_fatal("ASSAY", "config is not set, expected a config file")
    if (!uvm_config_db#(int)::get(this, "", "columns", columns)) `uvm_fatal("ASSAY", "columns is not set, expected the tile's Cols")
    status = assay_dpi_open(ApiVersion, model);
    if (status != StatusOk) `uvm_fatal("ASSAY", assay_dpi_status_name(status))
    must(assay_dpi_configure_file(model, file));
  endfunction

  function void write(assay_pins_item t);
    assay_pins_item predicted;
    bit [4095:0]    word;
    if (t.rst_n) running = 1;
    if (!running) return;
    predicted = assay_pins_item::type_id::create("predicted");
    predicted.out_valid = value("tile.out_valid");
    predicted.out_ready = t.out_ready;
    predicted.rsp_valid = value("tile.rsp_valid");
    predicted.rsp_ready = t.rsp_ready;
    for (int c = 0; c < columns && predicted.out_valid; c++) begin
      word = value($sformatf("tile.out_data[%0d]", c));
      predicted.out_data[c*32 +: 32] = word[31:0];
    end
    word = value("tile.rsp_data");
    predicted.rsp_data = word[47:0];
    ap.write(predicted);
    must(assay_dpi_model_drive(model, t.pins(), t.cmd_data, t.weight_data, t.act_data, t.unknown));
    must(assay_dpi_model_step(model));
  endfunction

  function void final_phase(uvm_phase phase);
    void'(assay_dpi_close(model));
  endfunction
endclass
