// SPDX-License-Identifier: Apache-2.0
// Purpose: UVM predictor and scoreboard over the golden model. An example, not compiled here.
// Latency: none.
// Formats: the pins of npu_tile, filled up to the widest tile.
// Overflow, rounding: none.
// Twin: none.
package assay_uvm_pkg;
  import uvm_pkg::*;
  import assay_dpi_pkg::*;
  `include "uvm_macros.svh"
  `include "assay_pins_item.svh"
  `include "assay_predictor.svh"
  `include "assay_scoreboard.svh"
endpackage
