// SPDX-License-Identifier: Apache-2.0
// Purpose: the five data stages of the activation unit for all columns: bias, multiply, scale, clamp, table (spec 12).
// Latency: stage i works i cycles after the beat's fire; the beat leaves in stage 5 without a register of its own.
// Formats: INT32 in; product INT64; after the clamp 9 bits signed, held and sent as INT32 lanes.
// Overflow, rounding: bias wraps and raises overflow; requantisation saturates and rounds as npu_requantise_pkg says.
// Twin: model/activation/activation.hpp
module npu_act_lanes #(
  parameter int Cols         = 8,
  parameter int ColumnsWidth = 4,
  parameter int CtlWidth     = 35
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                clear_flags_i,
  input  logic [4:0]          valid_i,          // bit i-1: stage i works
  input  logic [CtlWidth-1:0] ctl_0_i,
  input  logic [CtlWidth-1:0] ctl_1_i,
  input  logic [CtlWidth-1:0] ctl_2_i,
  input  logic [CtlWidth-1:0] ctl_3_i,
  input  logic [CtlWidth-1:0] ctl_4_i,
  input  logic [Cols*32-1:0]  read_i,
  input  logic [Cols*32-1:0]  bias_i,
  input  logic [Cols*32-1:0]  multiplier_i,
  input  logic [Cols*6-1:0]   shift_i,
  input  logic [31:0]         table_written_i,
  output logic                lookup_o,
  output logic [Cols*8-1:0]   index_o,
  input  logic [Cols*8-1:0]   entry_i,
  output logic [Cols*32-1:0]  lanes_o,          // to the output FIFO, 0 while stage 5 rests
  output logic                overflow_o,
  output logic                undefined_o,
  output logic                saturated_o
);
  // Places in the control word.
  localparam int Raw     = 0;
  localparam int Single  = 1;
  localparam int Table   = 2;
  localparam int Uns     = 3;
  localparam int Zero    = 4;
  localparam int Low     = 13;
  localparam int High    = 22;
  localparam int Columns = 31;

  logic [Cols*32-1:0] biased_q        /*verilator public_flat_rw*/;
  logic [Cols*64-1:0] product_q       /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] scaled_q        /*verilator public_flat_rw*/;
  logic [Cols*32-1:0] clamped_q       /*verilator public_flat_rw*/;
  logic               act_overflow_q  /*verilator public_flat_rw*/;
  logic               act_undefined_q /*verilator public_flat_rw*/;
  logic               act_saturated_q /*verilator public_flat_rw*/;

  // One function per stage and question over all lanes; every select is one 32-bit word (shift apart), which simulates well.
  // The any_ functions ask over lanes below `columns` only.

  function automatic logic [Cols*32-1:0] add_bias(logic [Cols*32-1:0] acc, logic [Cols*32-1:0] bias);
    for (int c = 0; c < Cols; c++) add_bias[c*32 +: 32] = npu_accumulate_pkg::sum(acc[c*32 +: 32], bias[c*32 +: 32]);
  endfunction

  function automatic logic any_overflow(logic [Cols*32-1:0] acc, logic [Cols*32-1:0] bias, logic [7:0] columns);
    any_overflow = 1'b0;
    for (int c = 0; c < Cols; c++) begin
      any_overflow = any_overflow | ((columns > 8'(c)) & npu_accumulate_pkg::sum_overflows(acc[c*32 +: 32], bias[c*32 +: 32]));
    end
  endfunction

  function automatic logic [Cols*64-1:0] extend(logic [Cols*32-1:0] x);
    for (int c = 0; c < Cols; c++) begin
      extend[c*64 +: 32]      = x[c*32 +: 32];
      extend[c*64 + 32 +: 32] = {32{x[c*32 + 31]}};
    end
  endfunction

  function automatic logic [Cols*64-1:0] multiply(logic [Cols*32-1:0] x, logic [Cols*32-1:0] multiplier, logic [Cols*6-1:0] shift, logic single);
    logic [63:0] p;
    for (int c = 0; c < Cols; c++) begin
      p = npu_requantise_pkg::product(x[c*32 +: 32], multiplier[c*32 +: 32], shift[c*6 +: 6], single);
      multiply[c*64 +: 32]      = p[31:0];
      multiply[c*64 + 32 +: 32] = p[63:32];
    end
  endfunction

  function automatic logic any_product(logic [Cols*32-1:0] x, logic [Cols*6-1:0] shift, logic [7:0] columns);
    any_product = 1'b0;
    for (int c = 0; c < Cols; c++) begin
      any_product = any_product | ((columns > 8'(c)) & npu_requantise_pkg::product_saturates(x[c*32 +: 32], shift[c*6 +: 6], 1'b0));
    end
  endfunction

  function automatic logic [Cols*32-1:0] low_words(logic [Cols*64-1:0] p);
    for (int c = 0; c < Cols; c++) low_words[c*32 +: 32] = p[c*64 +: 32];
  endfunction

  function automatic logic [Cols*32-1:0] scale_double(logic [Cols*64-1:0] p, logic [Cols*6-1:0] shift);
    for (int c = 0; c < Cols; c++) begin
      scale_double[c*32 +: 32] = npu_requantise_pkg::scaled({p[c*64 + 32 +: 32], p[c*64 +: 32]}, shift[c*6 +: 6], 1'b0);
    end
  endfunction

  function automatic logic [Cols*32-1:0] scale_single(logic [Cols*64-1:0] p, logic [Cols*6-1:0] shift);
    for (int c = 0; c < Cols; c++) begin
      scale_single[c*32 +: 32] = npu_requantise_pkg::scaled({p[c*64 + 32 +: 32], p[c*64 +: 32]}, shift[c*6 +: 6], 1'b1);
    end
  endfunction

  function automatic logic any_scaled(logic [Cols*64-1:0] p, logic [Cols*6-1:0] shift, logic [7:0] columns);
    any_scaled = 1'b0;
    for (int c = 0; c < Cols; c++) begin
      any_scaled = any_scaled | ((columns > 8'(c))
                 & npu_requantise_pkg::scaled_saturates({p[c*64 + 32 +: 32], p[c*64 +: 32]}, shift[c*6 +: 6], 1'b1));
    end
  endfunction

  function automatic logic [Cols*32-1:0] clamp(logic [Cols*32-1:0] y, logic [8:0] zero_point, logic [8:0] lo, logic [8:0] hi);
    for (int c = 0; c < Cols; c++) begin
      clamp[c*32 +: 32] = npu_requantise_pkg::clamped(npu_requantise_pkg::with_zero_point(y[c*32 +: 32], zero_point), lo, hi);
    end
  endfunction

  function automatic logic any_leaves(logic [Cols*32-1:0] y, logic [8:0] zero_point, logic output_unsigned, logic [7:0] columns);
    any_leaves = 1'b0;
    for (int c = 0; c < Cols; c++) begin
      any_leaves = any_leaves
                 | ((columns > 8'(c)) & npu_requantise_pkg::leaves_destination(y[c*32 +: 32], zero_point, output_unsigned));
    end
  endfunction

  function automatic logic any_undefined(logic [Cols*32-1:0] z, logic [31:0] written, logic [7:0] columns);
    any_undefined = 1'b0;
    for (int c = 0; c < Cols; c++) any_undefined = any_undefined | ((columns > 8'(c)) & !written[z[c*32 + 3 +: 5]]);
  endfunction

  // Stages 1 ... 4, all lanes; each loads only when it works.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      biased_q  <= '0;
      product_q <= '0;
      scaled_q  <= '0;
      clamped_q <= '0;
    end else begin
      if (valid_i[0]) begin
        if (ctl_0_i[Raw]) biased_q <= read_i;
        else biased_q <= add_bias(read_i, bias_i);
      end
      if (valid_i[1]) begin
        if (ctl_1_i[Raw]) product_q <= extend(biased_q);
        else product_q <= multiply(biased_q, multiplier_i, shift_i, ctl_1_i[Single]);
      end
      if (valid_i[2]) begin
        if (ctl_2_i[Raw]) scaled_q <= low_words(product_q);
        else if (ctl_2_i[Single]) scaled_q <= scale_single(product_q, shift_i);
        else scaled_q <= scale_double(product_q, shift_i);
      end
      if (valid_i[3]) begin
        if (ctl_3_i[Raw]) clamped_q <= scaled_q;
        else clamped_q <= clamp(scaled_q, ctl_3_i[Zero +: 9], ctl_3_i[Low +: 9], ctl_3_i[High +: 9]);
      end
    end
  end

  // Sticky flags.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_overflow_q  <= 1'b0;
      act_undefined_q <= 1'b0;
      act_saturated_q <= 1'b0;
    end else begin
      if (valid_i[0] && !ctl_0_i[Raw]) begin
        if (any_overflow(read_i, bias_i, 8'(ctl_0_i[Columns +: ColumnsWidth]))) act_overflow_q <= 1'b1;
      end
      if (valid_i[1] && !ctl_1_i[Raw] && !ctl_1_i[Single]) begin
        if (any_product(biased_q, shift_i, 8'(ctl_1_i[Columns +: ColumnsWidth]))) act_saturated_q <= 1'b1;
      end
      if (valid_i[2] && !ctl_2_i[Raw] && ctl_2_i[Single]) begin
        if (any_scaled(product_q, shift_i, 8'(ctl_2_i[Columns +: ColumnsWidth]))) act_saturated_q <= 1'b1;
      end
      if (valid_i[3] && !ctl_3_i[Raw]) begin
        if (any_leaves(scaled_q, ctl_3_i[Zero +: 9], ctl_3_i[Uns], 8'(ctl_3_i[Columns +: ColumnsWidth]))) act_saturated_q <= 1'b1;
      end
      if (valid_i[4] && ctl_4_i[Table]) begin
        if (any_undefined(clamped_q, table_written_i, 8'(ctl_4_i[Columns +: ColumnsWidth]))) act_undefined_q <= 1'b1;
      end
      if (clear_flags_i) begin
        act_overflow_q  <= 1'b0;
        act_undefined_q <= 1'b0;
        act_saturated_q <= 1'b0;
      end
    end
  end

  // Stage 5: the lanes that leave.
  assign lookup_o = valid_i[4] && ctl_4_i[Table];

  always_comb begin
    index_o = '0;
    if (lookup_o) begin
      for (int c = 0; c < Cols; c++) index_o[c*8 +: 8] = clamped_q[c*32 +: 8];
    end
  end

  always_comb begin
    lanes_o = '0;
    if (valid_i[4]) begin
      for (int c = 0; c < Cols; c++) begin
        if (ctl_4_i[Columns +: ColumnsWidth] > ColumnsWidth'(c)) begin
          if (ctl_4_i[Table]) lanes_o[c*32 +: 32] = {{24{entry_i[c*8 + 7] & ~ctl_4_i[Uns]}}, entry_i[c*8 +: 8]};
          else lanes_o[c*32 +: 32] = clamped_q[c*32 +: 32];
        end
      end
    end
  end

  assign overflow_o  = act_overflow_q;
  assign undefined_o = act_undefined_q;
  assign saturated_o = act_saturated_q;
endmodule
