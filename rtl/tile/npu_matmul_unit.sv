// SPDX-License-Identifier: Apache-2.0
// Purpose: issues activation beats into the array when bank, weights and data are there (spec 9).
// Latency: one beat a cycle; the beat enters the skew and the tags at the edge of its fire.
// Formats: queue entry as packed in spec 6 and 17.2; tickets 10 bits.
// Overflow, rounding: tickets wrap; beat and address counters stay in range by the legality of the command.
// Twin: model/tile/tile_decide.cpp
module npu_matmul_unit #(
  parameter int AccBanks         = 2,
  parameter int AccDepth         = 64,
  parameter int ColumnsWidth     = 4,
  parameter int EntryWidth       = 7,
  parameter int WeightCountWidth = 5,
  parameter int Formats          = 3,  // operand formats, bit i is format code i (spec 17.2)
  localparam bit Float       = (Formats >> 3) != 0,
  localparam int MatmulWidth = Float ? npu_pkg::FpMatmulWidth : npu_pkg::MatmulWidth,
  localparam int FormatWidth = Float ? 4 : 1
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,
  input  logic                            queue_empty_i,
  input  logic [MatmulWidth-1:0]          queue_i,
  output logic                            queue_pop_o,
  input  logic                            act_empty_i,
  // weights: what the load unit has done and can promise
  input  logic [npu_pkg::TicketWidth-1:0] load_done_i,
  input  logic                            load_runs_ahead_i,
  input  logic [7:0]                      load_rows_left_i,
  input  logic [WeightCountWidth-1:0]     weight_count_i,
  // banks
  input  logic [AccBanks*npu_pkg::TicketWidth-1:0] act_ret_i,
  input  logic                            return_i,            // a last beat stands in the last tag stage
  input  logic [$clog2(AccBanks)-1:0]     return_bank_i,
  output logic [AccBanks*npu_pkg::TicketWidth-1:0] matmul_ret_o,
  // the beat
  output logic                            issue_o,             // pops the activation FIFO
  output logic                            switch_first_o,
  output logic [FormatWidth-1:0]          format_o,            // format code; on the integer tile: activations are unsigned
  output logic [7:0]                      k_o,
  output logic                            last_o,
  output logic                            accumulate_o,
  output logic                            bf16_o,              // entries in BF16; 0 on the integer tile
  output logic [ColumnsWidth-1:0]         columns_o,
  output logic [EntryWidth-1:0]           entry_o,
  output logic                            stall_bank_o,
  output logic                            stall_weights_o,
  output logic                            stall_data_o
);
  localparam int BankWidth = $clog2(AccBanks);
  localparam int AddrWidth = $clog2(AccDepth);
  localparam int Ticket    = npu_pkg::TicketWidth;
  localparam int Fields    = Float ? FormatWidth + 3 : FormatWidth + 2;  // place of the bank in the queue entry

  logic [15:0]                matmul_beat_q /*verilator public_flat_rw*/;
  logic [15:0]                matmul_addr_q /*verilator public_flat_rw*/;
  logic [AccBanks*Ticket-1:0] matmul_ret_q  /*verilator public_flat_rw*/;

  logic                 with_switch;
  logic [BankWidth-1:0] bank;
  logic [15:0]          m, base, stride;
  logic [Ticket-1:0]    need_load, need_act;
  assign format_o     = queue_i[FormatWidth-1:0];
  assign with_switch  = queue_i[FormatWidth];
  assign accumulate_o = queue_i[FormatWidth+1];
  assign bf16_o       = Float && queue_i[FormatWidth+2];
  assign bank         = queue_i[Fields +: BankWidth];
  assign m            = queue_i[Fields + 4 +: 16];
  assign k_o          = queue_i[Fields + 20 +: 8];
  assign columns_o    = queue_i[Fields + 28 +: ColumnsWidth];
  assign base         = queue_i[Fields + 36 +: 16];
  assign stride       = queue_i[Fields + 52 +: 16];
  assign need_load    = queue_i[Fields + 68 +: Ticket];
  assign need_act     = queue_i[Fields + 78 +: Ticket];

  logic        first, bank_ok, weights_ok;
  logic [15:0] addr;
  assign first   = matmul_beat_q == '0;
  assign addr    = first ? base : matmul_addr_q;
  assign last_o  = matmul_beat_q == m - 16'd1;  // m >= 1
  assign bank_ok = !first || (act_ret_i[bank*Ticket +: Ticket] == need_act);

  // The load before this switch is done, or it is the one under way and all of its rows wait in the weight FIFO: then it stays
  // ahead of the wavefront, because nothing can stop it any more.
  assign weights_ok = !first || !with_switch || (load_done_i == need_load)
                    || ((load_done_i + Ticket'(1) == need_load) && load_runs_ahead_i && (16'(load_rows_left_i) <= 16'(weight_count_i)));

  assign issue_o         = !queue_empty_i && bank_ok && weights_ok && !act_empty_i;
  assign queue_pop_o     = issue_o && last_o;
  assign switch_first_o  = issue_o && first && with_switch;
  assign stall_bank_o    = !queue_empty_i && !bank_ok;
  assign stall_weights_o = !queue_empty_i && bank_ok && !weights_ok;
  assign stall_data_o    = !queue_empty_i && bank_ok && weights_ok && act_empty_i;

  // bank * depth + addr: addr is below the depth, so the sum is the two fields side by side.
  assign entry_o      = {bank, addr[AddrWidth-1:0]};
  assign matmul_ret_o = matmul_ret_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      matmul_beat_q <= '0;
      matmul_addr_q <= '0;
      matmul_ret_q  <= '0;
    end else begin
      if (issue_o) begin
        matmul_beat_q <= last_o ? 16'd0 : matmul_beat_q + 16'd1;  // below m
        matmul_addr_q <= addr + stride;                           // modulo 2^16; used only while in range
      end
      if (return_i) matmul_ret_q[return_bank_i*Ticket +: Ticket] <= matmul_ret_q[return_bank_i*Ticket +: Ticket] + Ticket'(1);
    end
  end
endmodule
