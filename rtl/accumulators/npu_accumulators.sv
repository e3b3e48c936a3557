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

  // The next accumulator operand: the sum still in the adder, the memory's word, or 0 for an entry never written.
  function automatic logic [31:0] operand(logic wanted, logic hit, logic written, logic [31:0] adder, logic [31:0] stored);
    operand = !wanted ? 32'd0 : hit ? adder : written ? stored : 32'd0;
  endfunction

  // A bit that is set when the sum of any column overflows, whether the column is in use or not.
  function automatic logic any_overflows(logic [Cols*32-1:0] a, logic [Cols*32-1:0] b);
    logic [31:0] signs;
    signs = '0;
    for (int c = 0; c < Cols; c++) signs = signs | npu_accumulate_pkg::overflow_sign(a[c*32 +: 32], b[c*32 +: 32]);
    any_overflows = signs[31];
  endfunction

  for (genvar c = 0; c < Cols; c++) begin : gen_col
    localparam int S1 = First + c;
    localparam int S2 = First + c + 1;

    logic [31:0] mem_q [Entries] /*verilator public_flat_rw*/;

    // The conditions are written out in the clocked blocks, not as nets, because nets over all columns would be settled several
    // times a cycle in simulation.
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        acc_old_q[c*32 +: 32] <= '0;
        read_q[c*32 +: 32]    <= '0;
        written_q[c]          <= '0;
      end else begin
        acc_old_q[c*32 +: 32] <= operand(
            tag_accumulate_i[S1] && tag_valid_i[S1] && (tag_columns_i[S1*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c)),
            tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
              && (tag_entry_i[S1*EntryWidth +: EntryWidth] == tag_entry_i[S2*EntryWidth +: EntryWidth]),
            written_q[c][tag_entry_i[S1*EntryWidth +: EntryWidth]],
            npu_accumulate_pkg::sum(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32]),
            mem_q[tag_entry_i[S1*EntryWidth +: EntryWidth]]);
        if (read_i) begin
          read_q[c*32 +: 32] <= ((read_columns_i > ColumnsWidth'(c)) && written_q[c][read_entry_i]) ? mem_q[read_entry_i] : 32'd0;
        end
        if (clear_written_i) written_q[c] <= '0;
        else if (tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))) begin
          written_q[c][tag_entry_i[S2*EntryWidth +: EntryWidth]] <= 1'b1;
        end
      end
    end

    // The memory has no reset; nothing is written while reset is active.
    always_ff @(posedge clk_i) begin
      if (rst_ni && tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))) begin
        mem_q[tag_entry_i[S2*EntryWidth +: EntryWidth]] <= npu_accumulate_pkg::sum(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32]);
      end
    end

    // Stage 1 accumulates onto an entry that is neither written nor in the adder; the chain collects this over the columns.
    logic undefined;
    if (c == 0) begin : gen_first
      assign undefined =
        (tag_accumulate_i[S1] && tag_valid_i[S1] && (tag_columns_i[S1*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
        && !written_q[c][tag_entry_i[S1*EntryWidth +: EntryWidth]]
        && !(tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
             && (tag_entry_i[S1*EntryWidth +: EntryWidth] == tag_entry_i[S2*EntryWidth +: EntryWidth])));
    end else begin : gen_next
      assign undefined = gen_col[c-1].undefined ||
        (tag_accumulate_i[S1] && tag_valid_i[S1] && (tag_columns_i[S1*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
        && !written_q[c][tag_entry_i[S1*EntryWidth +: EntryWidth]]
        && !(tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
             && (tag_entry_i[S1*EntryWidth +: EntryWidth] == tag_entry_i[S2*EntryWidth +: EntryWidth])));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      acc_new_q       <= '0;
      acc_overflow_q  <= 1'b0;
      acc_undefined_q <= 1'b0;
    end else begin
      acc_new_q <= psum_i;
      // Stage 2: overflow is rare, so the columns in use are looked at only when any sum overflows.
      if (any_overflows(acc_old_q, acc_new_q)) begin
        for (int c = 0; c < Cols; c++) begin
          if (tag_valid_i[First + 1 + c] && (tag_columns_i[(First + 1 + c)*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))
              && npu_accumulate_pkg::sum_overflows(acc_old_q[c*32 +: 32], acc_new_q[c*32 +: 32])) begin
            acc_overflow_q <= 1'b1;
          end
        end
      end
      if (gen_col[Cols-1].undefined) acc_undefined_q <= 1'b1;
      if (read_i) begin
        for (int c = 0; c < Cols; c++) begin
          if ((read_columns_i > ColumnsWidth'(c)) && !written_q[c][read_entry_i]) acc_undefined_q <= 1'b1;
        end
      end
      if (clear_flags_i) begin
        acc_overflow_q  <= 1'b0;
        acc_undefined_q <= 1'b0;
      end
    end
  end

  assign read_o      = read_q;
  assign overflow_o  = acc_overflow_q;
  assign undefined_o = acc_undefined_q;
endmodule
