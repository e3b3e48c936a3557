// SPDX-License-Identifier: Apache-2.0
// One cycle of npu_tile's pins, sampled at the clock edge that ends it. Not compiled here.
class assay_pins_item extends uvm_sequence_item;
  bit            rst_n, cmd_valid, weight_valid, act_valid, out_valid, out_ready, rsp_valid, rsp_ready;
  bit [127:0]    cmd_data;
  bit [2047:0]   weight_data, act_data;
  bit [4095:0]   out_data;
  bit [47:0]     rsp_data;
  int            unknown;  // groups that held X or Z: XHandshake | XCommand | XWeight | XActivation

  `uvm_object_utils(assay_pins_item)

  function new(string name = "assay_pins_item");
    super.new(name);
  endfunction

  function int pins();
    return (rst_n ? PinRstN : 0) | (cmd_valid ? PinCmdValid : 0) | (weight_valid ? PinWeightValid : 0) | (act_valid ? PinActValid : 0)
      | (out_ready ? PinOutReady : 0) | (rsp_ready ? PinRspReady : 0);
  endfunction
endclass
