// SPDX-License-Identifier: Apache-2.0
// Purpose: weight-stationary systolic array of Rows x Cols with activation skew, switch wave and tag pipeline (spec 10).
// Latency: a beat issued in cycle t has its result of column c in psum_o in cycle t + 2 + Rows + c.
// Formats: activations and weights int8 or uint8; psum INT32.
// Overflow, rounding: psum wraps modulo 2^32, impossible at <= 128 rows; nothing is rounded.
// Twin: model/array/array.hpp
module npu_array #(
  parameter int Rows         = 8,
  parameter int Cols         = 8,
  parameter int RowWidth     = 3,
  parameter int ColumnsWidth = 4,
  parameter int EntryWidth   = 7
) (
  input  logic                                  clk_i,
  input  logic                                  rst_ni,
  // weights
  input  logic                                  load_i,
  input  logic [RowWidth-1:0]                   load_row_i,
  input  logic                                  weight_unsigned_i,
  input  logic [Cols*8-1:0]                     weight_i,
  // beats
  input  logic                                  issue_i,
  input  logic                                  switch_first_i,
  input  logic                                  act_unsigned_i,
  input  logic [7:0]                            k_i,
  input  logic [Rows*8-1:0]                     act_i,
  input  logic                                  last_i,
  input  logic                                  accumulate_i,
  input  logic [ColumnsWidth-1:0]               columns_i,
  input  logic [EntryWidth-1:0]                 entry_i,
  // results and their tags
  output logic [Cols*32-1:0]                    psum_o,
  output logic [Rows+Cols+1:0]                  tag_valid_o,
  output logic [Rows+Cols+1:0]                  tag_last_o,
  output logic [Rows+Cols+1:0]                  tag_accumulate_o,
  output logic [(Rows+Cols+2)*ColumnsWidth-1:0] tag_columns_o,
  output logic [(Rows+Cols+2)*EntryWidth-1:0]   tag_entry_o
);
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [7:0]         act;
    logic               act_high, switch_in, switch_out;
    logic [Cols*32-1:0] psum_in, psum;

    if (r == 0) begin : gen_top
      assign switch_in = switch_first_i;
      assign psum_in   = '0;
    end else begin : gen_below
      assign switch_in = gen_row[r-1].switch_out;
      assign psum_in   = gen_row[r-1].psum;
    end

    npu_skew #(.Row(r)) u_skew (
      .clk_i, .rst_ni, .issue_i, .k_i, .act_unsigned_i,
      .act_i(act_i[r*8 +: 8]),
      .act_o(act), .act_high_o(act_high)
    );

    npu_pe_row #(.Cols(Cols)) u_row (
      .clk_i, .rst_ni,
      .act_i(act), .act_high_i(act_high), .switch_i(switch_in),
      .load_i(load_i && (load_row_i == RowWidth'(r))), .weight_unsigned_i, .weight_i,
      .psum_i(psum_in),
      .switch_o(switch_out), .psum_o(psum)
    );
  end

  assign psum_o = gen_row[Rows-1].psum;

  logic [Rows+Cols+1:0] unused_bf16;

  npu_tags #(.Stages(Rows + Cols + 2), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)) u_tags (
    .clk_i, .rst_ni, .issue_i, .last_i, .accumulate_i, .bf16_i(1'b0), .columns_i, .entry_i,
    .valid_o(tag_valid_o), .last_o(tag_last_o), .accumulate_o(tag_accumulate_o), .bf16_o(unused_bf16),
    .columns_o(tag_columns_o), .entry_o(tag_entry_o)
  );
endmodule
