// SPDX-License-Identifier: Apache-2.0
// Purpose: activation unit: takes ACTIVATE, LOAD_PARAM and LOAD_TABLE from its queue, reads accumulators, sends lanes (spec 12).
// Latency: 5 cycles from a beat's fire to the push of its lanes.
// Formats: INT32 accumulators in; INT8, UINT8 or (raw) INT32 lanes out, each in 32 bits.
// Overflow, rounding: see npu_act_lanes; beat and address counters stay in range by the legality of the command.
// Twin: model/activation/activation.hpp
module npu_activation #(
  parameter int Cols            = 8,
  parameter int AccBanks        = 2,
  parameter int AccDepth        = 64,
  parameter int ColumnsWidth    = 4,
  parameter int EntryWidth      = 7,
  parameter int OutputFifoDepth = 16
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  input  logic                             clear_flags_i,
  input  logic                             clear_table_i,
  // head of the queue
  input  logic                             queue_empty_i,
  input  logic [npu_pkg::ActWidth-1:0]     queue_i,
  output logic                             queue_pop_o,
  // order
  input  logic [AccBanks*npu_pkg::TicketWidth-1:0] matmul_ret_i,
  output logic [AccBanks*npu_pkg::TicketWidth-1:0] act_ret_o,
  // accumulators
  output logic                             read_o,
  output logic [EntryWidth-1:0]            read_entry_o,
  output logic [ColumnsWidth-1:0]          read_columns_o,
  input  logic [Cols*32-1:0]               read_i,
  // output FIFO
  input  logic                             output_pop_i,
  output logic                             output_push_o,
  output logic [Cols*32-1:0]               lanes_o,
  // state and events
  output logic                             drained_o,      // no beat in the stages
  output logic                             busy_o,         // fires
  output logic                             stall_bank_o,
  output logic                             stall_output_o,
  output logic                             stall_drain_o,
  output logic                             overflow_o,
  output logic                             undefined_o,
  output logic                             saturated_o
);
  localparam int BankWidth   = $clog2(AccBanks);
  localparam int AddrWidth   = $clog2(AccDepth);
  localparam int CreditWidth = $clog2(OutputFifoDepth + 1);
  localparam int CtlWidth    = 31 + ColumnsWidth;
  localparam int Ticket      = npu_pkg::TicketWidth;

  logic [15:0]                act_beat_q    /*verilator public_flat_rw*/;
  logic [15:0]                act_addr_q    /*verilator public_flat_rw*/;
  logic [AccBanks*Ticket-1:0] act_ret_q     /*verilator public_flat_rw*/;
  logic [CreditWidth-1:0]     credit_q      /*verilator public_flat_rw*/;
  logic [4:0]                 stage_valid_q /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_0_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_1_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_2_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_3_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_4_q       /*verilator public_flat_rw*/;

  // Fields of the head (spec 4); bits that only legality looks at are not named.
  logic [127:0]         command;
  logic [Ticket-1:0]    need_matmul;
  logic [BankWidth-1:0] bank;
  logic [15:0]          m, base, stride;
  assign command     = queue_i[127:0];
  assign need_matmul = queue_i[128 +: Ticket];
  assign bank        = command[20 +: BankWidth];
  assign m           = command[39:24];
  assign base        = command[71:56];
  assign stride      = command[87:72];

  logic is_activate, first, last, bank_ok, credit_ok, beat_fire, param_fire, table_fire;
  logic [15:0] addr;
  assign is_activate = command[3:0] == npu_pkg::OpActivate;
  assign first       = act_beat_q == '0;
  assign last        = act_beat_q == m - 16'd1;  // m >= 1
  assign addr        = first ? base : act_addr_q;
  assign bank_ok     = !first || (matmul_ret_i[bank*Ticket +: Ticket] == need_matmul);
  assign credit_ok   = credit_q < CreditWidth'(OutputFifoDepth);
  assign drained_o   = stage_valid_q == '0;
  assign beat_fire   = !queue_empty_i && is_activate && bank_ok && credit_ok;
  assign param_fire  = !queue_empty_i && drained_o && (command[3:0] == npu_pkg::OpLoadParam);
  assign table_fire  = !queue_empty_i && drained_o && (command[3:0] == npu_pkg::OpLoadTable);

  assign busy_o         = beat_fire || param_fire || table_fire;
  assign queue_pop_o    = (beat_fire && last) || param_fire || table_fire;
  assign stall_bank_o   = !queue_empty_i && is_activate && !bank_ok;
  assign stall_output_o = !queue_empty_i && is_activate && bank_ok && !credit_ok;
  assign stall_drain_o  = !queue_empty_i && !is_activate && !drained_o;

  // bank * depth + addr: addr is below the depth, so the sum is the two fields side by side.
  assign read_o         = beat_fire;
  assign read_entry_o   = {bank, addr[AddrWidth-1:0]};
  assign read_columns_o = command[48 +: ColumnsWidth];
  assign output_push_o  = stage_valid_q[4];
  assign act_ret_o      = act_ret_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_beat_q    <= '0;
      act_addr_q    <= '0;
      act_ret_q     <= '0;
      credit_q      <= '0;
      stage_valid_q <= '0;
      ctl_0_q       <= '0;
      ctl_1_q       <= '0;
      ctl_2_q       <= '0;
      ctl_3_q       <= '0;
      ctl_4_q       <= '0;
    end else begin
      if (beat_fire) begin
        act_beat_q <= last ? 16'd0 : act_beat_q + 16'd1;  // below m
        act_addr_q <= addr + stride;                      // modulo 2^16; used only while in range
        ctl_0_q    <= {command[48 +: ColumnsWidth], command[114:106], command[105:97], command[96:88],
                       command[16], command[19], command[18], command[17]};
      end
      // Tickets wrap: only equality is asked.
      if (beat_fire && last) act_ret_q[bank*Ticket +: Ticket] <= act_ret_q[bank*Ticket +: Ticket] + Ticket'(1);
      // 0 ... OutputFifoDepth: a beat needs a free place, an output transfer has one to give back.
      if (beat_fire && !output_pop_i) credit_q <= credit_q + CreditWidth'(1);
      if (!beat_fire && output_pop_i) credit_q <= credit_q - CreditWidth'(1);
      stage_valid_q <= {stage_valid_q[3:0], beat_fire};
      if (stage_valid_q[0]) ctl_1_q <= ctl_0_q;
      if (stage_valid_q[1]) ctl_2_q <= ctl_1_q;
      if (stage_valid_q[2]) ctl_3_q <= ctl_2_q;
      if (stage_valid_q[3]) ctl_4_q <= ctl_3_q;
    end
  end

  logic [Cols*32-1:0] bias, multiplier;
  logic [Cols*6-1:0]  shift;
  logic [31:0]        table_written;
  logic               lookup;
  logic [Cols*8-1:0]  index, entry;

  npu_act_params #(.Cols(Cols)) u_params (
    .clk_i, .rst_ni,
    .param_write_i(param_fire), .broadcast_i(command[16]), .column_i(command[31:24]),
    .bias_i(command[63:32]), .multiplier_i(command[95:64]), .shift_i(command[101:96]),
    .table_write_i(table_fire), .line_i(command[28:24]), .bytes_i(command[95:32]),
    .clear_table_i,
    .bias_o(bias), .multiplier_o(multiplier), .shift_o(shift), .table_written_o(table_written),
    .lookup_i(lookup), .index_i(index), .entry_o(entry)
  );

  npu_act_lanes #(.Cols(Cols), .ColumnsWidth(ColumnsWidth), .CtlWidth(CtlWidth)) u_lanes (
    .clk_i, .rst_ni, .clear_flags_i,
    .valid_i(stage_valid_q),
    .ctl_0_i(ctl_0_q), .ctl_1_i(ctl_1_q), .ctl_2_i(ctl_2_q), .ctl_3_i(ctl_3_q), .ctl_4_i(ctl_4_q),
    .read_i, .bias_i(bias), .multiplier_i(multiplier), .shift_i(shift), .table_written_i(table_written),
    .lookup_o(lookup), .index_o(index), .entry_i(entry),
    .lanes_o, .overflow_o, .undefined_o, .saturated_o
  );
endmodule
