// SPDX-License-Identifier: Apache-2.0
// Purpose: reports the tile's elaborated parameters at time 0 and checks the stream protocol and bank exclusion in every cycle.
// Latency: a broken rule is reported at the clock edge that ends the cycle, never ends the simulation.
// Formats: DPI calls assay_parameter(YAML key, value) and assay_assertion(name).
// Overflow, rounding: none.
// Twin: none; bound to npu_tile by tb/npu_tile_bind.sv.
module npu_tile_probe #(
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
  localparam int LaneWidth = ((Formats >> 4) & 3) != 0 ? 16 : 8,
  localparam int Stages    = Rows * PeLatency + Cols + 2
) (
  input logic                                  clk_i,
  input logic                                  rst_ni,
  input logic                                  cmd_valid_i,
  input logic                                  cmd_ready_i,
  input logic [127:0]                          cmd_data_i,
  input logic                                  weight_valid_i,
  input logic                                  weight_ready_i,
  input logic [Cols*LaneWidth-1:0]             weight_data_i,
  input logic                                  act_valid_i,
  input logic                                  act_ready_i,
  input logic [Rows*LaneWidth-1:0]             act_data_i,
  input logic                                  out_valid_i,
  input logic                                  out_ready_i,
  input logic [Cols*32-1:0]                    out_data_i,
  input logic                                  rsp_valid_i,
  input logic                                  rsp_ready_i,
  input logic [47:0]                           rsp_data_i,
  // bank exclusion: beats on their way to the accumulators, and the activation unit's read
  input logic                                  read_i,
  input logic [$clog2(AccBanks)-1:0]           read_bank_i,
  input logic [Stages-1:0]                     tag_valid_i,
  input logic [Stages*$clog2(AccBanks*AccDepth)-1:0] tag_entry_i
);
  import "DPI-C" context function void assay_parameter(input string name, input int value);
  import "DPI-C" context function void assay_assertion(input string name);

  localparam int EntryWidth = $clog2(AccBanks * AccDepth);
  localparam int BankWidth  = $clog2(AccBanks);

  initial begin
    assay_parameter("rows", Rows);
    assay_parameter("cols", Cols);
    assay_parameter("acc_banks", AccBanks);
    assay_parameter("acc_depth", AccDepth);
    assay_parameter("command_fifo_depth", CommandFifoDepth);
    assay_parameter("weight_fifo_depth", WeightFifoDepth);
    assay_parameter("activation_fifo_depth", ActivationFifoDepth);
    assay_parameter("queue_depth", QueueDepth);
    assay_parameter("output_fifo_depth", OutputFifoDepth);
    assay_parameter("response_fifo_depth", ResponseFifoDepth);
    assay_parameter("formats", Formats);
    assay_parameter("pe_latency", PeLatency);

    // spec sections 2 and 17.2
    assert (Rows >= 1 && Rows <= 128) else assay_assertion("parameter rows is legal");
    assert (Cols >= 1 && Cols <= 128) else assay_assertion("parameter cols is legal");
    assert (AccBanks == 2 || AccBanks == 4 || AccBanks == 8 || AccBanks == 16) else assay_assertion("parameter acc_banks is legal");
    assert (AccDepth >= 4 && AccDepth <= 4096 && (AccDepth & (AccDepth - 1)) == 0) else assay_assertion("parameter acc_depth is legal");
    assert (CommandFifoDepth >= 2 && CommandFifoDepth <= 64) else assay_assertion("parameter command_fifo_depth is legal");
    assert (WeightFifoDepth >= 2 && WeightFifoDepth >= Rows && WeightFifoDepth <= 512)
      else assay_assertion("parameter weight_fifo_depth is legal");
    assert (ActivationFifoDepth >= 2 && ActivationFifoDepth <= 64) else assay_assertion("parameter activation_fifo_depth is legal");
    assert (QueueDepth >= 2 && QueueDepth <= 16) else assay_assertion("parameter queue_depth is legal");
    assert (OutputFifoDepth >= 8 && OutputFifoDepth <= 64) else assay_assertion("parameter output_fifo_depth is legal");
    assert (ResponseFifoDepth >= 2 && ResponseFifoDepth <= 64) else assay_assertion("parameter response_fifo_depth is legal");
    assert (Formats == 3 || (Formats != 0 && (Formats & ~'h1f0) == 0)) else assay_assertion("parameter formats is legal");
    assert (PeLatency >= 1 && PeLatency <= 8 && (Formats != 3 || PeLatency == 1)) else assay_assertion("parameter pe_latency is legal");
    assert (Rows * PeLatency + Cols <= 990) else assay_assertion("tickets are unambiguous");
  end

  // Streams: valid stays and data stay until ready. The data are kept only while a beat waits, so that a running stream costs
  // nothing.
  npu_stream_probe #(.Width(128), .Name("cmd")) u_cmd (
    .clk_i, .rst_ni, .valid_i(cmd_valid_i), .ready_i(cmd_ready_i), .data_i(cmd_data_i));
  npu_stream_probe #(.Width(Cols*LaneWidth), .Name("weight")) u_weight (
    .clk_i, .rst_ni, .valid_i(weight_valid_i), .ready_i(weight_ready_i), .data_i(weight_data_i));
  npu_stream_probe #(.Width(Rows*LaneWidth), .Name("act")) u_act (
    .clk_i, .rst_ni, .valid_i(act_valid_i), .ready_i(act_ready_i), .data_i(act_data_i));
  npu_stream_probe #(.Width(Cols*32), .Name("out")) u_out (
    .clk_i, .rst_ni, .valid_i(out_valid_i), .ready_i(out_ready_i), .data_i(out_data_i));
  npu_stream_probe #(.Width(48), .Name("rsp")) u_rsp (
    .clk_i, .rst_ni, .valid_i(rsp_valid_i), .ready_i(rsp_ready_i), .data_i(rsp_data_i));

  // Is a beat of this bank still on its way to the accumulators?
  function automatic logic in_flight(logic [BankWidth-1:0] bank, logic [Stages-1:0] valid, logic [Stages*EntryWidth-1:0] entry);
    in_flight = 1'b0;
    for (int s = 0; s < Stages; s++) begin
      in_flight = in_flight | (valid[s] && (entry[s*EntryWidth + EntryWidth - BankWidth +: BankWidth] == bank));
    end
  endfunction

  // A bank is never read by the activation unit while matmul beats of it are on their way. Looked at in the first cycle of a
  // run of reads of one bank: a beat that could follow waits for act_ret, and other banks pass by.
  logic                 read_q;
  logic [BankWidth-1:0] bank_q;
  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && read_i;
    if (read_i) bank_q <= read_bank_i;
    if (rst_ni && read_i && !(read_q && bank_q == read_bank_i)) begin
      assert (!in_flight(read_bank_i, tag_valid_i, tag_entry_i))
        else assay_assertion("accumulator bank belongs to one unit");
    end
    // and the other way round: no beat has just been issued for the bank being read
    if (rst_ni && read_i && tag_valid_i[0]) begin
      assert (tag_entry_i[EntryWidth-1 -: BankWidth] != read_bank_i)
        else assay_assertion("accumulator bank belongs to one unit");
    end
  end
endmodule
