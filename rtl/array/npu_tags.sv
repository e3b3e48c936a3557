// SPDX-License-Identifier: Apache-2.0
// Purpose: the tag pipeline beside the array: Stages shift registers that say where each beat's results belong (spec 10, 17.7).
// Latency: stage s shows a beat s + 1 cycles after its issue.
// Formats: per stage valid, last, accumulate, with WithBf16 bf16 (1 bit each), columns (ColumnsWidth), entry (EntryWidth); 0 without a beat.
// Overflow, rounding: none.
// Twin: model/array/array.hpp
module npu_tags #(
  parameter int Stages       = 18,
  parameter int ColumnsWidth = 4,
  parameter int EntryWidth   = 7,
  parameter bit WithBf16     = 1'b0
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           issue_i,
  input  logic                           last_i,
  input  logic                           accumulate_i,
  input  logic                           bf16_i,         // unused without WithBf16
  input  logic [ColumnsWidth-1:0]        columns_i,
  input  logic [EntryWidth-1:0]          entry_i,
  output logic [Stages-1:0]              valid_o,
  output logic [Stages-1:0]              last_o,
  output logic [Stages-1:0]              accumulate_o,
  output logic [Stages-1:0]              bf16_o,         // 0 without WithBf16
  output logic [Stages*ColumnsWidth-1:0] columns_o,
  output logic [Stages*EntryWidth-1:0]   entry_o
);
  logic [Stages-1:0]              tag_valid_q      /*verilator public_flat_rw*/;
  logic [Stages-1:0]              tag_last_q       /*verilator public_flat_rw*/;
  logic [Stages-1:0]              tag_accumulate_q /*verilator public_flat_rw*/;
  logic [Stages*ColumnsWidth-1:0] tag_columns_q    /*verilator public_flat_rw*/;
  logic [Stages*EntryWidth-1:0]   tag_entry_q      /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tag_valid_q      <= '0;
      tag_last_q       <= '0;
      tag_accumulate_q <= '0;
      tag_columns_q    <= '0;
      tag_entry_q      <= '0;
    end else begin
      // One stage on: the last stage drops out, one element enters; Stages >= 4.
      tag_valid_q      <= {tag_valid_q[Stages-2:0], issue_i};
      tag_last_q       <= {tag_last_q[Stages-2:0], issue_i & last_i};
      tag_accumulate_q <= {tag_accumulate_q[Stages-2:0], issue_i & accumulate_i};
      tag_columns_q    <= {tag_columns_q[(Stages-1)*ColumnsWidth-1:0], columns_i & {ColumnsWidth{issue_i}}};
      tag_entry_q      <= {tag_entry_q[(Stages-1)*EntryWidth-1:0], entry_i & {EntryWidth{issue_i}}};
    end
  end

  if (WithBf16) begin : gen_bf16
    logic [Stages-1:0] tag_bf16_q /*verilator public_flat_rw*/;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) tag_bf16_q <= '0;
      else tag_bf16_q <= {tag_bf16_q[Stages-2:0], issue_i & bf16_i};
    end
    assign bf16_o = tag_bf16_q;
  end else begin : gen_no_bf16
    logic unused_bf16;
    assign unused_bf16 = bf16_i;
    assign bf16_o      = '0;
  end

  assign valid_o      = tag_valid_q;
  assign last_o       = tag_last_q;
  assign accumulate_o = tag_accumulate_q;
  assign columns_o    = tag_columns_q;
  assign entry_o      = tag_entry_q;
endmodule
