// SPDX-License-Identifier: Apache-2.0
// Purpose: runs the golden model beside the npu_tile that it is bound to and compares every observed field in every cycle.
// Latency: looks at a cycle's values at the clock edge that ends it, before the edge takes effect: one call per cycle.
// Formats: the packed struct of npu_observation.svh (`assay list --fields --sv` writes it for the configs in use), of type bit.
// Overflow, rounding: none.
// Twin: cosim/dpi/checker.hpp; bound by tb/npu_lockstep_bind.sv.
//
// Without a bench of assay it follows the pins, whoever drives them: it needs one edge in reset, begins with the first edge out of it, and gives its
// verdict when a value differs or when the simulation ends ($finish). With +assay_config=FILE the config is read there instead of taken from the include.
module npu_lockstep_checker #(
  parameter int Rows                = 8,
  parameter int Cols                = 8,
  parameter int AccBanks            = 2,
  parameter int AccDepth            = 64,
  parameter int CommandFifoDepth    = 4,
  parameter int WeightFifoDepth     = 16,
  parameter int ActivationFifoDepth = 4,
  parameter int QueueDepth          = 4,
  parameter int OutputFifoDepth     = 16,
  parameter int ResponseFifoDepth   = 4,
  parameter int Formats             = 3,
  parameter int PeLatency           = 1,
  localparam int LaneWidth  = ((Formats >> 4) & 3) != 0 ? 16 : 8,
  localparam int FlagsWidth = (Formats >> 3) != 0 ? npu_pkg::FpFlagsWidth : npu_pkg::FlagsWidth
) (
  input logic                      clk_i,
  input logic                      rst_ni,
  input logic                      cmd_valid_i,
  input logic [127:0]              cmd_data_i,
  input logic                      weight_valid_i,
  input logic [Cols*LaneWidth-1:0] weight_data_i,
  input logic                      act_valid_i,
  input logic [Rows*LaneWidth-1:0] act_data_i,
  input logic                      out_ready_i,
  input logic                      rsp_ready_i,
  input logic                      cmd_ready_i,
  input logic                      weight_ready_i,
  input logic                      act_ready_i,
  input logic                      out_valid_i,
  input logic [Cols*32-1:0]        out_data_i,
  input logic                      rsp_valid_i,
  input logic [47:0]               rsp_data_i,
  input logic                      busy_i,
  input logic [FlagsWidth-1:0]     flags_i,
  // the accumulator entry that the activation unit looks at
  input logic [$clog2(AccBanks*AccDepth)-1:0] read_entry_i
);
  import assay_dpi_pkg::*;

  chandle handle;           // a bench of assay puts its own here at time 0
  int     verdict    = -1;  // 0 pass, 1 mismatch, 4 inconclusive, once the run has ended
  bit     with_bench = 1'b0;

  string parameters, hash;
  bit    introduced      = 1'b0;
  bit    reset_seen      = 1'b0;
  bit    started         = 1'b0;
  bit    ended           = 1'b0;
  bit    done            = 1'b0;
  bit    memories_wanted = 1'b0;

  `include "npu_observation.svh"

  import "DPI-C" context function int assay_dpi_checker_begin(input chandle handle, input string hash);
  import "DPI-C" function int assay_dpi_checker_cycle(input chandle handle, input int unknown, input bit [ObservationBits-1:0] observation);
  import "DPI-C" function int assay_dpi_checker_memory(input chandle handle, input int index, input bit [MemoryBits-1:0] words);

  // The end of a run that cannot be judged.
  function automatic void fail(string text);
    done = 1'b1;
    if (!with_bench) $fatal(1, "assay: %m: %s", text);
    $display("assay: %m: %s", text);
    $finish;
  endfunction

  function automatic void require(int status);
    if (status < 0 && !done) fail($sformatf("%s (%s)", assay_dpi_last_error(handle), assay_dpi_status_name(status)));
  endfunction

  // Time 0: what this checker was made for; the handle, unless a bench brings one.
  function automatic void introduce(string config_parameters, string config_hash);
    parameters = config_parameters;
    hash       = config_hash;
    with_bench = $test$plusargs("assay_run") != 0;
    if (!with_bench) attach();
  endfunction

  function automatic void attach();
    string file;
    int    status;
    introduced = 1'b1;
    if (!with_bench) begin
      status = assay_dpi_open(ApiVersion, handle);
      if (status != StatusOk) fail(assay_dpi_status_name(status));
      else if ($value$plusargs("assay_config=%s", file) != 0) require(assay_dpi_configure_file(handle, file));
      else require(assay_dpi_configure(handle, parameters));
    end
    if (done) return;
    require(assay_dpi_checker_parameter(handle, "rows", Rows));
    require(assay_dpi_checker_parameter(handle, "cols", Cols));
    require(assay_dpi_checker_parameter(handle, "acc_banks", AccBanks));
    require(assay_dpi_checker_parameter(handle, "acc_depth", AccDepth));
    require(assay_dpi_checker_parameter(handle, "command_fifo_depth", CommandFifoDepth));
    require(assay_dpi_checker_parameter(handle, "weight_fifo_depth", WeightFifoDepth));
    require(assay_dpi_checker_parameter(handle, "activation_fifo_depth", ActivationFifoDepth));
    require(assay_dpi_checker_parameter(handle, "queue_depth", QueueDepth));
    require(assay_dpi_checker_parameter(handle, "output_fifo_depth", OutputFifoDepth));
    require(assay_dpi_checker_parameter(handle, "response_fifo_depth", ResponseFifoDepth));
    require(assay_dpi_checker_parameter(handle, "formats", Formats));
    require(assay_dpi_checker_parameter(handle, "pe_latency", PeLatency));
    require(assay_dpi_checker_begin(handle, hash));
  endfunction

  function automatic void refuse();
    fail("npu_observation.svh has no branch for the parameters of this tile; `assay list --fields --sv --config CONFIG` writes one");
  endfunction

  // Whether the cycle that this edge ends is to be compared.
  function automatic bit running();
    if (done) return 1'b0;
    if (!introduced) attach();
    if (!started) begin
      if (!rst_ni) reset_seen = 1'b1;
      else if (!reset_seen) fail("the tile left reset without a clock edge in reset");
      else started = 1'b1;
    end
    return started && !done;
  endfunction

  function automatic int unknown_inputs();
    int unknown;
    unknown = 0;
    if ($isunknown({rst_ni, cmd_valid_i, weight_valid_i, act_valid_i, out_ready_i, rsp_ready_i})) unknown = unknown | XHandshake;
    if (cmd_valid_i && $isunknown(cmd_data_i)) unknown = unknown | XCommand;
    if (weight_valid_i && $isunknown(weight_data_i)) unknown = unknown | XWeight;
    if (act_valid_i && $isunknown(act_data_i)) unknown = unknown | XActivation;
    return unknown;
  endfunction

  function automatic void note(int status);
    memories_wanted = status == StatusMemories;
    ended           = status == StatusEnd;
    require(status);
  endfunction

  function automatic void step(bit unknown_state, bit [ObservationBits-1:0] observation);
    note(assay_dpi_checker_cycle(handle, unknown_inputs() | (unknown_state ? XState : 0), observation));
  endfunction

  function automatic void resume();
    note(assay_dpi_checker_resume(handle));
  endfunction

  function automatic bit stands_open();
    return started && !done;
  endfunction

  function automatic void conclude();
    done    = 1'b1;
    verdict = assay_dpi_checker_finish(handle);
    if (verdict < 0) begin
      fail(assay_dpi_last_error(handle));
    end else begin
      if (!with_bench) $write("%s", assay_dpi_report(handle));
      if (!with_bench && verdict != 0) $fatal(1, "assay: %m: the tile is not what the model is");
      if (ended) $finish;
    end
  endfunction
endmodule
