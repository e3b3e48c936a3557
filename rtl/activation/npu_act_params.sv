// SPDX-License-Identifier: Apache-2.0
// Purpose: parameters of the activation unit: bias, multiplier and shift per column, and the 256-entry table (spec 12).
// Latency: 1 cycle from a write to its effect.
// Formats: bias INT32; multiplier 0 or [2^30, 2^31); shift 6 bits signed; table 32 lines of 8 bytes, entry 8*line + i in byte i.
// Overflow, rounding: none.
// Twin: model/activation/activation.hpp
module npu_act_params #(
  parameter int Cols = 8
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               param_write_i,  // LOAD_PARAM fires
  input  logic               broadcast_i,
  input  logic [7:0]         column_i,
  input  logic [31:0]        bias_i,
  input  logic [31:0]        multiplier_i,
  input  logic [5:0]         shift_i,
  input  logic               table_write_i,  // LOAD_TABLE fires
  input  logic [4:0]         line_i,
  input  logic [63:0]        bytes_i,
  input  logic               clear_table_i,
  output logic [Cols*32-1:0] bias_o,
  output logic [Cols*32-1:0] multiplier_o,
  output logic [Cols*6-1:0]  shift_o,
  output logic [31:0]        table_written_o,
  // stage 5 reads one table entry per lane
  input  logic               lookup_i,
  input  logic [Cols*8-1:0]  index_i,
  output logic [Cols*8-1:0]  entry_o         // 0 for a line not written, and without lookup_i
);
  logic [Cols*32-1:0] bias_q          /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] multiplier_q    /*verilator public_flat_rw*/;
  logic [Cols*6-1:0]  shift_q         /*verilator public_flat_rw*/;
  logic [63:0]        table_q [32]    /*verilator public_flat_rw*/;
  logic [31:0]        table_written_q /*verilator public_flat_rw*/;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bias_q          <= '0;
      multiplier_q    <= '0;
      shift_q         <= '0;
      table_written_q <= '0;
    end else begin
      if (param_write_i) begin
        for (int c = 0; c < Cols; c++) begin
          if (broadcast_i || (column_i == 8'(c))) begin
            bias_q[c*32 +: 32]       <= bias_i;
            multiplier_q[c*32 +: 32] <= multiplier_i;
            shift_q[c*6 +: 6]        <= shift_i;
          end
        end
      end
      if (table_write_i) table_written_q[line_i] <= 1'b1;
      if (clear_table_i) table_written_q <= '0;
    end
  end

  // The table has no reset; nothing is written while reset is active.
  always_ff @(posedge clk_i) begin
    if (rst_ni && table_write_i) table_q[line_i] <= bytes_i;
  end

  always_comb begin
    entry_o = '0;
    if (lookup_i) begin
      for (int c = 0; c < Cols; c++) begin
        if (table_written_q[index_i[c*8+3 +: 5]]) entry_o[c*8 +: 8] = 8'(table_q[index_i[c*8+3 +: 5]] >> {index_i[c*8 +: 3], 3'd0});
      end
    end
  end

  assign bias_o          = bias_q;
  assign multiplier_o    = multiplier_q;
  assign shift_o         = shift_q;
  assign table_written_o = table_written_q;
endmodule
