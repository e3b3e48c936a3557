// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/fp_pe.txt into npu_fp_pe, every pair of formats, and checks sum and flags.
// Latency: none.
// Formats: a line is a b format_a format_b psum | psum flags, hex; codes of 8 bits stand in the low byte.
// Overflow, rounding: as npu_fma_pkg.
// Twin: vectors/blocks/unit_vectors.cpp
module npu_fp_pe_tb;
  logic [15:0] a, b;
  logic [3:0]  format_a, format_b;
  logic [31:0] psum;
  logic [31:0] got_psum, want_psum;
  logic [3:0]  got_flags, want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic [15:0] f_a, f_b;
  logic [3:0]  f_format_a, f_format_b;
  logic [31:0] f_psum;

  npu_fp_pe u_pe (
    .a_i(a), .b_i(b), .format_a_i(format_a), .format_b_i(format_b), .psum_i(psum), .psum_o(got_psum), .flags_o(got_flags)
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
    lines = 0;
    wrong = 0;
    fields = 7;
    while (fields == 7) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h",
                       f_a, f_b, f_format_a, f_format_b, f_psum, want_psum, want_flags);
      if (fields == 7) begin
        {a, b, format_a, format_b, psum} =
          {f_a, f_b, f_format_a, f_format_b, f_psum};
        #1;
        lines = lines + 1;
        if (got_psum !== want_psum || got_flags !== want_flags) begin
          wrong = wrong + 1;
          $display("line %0d: psum_o is %h, flags_o %b, expected %h, %b", lines,
                   got_psum, got_flags, want_psum, want_flags);
        end
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "fp_pe: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "fp_pe: %0d of %0d lines wrong", wrong, lines);
    $display("fp_pe: %0d lines as expected", lines);
    $finish;
  end
endmodule
