// SPDX-License-Identifier: Apache-2.0
// Purpose: the NPU tile: streams and queues, dispatch, load and matmul units, array, accumulators, activation unit (spec 3 ... 13, 17).
// Latency: Rows * PeLatency + Cols + 2 cycles from the issue of a beat to its sum, 5 (floating point: 3) from its read to the output beat.
// Formats: INT8 or UINT8 operands, INT32 sums, INT8, UINT8 or INT32 results in 32-bit lanes; or the formats of spec 17.1 and FP32 sums.
// Overflow, rounding: in the blocks; collected in the sticky flags_o.
// Twin: model/tile/tile.hpp
module npu_tile #(
  parameter int Rows                = 8,
  parameter int Cols                = 8,
  parameter int AccBanks            = 2,
  parameter int AccDepth            = 64,
  parameter int CommandFifoDepth    = 4,
  parameter int WeightFifoDepth     = 16,
  parameter int ActivationFifoDepth = 4,
  parameter int QueueDepth          = 4,
  parameter int OutputFifoDepth     = 16,
  parameter int ResponseFifoDepth   = 4,
  parameter int Formats             = 3,  // operand formats, bit i is format code i: int8 and uint8, or floating-point formats
  parameter int PeLatency           = 1,  // cycles from PE to PE of a column; 1 on the integer tile
  localparam bit Float      = (Formats >> 3) != 0,
  localparam int LaneWidth  = ((Formats >> 4) & 3) != 0 ? 16 : 8,
  localparam int FlagsWidth = Float ? npu_pkg::FpFlagsWidth : npu_pkg::FlagsWidth
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               cmd_valid_i,
  output logic               cmd_ready_o,
  input  logic [127:0]       cmd_data_i,
  input  logic               weight_valid_i,
  output logic               weight_ready_o,
  input  logic [Cols*LaneWidth-1:0] weight_data_i,
  input  logic               act_valid_i,
  output logic               act_ready_o,
  input  logic [Rows*LaneWidth-1:0] act_data_i,
  output logic               out_valid_o,
  input  logic               out_ready_i,
  output logic [Cols*32-1:0] out_data_o,
  output logic               rsp_valid_o,
  input  logic               rsp_ready_i,
  output logic [47:0]        rsp_data_o,
  output logic               busy_o,
  output logic [FlagsWidth-1:0] flags_o
);
  localparam int RowWidth     = (Rows > 1) ? $clog2(Rows) : 1;
  localparam int ColumnsWidth = $clog2(Cols + 1);
  localparam int EntryWidth   = $clog2(AccBanks * AccDepth);
  localparam int TagStages    = Rows * PeLatency + Cols + 2;
  localparam int BankTickets  = AccBanks * npu_pkg::TicketWidth;
  localparam int LoadWidth    = Float ? npu_pkg::FpLoadWidth : npu_pkg::LoadWidth;
  localparam int MatmulWidth  = Float ? npu_pkg::FpMatmulWidth : npu_pkg::MatmulWidth;
  localparam int FormatWidth  = Float ? 4 : 1;

  // Clears, from dispatch.
  logic clear_flags, clear_counters, clear_written, clear_table;
  logic idle;

  // Input streams.
  logic         cmd_full, cmd_empty, cmd_pop;
  logic [127:0] command;
  logic         weight_full, weight_empty, load_fire;
  logic         act_full, act_empty, issue;
  logic [Cols*LaneWidth-1:0] weights;
  logic [Rows*LaneWidth-1:0] beat;
  logic [$clog2(WeightFifoDepth+1)-1:0] weight_count;
  assign cmd_ready_o    = !cmd_full;
  assign weight_ready_o = !weight_full;
  assign act_ready_o    = !act_full;

  logic [$clog2(CommandFifoDepth+1)-1:0]    unused_cmd_count;
  logic [$clog2(ActivationFifoDepth+1)-1:0] unused_act_count;

  npu_fifo #(.Depth(CommandFifoDepth), .Width(128)) u_command_fifo (
    .clk_i, .rst_ni, .push_i(cmd_valid_i && !cmd_full), .data_i(cmd_data_i), .pop_i(cmd_pop),
    .head_o(command), .count_o(unused_cmd_count), .full_o(cmd_full), .empty_o(cmd_empty)
  );
  npu_fifo #(.Depth(WeightFifoDepth), .Width(Cols*LaneWidth)) u_weight_fifo (
    .clk_i, .rst_ni, .push_i(weight_valid_i && !weight_full), .data_i(weight_data_i), .pop_i(load_fire),
    .head_o(weights), .count_o(weight_count), .full_o(weight_full), .empty_o(weight_empty)
  );
  npu_fifo #(.Depth(ActivationFifoDepth), .Width(Rows*LaneWidth)) u_activation_fifo (
    .clk_i, .rst_ni, .push_i(act_valid_i && !act_full), .data_i(act_data_i), .pop_i(issue),
    .head_o(beat), .count_o(unused_act_count), .full_o(act_full), .empty_o(act_empty)
  );

  // Dispatch and the three unit queues.
  logic load_push, load_full, load_empty, load_pop;
  logic matmul_push, matmul_full, matmul_empty, matmul_pop;
  logic act_push, actq_full, actq_empty, act_pop;
  logic [LoadWidth-1:0]              load_in, load_head;
  logic [MatmulWidth-1:0]            matmul_in, matmul_head;
  logic [npu_pkg::ActWidth-1:0]      act_in, act_head;
  logic                              rsp_push, rsp_full, rsp_empty, out_empty;
  logic [npu_pkg::ResponseWidth-1:0] rsp_in;
  logic                              counter_read;
  logic [3:0]                        counter_index;
  logic [npu_pkg::CounterWidth-1:0]  counter;
  logic                              stall_queue, stall_idle, stall_response;

  npu_dispatch #(.Rows(Rows), .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .Formats(Formats)) u_dispatch (
    .clk_i, .rst_ni,
    .command_empty_i(cmd_empty), .command_i(command),
    .load_full_i(load_full), .matmul_full_i(matmul_full), .act_full_i(actq_full),
    .response_full_i(rsp_full), .output_empty_i(out_empty), .idle_i(idle), .flags_i(flags_o),
    .counter_read_o(counter_read), .counter_index_o(counter_index), .counter_i(counter),
    .pop_o(cmd_pop),
    .load_push_o(load_push), .load_o(load_in), .matmul_push_o(matmul_push), .matmul_o(matmul_in),
    .act_push_o(act_push), .act_o(act_in), .response_push_o(rsp_push), .response_o(rsp_in),
    .clear_flags_o(clear_flags), .clear_counters_o(clear_counters),
    .clear_written_o(clear_written), .clear_table_o(clear_table),
    .stall_queue_o(stall_queue), .stall_idle_o(stall_idle), .stall_response_o(stall_response)
  );

  logic [$clog2(QueueDepth+1)-1:0] unused_load_count, unused_matmul_count, unused_actq_count;

  npu_fifo #(.Depth(QueueDepth), .Width(LoadWidth)) u_load_queue (
    .clk_i, .rst_ni, .push_i(load_push), .data_i(load_in), .pop_i(load_pop),
    .head_o(load_head), .count_o(unused_load_count), .full_o(load_full), .empty_o(load_empty)
  );
  npu_fifo #(.Depth(QueueDepth), .Width(MatmulWidth)) u_matmul_queue (
    .clk_i, .rst_ni, .push_i(matmul_push), .data_i(matmul_in), .pop_i(matmul_pop),
    .head_o(matmul_head), .count_o(unused_matmul_count), .full_o(matmul_full), .empty_o(matmul_empty)
  );
  npu_fifo #(.Depth(QueueDepth), .Width(npu_pkg::ActWidth)) u_act_queue (
    .clk_i, .rst_ni, .push_i(act_push), .data_i(act_in), .pop_i(act_pop),
    .head_o(act_head), .count_o(unused_actq_count), .full_o(actq_full), .empty_o(actq_empty)
  );

  // Load and matmul units.
  logic [FormatWidth-1:0]          weight_format, act_format;
  logic                            load_runs_ahead, load_stall_hazard, load_stall_data;
  logic [RowWidth-1:0]             load_row;
  logic [7:0]                      load_rows_left;
  logic [npu_pkg::TicketWidth-1:0] load_done;
  logic                            switch_first, last, accumulate, bf16_entries;
  logic [7:0]                      k;
  logic [ColumnsWidth-1:0]         columns;
  logic [EntryWidth-1:0]           entry;
  logic                            matmul_stall_bank, matmul_stall_weights, matmul_stall_data;
  logic [BankTickets-1:0]          act_ret, matmul_ret;

  npu_load_unit #(.Rows(Rows), .Cols(Cols), .RowWidth(RowWidth), .Formats(Formats), .PeLatency(PeLatency)) u_load_unit (
    .clk_i, .rst_ni,
    .queue_empty_i(load_empty), .queue_i(load_head), .queue_pop_o(load_pop),
    .weight_empty_i(weight_empty), .switch_first_i(switch_first),
    .fire_o(load_fire), .row_o(load_row), .format_o(weight_format),
    .runs_ahead_o(load_runs_ahead), .rows_left_o(load_rows_left), .done_o(load_done),
    .stall_hazard_o(load_stall_hazard), .stall_data_o(load_stall_data)
  );

  // The tag pipeline ends in stage TagStages-1.
  logic [TagStages-1:0]              tag_valid, tag_last, tag_accumulate;
  logic [TagStages*ColumnsWidth-1:0] tag_columns;
  logic [TagStages*EntryWidth-1:0]   tag_entry;

  npu_matmul_unit #(
    .AccBanks(AccBanks), .AccDepth(AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth),
    .WeightCountWidth($clog2(WeightFifoDepth+1)), .Formats(Formats)
  ) u_matmul_unit (
    .clk_i, .rst_ni,
    .queue_empty_i(matmul_empty), .queue_i(matmul_head), .queue_pop_o(matmul_pop), .act_empty_i(act_empty),
    .load_done_i(load_done), .load_runs_ahead_i(load_runs_ahead), .load_rows_left_i(load_rows_left), .weight_count_i(weight_count),
    .act_ret_i(act_ret), .return_i(tag_valid[TagStages-1] && tag_last[TagStages-1]),
    .return_bank_i(tag_entry[TagStages*EntryWidth-1 -: $clog2(AccBanks)]), .matmul_ret_o(matmul_ret),
    .issue_o(issue), .switch_first_o(switch_first), .format_o(act_format), .k_o(k), .last_o(last),
    .accumulate_o(accumulate), .bf16_o(bf16_entries), .columns_o(columns), .entry_o(entry),
    .stall_bank_o(matmul_stall_bank), .stall_weights_o(matmul_stall_weights), .stall_data_o(matmul_stall_data)
  );

  // Array, accumulators, activation unit: one set per kind of operands.
  logic [Cols*32-1:0]      psum, acc_read, lanes;
  logic                    read, out_push, out_pop, drained;
  logic [EntryWidth-1:0]   read_entry;
  logic [ColumnsWidth-1:0] read_columns;
  logic                    act_busy, act_stall_bank, act_stall_output, act_stall_drain;

  if (Float) begin : gen_fp_datapath
    logic [Cols-1:0]      psum_valid;
    logic [TagStages-1:0] tag_bf16;
    logic [3:0]           array_flags, acc_flags, act_flags;
    logic                 acc_undefined;
    logic                 unused_clear_table;
    assign flags_o            = {act_flags, acc_undefined, acc_flags, array_flags};
    assign unused_clear_table = clear_table;

    npu_fp_array #(
      .Rows(Rows), .Cols(Cols), .RowWidth(RowWidth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth),
      .Formats(Formats), .PeLatency(PeLatency)
    ) u_array (
      .clk_i, .rst_ni, .clear_flags_i(clear_flags),
      .load_i(load_fire), .load_row_i(load_row), .weight_format_i(weight_format), .weight_i(weights),
      .issue_i(issue), .switch_first_i(switch_first), .act_format_i(act_format), .k_i(k), .act_i(beat),
      .last_i(last), .accumulate_i(accumulate), .bf16_i(bf16_entries), .columns_i(columns), .entry_i(entry),
      .psum_o(psum), .psum_valid_o(psum_valid), .tag_valid_o(tag_valid), .tag_last_o(tag_last),
      .tag_accumulate_o(tag_accumulate), .tag_bf16_o(tag_bf16), .tag_columns_o(tag_columns), .tag_entry_o(tag_entry),
      .flags_o(array_flags)
    );

    npu_fp_accumulators #(
      .First(Rows * PeLatency + 1), .Cols(Cols), .Entries(AccBanks*AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)
    ) u_accumulators (
      .clk_i, .rst_ni, .clear_written_i(clear_written), .clear_flags_i(clear_flags),
      .psum_i(psum), .psum_valid_i(psum_valid), .tag_valid_i(tag_valid), .tag_accumulate_i(tag_accumulate),
      .tag_bf16_i(tag_bf16), .tag_columns_i(tag_columns), .tag_entry_i(tag_entry),
      .read_i(read), .read_entry_i(read_entry), .read_columns_i(read_columns), .read_o(acc_read),
      .flags_o(acc_flags), .undefined_o(acc_undefined)
    );

    npu_fp_activation #(
      .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth),
      .OutputFifoDepth(OutputFifoDepth)
    ) u_activation (
      .clk_i, .rst_ni, .clear_flags_i(clear_flags),
      .queue_empty_i(actq_empty), .queue_i(act_head), .queue_pop_o(act_pop),
      .matmul_ret_i(matmul_ret), .act_ret_o(act_ret),
      .read_o(read), .read_entry_o(read_entry), .read_columns_o(read_columns), .read_i(acc_read),
      .output_pop_i(out_pop), .output_push_o(out_push), .lanes_o(lanes),
      .drained_o(drained), .busy_o(act_busy), .stall_bank_o(act_stall_bank), .stall_output_o(act_stall_output),
      .stall_drain_o(act_stall_drain), .flags_o(act_flags)
    );
  end else begin : gen_datapath
    logic acc_overflow, acc_undefined, act_overflow, act_undefined, act_saturated;
    logic unused_bf16;
    assign flags_o     = {act_saturated, act_undefined, act_overflow, acc_undefined, acc_overflow};
    assign unused_bf16 = bf16_entries;

    npu_array #(.Rows(Rows), .Cols(Cols), .RowWidth(RowWidth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)) u_array (
      .clk_i, .rst_ni,
      .load_i(load_fire), .load_row_i(load_row), .weight_unsigned_i(weight_format), .weight_i(weights),
      .issue_i(issue), .switch_first_i(switch_first), .act_unsigned_i(act_format), .k_i(k), .act_i(beat),
      .last_i(last), .accumulate_i(accumulate), .columns_i(columns), .entry_i(entry),
      .psum_o(psum), .tag_valid_o(tag_valid), .tag_last_o(tag_last), .tag_accumulate_o(tag_accumulate),
      .tag_columns_o(tag_columns), .tag_entry_o(tag_entry)
    );

    npu_accumulators #(
      .Rows(Rows), .Cols(Cols), .Entries(AccBanks*AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth)
    ) u_accumulators (
      .clk_i, .rst_ni, .clear_written_i(clear_written), .clear_flags_i(clear_flags),
      .psum_i(psum), .tag_valid_i(tag_valid), .tag_accumulate_i(tag_accumulate),
      .tag_columns_i(tag_columns), .tag_entry_i(tag_entry),
      .read_i(read), .read_entry_i(read_entry), .read_columns_i(read_columns), .read_o(acc_read),
      .overflow_o(acc_overflow), .undefined_o(acc_undefined)
    );

    npu_activation #(
      .Cols(Cols), .AccBanks(AccBanks), .AccDepth(AccDepth), .ColumnsWidth(ColumnsWidth), .EntryWidth(EntryWidth),
      .OutputFifoDepth(OutputFifoDepth)
    ) u_activation (
      .clk_i, .rst_ni, .clear_flags_i(clear_flags), .clear_table_i(clear_table),
      .queue_empty_i(actq_empty), .queue_i(act_head), .queue_pop_o(act_pop),
      .matmul_ret_i(matmul_ret), .act_ret_o(act_ret),
      .read_o(read), .read_entry_o(read_entry), .read_columns_o(read_columns), .read_i(acc_read),
      .output_pop_i(out_pop), .output_push_o(out_push), .lanes_o(lanes),
      .drained_o(drained), .busy_o(act_busy), .stall_bank_o(act_stall_bank), .stall_output_o(act_stall_output),
      .stall_drain_o(act_stall_drain),
      .overflow_o(act_overflow), .undefined_o(act_undefined), .saturated_o(act_saturated)
    );
  end

  // Output, responses, state. The credits of the activation unit keep the output FIFO from overflowing.
  logic [$clog2(OutputFifoDepth+1)-1:0]   unused_out_count;
  logic [$clog2(ResponseFifoDepth+1)-1:0] unused_rsp_count;
  logic                                   unused_out_full;
  assign out_valid_o = !out_empty;
  assign out_pop     = !out_empty && out_ready_i;
  assign rsp_valid_o = !rsp_empty;
  assign idle        = load_empty && matmul_empty && actq_empty && (tag_valid == '0) && drained;
  assign busy_o      = !(idle && cmd_empty && out_empty && rsp_empty);

  npu_fifo #(.Depth(OutputFifoDepth), .Width(Cols*32)) u_output_fifo (
    .clk_i, .rst_ni, .push_i(out_push), .data_i(lanes), .pop_i(out_pop),
    .head_o(out_data_o), .count_o(unused_out_count), .full_o(unused_out_full), .empty_o(out_empty)
  );
  npu_fifo #(.Depth(ResponseFifoDepth), .Width(npu_pkg::ResponseWidth)) u_response_fifo (
    .clk_i, .rst_ni, .push_i(rsp_push), .data_i(rsp_in), .pop_i(!rsp_empty && rsp_ready_i),
    .head_o(rsp_data_o), .count_o(unused_rsp_count), .full_o(rsp_full), .empty_o(rsp_empty)
  );

  npu_counters u_counters (
    .clk_i, .rst_ni, .clear_i(clear_counters),
    .event_i({stall_response, stall_idle, stall_queue, cmd_pop, act_stall_drain, act_stall_output, act_stall_bank, act_busy,
              matmul_stall_data, matmul_stall_weights, matmul_stall_bank, issue, load_stall_data, load_stall_hazard, load_fire, 1'b1}),
    .read_i(counter_read), .index_i(counter_index), .counter_o(counter)
  );
endmodule
