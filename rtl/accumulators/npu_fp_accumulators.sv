// SPDX-License-Identifier: Apache-2.0
// Purpose: per column a memory of banks x depth FP32 sums: accumulates array results, is read by the activation unit (spec 17.8).
// Latency: 2 cycles from psum_i to the memory; 1 cycle from read_i to read_o.
// Formats: FP32 in, inside and out; entries of beats tagged bf16 are rounded to BF16 and held as FP32.
// Overflow, rounding: to nearest even; flags {invalid, overflow, underflow, inexact} and acc_undefined are sticky.
// Twin: model/accumulators/fp_accumulators.hpp
module npu_fp_accumulators #(
  parameter int First        = 9,  // tag stage that stage 1 of column 0 looks at: Rows * PeLatency + 1
  parameter int Cols         = 8,
  parameter int Entries      = 128,
  parameter int ColumnsWidth = 4,
  parameter int EntryWidth   = 7,
  localparam int Stages = First + Cols + 1
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           clear_written_i,
  input  logic                           clear_flags_i,
  // array results and their tags
  input  logic [Cols*32-1:0]             psum_i,
  input  logic [Cols-1:0]                psum_valid_i,
  input  logic [Stages-1:0]              tag_valid_i,
  input  logic [Stages-1:0]              tag_accumulate_i,
  input  logic [Stages-1:0]              tag_bf16_i,
  input  logic [Stages*ColumnsWidth-1:0] tag_columns_i,
  input  logic [Stages*EntryWidth-1:0]   tag_entry_i,
  // activation unit
  input  logic                           read_i,
  input  logic [EntryWidth-1:0]          read_entry_i,
  input  logic [ColumnsWidth-1:0]        read_columns_i,
  output logic [Cols*32-1:0]             read_o,
  output logic [3:0]                     flags_o,
  output logic                           undefined_o
);
  localparam logic [31:0] Neutral = 32'h80000000;  // -0

  logic [Cols*32-1:0] acc_new_q        /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] acc_old_q        /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] read_q           /*verilator public_flat_rw*/;
  logic [Entries-1:0] written_q [Cols] /*verilator public_flat_rw*/;
  logic [3:0]         acc_flags_q      /*verilator public_flat_rw*/;
  logic               acc_undefined_q  /*verilator public_flat_rw*/;

  // The next accumulator operand: the sum still in the adder, the memory's word, or 0 for an entry never written.
  function automatic logic [31:0] operand(logic wanted, logic hit, logic written, logic [31:0] adder, logic [31:0] stored);
    operand = !wanted ? Neutral : hit ? adder : written ? stored : 32'd0;
  endfunction

  // Sums of all columns, flags of those that store. Not inlined, because then its variables are shared between the places where a
  // simulator settles nets, and the loop is no vector code. Lanes is a power of two, so that a select needs no bound to check.
  localparam int Lanes = 1 << $clog2(Cols);
  task automatic add_all(input logic [Lanes*32-1:0] older, input logic [Lanes*32-1:0] newer, input logic [Lanes-1:0] bf16,
                         input logic [Lanes-1:0] valid, output logic [Lanes*32-1:0] sums, output logic [3:0] flags);
    // verilator no_inline_task
    logic [35:0] result;
    logic [31:0] any;
    any = '0;
    for (int c = 0; c < Lanes; c++) begin
      result = npu_fp_accumulate_pkg::accumulated(older[c*32 +: 32], newer[c*32 +: 32], bf16[c]);
      sums[c*32 +: 32] = result[31:0];
      any = any | (valid[c] ? 32'(result[35:32]) : 32'd0);
    end
    flags = any[3:0];
  endtask

  // Stage 2 of the columns: is there a sum to store, and the sums, 0 while no column stores.
  logic [Cols-1:0]     valid2;
  logic [Lanes*32-1:0] sum2;
  logic [3:0]          flags2;
  always_comb begin
    valid2 = '0;
    for (int c = 0; c < Cols; c++) begin
      valid2[c] = tag_valid_i[First + 1 + c] && (tag_columns_i[(First + 1 + c)*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c));
    end
  end
  always_comb begin
    sum2   = '0;
    flags2 = '0;
    if (valid2 != '0) begin
      add_all((Lanes*32)'(acc_old_q), (Lanes*32)'(acc_new_q), Lanes'(tag_bf16_i[First + 1 +: Cols]), Lanes'(valid2), sum2, flags2);
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
        written_q[c]          <= '0;
      end else begin
        acc_old_q[c*32 +: 32] <= operand(
            psum_valid_i[c] && tag_accumulate_i[S1],
            valid2[c] && (tag_entry_i[S1*EntryWidth +: EntryWidth] == tag_entry_i[S2*EntryWidth +: EntryWidth]),
            written_q[c][tag_entry_i[S1*EntryWidth +: EntryWidth]], sum2[c*32 +: 32], mem_q[tag_entry_i[S1*EntryWidth +: EntryWidth]]);
        if (read_i) begin
          read_q[c*32 +: 32] <= ((read_columns_i > ColumnsWidth'(c)) && written_q[c][read_entry_i]) ? mem_q[read_entry_i] : 32'd0;
        end
        if (clear_written_i) written_q[c] <= '0;
        else if (valid2[c]) written_q[c][tag_entry_i[S2*EntryWidth +: EntryWidth]] <= 1'b1;
      end
    end

    // The memory has no reset; nothing is written while reset is active.
    always_ff @(posedge clk_i) begin
      if (rst_ni && valid2[c]) mem_q[tag_entry_i[S2*EntryWidth +: EntryWidth]] <= sum2[c*32 +: 32];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      acc_new_q       <= '0;
      acc_flags_q     <= '0;
      acc_undefined_q <= 1'b0;
    end else begin
      acc_new_q   <= psum_i;
      acc_flags_q <= clear_flags_i ? '0 : acc_flags_q | flags2;
      // Stage 1 accumulates onto an entry that is neither written nor in the adder.
      if ((psum_valid_i & tag_accumulate_i[First +: Cols]) != '0) begin
        for (int c = 0; c < Cols; c++) begin
          if (psum_valid_i[c] && tag_accumulate_i[First + c] && !written_q[c][tag_entry_i[(First + c)*EntryWidth +: EntryWidth]]
              && !(valid2[c] && (tag_entry_i[(First + c)*EntryWidth +: EntryWidth] == tag_entry_i[(First + 1 + c)*EntryWidth +: EntryWidth]))) begin
            acc_undefined_q <= 1'b1;
          end
        end
      end
      if (read_i) begin
        for (int c = 0; c < Cols; c++) begin
          if ((read_columns_i > ColumnsWidth'(c)) && !written_q[c][read_entry_i]) acc_undefined_q <= 1'b1;
        end
      end
      if (clear_flags_i) acc_undefined_q <= 1'b0;
    end
  end

  assign read_o      = read_q;
  assign flags_o     = acc_flags_q;
  assign undefined_o = acc_undefined_q;
endmodule
