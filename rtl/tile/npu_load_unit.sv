// SPDX-License-Identifier: Apache-2.0
// Purpose: moves weight rows from their FIFO into the shadow rows of the array, behind the switch wave (spec 8, 17.6).
// Latency: one row a cycle; the shadow row shows it one cycle after the fire.
// Formats: queue entry as packed in spec 6 and 17.2; tickets 10 bits.
// Overflow, rounding: tickets wrap; row and age counters stop inside their range.
// Twin: model/tile/tile_decide.cpp
module npu_load_unit #(
  parameter int Rows      = 8,
  parameter int Cols      = 8,
  parameter int RowWidth  = 3,
  parameter int Formats   = 3,  // operand formats, bit i is format code i (spec 17.2)
  parameter int PeLatency = 1,
  localparam bit Float       = (Formats >> 3) != 0,
  localparam int LoadWidth   = Float ? npu_pkg::FpLoadWidth : npu_pkg::LoadWidth,
  localparam int FormatWidth = Float ? 4 : 1
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  input  logic                            queue_empty_i,
  input  logic [LoadWidth-1:0]            queue_i,
  output logic                            queue_pop_o,
  input  logic                            weight_empty_i,
  input  logic                            switch_first_i,     // the matmul unit issues a first beat with switch
  output logic                            fire_o,             // pops the weight FIFO, writes the shadow row
  output logic [RowWidth-1:0]             row_o,
  output logic [FormatWidth-1:0]          format_o,           // format code; on the integer tile: weights are unsigned
  output logic                            runs_ahead_o,       // nothing but missing weights can stop the load at the head
  output logic [7:0]                      rows_left_o,        // of the load at the head
  output logic [npu_pkg::TicketWidth-1:0] done_o,
  output logic                            stall_hazard_o,
  output logic                            stall_data_o
);
  localparam int RowWait  = (PeLatency == 1) ? 0 : PeLatency;  // cycles a row waits longer than the row above
  localparam int MaxAge   = Cols + (Rows - 1) * RowWait;
  localparam int AgeWidth = $clog2(MaxAge + 1);
  localparam int Ticket   = npu_pkg::TicketWidth;

  logic [RowWidth-1:0] load_row_q      /*verilator public_flat_rw*/;
  logic [Ticket-1:0]   load_done_q     /*verilator public_flat_rw*/;
  logic [Ticket-1:0]   switch_issued_q /*verilator public_flat_rw*/;
  logic [AgeWidth-1:0] switch_age_q    /*verilator public_flat_rw*/;

  logic [7:0]        k;
  logic [Ticket-1:0] need_switch;
  logic              last;
  assign format_o    = queue_i[FormatWidth-1:0];
  assign k           = queue_i[FormatWidth +: 8];
  assign need_switch = queue_i[FormatWidth + 8 +: Ticket];

  // load_row_q < k while a load is at the head, so the difference is 1 ... 128.
  assign rows_left_o = k - 8'(load_row_q);
  assign last        = rows_left_o == 8'd1;

  // A row is free when the last switch has left its last column. Row 0 waits for that; with PeLatency = 1 every other row follows it at the switch's own
  // pace, else it waits for itself, unless the load's own switch is already under way (then the one before had left the whole array).
  logic permitted, before_switch;
  assign before_switch = switch_issued_q == need_switch;
  if (PeLatency == 1) begin : gen_pace
    assign permitted    = !queue_empty_i && ((load_row_q != '0) || (before_switch && (switch_age_q >= AgeWidth'(Cols))));
    assign runs_ahead_o = permitted;
  end else begin : gen_wait
    // Cols + row * PeLatency <= MaxAge, which AgeWidth bits hold.
    assign permitted    = !queue_empty_i
                        && ((before_switch && (switch_age_q >= AgeWidth'(Cols) + AgeWidth'(load_row_q) * AgeWidth'(PeLatency)))
                            || ((load_row_q != '0) && !before_switch));
    assign runs_ahead_o = permitted && (switch_age_q == AgeWidth'(MaxAge));
  end
  assign fire_o         = permitted && !weight_empty_i;
  assign row_o          = load_row_q;
  assign queue_pop_o    = fire_o && last;
  assign done_o         = load_done_q;
  assign stall_hazard_o = !queue_empty_i && !permitted;
  assign stall_data_o   = permitted && weight_empty_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_row_q      <= '0;
      load_done_q     <= '0;
      switch_issued_q <= '0;
      switch_age_q    <= AgeWidth'(MaxAge);
    end else begin
      if (fire_o) load_row_q <= last ? '0 : load_row_q + RowWidth'(1);  // at most k-1
      if (queue_pop_o) load_done_q <= load_done_q + Ticket'(1);
      if (switch_first_i) switch_issued_q <= switch_issued_q + Ticket'(1);
      // Stops at MaxAge, which AgeWidth bits hold.
      if (switch_first_i) switch_age_q <= AgeWidth'(1);
      else if (switch_age_q < AgeWidth'(MaxAge)) switch_age_q <= switch_age_q + AgeWidth'(1);
    end
  end
endmodule
