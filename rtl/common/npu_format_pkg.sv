// SPDX-License-Identifier: Apache-2.0
// Purpose: format codes, and the decode of a narrow code to the operand form that the array holds (spec 17.1, 17.4).
// Latency: combinational.
// Formats: bf16, fp16, e5m2, e4m3, e4m3fn codes in; out the operand form, {x, low}: 1.8.7 with three more mantissa bits, 1.8.10.
// Overflow, rounding: none, every code is exact in the operand form; NaNs keep their payload.
// Twin: model/common/float_format.hpp
package npu_format_pkg;

  localparam logic [3:0] Int8   = 4'd0;
  localparam logic [3:0] Uint8  = 4'd1;
  localparam logic [3:0] Int32  = 4'd2;
  localparam logic [3:0] Fp32   = 4'd3;
  localparam logic [3:0] Bf16   = 4'd4;
  localparam logic [3:0] Fp16   = 4'd5;
  localparam logic [3:0] E5m2   = 4'd6;
  localparam logic [3:0] E4m3   = 4'd7;
  localparam logic [3:0] E4m3fn = 4'd8;

  localparam logic [31:0] CanonicalNan = 32'h7fc00000;
  localparam logic [31:0] Infinity     = 32'h7f800000;

  // Operand form as the FP32 number of the same value: x in bits 31:16, low in 15:13, the rest 0. Codes of 8 bits stand in the
  // low byte. All but bf16 go one way: exponent and a 10-bit mantissa, as fp16 has them; an e5m2 code is the upper byte of one.
  function automatic logic [31:0] decoded(logic [31:0] code, logic [3:0] format);
    logic [31:0] half, sign, exponent, mantissa, offset, top, zeros, m, special, magnitude;
    half     = (format == E5m2) ? code << 8 : code;
    sign     = ((format == Fp16) | (format == E5m2)) ? half << 16 : code << 24;
    exponent = ((format == Fp16) | (format == E5m2)) ? (half >> 10) & 32'h1f : (code >> 3) & 32'hf;
    mantissa = ((format == Fp16) | (format == E5m2)) ? half & 32'h3ff : (code & 32'h7) << 7;
    top      = ((format == Fp16) | (format == E5m2)) ? 32'd31 : 32'd15;   // exponent field of infinity and NaN
    offset   = ((format == Fp16) | (format == E5m2)) ? 32'd112 : 32'd120;  // 127 minus the format's bias
    // Subnormal, mantissa != 0: moves up by 1 ... 10 until its leading one stands in bit 10 and drops out; four steps of 8, 4, 2, 1
    // count it. The exponent is 1 + offset less the move: at least 113 - 10, positive.
    m        = mantissa;
    zeros    = (m < 32'h008) ? 32'd8 : 32'd0;
    m        = (m < 32'h008) ? m << 8 : m;
    zeros    = (m < 32'h080) ? zeros + 32'd4 : zeros;
    m        = (m < 32'h080) ? m << 4 : m;
    zeros    = (m < 32'h200) ? zeros + 32'd2 : zeros;
    m        = (m < 32'h200) ? m << 2 : m;
    zeros    = (m < 32'h400) ? zeros + 32'd1 : zeros;
    m        = (m < 32'h400) ? m << 1 : m;
    special  = ((exponent == top) & !((format == E4m3fn) & (mantissa != 32'h380))) ? 32'd1 : 32'd0;
    // exponent field (8 bits at 23) and mantissa (10 bits at 13)
    magnitude = (special != 32'd0) ? Infinity | (mantissa << 13)
              : (exponent != 32'd0) ? ((exponent + offset) << 23) | (mantissa << 13)
              : (mantissa != 32'd0) ? ((offset + 32'd1 - zeros) << 23) | ((m & 32'h3ff) << 13)
              : 32'd0;
    decoded = (format == Bf16) ? code << 16 : (sign & 32'h80000000) | magnitude;
  endfunction

  function automatic logic is_signalling(logic [31:0] fp32);
    is_signalling = ((fp32 & 32'h7fffffff) > Infinity) & !fp32[22];
  endfunction

  // NaNs become the canonical one.
  function automatic logic [31:0] canonical(logic [31:0] fp32);
    canonical = ((fp32 & 32'h7fffffff) > Infinity) ? CanonicalNan : fp32;
  endfunction

endpackage
