// SPDX-License-Identifier: Apache-2.0
// Purpose: constants shared by the tile's blocks: opcodes, status codes, queue entry widths, reserved-bit masks (spec 4, 6, 17.3).
// Latency: none, constants only.
// Formats: opcode 4 bits, status 8 bits, masks 128 bits with 1 at every bit a command names.
// Overflow, rounding: none.
// Twin: model/common/command.hpp
package npu_pkg;

  localparam logic [3:0] OpNop         = 4'd0;
  localparam logic [3:0] OpLoadWeights = 4'd1;
  localparam logic [3:0] OpMatmul      = 4'd2;
  localparam logic [3:0] OpActivate    = 4'd3;
  localparam logic [3:0] OpLoadParam   = 4'd4;
  localparam logic [3:0] OpLoadTable   = 4'd5;
  localparam logic [3:0] OpClear       = 4'd6;
  localparam logic [3:0] OpFence       = 4'd7;
  localparam logic [3:0] OpReadCounter = 4'd8;
  localparam logic [3:0] OpLoadSeed    = 4'd9;  // floating-point tile only, which has no OpLoadTable

  localparam logic [7:0] StatusOk       = 8'd0;
  localparam logic [7:0] StatusOpcode   = 8'd1;
  localparam logic [7:0] StatusReserved = 8'd2;
  localparam logic [7:0] StatusSize     = 8'd3;
  localparam logic [7:0] StatusAddress  = 8'd4;
  localparam logic [7:0] StatusValue    = 8'd5;

  // Widths of the queue entries (spec 6, 17.2) and of a ticket (spec 7).
  localparam int TicketWidth   = 10;
  localparam int LoadWidth     = 19;
  localparam int MatmulWidth   = 91;
  localparam int FpLoadWidth   = 22;
  localparam int FpMatmulWidth = 95;
  localparam int ActWidth      = 138;
  localparam int ResponseWidth = 48;
  localparam int CounterWidth  = 48;

  // Sticky flags of the integer (spec 13) and of the floating-point tile (spec 17.2).
  localparam int FlagsWidth   = 5;
  localparam int FpFlagsWidth = 13;

  // Named bits of each command (spec 4), without bits [7:4], which no command names. Grouped as fields, most significant first.
  localparam logic [127:0] MaskCommon      = {112'd0, 8'hff, 4'h0, 4'hf};
  localparam logic [127:0] MaskLoadWeights = {80'd0, 8'hff, 23'd0, 1'b1, 16'd0} | MaskCommon;
  localparam logic [127:0] MaskMatmul      = {40'd0, 16'hffff, 16'hffff, 8'hff, 8'hff, 16'hffff, 4'hf, 1'b0, 3'h7, 16'd0} | MaskCommon;
  localparam logic [127:0] MaskActivateRaw = {40'd0, 16'hffff, 16'hffff, 8'hff, 8'h00, 16'hffff, 4'hf, 4'h2, 16'd0} | MaskCommon;
  localparam logic [127:0] MaskActivate    = {13'd0, 27'h7ffffff, 68'd0, 4'hd, 16'd0} | MaskActivateRaw;
  localparam logic [127:0] MaskParamAll    = {26'd0, 6'h3f, 32'hffffffff, 32'hffffffff, 15'd0, 1'b1, 16'd0} | MaskCommon;
  localparam logic [127:0] MaskParamColumn = {96'd0, 8'hff, 24'd0} | MaskParamAll;
  localparam logic [127:0] MaskLoadTable   = {32'd0, 64'hffffffffffffffff, 3'd0, 5'h1f, 24'd0} | MaskCommon;
  localparam logic [127:0] MaskClear       = {108'd0, 4'hf, 16'd0} | MaskCommon;
  localparam logic [127:0] MaskReadCounter = {99'd0, 5'h1f, 7'd0, 1'b1, 16'd0} | MaskCommon;

  // The same for the floating-point tile (spec 17.3); the masks not named here are the ones above.
  localparam logic [127:0] FpMaskLoadWeights = {36'd0, 4'hf, 40'd0, 8'hff, 40'd0} | MaskCommon;
  localparam logic [127:0] FpMaskMatmul      = {36'd0, 4'hf, 16'hffff, 16'hffff, 8'hff, 8'hff, 16'hffff, 4'hf, 4'he, 16'd0} | MaskCommon;
  localparam logic [127:0] FpMaskActivate    = {34'd0, 6'h3f, 68'd0, 4'h8, 16'd0} | MaskActivateRaw;
  localparam logic [127:0] FpMaskParamAll    = {64'd0, 32'hffffffff, 15'd0, 1'b1, 16'd0} | MaskCommon;
  localparam logic [127:0] FpMaskParamColumn = {96'd0, 8'hff, 24'd0} | FpMaskParamAll;
  localparam logic [127:0] FpMaskClear       = {109'd0, 3'h7, 16'd0} | MaskCommon;
  localparam logic [127:0] FpMaskLoadSeed    = {64'd0, 32'hffffffff, 32'd0} | MaskCommon;

endpackage
