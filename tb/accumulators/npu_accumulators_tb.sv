// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/accumulators.txt into npu_accumulators of 4 x 4 and checks its outputs in every cycle.
// Latency: inputs change at the falling edge, outputs are looked at before the rising one.
// Formats: a line is psum tag_valid tag_accumulate tag_columns tag_entry read read_entry | read {undefined, overflow}, hex.
// Overflow, rounding: none.
// Twin: vectors/blocks/datapath_vectors.cpp
module npu_accumulators_tb;
  localparam int Rows = 4, Cols = 4, Entries = 16, ColumnsWidth = 3, EntryWidth = 4, Stages = Rows + Cols + 2;

  logic                           clk = 1'b0, rst_n = 1'b0;
  logic [Cols*32-1:0]             psum, got_read, want_read;
  logic [15:0]                    tag_valid, tag_accumulate;  // whole bytes of the file
  logic [31:0]                    tag_columns;
  logic [39:0]                    tag_entry;
  logic                           read;
  logic [EntryWidth-1:0]          read_entry;
  logic                           overflow, undefined;
  logic [1:0]                     want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic [Cols*32-1:0]             f_psum;
  logic [15:0]                    f_tag_valid, f_tag_accumulate;
  logic [31:0]                    f_tag_columns;
  logic [39:0]                    f_tag_entry;
  logic                           f_read;
  logic [EntryWidth-1:0]          f_read_entry;

  npu_accumulators #(.Rows(Rows), .Cols(Cols), .Entries(Entries), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)) u_accumulators (
    .clk_i(clk), .rst_ni(rst_n), .clear_written_i(1'b0), .clear_flags_i(1'b0),
    .psum_i(psum), .tag_valid_i(tag_valid[Stages-1:0]), .tag_accumulate_i(tag_accumulate[Stages-1:0]),
    .tag_columns_i(tag_columns[Stages*ColumnsWidth-1:0]), .tag_entry_i(tag_entry[Stages*EntryWidth-1:0]),
    .read_i(read), .read_entry_i(read_entry), .read_columns_i(ColumnsWidth'(Cols)), .read_o(got_read), .overflow_o(overflow), .undefined_o(undefined)
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
    read = 1'b0;
    tag_valid = '0;
    repeat (2) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst_n = 1'b1;
    lines = 0;
    wrong = 0;
    fields = 9;
    while (fields == 9) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h %h %h", f_psum, f_tag_valid, f_tag_accumulate, f_tag_columns,
                       f_tag_entry, f_read, f_read_entry, want_read, want_flags);
      if (fields == 9) begin
        {psum, tag_valid, tag_accumulate, tag_columns, tag_entry, read, read_entry} =
          {f_psum, f_tag_valid, f_tag_accumulate, f_tag_columns, f_tag_entry, f_read, f_read_entry};
        #4;
        lines = lines + 1;
        if (got_read !== want_read || {undefined, overflow} !== want_flags) begin
          wrong = wrong + 1;
          $display("line %0d: read_o is %h, flags %b, expected %h, %b", lines, got_read, {undefined, overflow}, want_read, want_flags);
        end
        #1 clk = 1'b1;
        #5 clk = 1'b0;
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "accumulators: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "accumulators: %0d of %0d cycles wrong", wrong, lines);
    $display("accumulators: %0d cycles as expected", lines);
    $finish;
  end
endmodule
