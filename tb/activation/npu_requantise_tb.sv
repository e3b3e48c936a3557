// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/requantise.txt into npu_requantise, the integer activation unit's arithmetic, and checks what comes out.
// Latency: none.
// Formats: a line is x multiplier shift single | y saturated, hex.
// Overflow, rounding: none.
// Twin: vectors/blocks/unit_vectors.cpp
module npu_requantise_tb;
  logic [31:0] x, multiplier, got, want;
  logic [5:0]  shift;
  logic        single, got_saturated, want_saturated;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic [31:0] f_x, f_multiplier;
  logic [5:0]  f_shift;
  logic        f_single;

  npu_requantise u_requantise (
    .x_i(x), .multiplier_i(multiplier), .shift_i(shift), .single_i(single), .y_o(got), .saturated_o(got_saturated)
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
    fields = 6;
    while (fields == 6) begin
      fields = $fscanf(file, "%h %h %h %h %h %h", f_x, f_multiplier, f_shift, f_single, want, want_saturated);
      if (fields == 6) begin
        {x, multiplier, shift, single} = {f_x, f_multiplier, f_shift, f_single};
        #1;
        lines = lines + 1;
        if (got !== want || got_saturated !== want_saturated) begin
          wrong = wrong + 1;
          $display("line %0d: y_o is %h, saturated_o %b, expected %h, %b", lines, got, got_saturated, want, want_saturated);
        end
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "requantise: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "requantise: %0d of %0d lines wrong", wrong, lines);
    $display("requantise: %0d lines as expected", lines);
    $finish;
  end
endmodule
