// SPDX-License-Identifier: Apache-2.0
// Purpose: turns the codes of one beat or one weight row into the operand form, where they enter the array (spec 17.4).
// Latency: combinational.
// Formats: LaneWidth-bit codes of format_i in (8-bit formats in the low byte); x_o 16 bits and low_o 3 bits a lane out.
// Overflow, rounding: none, every code is exact in the operand form.
// Twin: model/array/fp_array.hpp
module npu_fp_operands #(
  parameter int Lanes     = 8,
  parameter int LaneWidth = 16,
  parameter int Formats   = 16  // operand formats, bit i is format code i (spec 17.2)
) (
  input  logic                       enable_i,  // all results are 0 while 0
  input  logic [3:0]                 format_i,
  input  logic [Lanes*LaneWidth-1:0] code_i,
  output logic [Lanes*16-1:0]        x_o,
  output logic [Lanes*3-1:0]         low_o
);
  if (Formats == (1 << npu_format_pkg::Bf16)) begin : gen_bf16
    // A bf16 code is its own operand form.
    logic [3:0] unused_format;
    assign unused_format = format_i;
    assign x_o   = enable_i ? code_i : '0;
    assign low_o = '0;
  end else begin : gen_any
    localparam int Padded = (Lanes <= 4) ? 4 : 1 << $clog2(Lanes);  // whole words of codes

    // Operands as FP32 patterns, a word per lane. Not inlined, because then its variables are shared between the places where a
    // simulator settles nets, and the loop is no vector code.
    task automatic decode_all(input logic [Padded*LaneWidth-1:0] code, input logic [3:0] format, output logic [Padded*32-1:0] operands);
      // verilator no_inline_task
      logic [31:0] word;
      if (LaneWidth == 16) begin
        for (int i = 0; i < Padded/2; i++) begin
          word = code[i*32 +: 32];
          operands[i*64 +: 32]      = npu_format_pkg::decoded(word & 32'hffff, format);
          operands[i*64 + 32 +: 32] = npu_format_pkg::decoded(word >> 16, format);
        end
      end else begin
        for (int i = 0; i < Padded/4; i++) begin
          word = code[i*32 +: 32];
          operands[i*128 +: 32]      = npu_format_pkg::decoded(word & 32'hff, format);
          operands[i*128 + 32 +: 32] = npu_format_pkg::decoded((word >> 8) & 32'hff, format);
          operands[i*128 + 64 +: 32] = npu_format_pkg::decoded((word >> 16) & 32'hff, format);
          operands[i*128 + 96 +: 32] = npu_format_pkg::decoded(word >> 24, format);
        end
      end
    endtask

    logic [Padded*32-1:0] words;
    always_comb begin
      words = '0;
      if (enable_i) decode_all((Padded*LaneWidth)'(code_i), format_i, words);
    end
    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      assign x_o[i*16 +: 16] = words[i*32 + 16 +: 16];
      assign low_o[i*3 +: 3] = words[i*32 + 13 +: 3];
    end
  end
endmodule
