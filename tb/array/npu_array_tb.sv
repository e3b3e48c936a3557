// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/array.txt into npu_array of 4 x 4 and checks its outputs in every cycle.
// Latency: inputs change at the falling edge, outputs are looked at before the rising one.
// Formats: a line is load row weight_unsigned weights issue switch act_unsigned k acts last accumulate columns entry
//          | psum tag_valid tag_last tag_accumulate tag_columns tag_entry, hex.
// Overflow, rounding: none.
// Twin: vectors/blocks/datapath_vectors.cpp
module npu_array_tb;
  localparam int Rows = 4, Cols = 4, RowWidth = 2, ColumnsWidth = 3, EntryWidth = 4, Stages = Rows + Cols + 2;

  logic                           clk = 1'b0, rst_n = 1'b0;
  logic                           load, weight_unsigned, issue, switch_first, act_unsigned, last, accumulate;
  logic [RowWidth-1:0]            load_row;
  logic [31:0]                    weights, acts;
  logic [7:0]                     k;
  logic [ColumnsWidth-1:0]        columns;
  logic [EntryWidth-1:0]          entry;
  logic [Cols*32-1:0]             psum, want_psum;
  logic [Stages-1:0]              tag_valid, tag_last, tag_accumulate;
  logic [Stages*ColumnsWidth-1:0] tag_columns;
  logic [Stages*EntryWidth-1:0]   tag_entry;
  logic [15:0]                    want_valid, want_last, want_accumulate;  // whole bytes of the file
  logic [31:0]                    want_columns;
  logic [39:0]                    want_entry;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic                           f_load, f_weight_unsigned, f_issue, f_switch_first, f_act_unsigned, f_last, f_accumulate;
  logic [RowWidth-1:0]            f_load_row;
  logic [31:0]                    f_weights, f_acts;
  logic [7:0]                     f_k;
  logic [ColumnsWidth-1:0]        f_columns;
  logic [EntryWidth-1:0]          f_entry;

  npu_array #(.Rows(Rows), .Cols(Cols), .RowWidth(RowWidth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)) u_array (
    .clk_i(clk), .rst_ni(rst_n),
    .load_i(load), .load_row_i(load_row), .weight_unsigned_i(weight_unsigned), .weight_i(weights),
    .issue_i(issue), .switch_first_i(switch_first), .act_unsigned_i(act_unsigned), .k_i(k), .act_i(acts),
    .last_i(last), .accumulate_i(accumulate), .columns_i(columns), .entry_i(entry),
    .psum_o(psum), .tag_valid_o(tag_valid), .tag_last_o(tag_last), .tag_accumulate_o(tag_accumulate),
    .tag_columns_o(tag_columns), .tag_entry_o(tag_entry)
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
    repeat (2) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst_n = 1'b1;
    lines = 0;
    wrong = 0;
    fields = 19;
    while (fields == 19) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h", f_load, f_load_row, f_weight_unsigned, f_weights, f_issue,
        f_switch_first, f_act_unsigned, f_k, f_acts,
                       f_last, f_accumulate, f_columns, f_entry, want_psum, want_valid, want_last, want_accumulate, want_columns, want_entry);
      if (fields == 19) begin
        {load, load_row, weight_unsigned, weights, issue, switch_first, act_unsigned, k, acts, last, accumulate, columns, entry} =
          {f_load, f_load_row, f_weight_unsigned, f_weights, f_issue, f_switch_first, f_act_unsigned, f_k, f_acts, f_last, f_accumulate, f_columns, f_entry};
        #4;
        lines = lines + 1;
        if (psum !== want_psum || tag_valid !== want_valid[Stages-1:0] || tag_last !== want_last[Stages-1:0] || tag_accumulate !== want_accumulate[Stages-1:0]
            || tag_columns !== want_columns[Stages*ColumnsWidth-1:0] || tag_entry !== want_entry[Stages*EntryWidth-1:0]) begin
          wrong = wrong + 1;
          $display("line %0d: psum_o is %h, expected %h; tag_valid %b, expected %b", lines, psum, want_psum, tag_valid, want_valid[Stages-1:0]);
        end
        #1 clk = 1'b1;
        #5 clk = 1'b0;
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "array: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "array: %0d of %0d cycles wrong", wrong, lines);
    $display("array: %0d cycles as expected", lines);
    $finish;
  end
endmodule
