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
    always_comb begin
      x_o   = '0;
      low_o = '0;
      if (enable_i) begin
        for (int i = 0; i < Lanes; i++) begin
          x_o[i*16 +: 16] = 16'(npu_format_pkg::decoded(32'(code_i[i*LaneWidth +: LaneWidth]), format_i) >> 16);
          low_o[i*3 +: 3] = 3'(npu_format_pkg::decoded(32'(code_i[i*LaneWidth +: LaneWidth]), format_i) >> 13);
        end
      end
    end
  end
endmodule
