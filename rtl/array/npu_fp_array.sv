// SPDX-License-Identifier: Apache-2.0
// Purpose: weight-stationary systolic array of Rows x Cols floating-point elements: skew, switch line, tags, flags (spec 17.7).
// Latency: a beat issued in cycle t has its result of column c in psum_o in cycle t + 2 + Rows * PeLatency + c.
// Formats: activations and weights in codes of the tile's formats, inside in the operand form; psum FP32.
// Overflow, rounding: one rounding per element, as npu_fma_pkg; flags {invalid, overflow, underflow, inexact} are sticky.
// Twin: model/array/fp_array.hpp
module npu_fp_array #(
  parameter int Rows         = 8,
  parameter int Cols         = 8,
  parameter int RowWidth     = 3,
  parameter int ColumnsWidth = 4,
  parameter int EntryWidth   = 7,
  parameter int Formats      = 16,  // operand formats, bit i is format code i (spec 17.2)
  parameter int PeLatency    = 1,
  localparam int LaneWidth = ((Formats >> 4) & 3) != 0 ? 16 : 8,
  localparam bit HasLow    = ((Formats >> 5) & 1) != 0,
  localparam int Stages    = Rows * PeLatency + Cols + 2
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           clear_flags_i,
  // weights
  input  logic                           load_i,
  input  logic [RowWidth-1:0]            load_row_i,
  input  logic [3:0]                     weight_format_i,
  input  logic [Cols*LaneWidth-1:0]      weight_i,
  // beats
  input  logic                           issue_i,
  input  logic                           switch_first_i,
  input  logic [3:0]                     act_format_i,
  input  logic [7:0]                     k_i,
  input  logic [Rows*LaneWidth-1:0]      act_i,
  input  logic                           last_i,
  input  logic                           accumulate_i,
  input  logic                           bf16_i,
  input  logic [ColumnsWidth-1:0]        columns_i,
  input  logic [EntryWidth-1:0]          entry_i,
  // results and their tags
  output logic [Cols*32-1:0]             psum_o,
  output logic [Cols-1:0]                psum_valid_o,
  output logic [Stages-1:0]              tag_valid_o,
  output logic [Stages-1:0]              tag_last_o,
  output logic [Stages-1:0]              tag_accumulate_o,
  output logic [Stages-1:0]              tag_bf16_o,
  output logic [Stages*ColumnsWidth-1:0] tag_columns_o,
  output logic [Stages*EntryWidth-1:0]   tag_entry_o,
  output logic [3:0]                     flags_o
);
  localparam int LineStages = (Rows > 1) ? (Rows - 1) * PeLatency : 1;

  logic [LineStages-1:0] switch_line_q /*verilator public_flat_rw*/;
  logic [3:0]            array_flags_q /*verilator public_flat_rw*/;

  logic [Rows*16-1:0] act_x;
  logic [Rows*3-1:0]  act_low;
  logic [Cols*16-1:0] weight_x;
  logic [Cols*3-1:0]  weight_low;

  npu_fp_operands #(.Lanes(Rows), .LaneWidth(LaneWidth), .Formats(Formats)) u_acts (
    .enable_i(issue_i), .format_i(act_format_i), .code_i(act_i), .x_o(act_x), .low_o(act_low)
  );
  npu_fp_operands #(.Lanes(Cols), .LaneWidth(LaneWidth), .Formats(Formats)) u_weights (
    .enable_i(load_i), .format_i(weight_format_i), .code_i(weight_i), .x_o(weight_x), .low_o(weight_low)
  );

  // Row 0 asks the tags which columns are in use: column c computes a beat while its tag stands in stage c + 1.
  logic [Cols-1:0] valid;
  always_comb begin
    valid = '0;
    for (int c = 0; c < Cols; c++) begin
      valid[c] = tag_valid_o[c+1] && (tag_columns_o[(c+1)*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c));
    end
  end

  // Operands in front of every element, row 0 in the least significant bits.
  logic [Rows*Cols*16-1:0] acts, weights;
  logic [Rows*Cols*3-1:0]  act_lows, weight_lows;
  logic [Rows*Cols-1:0]    act_valids, valids;
  logic [3:0]              pe_flags;

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [15:0]     act;
    logic [2:0]      low;
    logic            act_valid, switch_in;
    logic [Cols-1:0] valid_in, valid_out;

    if (r == 0) begin : gen_top
      assign switch_in = switch_first_i;
      assign valid_in  = valid;
    end else begin : gen_below
      assign switch_in = switch_line_q[r*PeLatency-1];
      assign valid_in  = gen_row[r-1].valid_out;
    end
    assign valids[r*Cols +: Cols] = valid_in;

    npu_fp_skew #(.Row(r), .PeLatency(PeLatency), .WithLow(HasLow)) u_skew (
      .clk_i, .rst_ni, .use_i(issue_i && (k_i > 8'(r))), .act_i(act_x[r*16 +: 16]), .act_low_i(act_low[r*3 +: 3]),
      .act_o(act), .act_low_o(low), .act_valid_o(act_valid)
    );

    npu_fp_pe_row #(.Cols(Cols), .PeLatency(PeLatency), .WithLow(HasLow)) u_row (
      .clk_i, .rst_ni,
      .act_i(act), .act_low_i(low), .act_valid_i(act_valid), .switch_i(switch_in),
      .load_i(load_i && (load_row_i == RowWidth'(r))), .weight_i(weight_x), .weight_low_i(weight_low), .valid_i(valid_in),
      .act_o(acts[r*Cols*16 +: Cols*16]), .act_low_o(act_lows[r*Cols*3 +: Cols*3]), .act_valid_o(act_valids[r*Cols +: Cols]),
      .weight_o(weights[r*Cols*16 +: Cols*16]), .weight_low_o(weight_lows[r*Cols*3 +: Cols*3]), .valid_o(valid_out)
    );
  end

  npu_fp_pe_sums #(.Rows(Rows), .Cols(Cols), .PeLatency(PeLatency), .WithLow(HasLow)) u_sums (
    .clk_i, .rst_ni, .act_i(acts), .act_low_i(act_lows), .act_valid_i(act_valids),
    .weight_i(weights), .weight_low_i(weight_lows), .valid_i(valids), .psum_o, .flags_o(pe_flags)
  );

  assign psum_valid_o = gen_row[Rows-1].valid_out;
  assign flags_o      = array_flags_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      switch_line_q <= '0;
      array_flags_q <= '0;
    end else begin
      switch_line_q <= (switch_line_q << 1) | LineStages'(switch_first_i);
      array_flags_q <= clear_flags_i ? '0 : array_flags_q | pe_flags;
    end
  end

  npu_tags #(.Stages(Stages), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth), .WithBf16(1'b1)) u_tags (
    .clk_i, .rst_ni, .issue_i, .last_i, .accumulate_i, .bf16_i, .columns_i, .entry_i,
    .valid_o(tag_valid_o), .last_o(tag_last_o), .accumulate_o(tag_accumulate_o), .bf16_o(tag_bf16_o),
    .columns_o(tag_columns_o), .entry_o(tag_entry_o)
  );
endmodule
