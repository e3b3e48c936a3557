// SPDX-License-Identifier: Apache-2.0
// Purpose: floating-point activation unit: takes ACTIVATE, LOAD_PARAM, LOAD_SEED from its queue, reads accumulators, sends lanes (spec 17.9).
// Latency: 3 cycles from a beat's fire to the push of its lanes.
// Formats: FP32 accumulators in; any format of spec 17.1 out, each lane in 32 bits.
// Overflow, rounding: see npu_fp_lanes; beat and address counters stay in range by the legality of the command.
// Twin: model/activation/fp_activation.hpp
module npu_fp_activation #(
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
  output logic [3:0]                       flags_o
);
  localparam int BankWidth   = $clog2(AccBanks);
  localparam int AddrWidth   = $clog2(AccDepth);
  localparam int CreditWidth = $clog2(OutputFifoDepth + 1);
  localparam int CtlWidth    = 8 + ColumnsWidth;
  localparam int Ticket      = npu_pkg::TicketWidth;

  logic [15:0]                act_beat_q    /*verilator public_flat_rw*/;
  logic [15:0]                act_addr_q    /*verilator public_flat_rw*/;
  logic [AccBanks*Ticket-1:0] act_ret_q     /*verilator public_flat_rw*/;
  logic [CreditWidth-1:0]     credit_q      /*verilator public_flat_rw*/;
  logic [2:0]                 stage_valid_q /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_0_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_1_q       /*verilator public_flat_rw*/;
  logic [CtlWidth-1:0]        ctl_2_q       /*verilator public_flat_rw*/;

  // Fields of the head (spec 17.3); bits that only legality looks at are not named.
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

  logic is_activate, first, last, bank_ok, credit_ok, beat_fire, param_fire, seed_fire;
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
  assign seed_fire   = !queue_empty_i && drained_o && (command[3:0] == npu_pkg::OpLoadSeed);

  assign busy_o         = beat_fire || param_fire || seed_fire;
  assign queue_pop_o    = (beat_fire && last) || param_fire || seed_fire;
  assign stall_bank_o   = !queue_empty_i && is_activate && !bank_ok;
  assign stall_output_o = !queue_empty_i && is_activate && bank_ok && !credit_ok;
  assign stall_drain_o  = !queue_empty_i && !is_activate && !drained_o;

  // bank * depth + addr: addr is below the depth, so the sum is the two fields side by side.
  assign read_o         = beat_fire;
  assign read_entry_o   = {bank, addr[AddrWidth-1:0]};
  assign read_columns_o = command[48 +: ColumnsWidth];
  assign output_push_o  = stage_valid_q[2];
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
    end else begin
      if (beat_fire) begin
        act_beat_q <= last ? 16'd0 : act_beat_q + 16'd1;  // below m
        act_addr_q <= addr + stride;                      // modulo 2^16; used only while in range
        ctl_0_q    <= {command[48 +: ColumnsWidth], command[93], command[92], command[91:88], command[19], command[17]};
      end
      // Tickets wrap: only equality is asked.
      if (beat_fire && last) act_ret_q[bank*Ticket +: Ticket] <= act_ret_q[bank*Ticket +: Ticket] + Ticket'(1);
      // 0 ... OutputFifoDepth: a beat needs a free place, an output transfer has one to give back.
      if (beat_fire && !output_pop_i) credit_q <= credit_q + CreditWidth'(1);
      if (!beat_fire && output_pop_i) credit_q <= credit_q - CreditWidth'(1);
      stage_valid_q <= {stage_valid_q[1:0], beat_fire};
      if (stage_valid_q[0]) ctl_1_q <= ctl_0_q;
      if (stage_valid_q[1]) ctl_2_q <= ctl_1_q;
    end
  end

  logic [Cols*32-1:0]      bias, random;
  logic                    step;
  logic [ColumnsWidth-1:0] step_columns;

  npu_fp_params #(.Cols(Cols), .ColumnsWidth(ColumnsWidth)) u_params (
    .clk_i, .rst_ni,
    .param_write_i(param_fire), .broadcast_i(command[16]), .column_i(command[31:24]),
    .seed_write_i(seed_fire), .value_i(command[63:32]),
    .step_i(step), .columns_i(step_columns), .bias_o(bias), .random_o(random)
  );

  npu_fp_lanes #(.Cols(Cols), .ColumnsWidth(ColumnsWidth), .CtlWidth(CtlWidth)) u_lanes (
    .clk_i, .rst_ni, .clear_flags_i,
    .valid_i(stage_valid_q), .ctl_0_i(ctl_0_q), .ctl_1_i(ctl_1_q), .columns_2_i(ctl_2_q[8 +: ColumnsWidth]),
    .read_i, .bias_i(bias), .random_i(random), .step_o(step), .columns_o(step_columns),
    .lanes_o, .flags_o
  );
endmodule
