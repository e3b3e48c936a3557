// SPDX-License-Identifier: Apache-2.0
// Purpose: sends the head of the command FIFO to its unit's queue or answers it; counts the tickets that keep order (spec 7).
// Latency: a command leaves in the first cycle its condition holds; the queue or response shows it one cycle later.
// Formats: queue entries as packed in spec 6 and 17.2; tickets 10 bits.
// Overflow, rounding: tickets wrap; only equality of tickets is ever asked.
// Twin: model/tile/tile_decide.cpp
module npu_dispatch #(
  parameter int Rows     = 8,
  parameter int Cols     = 8,
  parameter int AccBanks = 2,
  parameter int AccDepth = 64,
  parameter int Formats  = 3,  // operand formats, bit i is format code i (spec 17.2)
  localparam bit Float       = (Formats >> 3) != 0,
  localparam int LoadWidth   = Float ? npu_pkg::FpLoadWidth : npu_pkg::LoadWidth,
  localparam int MatmulWidth = Float ? npu_pkg::FpMatmulWidth : npu_pkg::MatmulWidth,
  localparam int FlagsWidth  = Float ? npu_pkg::FpFlagsWidth : npu_pkg::FlagsWidth
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              command_empty_i,
  input  logic [127:0]                      command_i,
  input  logic                              load_full_i,
  input  logic                              matmul_full_i,
  input  logic                              act_full_i,
  input  logic                              response_full_i,
  input  logic                              output_empty_i,
  input  logic                              idle_i,
  input  logic [FlagsWidth-1:0]             flags_i,
  output logic                              counter_read_o,
  output logic [3:0]                        counter_index_o,
  input  logic [npu_pkg::CounterWidth-1:0]  counter_i,
  output logic                              pop_o,            // dispatched
  output logic                              load_push_o,
  output logic [LoadWidth-1:0]              load_o,
  output logic                              matmul_push_o,
  output logic [MatmulWidth-1:0]            matmul_o,
  output logic                              act_push_o,
  output logic [npu_pkg::ActWidth-1:0]      act_o,
  output logic                              response_push_o,
  output logic [npu_pkg::ResponseWidth-1:0] response_o,
  output logic                              clear_flags_o,
  output logic                              clear_counters_o,
  output logic                              clear_written_o,
  output logic                              clear_table_o,
  output logic                              stall_queue_o,
  output logic                              stall_idle_o,
  output logic                              stall_response_o
);
  localparam int BankWidth = $clog2(AccBanks);
  localparam int Ticket    = npu_pkg::TicketWidth;

  logic [Ticket-1:0]          load_disp_q   /*verilator public_flat_rw*/;
  logic [Ticket-1:0]          switch_disp_q /*verilator public_flat_rw*/;
  logic [AccBanks*Ticket-1:0] matmul_disp_q /*verilator public_flat_rw*/;
  logic [AccBanks*Ticket-1:0] act_disp_q    /*verilator public_flat_rw*/;

  logic [7:0] status;

  npu_command_check #(.Rows(Rows), .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .Formats(Formats)) u_check (
    .valid_i(!command_empty_i), .command_i, .status_o(status)
  );

  logic [BankWidth-1:0] bank;
  assign bank = command_i[20 +: BankWidth];

  // Where the head goes, and what it waits for.
  logic to_load, to_matmul, to_act, waits_idle, responds, idle_ok;
  logic is_clear, is_fence, is_counter;
  always_comb begin
    to_load    = 1'b0;
    to_matmul  = 1'b0;
    to_act     = 1'b0;
    is_clear   = 1'b0;
    is_fence   = 1'b0;
    is_counter = 1'b0;
    responds   = status != npu_pkg::StatusOk;
    if (!command_empty_i && !responds) begin
      to_load    = command_i[3:0] == npu_pkg::OpLoadWeights;
      to_matmul  = command_i[3:0] == npu_pkg::OpMatmul;
      to_act     = (command_i[3:0] == npu_pkg::OpActivate) || (command_i[3:0] == npu_pkg::OpLoadParam)
                 || (command_i[3:0] == (Float ? npu_pkg::OpLoadSeed : npu_pkg::OpLoadTable));
      is_clear   = command_i[3:0] == npu_pkg::OpClear;
      is_fence   = command_i[3:0] == npu_pkg::OpFence;
      is_counter = command_i[3:0] == npu_pkg::OpReadCounter;
      responds   = is_fence || is_counter;
    end
    waits_idle = is_clear || is_fence;
    idle_ok    = idle_i && (is_clear || output_empty_i);
  end

  assign stall_queue_o    = (to_load && load_full_i) || (to_matmul && matmul_full_i) || (to_act && act_full_i);
  assign stall_idle_o     = waits_idle && !idle_ok;
  assign stall_response_o = responds && !stall_idle_o && response_full_i;
  assign pop_o            = !command_empty_i && !stall_queue_o && !stall_idle_o && !stall_response_o;

  assign load_push_o   = pop_o && to_load;
  assign matmul_push_o = pop_o && to_matmul;
  assign act_push_o    = pop_o && to_act;
  if (Float) begin : gen_float
    assign load_o   = {switch_disp_q, command_i[47:40], command_i[91:88]};
    assign matmul_o = {act_disp_q[bank*Ticket +: Ticket], load_disp_q, command_i[87:72], command_i[71:56], command_i[55:48],
                       command_i[47:40], command_i[39:24], command_i[23:20], command_i[19], command_i[18], command_i[17],
                       command_i[91:88]};
  end else begin : gen_integer
    assign load_o   = {switch_disp_q, command_i[47:40], command_i[16]};
    assign matmul_o = {act_disp_q[bank*Ticket +: Ticket], load_disp_q, command_i[87:72], command_i[71:56], command_i[55:48],
                       command_i[47:40], command_i[39:24], command_i[23:20], command_i[18], command_i[17], command_i[16]};
  end

  // Only ACTIVATE has matmuls to wait for.
  assign act_o = {matmul_disp_q[bank*Ticket +: Ticket] & {Ticket{command_i[3:0] == npu_pkg::OpActivate}}, command_i};

  assign response_push_o = pop_o && responds;
  assign counter_read_o  = pop_o && is_counter;
  assign counter_index_o = command_i[27:24];
  always_comb begin
    response_o = {status, command_i[15:8], 32'd0};
    if (is_fence) response_o[31:0] = 32'(flags_i);
    if (is_counter) response_o[31:0] = command_i[16] ? {16'd0, counter_i[47:32]} : counter_i[31:0];
  end

  assign clear_flags_o    = pop_o && is_clear && command_i[16];
  assign clear_counters_o = pop_o && is_clear && command_i[17];
  assign clear_written_o  = pop_o && is_clear && command_i[18];
  assign clear_table_o    = pop_o && is_clear && command_i[19];

  // Tickets: 10 bits, wrapping.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_disp_q   <= '0;
      switch_disp_q <= '0;
      matmul_disp_q <= '0;
      act_disp_q    <= '0;
    end else begin
      if (load_push_o) load_disp_q <= load_disp_q + Ticket'(1);
      if (matmul_push_o && command_i[17]) switch_disp_q <= switch_disp_q + Ticket'(1);
      if (matmul_push_o) matmul_disp_q[bank*Ticket +: Ticket] <= matmul_disp_q[bank*Ticket +: Ticket] + Ticket'(1);
      if (act_push_o && (command_i[3:0] == npu_pkg::OpActivate)) begin
        act_disp_q[bank*Ticket +: Ticket] <= act_disp_q[bank*Ticket +: Ticket] + Ticket'(1);
      end
    end
  end
endmodule
