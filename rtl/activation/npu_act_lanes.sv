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
        else begin
          for (int c = 0; c < Cols; c++) biased_q[c*32 +: 32] <= npu_accumulate_pkg::sum(read_i[c*32 +: 32], bias_i[c*32 +: 32]);
        end
      end
      if (valid_i[1]) begin
        for (int c = 0; c < Cols; c++) begin
          if (ctl_1_i[Raw]) product_q[c*64 +: 64] <= {{32{biased_q[c*32 + 31]}}, biased_q[c*32 +: 32]};
          else begin
            product_q[c*64 +: 64] <= npu_requantise_pkg::product(biased_q[c*32 +: 32], multiplier_i[c*32 +: 32],
                                                                 shift_i[c*6 +: 6], ctl_1_i[Single]);
          end
        end
      end
      if (valid_i[2]) begin
        for (int c = 0; c < Cols; c++) begin
          if (ctl_2_i[Raw]) scaled_q[c*32 +: 32] <= product_q[c*64 +: 32];
          else scaled_q[c*32 +: 32] <= npu_requantise_pkg::scaled(product_q[c*64 +: 64], shift_i[c*6 +: 6], ctl_2_i[Single]);
        end
      end
      if (valid_i[3]) begin
        for (int c = 0; c < Cols; c++) begin
          if (ctl_3_i[Raw]) clamped_q[c*32 +: 32] <= scaled_q[c*32 +: 32];
          else begin
            clamped_q[c*32 +: 32] <= npu_requantise_pkg::clamped(
                npu_requantise_pkg::with_zero_point(scaled_q[c*32 +: 32], ctl_3_i[Zero +: 9]), ctl_3_i[Low +: 9], ctl_3_i[High +: 9]);
          end
        end
      end
    end
  end

  // Sticky flags; only lanes below the beat's columns count.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_overflow_q  <= 1'b0;
      act_undefined_q <= 1'b0;
      act_saturated_q <= 1'b0;
    end else begin
      for (int c = 0; c < Cols; c++) begin
        if (valid_i[0] && !ctl_0_i[Raw] && (ctl_0_i[Columns +: ColumnsWidth] > ColumnsWidth'(c))
            && npu_accumulate_pkg::sum_overflows(read_i[c*32 +: 32], bias_i[c*32 +: 32])) begin
          act_overflow_q <= 1'b1;
        end
        if (valid_i[1] && !ctl_1_i[Raw] && (ctl_1_i[Columns +: ColumnsWidth] > ColumnsWidth'(c))
            && npu_requantise_pkg::product_saturates(biased_q[c*32 +: 32], shift_i[c*6 +: 6], ctl_1_i[Single])) begin
          act_saturated_q <= 1'b1;
        end
        if (valid_i[2] && !ctl_2_i[Raw] && (ctl_2_i[Columns +: ColumnsWidth] > ColumnsWidth'(c))
            && npu_requantise_pkg::scaled_saturates(product_q[c*64 +: 64], shift_i[c*6 +: 6], ctl_2_i[Single])) begin
          act_saturated_q <= 1'b1;
        end
        if (valid_i[3] && !ctl_3_i[Raw] && (ctl_3_i[Columns +: ColumnsWidth] > ColumnsWidth'(c))
            && npu_requantise_pkg::leaves_destination(scaled_q[c*32 +: 32], ctl_3_i[Zero +: 9], ctl_3_i[Uns])) begin
          act_saturated_q <= 1'b1;
        end
        if (valid_i[4] && ctl_4_i[Table] && (ctl_4_i[Columns +: ColumnsWidth] > ColumnsWidth'(c))
            && !table_written_i[clamped_q[c*32+3 +: 5]]) begin
          act_undefined_q <= 1'b1;
        end
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
