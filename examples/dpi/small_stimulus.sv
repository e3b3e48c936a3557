// SPDX-License-Identifier: Apache-2.0
// Purpose: a stimulus of one's own for an integer npu_tile: Rounds small products, each with weights, beats, read-out and a fence.
// Latency: registered outputs.
// Formats: the pins of npu_tile (docs/spec.md sections 3 and 4).
// Overflow, rounding: none.
// Twin: none.
module small_stimulus #(
  parameter int Rows   = 8,
  parameter int Cols   = 8,
  parameter int Rounds = 20,
  parameter int Beats  = 4    // of one product, at most AccDepth
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  output logic              cmd_valid_o,
  input  logic              cmd_ready_i,
  output logic [127:0]      cmd_data_o,
  output logic              weight_valid_o,
  input  logic              weight_ready_i,
  output logic [Cols*8-1:0] weight_data_o,
  output logic              act_valid_o,
  input  logic              act_ready_i,
  output logic [Rows*8-1:0] act_data_o,
  output logic              out_ready_o,
  input  logic              rsp_valid_i,
  output logic              rsp_ready_o,
  output logic              done_o        // the last fence has answered
);
  int   command_q, weight_q, beat_q, fence_q, cycle_q;
  logic weight_rest_q, act_rest_q;  // one cycle of rest after some beats

  // The four commands of a product.
  function automatic logic [127:0] command(int number);
    command = '0;
    case (number % 4)
      0: begin  // LOAD_WEIGHTS
        command[3:0]   = 4'd1;
        command[47:40] = 8'(Rows);
      end
      1: begin  // MATMUL with switch
        command[3:0]   = 4'd2;
        command[17]    = 1'b1;
        command[39:24] = 16'(Beats);
        command[47:40] = 8'(Rows);
        command[55:48] = 8'(Cols);
        command[87:72] = 16'd1;
      end
      2: begin  // ACTIVATE, raw
        command[3:0]   = 4'd3;
        command[17]    = 1'b1;
        command[39:24] = 16'(Beats);
        command[55:48] = 8'(Cols);
        command[87:72] = 16'd1;
      end
      default: command[3:0] = 4'd7;  // FENCE
    endcase
  endfunction

  function automatic logic [7:0] data_byte(int beat, int lane);
    data_byte = 8'((beat * 29 + lane * 53 + beat * lane) % 251);
  endfunction

  always_comb begin
    cmd_valid_o    = command_q < 4 * Rounds;
    cmd_data_o     = command(command_q);
    weight_valid_o = weight_q < Rows * Rounds && !weight_rest_q;
    act_valid_o    = beat_q < Beats * Rounds && !act_rest_q;
    for (int c = 0; c < Cols; c++) weight_data_o[c*8 +: 8] = data_byte(weight_q, c);
    for (int r = 0; r < Rows; r++) act_data_o[r*8 +: 8] = data_byte(beat_q + 1, r);
    out_ready_o = cycle_q % 4 != 0;
    rsp_ready_o = 1'b1;
    done_o      = fence_q == Rounds;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      command_q <= 0;
      weight_q  <= 0;
      beat_q    <= 0;
      fence_q   <= 0;
      cycle_q   <= 0;
      weight_rest_q <= 1'b0;
      act_rest_q    <= 1'b0;
    end else begin
      cycle_q       <= cycle_q + 1;
      weight_rest_q <= weight_valid_o && weight_ready_i && weight_q % 3 == 2;
      act_rest_q    <= act_valid_o && act_ready_i && beat_q % 5 == 4;
      if (cmd_valid_o && cmd_ready_i) command_q <= command_q + 1;
      if (weight_valid_o && weight_ready_i) weight_q <= weight_q + 1;
      if (act_valid_o && act_ready_i) beat_q <= beat_q + 1;
      if (rsp_valid_i && rsp_ready_o) fence_q <= fence_q + 1;
    end
  end
endmodule
