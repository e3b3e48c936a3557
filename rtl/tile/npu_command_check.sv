// SPDX-License-Identifier: Apache-2.0
// Purpose: legality of a command: the lowest status that applies, or StatusOk (spec 4, 17.3).
// Latency: combinational.
// Formats: 128-bit command in, 8-bit status out.
// Overflow, rounding: the last address base + (m-1)*stride is exact.
// Twin: model/common/command.hpp
module npu_command_check #(
  parameter int Rows     = 8,
  parameter int Cols     = 8,
  parameter int AccBanks = 2,
  parameter int AccDepth = 64,
  parameter int Formats  = 3,  // operand formats, bit i is format code i (spec 17.2)
  localparam bit Float   = (Formats >> 3) != 0
) (
  input  logic         valid_i,   // status_o is StatusOk while 0
  input  logic [127:0] command_i,
  output logic [7:0]   status_o
);
  // The bits the opcode names; all for an opcode that does not exist.
  function automatic logic [127:0] named_bits(logic [3:0] opcode, logic raw, logic broadcast);
    unique case (opcode)
      npu_pkg::OpNop, npu_pkg::OpFence: named_bits = npu_pkg::MaskCommon;
      npu_pkg::OpLoadWeights:           named_bits = npu_pkg::MaskLoadWeights;
      npu_pkg::OpMatmul:                named_bits = npu_pkg::MaskMatmul;
      npu_pkg::OpActivate:              named_bits = raw ? npu_pkg::MaskActivateRaw : npu_pkg::MaskActivate;
      npu_pkg::OpLoadParam:             named_bits = broadcast ? npu_pkg::MaskParamAll : npu_pkg::MaskParamColumn;
      npu_pkg::OpLoadTable:             named_bits = npu_pkg::MaskLoadTable;
      npu_pkg::OpClear:                 named_bits = npu_pkg::MaskClear;
      npu_pkg::OpReadCounter:           named_bits = npu_pkg::MaskReadCounter;
      default:                          named_bits = '1;
    endcase
  endfunction

  // The same on the floating-point tile.
  function automatic logic [127:0] fp_named_bits(logic [3:0] opcode, logic raw, logic broadcast);
    unique case (opcode)
      npu_pkg::OpNop, npu_pkg::OpFence: fp_named_bits = npu_pkg::MaskCommon;
      npu_pkg::OpLoadWeights:           fp_named_bits = npu_pkg::FpMaskLoadWeights;
      npu_pkg::OpMatmul:                fp_named_bits = npu_pkg::FpMaskMatmul;
      npu_pkg::OpActivate:              fp_named_bits = raw ? npu_pkg::MaskActivateRaw : npu_pkg::FpMaskActivate;
      npu_pkg::OpLoadParam:             fp_named_bits = broadcast ? npu_pkg::FpMaskParamAll : npu_pkg::FpMaskParamColumn;
      npu_pkg::OpClear:                 fp_named_bits = npu_pkg::FpMaskClear;
      npu_pkg::OpReadCounter:           fp_named_bits = npu_pkg::MaskReadCounter;
      npu_pkg::OpLoadSeed:              fp_named_bits = npu_pkg::FpMaskLoadSeed;
      default:                          fp_named_bits = '1;
    endcase
  endfunction

  function automatic logic bad_range(logic [31:0] value, logic [31:0] limit);
    bad_range = (value == 32'd0) || (value > limit);
  endfunction

  // base + (m-1)*stride > depth-1: 16 + 16*16 bits fit 33 bits, so nothing is lost. (m = 0 is a bad size already.)
  function automatic logic beyond(logic [15:0] base, logic [15:0] m, logic [15:0] stride);
    logic [32:0] last;
    last   = {17'd0, base} + ({17'd0, m} - 33'd1) * {17'd0, stride};
    beyond = last > 33'(AccDepth - 1);
  endfunction

  // Is a 9-bit signed field outside INT8 or UINT8? Its two top bits tell.
  function automatic logic outside(logic [1:0] top, logic output_unsigned);
    outside = output_unsigned ? top[1] : top[1] != top[0];
  endfunction

  // Is a format code not an operand format of this tile?
  function automatic logic foreign(logic [3:0] format);
    foreign = (Formats & (32'd1 << format)) == 32'd0;
  endfunction

  // Format, saturate and stochastic of an ACTIVATE: the two modes exist for the narrow floating-point formats only.
  function automatic logic bad_conversion(logic [3:0] format, logic saturate, logic stochastic);
    bad_conversion = (format > npu_format_pkg::E4m3fn) || ((format < npu_format_pkg::Bf16) && (saturate || stochastic));
  endfunction

  logic is_load, is_matmul, is_activate, is_param, is_counter, unknown;
  logic bad_size, bad_address, bad_value;

  always_comb begin
    is_load     = command_i[3:0] == npu_pkg::OpLoadWeights;
    is_matmul   = command_i[3:0] == npu_pkg::OpMatmul;
    is_activate = command_i[3:0] == npu_pkg::OpActivate;
    is_param    = command_i[3:0] == npu_pkg::OpLoadParam;
    is_counter  = command_i[3:0] == npu_pkg::OpReadCounter;
    bad_size    = 1'b0;
    bad_address = 1'b0;
    bad_value   = 1'b0;
    if (is_matmul || is_activate) begin
      bad_size    = bad_range(32'(command_i[39:24]), 32'(AccDepth)) || bad_range(32'(command_i[55:48]), 32'(Cols));
      bad_address = (32'(command_i[23:20]) >= 32'(AccBanks)) || beyond(command_i[71:56], command_i[39:24], command_i[87:72]);
    end
    if (is_load || is_matmul) bad_size = bad_size || bad_range(32'(command_i[47:40]), 32'(Rows));
    if (is_activate && !Float) begin
      bad_value = outside(command_i[96:95], command_i[16]) || outside(command_i[105:104], command_i[16])
                || outside(command_i[114:113], command_i[16]) || ($signed(command_i[105:97]) > $signed(command_i[114:106]));
    end
    if (is_param && !Float) begin
      bad_value = ((command_i[95:64] != 32'd0) && (command_i[95:94] != 2'b01))
                || (command_i[101:96] == 6'h20) || (command_i[101:96] == 6'h1f);
    end
    if (is_param) bad_value = bad_value || (32'(command_i[31:24]) >= 32'(Cols));
    if (Float && (is_load || is_matmul)) bad_value = foreign(command_i[91:88]);
    if (Float && is_activate && !command_i[17]) bad_value = bad_conversion(command_i[91:88], command_i[92], command_i[93]);
    if (is_counter) bad_value = command_i[28];

    unknown = (command_i[3:0] > (Float ? npu_pkg::OpLoadSeed : npu_pkg::OpReadCounter))
            || (Float && (command_i[3:0] == npu_pkg::OpLoadTable));

    status_o = npu_pkg::StatusOk;
    if (valid_i) begin
      if (unknown) status_o = npu_pkg::StatusOpcode;
      else if ((command_i & ~(Float ? fp_named_bits(command_i[3:0], command_i[17], command_i[16])
                                    : named_bits(command_i[3:0], command_i[17], command_i[16]))) != '0) status_o = npu_pkg::StatusReserved;
      else if (bad_size) status_o = npu_pkg::StatusSize;
      else if (bad_address) status_o = npu_pkg::StatusAddress;
      else if (bad_value) status_o = npu_pkg::StatusValue;
    end
  end
endmodule
