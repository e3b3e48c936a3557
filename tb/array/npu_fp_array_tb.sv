// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/fp_array.txt into npu_fp_array of 4 x 4, PEs of two stages, all formats, and checks its outputs in every cycle.
// Latency: inputs change at the falling edge, outputs are looked at before the rising one.
// Formats: a line is clear_flags load load_row weight_format weights issue switch_first act_format k acts last accumulate bf16 columns entry | psum
//   psum_valid tag_valid tag_last tag_accumulate tag_bf16 tag_columns tag_entry flags, hex.
// Overflow, rounding: as npu_fma_pkg.
// Twin: vectors/blocks/datapath_vectors.cpp
module npu_fp_array_tb;
  localparam int Rows = 4, Cols = 4, PeLatency = 2, RowWidth = 2, ColumnsWidth = 3, EntryWidth = 4, Formats = 496, Stages = Rows * PeLatency + Cols + 2;

  logic clk = 1'b0, rst_n = 1'b0;
  logic                    clear_flags, load, issue, switch_first, last, accumulate, bf16;
  logic [RowWidth-1:0]     load_row;
  logic [3:0]              weight_format, act_format;
  logic [Cols*16-1:0]      weights;
  logic [7:0]              k;
  logic [Rows*16-1:0]      acts;
  logic [ColumnsWidth-1:0] columns;
  logic [EntryWidth-1:0]   entry;
  logic [Cols*32-1:0] got_psum, want_psum;
  logic [Cols-1:0]    got_psum_valid, want_psum_valid;
  logic [15:0]        got_valid, got_last, got_accumulate, got_bf16, want_valid, want_last, want_accumulate, want_bf16;
  logic [47:0]        got_columns, want_columns;
  logic [55:0]        got_entry, want_entry;
  logic [3:0]         got_flags, want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic                    f_clear_flags, f_load, f_issue, f_switch_first, f_last, f_accumulate, f_bf16;
  logic [RowWidth-1:0]     f_load_row;
  logic [3:0]              f_weight_format, f_act_format;
  logic [Cols*16-1:0]      f_weights;
  logic [7:0]              f_k;
  logic [Rows*16-1:0]      f_acts;
  logic [ColumnsWidth-1:0] f_columns;
  logic [EntryWidth-1:0]   f_entry;

  // whole bytes of the file
  assign {got_valid[15:Stages], got_last[15:Stages], got_accumulate[15:Stages], got_bf16[15:Stages], got_columns[47:Stages*ColumnsWidth]} = '0;

  npu_fp_array #(
    .Rows(Rows), .Cols(Cols), .RowWidth(RowWidth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth), .Formats(Formats), .PeLatency(PeLatency)
  ) u_array (
    .clk_i(clk), .rst_ni(rst_n), .clear_flags_i(clear_flags),
    .load_i(load), .load_row_i(load_row), .weight_format_i(weight_format), .weight_i(weights),
    .issue_i(issue), .switch_first_i(switch_first), .act_format_i(act_format), .k_i(k), .act_i(acts),
    .last_i(last), .accumulate_i(accumulate), .bf16_i(bf16), .columns_i(columns), .entry_i(entry),
    .psum_o(got_psum), .psum_valid_o(got_psum_valid), .tag_valid_o(got_valid[Stages-1:0]), .tag_last_o(got_last[Stages-1:0]),
    .tag_accumulate_o(got_accumulate[Stages-1:0]), .tag_bf16_o(got_bf16[Stages-1:0]), .tag_columns_o(got_columns[Stages*ColumnsWidth-1:0]),
    .tag_entry_o(got_entry), .flags_o(got_flags)
  );

  initial begin
    string name;
    int    file, fields, lines, wrong;
    if ($test$plusargs("waves") != 0) begin
      $dumpfile("waves.vcd");
      $dumpvars;
    end
    if ($value$plusargs("vectors=%s", name) == 0) $fatal(1, "+vectors=FILE is missing");
    file = $fopen(name, "r");
    if (file == 0) $fatal(1, "%s cannot be read", name);
    load = 1'b0;
    issue = 1'b0;
    clear_flags = 1'b0;
    repeat (2) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst_n = 1'b1;
    lines = 0;
    wrong = 0;
    fields = 24;
    while (fields == 24) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h",
                       f_clear_flags, f_load, f_load_row, f_weight_format, f_weights, f_issue, f_switch_first, f_act_format, f_k, f_acts, f_last,
                       f_accumulate, f_bf16, f_columns, f_entry, want_psum, want_psum_valid, want_valid, want_last, want_accumulate, want_bf16,
                       want_columns, want_entry, want_flags);
      if (fields == 24) begin
        {clear_flags, load, load_row, weight_format, weights, issue, switch_first, act_format, k, acts, last, accumulate, bf16, columns, entry} =
          {f_clear_flags, f_load, f_load_row, f_weight_format, f_weights, f_issue, f_switch_first, f_act_format, f_k, f_acts, f_last, f_accumulate,
           f_bf16, f_columns, f_entry};
        #4;
        lines = lines + 1;
        if ({got_psum, got_psum_valid, got_valid, got_last, got_accumulate, got_bf16, got_columns, got_entry, got_flags} !==
            {want_psum, want_psum_valid, want_valid, want_last, want_accumulate, want_bf16, want_columns, want_entry, want_flags}) begin
          wrong = wrong + 1;
          $display("line %0d: psum_o is %h, psum_valid_o %b, tags %h, flags_o %b, expected %h, %b, %h, %b", lines,
                   got_psum, got_psum_valid, {got_valid, got_last, got_accumulate, got_bf16, got_columns, got_entry}, got_flags,
                   want_psum, want_psum_valid, {want_valid, want_last, want_accumulate, want_bf16, want_columns, want_entry}, want_flags);
        end
        #1 clk = 1'b1;
        #5 clk = 1'b0;
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "fp_array: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "fp_array: %0d of %0d cycles wrong", wrong, lines);
    $display("fp_array: %0d cycles as expected", lines);
    $finish;
  end
endmodule
