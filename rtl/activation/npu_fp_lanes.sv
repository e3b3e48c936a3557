// SPDX-License-Identifier: Apache-2.0
// Purpose: the three data stages of the floating-point activation unit for all columns: bias, convert, lanes (spec 17.9).
// Latency: stage i works i cycles after the beat's fire; the beat leaves in stage 3 without a register of its own.
// Formats: FP32 in; fp32, bf16, fp16, e5m2, e4m3, e4m3fn codes or int8, uint8, int32 out, each in 32 bits.
// Overflow, rounding: as npu_fused_add_pkg and npu_narrow_pkg; flags {invalid, overflow, underflow, inexact} are sticky.
// Twin: model/activation/fp_activation.hpp
module npu_fp_lanes #(
  parameter int Cols         = 8,
  parameter int ColumnsWidth = 4,
  parameter int CtlWidth     = 12
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    clear_flags_i,
  input  logic [2:0]              valid_i,      // bit i-1: stage i works
  input  logic [CtlWidth-1:0]     ctl_0_i,
  input  logic [CtlWidth-1:0]     ctl_1_i,
  input  logic [ColumnsWidth-1:0] columns_2_i,
  input  logic [Cols*32-1:0]      read_i,
  input  logic [Cols*32-1:0]      bias_i,
  input  logic [Cols*32-1:0]      random_i,
  output logic                    step_o,       // a stochastic beat is converted
  output logic [ColumnsWidth-1:0] columns_o,    // its lanes
  output logic [Cols*32-1:0]      lanes_o,      // to the output FIFO, 0 while stage 3 rests
  output logic [3:0]              flags_o
);
  // Places in the control word.
  localparam int Raw        = 0;
  localparam int Relu       = 1;
  localparam int Format     = 2;
  localparam int Saturate   = 6;
  localparam int Stochastic = 7;
  localparam int Columns    = 8;

  logic [Cols*32-1:0] biased_q    /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] converted_q /*verilator public_flat_rw*/;
  logic [3:0]         act_flags_q /*verilator public_flat_rw*/;

  // Functions over all lanes. Those that raise flags return {flags of the lanes below `columns`, all lanes}; they collect the lanes in
  // a vector of their own, in which every select is a word.

  function automatic logic [Cols*32+3:0] add_bias(logic [Cols*32-1:0] acc, logic [Cols*32-1:0] bias, logic [7:0] columns);
    logic [Cols*32-1:0] sums;
    logic [35:0]        result;
    logic [31:0]        flags;
    flags = '0;
    for (int c = 0; c < Cols; c++) begin
      result = npu_fused_add_pkg::add(acc[c*32 +: 32], bias[c*32 +: 32]);
      sums[c*32 +: 32] = result[31:0];
      flags = flags | ((32'(columns) > 32'(c)) ? 32'(result[35:32]) : 32'd0);
    end
    add_bias = {flags[3:0], sums};
  endfunction

  function automatic logic [Cols*32-1:0] relu(logic [Cols*32-1:0] x);
    for (int c = 0; c < Cols; c++) relu[c*32 +: 32] = npu_narrow_pkg::relu(x[c*32 +: 32]);
  endfunction

  function automatic logic [Cols*32+3:0] narrow(logic [Cols*32-1:0] x, logic [3:0] format, logic saturate, logic stochastic,
                                                logic [Cols*32-1:0] random, logic [7:0] columns);
    logic [Cols*32-1:0] codes;
    logic [35:0]        result;
    logic [31:0]        flags;
    flags = '0;
    for (int c = 0; c < Cols; c++) begin
      result = npu_narrow_pkg::narrow(x[c*32 +: 32], format, saturate, stochastic, random[c*32 +: 32] >> 16);
      codes[c*32 +: 32] = result[31:0];
      flags = flags | ((32'(columns) > 32'(c)) ? 32'(result[35:32]) : 32'd0);
    end
    narrow = {flags[3:0], codes};
  endfunction

  function automatic logic [Cols*32+3:0] to_integer(logic [Cols*32-1:0] x, logic [3:0] format, logic [7:0] columns);
    logic [Cols*32-1:0] values;
    logic [35:0]        result;
    logic [31:0]        flags;
    flags = '0;
    for (int c = 0; c < Cols; c++) begin
      result = npu_narrow_pkg::to_integer(x[c*32 +: 32], format);
      values[c*32 +: 32] = result[31:0];
      flags = flags | ((32'(columns) > 32'(c)) ? 32'(result[35:32]) : 32'd0);
    end
    to_integer = {flags[3:0], values};
  endfunction

  // Stages 1 and 2, all lanes; each loads only when it works. The variables hold {flags, lanes}, no flags while a stage rests.
  always_ff @(posedge clk_i) begin : stages
    logic [Cols*32+3:0] biased, converted;
    biased    = {4'b0000, read_i};
    converted = {4'b0000, biased_q};  // raw, fp32
    if (valid_i[0] && !ctl_0_i[Raw]) begin
      biased = add_bias(read_i, bias_i, 8'(ctl_0_i[Columns +: ColumnsWidth]));
    end
    if (valid_i[1] && !ctl_1_i[Raw]) begin
      if (ctl_1_i[Relu]) converted = {4'b0000, relu(biased_q)};
      if (ctl_1_i[Format +: 4] < npu_format_pkg::Fp32) begin
        converted = to_integer(converted[Cols*32-1:0], ctl_1_i[Format +: 4], 8'(ctl_1_i[Columns +: ColumnsWidth]));
      end else if (ctl_1_i[Format +: 4] > npu_format_pkg::Fp32) begin
        converted = narrow(converted[Cols*32-1:0], ctl_1_i[Format +: 4], ctl_1_i[Saturate], ctl_1_i[Stochastic],
                           random_i, 8'(ctl_1_i[Columns +: ColumnsWidth]));
      end
    end
    if (!rst_ni) begin
      biased_q    <= '0;
      converted_q <= '0;
      act_flags_q <= '0;
    end else begin
      if (valid_i[0]) biased_q <= biased[Cols*32-1:0];
      if (valid_i[1]) converted_q <= converted[Cols*32-1:0];
      act_flags_q <= clear_flags_i ? '0 : act_flags_q | biased[Cols*32 +: 4] | converted[Cols*32 +: 4];
    end
  end

  // Stage 3: the lanes that leave.
  always_comb begin
    lanes_o = '0;
    if (valid_i[2]) begin
      for (int c = 0; c < Cols; c++) begin
        if (columns_2_i > ColumnsWidth'(c)) lanes_o[c*32 +: 32] = converted_q[c*32 +: 32];
      end
    end
  end

  assign step_o    = valid_i[1] && ctl_1_i[Stochastic];
  assign columns_o = ctl_1_i[Columns +: ColumnsWidth];
  assign flags_o   = act_flags_q;
endmodule
