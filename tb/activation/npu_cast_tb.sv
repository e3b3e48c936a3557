// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/cast.txt into npu_cast, every format, and checks code and flags.
// Latency: none.
// Formats: a line is x format saturate stochastic random | y flags, hex.
// Overflow, rounding: as npu_narrow_pkg.
// Twin: vectors/blocks/unit_vectors.cpp
module npu_cast_tb;
  logic [31:0] x;
  logic [3:0]  format;
  logic        saturate, stochastic;
  logic [15:0] random;
  logic [31:0] got_y, want_y;
  logic [3:0]  got_flags, want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic [31:0] f_x;
  logic [3:0]  f_format;
  logic        f_saturate, f_stochastic;
  logic [15:0] f_random;

  npu_cast u_cast (
    .x_i(x), .format_i(format), .saturate_i(saturate), .stochastic_i(stochastic), .random_i(random), .y_o(got_y), .flags_o(got_flags)
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
                       f_x, f_format, f_saturate, f_stochastic, f_random, want_y, want_flags);
      if (fields == 7) begin
        {x, format, saturate, stochastic, random} =
          {f_x, f_format, f_saturate, f_stochastic, f_random};
        #1;
        lines = lines + 1;
        if (got_y !== want_y || got_flags !== want_flags) begin
          wrong = wrong + 1;
          $display("line %0d: y_o is %h, flags_o %b, expected %h, %b", lines,
                   got_y, got_flags, want_y, want_flags);
        end
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "cast: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "cast: %0d of %0d lines wrong", wrong, lines);
    $display("cast: %0d lines as expected", lines);
    $finish;
  end
endmodule
