// SPDX-License-Identifier: Apache-2.0
// Purpose: plays a vector into an npu_tile: clock, reset, stimulus and stalls from libassay_dpi, the bound checker gives the verdict.
// Latency: inputs change at the falling edge.
// Formats: the pins of npu_tile.
// Overflow, rounding: none.
// Twin: cosim/npu/driver.hpp is where the stimulus comes from, in place and here.
//
// +assay_run=FILE names what to play; `assay run --path dpi` writes it and starts this bench.
module npu_tile_tb #(
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
);
  import assay_dpi_pkg::*;
  import "DPI-C" function int assay_dpi_bench_drive(
    input chandle handle, input int outputs, input bit [Cols*32-1:0] out_data, input longint rsp_data, output int pins,
    output bit [127:0] cmd_data, output bit [Cols*LaneWidth-1:0] weight_data, output bit [Rows*LaneWidth-1:0] act_data);

  logic                      clk = 1'b0;
  logic                      rst_n = 1'b0;
  logic                      cmd_valid = 1'b0, weight_valid = 1'b0, act_valid = 1'b0, out_ready = 1'b0, rsp_ready = 1'b0;
  logic                      cmd_ready, weight_ready, act_ready, out_valid, rsp_valid, busy;
  bit [127:0]                cmd_data;
  bit [Cols*LaneWidth-1:0]   weight_data;
  bit [Rows*LaneWidth-1:0]   act_data;
  logic [Cols*32-1:0]        out_data;
  logic [47:0]               rsp_data;
  logic [FlagsWidth-1:0]     unused_flags;

  npu_tile #(
    .Rows(Rows), .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .CommandFifoDepth(CommandFifoDepth),
    .WeightFifoDepth(WeightFifoDepth), .ActivationFifoDepth(ActivationFifoDepth), .QueueDepth(QueueDepth),
    .OutputFifoDepth(OutputFifoDepth), .ResponseFifoDepth(ResponseFifoDepth), .Formats(Formats), .PeLatency(PeLatency)
  ) u_tile (
    .clk_i(clk), .rst_ni(rst_n),
    .cmd_valid_i(cmd_valid), .cmd_ready_o(cmd_ready), .cmd_data_i(cmd_data),
    .weight_valid_i(weight_valid), .weight_ready_o(weight_ready), .weight_data_i(weight_data),
    .act_valid_i(act_valid), .act_ready_o(act_ready), .act_data_i(act_data),
    .out_valid_o(out_valid), .out_ready_i(out_ready), .out_data_o(out_data),
    .rsp_valid_o(rsp_valid), .rsp_ready_i(rsp_ready), .rsp_data_o(rsp_data),
    .busy_o(busy), .flags_o(unused_flags)
  );

  chandle bench;

  function automatic void require(int status, string what);
    if (status < 0) begin
      $display("assay: %s: %s", what, bench == null ? assay_dpi_status_name(status) : assay_dpi_last_error(bench));
      $finish;
    end
  endfunction

  initial begin
    string file;
    int    status, pins;
    if ($value$plusargs("assay_run=%s", file) == 0) $fatal(1, "npu_tile_tb: +assay_run=FILE is missing; `assay run --path dpi` writes the file");
    require(assay_dpi_open(ApiVersion, bench), "open");
    require(assay_dpi_bench_open(bench, file), "bench");
    u_tile.u_checker.handle = bench;
    // two edges in reset; in between every memory gets random contents: what is undefined must not matter
    #5 clk = 1'b1;
    #5 clk = 1'b0;
    require(assay_dpi_bench_fill(bench, "npu_tile_tb.u_tile"), "fill");
    #5 clk = 1'b1;
    #5 clk = 1'b0;
    require(assay_dpi_bench_deposit(bench), "deposit");
    #1;
    status = StatusOk;
    forever begin
      if (status == StatusOk) begin
        status = assay_dpi_bench_drive(bench, int'({busy, rsp_valid, out_valid, act_ready, weight_ready, cmd_ready}), out_data, longint'(rsp_data), pins,
                                       cmd_data, weight_data, act_data);
        require(status, "drive");
        {rsp_ready, out_ready, act_valid, weight_valid, cmd_valid, rst_n} = pins[5:0];
      end
      #5 clk = 1'b1;
      #5 clk = 1'b0;
      // the faults of the coming cycle settle before its outputs are looked at
      if (pins[6]) begin
        require(assay_dpi_bench_deposit(bench), "deposit");
        #1;
      end
    end
  end
endmodule
