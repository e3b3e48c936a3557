// SPDX-License-Identifier: Apache-2.0
// Purpose: per column a memory of banks x depth sums: accumulates array results, is read by the activation unit (spec 11).
// Latency: 2 cycles from psum_i to the memory; 1 cycle from read_i to read_o.
// Formats: INT32 in, inside and out.
// Overflow, rounding: sums wrap and raise acc_overflow; entries never written count as 0 and raise acc_undefined; no rounding.
// Twin: model/accumulators/accumulators.hpp
module npu_accumulators #(
  parameter int Rows         = 8,
  parameter int Cols         = 8,
  parameter int Entries      = 128,
  parameter int ColumnsWidth = 4,
  parameter int EntryWidth   = 7
) (
  input  logic                                  clk_i,
  input  logic                                  rst_ni,
  input  logic                                  clear_written_i,
  input  logic                                  clear_flags_i,
  // array results and their tags
  input  logic [Cols*32-1:0]                    psum_i,
  input  logic [Rows+Cols+1:0]                  tag_valid_i,
  input  logic [Rows+Cols+1:0]                  tag_accumulate_i,
  input  logic [(Rows+Cols+2)*ColumnsWidth-1:0] tag_columns_i,
  input  logic [(Rows+Cols+2)*EntryWidth-1:0]   tag_entry_i,
  // activation unit
  input  logic                                  read_i,
  input  logic [EntryWidth-1:0]                 read_entry_i,
  input  logic [ColumnsWidth-1:0]               read_columns_i,
  output logic [Cols*32-1:0]                    read_o,
  output logic                                  overflow_o,
  output logic                                  undefined_o
);
  // Stage 1 of column c looks at tag stage First + c, stage 2 at the one after.
  localparam int First = Rows + 1;

  logic [Cols*32-1:0] acc_new_q       /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] acc_old_q       /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] read_q          /*verilator public_flat_rw*/;
  logic [Entries-1:0] written_q [Cols] /*verilator public_flat_rw*/;
  logic               acc_overflow_q  /*verilator public_flat_rw*/;
  logic               acc_undefined_q /*verilator public_flat_rw*/;

  // Does a beat with this tag use column c?
  function automatic logic uses(logic valid, logic [ColumnsWidth-1:0] columns, logic [ColumnsWidth-1:0] c);
    uses = valid && (columns > c);
  endfunction

  // The next accumulator operand: the sum still in the adder, the memory's word, or 0 for an entry never written.
  function automatic logic [31:0] operand(logic wanted, logic hit, logic written, logic [31:0] adder, logic [31:0] stored);
    operand = !wanted ? 32'd0 : hit ? adder : written ? stored : 32'd0;
  endfunction

  // The stages of all columns are written as functions of tag slices inside the clocked blocks, not as nets, because nets over
  // all columns would be settled several times a cycle in simulation.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      acc_new_q       <= '0;
      acc_overflow_q  <= 1'b0;
      acc_undefined_q <= 1'b0;
      for (int c = 0; c < Cols; c++) written_q[c] <= '0;
    end else begin
      acc_new_q <= psum_i;
      for (int c = 0; c < Cols; c++) begin
        // stage 1: accumulating onto an entry that is neither written nor in the adder
        if (tag_accumulate_i[First+c] && uses(tag_valid_i[First+c], tag_columns_i[(First+c)*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c))
            && !written_q[c][tag_entry_i[(First+c)*EntryWidth +: EntryWidth]]
            && !(uses(tag_valid_i[First+c+1], tag_columns_i[(First+c+1)*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c))
                 && tag_entry_i[(First+c)*EntryWidth +: EntryWidth] == tag_entry_i[(First+c+1)*EntryWidth +: EntryWidth])) begin
          acc_undefined_q <= 1'b1;
        end
        // stage 2: the sum goes to the memory
        if (uses(tag_valid_i[First+c+1], tag_columns_i[(First+c+1)*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c))) begin
          written_q[c][tag_entry_i[(First+c+1)*EntryWidth +: EntryWidth]] <= 1'b1;
          if (npu_accumulate_pkg::sum_overflows(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32])) acc_overflow_q <= 1'b1;
        end
        // a beat read by the activation unit
        if (read_i && (read_columns_i > ColumnsWidth'(c)) && !written_q[c][read_entry_i]) acc_undefined_q <= 1'b1;
      end
      if (clear_written_i) begin
        for (int c = 0; c < Cols; c++) written_q[c] <= '0;
      end
      if (clear_flags_i) begin
        acc_overflow_q  <= 1'b0;
        acc_undefined_q <= 1'b0;
      end
    end
  end

  for (genvar c = 0; c < Cols; c++) begin : gen_col
    localparam int S1 = First + c;
    localparam int S2 = First + c + 1;

    logic [31:0] mem_q [Entries] /*verilator public_flat_rw*/;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        acc_old_q[c*32 +: 32] <= '0;
        read_q[c*32 +: 32]    <= '0;
      end else begin
        acc_old_q[c*32 +: 32] <= operand(
            tag_accumulate_i[S1] && uses(tag_valid_i[S1], tag_columns_i[S1*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c)),
            uses(tag_valid_i[S2], tag_columns_i[S2*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c))
              && tag_entry_i[S1*EntryWidth +: EntryWidth] == tag_entry_i[S2*EntryWidth +: EntryWidth],
            written_q[c][tag_entry_i[S1*EntryWidth +: EntryWidth]],
            npu_accumulate_pkg::sum(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32]),
            mem_q[tag_entry_i[S1*EntryWidth +: EntryWidth]]);
        if (read_i) begin
          read_q[c*32 +: 32] <= ((read_columns_i > ColumnsWidth'(c)) && written_q[c][read_entry_i]) ? mem_q[read_entry_i] : 32'd0;
        end
      end
    end

    // The memory has no reset; nothing is written while reset is active.
    always_ff @(posedge clk_i) begin
      if (rst_ni && uses(tag_valid_i[S2], tag_columns_i[S2*ColumnsWidth +: ColumnsWidth], ColumnsWidth'(c))) begin
        mem_q[tag_entry_i[S2*EntryWidth +: EntryWidth]] <= npu_accumulate_pkg::sum(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32]);
      end
    end
  end

  assign read_o      = read_q;
  assign overflow_o  = acc_overflow_q;
  assign undefined_o = acc_undefined_q;
endmodule
