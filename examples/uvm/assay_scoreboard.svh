// SPDX-License-Identifier: Apache-2.0
// Compares the tile's output beats and responses with the predicted ones, in order. Not compiled here.
`uvm_analysis_imp_decl(_observed)
`uvm_analysis_imp_decl(_predicted)

class assay_scoreboard extends uvm_scoreboard;
  uvm_analysis_imp_observed #(assay_pins_item, assay_scoreboard)  observed;
  uvm_analysis_imp_predicted #(assay_pins_item, assay_scoreboard) predicted;
  local bit [4095:0] expected_beats[$], beats[$];
  local bit [47:0]   expected_responses[$], responses[$];
  local int          compared;

  `uvm_component_utils(assay_scoreboard)

  function new(string name, uvm_component parent);
    super.new(name, parent);
    observed  = new("observed", this);
    predicted = new("predicted", this);
  endfunction

  function void write_observed(assay_pins_item t);
    if (t.rst_n && t.out_valid && t.out_ready) beats.push_back(t.out_data);
    if (t.rst_n && t.rsp_valid && t.rsp_ready) responses.push_back(t.rsp_data);
    compare();
  endfunction

  function void write_predicted(assay_pins_item t);
    if (t.out_valid && t.out_ready) expected_beats.push_back(t.out_data);
    if (t.rsp_valid && t.rsp_ready) expected_responses.push_back(t.rsp_data);
    compare();
  endfunction

  local function void compare();
    while (beats.size() != 0 && expected_beats.size() != 0) begin
      bit [4095:0] got = beats.pop_front(), want = expected_beats.pop_front();
      compared++;
      if (got != want) `uvm_error("ASSAY", $sformatf("beat %0d: tile %0h, model %0h", compared, got, want))
    end
    while (responses.size() != 0 && expected_responses.size() != 0) begin
      bit [47:0] got = responses.pop_front(), want = expected_responses.pop_front();
      compared++;
      if (got != want) `uvm_error("ASSAY", $sformatf("response: tile %0h, model %0h", got, want))
    end
  endfunction

  function void check_phase(uvm_phase phase);
    if (compared == 0) `uvm_error("ASSAY", "nothing was compared")
    if (beats.size() + expected_beats.size() + responses.size() + expected_responses.size() != 0) `uvm_error("ASSAY", "beats or responses are left over")
  endfunction
endclass
