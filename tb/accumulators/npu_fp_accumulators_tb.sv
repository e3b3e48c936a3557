// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/fp_accumulators.txt into npu_fp_accumulators of 4 x 4, PEs of two stages, and checks its outputs in every cycle.
// Latency: inputs change at the falling edge, outputs are looked at before the rising one.
// Formats: a line is clear_flags psum psum_valid tag_valid tag_accumulate tag_bf16 tag_columns tag_entry read read_entry | read {undefined, flags}, hex.
// Overflow, rounding: as npu_fp_accumulate_pkg.
// Twin: vectors/blocks/datapath_vectors.cpp
module npu_fp_accumulators_tb;
  localparam int Rows = 4, Cols = 4, PeLatency = 2, Entries = 16, ColumnsWidth = 3, EntryWidth = 4, First = Rows * PeLatency + 1, Stages = First + Cols + 1;

  logic clk = 1'b0, rst_n = 1'b0;
  logic                  clear_flags, read;
  logic [Cols*32-1:0]    psum;
  logic [Cols-1:0]       psum_valid;
  logic [15:0]           tag_valid, tag_accumulate, tag_bf16;
  logic [47:0]           tag_columns;
  logic [55:0]           tag_entry;
  logic [EntryWidth-1:0] read_entry;
  logic [Cols*32-1:0] got_read, want_read;
  logic [4:0]         got_flags, want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic                  f_clear_flags, f_read;
  logic [Cols*32-1:0]    f_psum;
  logic [Cols-1:0]       f_psum_valid;
  logic [15:0]           f_tag_valid, f_tag_accumulate, f_tag_bf16;
  logic [47:0]           f_tag_columns;
  logic [55:0]           f_tag_entry;
  logic [EntryWidth-1:0] f_read_entry;

  npu_fp_accumulators #(.First(First), .Cols(Cols), .Entries(Entries), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)) u_accumulators (
    .clk_i(clk), .rst_ni(rst_n), .clear_written_i(1'b0), .clear_flags_i(clear_flags),
    .psum_i(psum), .psum_valid_i(psum_valid), .tag_valid_i(tag_valid[Stages-1:0]), .tag_accumulate_i(tag_accumulate[Stages-1:0]),
    .tag_bf16_i(tag_bf16[Stages-1:0]), .tag_columns_i(tag_columns[Stages*ColumnsWidth-1:0]), .tag_entry_i(tag_entry[Stages*EntryWidth-1:0]),
    .read_i(read), .read_entry_i(read_entry), .read_columns_i(ColumnsWidth'(Cols)), .read_o(got_read),
    .flags_o(got_flags[3:0]), .undefined_o(got_flags[4])
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
    psum_valid = '0;
    clear_flags = 1'b0;
    repeat (2) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst_n = 1'b1;
    lines = 0;
    wrong = 0;
    fields = 12;
    while (fields == 12) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h %h %h %h %h %h",
                       f_clear_flags, f_psum, f_psum_valid, f_tag_valid, f_tag_accumulate, f_tag_bf16, f_tag_columns, f_tag_entry, f_read, f_read_entry,
                       want_read, want_flags);
      if (fields == 12) begin
        {clear_flags, psum, psum_valid, tag_valid, tag_accumulate, tag_bf16, tag_columns, tag_entry, read, read_entry} =
          {f_clear_flags, f_psum, f_psum_valid, f_tag_valid, f_tag_accumulate, f_tag_bf16, f_tag_columns, f_tag_entry, f_read, f_read_entry};
        #4;
        lines = lines + 1;
        if (got_read !== want_read || got_flags !== want_flags) begin
          wrong = wrong + 1;
          $display("line %0d: read_o is %h, flags %b, expected %h, %b", lines,
                   got_read, got_flags, want_read, want_flags);
        end
        #1 clk = 1'b1;
        #5 clk = 1'b0;
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "fp_accumulators: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "fp_accumulators: %0d of %0d cycles wrong", wrong, lines);
    $display("fp_accumulators: %0d cycles as expected", lines);
    $finish;
  end
endmodule
