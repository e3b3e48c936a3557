// SPDX-License-Identifier: Apache-2.0
// Purpose: parameters of the floating-point activation unit: bias per column, random numbers per lane (spec 17.9).
// Latency: 1 cycle from a write or a step to its effect.
// Formats: bias FP32; state of a lane's xorshift32 generator 32 bits, never 0.
// Overflow, rounding: none.
// Twin: model/activation/fp_activation.hpp
module npu_fp_params #(
  parameter int Cols         = 8,
  parameter int ColumnsWidth = 4
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    param_write_i,  // LOAD_PARAM fires
  input  logic                    broadcast_i,
  input  logic [7:0]              column_i,
  input  logic                    seed_write_i,   // LOAD_SEED fires; no beat is in the stages, so no step meets it
  input  logic [31:0]             value_i,        // bias or seed
  input  logic                    step_i,         // a stochastic beat is converted
  input  logic [ColumnsWidth-1:0] columns_i,      // of that beat: its lanes take one step
  output logic [Cols*32-1:0]      bias_o,
  output logic [Cols*32-1:0]      random_o
);
  logic [Cols*32-1:0] bias_q   /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] random_q /*verilator public_flat_rw*/;

  function automatic logic [Cols*32-1:0] all_seeded(logic [31:0] seed);
    for (int c = 0; c < Cols; c++) all_seeded[c*32 +: 32] = npu_narrow_pkg::seeded(seed, 32'(c));
  endfunction

  function automatic logic [Cols*32-1:0] stepped(logic [Cols*32-1:0] state, logic [7:0] columns);
    for (int c = 0; c < Cols; c++) begin
      stepped[c*32 +: 32] = (columns > 8'(c)) ? npu_narrow_pkg::next_state(state[c*32 +: 32]) : state[c*32 +: 32];
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bias_q   <= {Cols{32'h80000000}};  // -0: neutral
      random_q <= all_seeded(32'd0);
    end else begin
      if (param_write_i) begin
        for (int c = 0; c < Cols; c++) begin
          if (broadcast_i || (column_i == 8'(c))) bias_q[c*32 +: 32] <= value_i;
        end
      end
      if (seed_write_i) random_q <= all_seeded(value_i);
      if (step_i) random_q <= stepped(random_q, 8'(columns_i));
    end
  end

  assign bias_o   = bias_q;
  assign random_o = random_q;
endmodule
