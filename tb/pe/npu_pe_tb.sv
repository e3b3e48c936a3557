// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/pe.txt into npu_pe and checks what comes out.
// Latency: none.
// Formats: a line is psum act weight act_unsigned weight_unsigned | psum, hex.
// Overflow, rounding: none.
// Twin: vectors/blocks/unit_vectors.cpp
module npu_pe_tb;
  logic [31:0] psum, got, want;
  logic [7:0]  act, weight;
  logic        act_unsigned, weight_unsigned, unused_overflow;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic [31:0] f_psum;
  logic [7:0]  f_act, f_weight;
  logic        f_act_unsigned, f_weight_unsigned;

  npu_pe u_pe (
    .psum_i(psum), .act_i(act), .weight_i(weight), .act_unsigned_i(act_unsigned), .weight_unsigned_i(weight_unsigned),
    .psum_o(got), .int_overflow_o(unused_overflow)
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
      fields = $fscanf(file, "%h %h %h %h %h %h", f_psum, f_act, f_weight, f_act_unsigned, f_weight_unsigned, want);
      if (fields == 6) begin
        {psum, act, weight, act_unsigned, weight_unsigned} = {f_psum, f_act, f_weight, f_act_unsigned, f_weight_unsigned};
        #1;
        lines = lines + 1;
        if (got !== want) begin
          wrong = wrong + 1;
          $display("line %0d: psum_o is %h, expected %h", lines, got, want);
        end
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "pe: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "pe: %0d of %0d lines wrong", wrong, lines);
    $display("pe: %0d lines as expected", lines);
    $finish;
  end
endmodule
