// SPDX-License-Identifier: Apache-2.0
// Purpose: plays vectors/blocks/activation.txt into npu_activation of 4 columns and checks its outputs in every cycle.
// Latency: inputs change at the falling edge, outputs are looked at before the rising one.
// Formats: a line is clear_flags clear_table queue_empty need_matmul command matmul_ret read output_pop | queue_pop act_ret read
//   read_entry read_columns push lanes drained busy stall_bank stall_output stall_drain {saturated, undefined, overflow}, hex.
// Overflow, rounding: as npu_act_lanes.
// Twin: vectors/blocks/activation_vectors.cpp
module npu_activation_tb;
  localparam int Cols = 4, AccBanks = 2, AccDepth = 8, ColumnsWidth = 3, EntryWidth = 4, OutputFifoDepth = 8;

  logic clk = 1'b0, rst_n = 1'b0;
  logic               clear_flags, clear_table, queue_empty, output_pop;
  logic [9:0]         need_matmul;
  logic [127:0]       command;
  logic [19:0]        matmul_ret;
  logic [Cols*32-1:0] read_data;
  logic                    got_queue_pop, got_read, got_push, got_drained, got_busy, got_stall_bank, got_stall_output, got_stall_drain, want_queue_pop,
                           want_read, want_push, want_drained, want_busy, want_stall_bank, want_stall_output, want_stall_drain;
  logic [19:0]             got_act_ret, want_act_ret;
  logic [EntryWidth-1:0]   got_read_entry, want_read_entry;
  logic [ColumnsWidth-1:0] got_read_columns, want_read_columns;
  logic [Cols*32-1:0]      got_lanes, want_lanes;
  logic [2:0]              got_flags, want_flags;
  // what the file gives; the pins get it by an assignment, as Verilator 5.006 does not see that $fscanf writes a variable
  logic               f_clear_flags, f_clear_table, f_queue_empty, f_output_pop;
  logic [9:0]         f_need_matmul;
  logic [127:0]       f_command;
  logic [19:0]        f_matmul_ret;
  logic [Cols*32-1:0] f_read_data;

  // an address counts with a beat only
  logic [EntryWidth-1:0]   read_entry;
  logic [ColumnsWidth-1:0] read_columns;
  assign got_read_entry   = got_read ? read_entry : '0;
  assign got_read_columns = got_read ? read_columns : '0;

  npu_activation #(
    .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth), .OutputFifoDepth(OutputFifoDepth)
  ) u_activation (
    .clk_i(clk), .rst_ni(rst_n), .clear_flags_i(clear_flags), .clear_table_i(clear_table),
    .queue_empty_i(queue_empty), .queue_i({need_matmul, command}), .queue_pop_o(got_queue_pop), .matmul_ret_i(matmul_ret), .act_ret_o(got_act_ret),
    .read_o(got_read), .read_entry_o(read_entry), .read_columns_o(read_columns), .read_i(read_data),
    .output_pop_i(output_pop), .output_push_o(got_push), .lanes_o(got_lanes),
    .drained_o(got_drained), .busy_o(got_busy), .stall_bank_o(got_stall_bank), .stall_output_o(got_stall_output), .stall_drain_o(got_stall_drain),
    .overflow_o(got_flags[0]), .undefined_o(got_flags[1]), .saturated_o(got_flags[2])
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
    queue_empty = 1'b1;
    output_pop = 1'b0;
    clear_flags = 1'b0;
    clear_table = 1'b0;
    repeat (2) begin
      #5 clk = 1'b1;
      #5 clk = 1'b0;
    end
    rst_n = 1'b1;
    lines = 0;
    wrong = 0;
    fields = 21;
    while (fields == 21) begin
      fields = $fscanf(file, "%h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h %h",
                       f_clear_flags, f_clear_table, f_queue_empty, f_need_matmul, f_command, f_matmul_ret, f_read_data, f_output_pop, want_queue_pop,
                       want_act_ret, want_read, want_read_entry, want_read_columns, want_push, want_lanes, want_drained, want_busy, want_stall_bank,
                       want_stall_output, want_stall_drain, want_flags);
      if (fields == 21) begin
        {clear_flags, clear_table, queue_empty, need_matmul, command, matmul_ret, read_data, output_pop} =
          {f_clear_flags, f_clear_table, f_queue_empty, f_need_matmul, f_command, f_matmul_ret, f_read_data, f_output_pop};
        #4;
        lines = lines + 1;
        if ({got_queue_pop, got_act_ret, got_read, got_read_entry, got_read_columns, got_push, got_lanes, got_drained, got_busy, got_stall_bank,
             got_stall_output, got_stall_drain, got_flags} !==
            {want_queue_pop, want_act_ret, want_read, want_read_entry, want_read_columns, want_push, want_lanes, want_drained, want_busy,
             want_stall_bank, want_stall_output, want_stall_drain, want_flags}) begin
          wrong = wrong + 1;
          $display("line %0d: lanes_o is %h, flags %b, act_ret_o %h, control %h, expected %h, %b, %h, %h", lines,
                   got_lanes, got_flags, got_act_ret, {got_queue_pop, got_read, got_read_entry, got_read_columns, got_push, got_drained, got_busy,
                     got_stall_bank, got_stall_output,
                    got_stall_drain},
                   want_lanes, want_flags, want_act_ret, {want_queue_pop, want_read, want_read_entry, want_read_columns, want_push, want_drained,
                     want_busy, want_stall_bank,
                    want_stall_output, want_stall_drain});
        end
        #1 clk = 1'b1;
        #5 clk = 1'b0;
      end
    end
    if (fields > 0 || $feof(file) == 0) $fatal(1, "activation: line %0d of the file is no line of this bench", lines + 1);
    if (wrong != 0 || lines == 0) $fatal(1, "activation: %0d of %0d cycles wrong", wrong, lines);
    $display("activation: %0d cycles as expected", lines);
    $finish;
  end
endmodule
