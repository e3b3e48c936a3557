// SPDX-License-Identifier: Apache-2.0
// Purpose: FP32 to a narrower floating-point format or to an integer, and the random numbers of stochastic rounding (spec 17.5).
// Latency: combinational.
// Formats: FP32 in; codes of bf16, fp16, e5m2, e4m3, e4m3fn, or int8, uint8, int32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: to nearest even, or stochastic (narrow formats); above the range infinity, NaN or, with saturate, the largest number.
// Twin: model/common/narrow.hpp
package npu_narrow_pkg;

  // Constants of a narrow format.
  function automatic logic [31:0] mantissa_bits(logic [3:0] format);
    mantissa_bits = (format == npu_format_pkg::Bf16) ? 32'd7 : (format == npu_format_pkg::Fp16) ? 32'd10
                  : (format == npu_format_pkg::E5m2) ? 32'd2 : 32'd3;
  endfunction

  // FP32 exponent field of the smallest normal number: 128 - bias.
  function automatic logic [31:0] least_exponent(logic [3:0] format);
    least_exponent = (format == npu_format_pkg::Bf16) ? 32'd1
                   : ((format == npu_format_pkg::Fp16) | (format == npu_format_pkg::E5m2)) ? 32'd113 : 32'd121;
  endfunction

  function automatic logic [31:0] largest_code(logic [3:0] format);
    largest_code = (format == npu_format_pkg::Bf16) ? 32'h7f7f : (format == npu_format_pkg::Fp16) ? 32'h7bff
                 : (format == npu_format_pkg::E5m2) ? 32'h7b : (format == npu_format_pkg::E4m3) ? 32'h77 : 32'h7e;
  endfunction

  function automatic logic [31:0] nan_code(logic [3:0] format);
    nan_code = (format == npu_format_pkg::Bf16) ? 32'h7fc0 : (format == npu_format_pkg::Fp16) ? 32'h7e00
             : (format == npu_format_pkg::E5m2) ? 32'h7e : (format == npu_format_pkg::E4m3) ? 32'h7c : 32'h7f;
  endfunction

  // The smallest FP32 number that rounds to the smallest normal number at unbounded exponent: half a last place of the binade below
  // less than that. Above bf16's smallest normal there are normal FP32 numbers, below it subnormal ones.
  function automatic logic [31:0] normal_from(logic [3:0] format);
    normal_from = (format == npu_format_pkg::Bf16) ? 32'h007fc000 : (format == npu_format_pkg::Fp16) ? 32'h387ff000
                : (format == npu_format_pkg::E5m2) ? 32'h38700000 : 32'h3c780000;
  endfunction

  // {flags, code}. random is 16 bits.
  function automatic logic [35:0] narrow(logic [31:0] x, logic [3:0] format, logic saturate, logic stochastic, logic [31:0] random);
    logic [31:0] magnitude, exponent, significand, below, dropped, kept, fraction, up, code, limit, beyond, sign, result;
    logic        nan, infinite, too_large, inexact, tiny;
    magnitude   = x & 32'h7fffffff;
    exponent    = (magnitude < 32'h00800000) ? 32'd1 : magnitude >> 23;
    significand = (magnitude < 32'h00800000) ? magnitude : (magnitude & 32'h007fffff) | 32'h00800000;
    // Bits below the format's last place: 13 ... 21, more below its smallest normal number. From 41 on nothing changes any more.
    below    = (exponent < least_exponent(format)) ? least_exponent(format) - exponent : 32'd0;
    dropped  = 32'd23 - mantissa_bits(format) + below;
    dropped  = (dropped > 32'd41) ? 32'd41 : dropped;
    kept     = (dropped > 32'd31) ? 32'd0 : significand >> dropped[4:0];
    // What is dropped, as a fraction of 32 bits. Beyond 32 dropped bits it lies below 2^-8 and its lowest bit says "not zero", which neither
    // rounding looks at: to nearest asks for more than a half, stochastic for the upper 17 bits.
    fraction = (dropped > 32'd32) ? (significand >> (dropped[4:0])) | ((significand != 32'd0) ? 32'd1 : 32'd0)
                                  : significand << (5'd0 - dropped[4:0]);
    up = stochastic ? ((fraction >> 15) + (random << 1) + 32'd1) >> 17  // 17 bits each: the carry
                    : ((fraction > 32'h80000000) | ((fraction == 32'h80000000) & kept[0])) ? 32'd1 : 32'd0;
    // The leading one counts the exponent field up by one, so does a carry: at most 255 * 2^10 + 2^11.
    code      = (((exponent > least_exponent(format)) ? exponent - least_exponent(format) : 32'd0) << mantissa_bits(format)) + kept + up;
    nan       = magnitude > npu_format_pkg::Infinity;
    infinite  = magnitude == npu_format_pkg::Infinity;
    too_large = code > largest_code(format);  // infinity too
    inexact   = fraction != 32'd0;
    limit     = stochastic ? least_exponent(format) << 23 : normal_from(format);
    tiny      = magnitude < limit;

    sign   = ((format == npu_format_pkg::Bf16) | (format == npu_format_pkg::Fp16)) ? (x >> 16) & 32'h8000 : (x >> 24) & 32'h80;
    beyond = saturate ? sign | largest_code(format)
           : (format == npu_format_pkg::E4m3fn) ? nan_code(format) : sign | (largest_code(format) + 32'd1);
    result = nan ? nan_code(format) : too_large ? beyond : sign | code;
    narrow = {nan ? {!x[22], 3'b000} : infinite ? 4'b0000 : too_large ? 4'b0101 : {2'b00, inexact & tiny, inexact}, result};
  endfunction

  // {flags, value}: int8 and int32 sign-extended, uint8 zero-extended.
  function automatic logic [35:0] to_integer(logic [31:0] x, logic [3:0] format);
    logic [31:0] magnitude, exponent, significand, right, kept, fraction, up, whole, limit, value;
    logic        negative, nan, outside;
    magnitude   = x & 32'h7fffffff;
    negative    = x[31];
    exponent    = magnitude >> 23;
    significand = (magnitude < 32'h00800000) ? magnitude : (magnitude & 32'h007fffff) | 32'h00800000;
    // Numbers below 2^23 lose up to 32 bits to the right (then they are less than a half), those from 2^23 to 2^32 move left by at most 8.
    right    = (exponent < 32'd118) ? 32'd32 : 32'd150 - exponent;
    kept     = (exponent > 32'd149) ? significand << 5'(exponent - 32'd150) : (right > 32'd31) ? 32'd0 : significand >> right[4:0];
    fraction = (exponent > 32'd149) ? 32'd0 : significand << (5'd0 - right[4:0]);
    up       = ((fraction > 32'h80000000) | ((fraction == 32'h80000000) & kept[0])) ? 32'd1 : 32'd0;
    whole    = kept + up;
    limit    = (format == npu_format_pkg::Int8) ? 32'h7f : (format == npu_format_pkg::Uint8) ? 32'hff : 32'h7fffffff;
    limit    = !negative ? limit : (format == npu_format_pkg::Uint8) ? 32'd0 : limit + 32'd1;
    nan      = magnitude > npu_format_pkg::Infinity;
    outside  = (exponent > 32'd158) | (whole > limit);
    whole    = outside ? limit : whole;
    value    = nan ? 32'd0 : negative ? 32'd0 - whole : whole;
    to_integer = {nan | outside, 2'b00, !nan & !outside & (fraction != 32'd0), value};
  endfunction

  // Any FP32 number to any destination of the activation unit (spec 17.9, stage 2), fp32 unchanged.
  function automatic logic [35:0] converted(logic [31:0] x, logic [3:0] format, logic saturate, logic stochastic, logic [31:0] random);
    converted = (format == npu_format_pkg::Fp32) ? {4'b0000, x}
              : (format < npu_format_pkg::Fp32) ? to_integer(x, format) : narrow(x, format, saturate, stochastic, random);
  endfunction

  // x where it is positive; +0 for zero and negative numbers; NaN becomes canonical (spec 17.5.7).
  function automatic logic [31:0] relu(logic [31:0] x);
    relu = ((x & 32'h7fffffff) > npu_format_pkg::Infinity) ? npu_format_pkg::CanonicalNan : x[31] ? 32'd0 : x;
  endfunction

  // xorshift32: one step of the generator; never 0 again once it is not 0. The random number of a state is its upper half.
  function automatic logic [31:0] next_state(logic [31:0] state);
    logic [31:0] s;
    s = state ^ (state << 13);
    s = s ^ (s >> 17);
    next_state = s ^ (s << 5);
  endfunction

  // First state of a lane; the product wraps modulo 2^32.
  function automatic logic [31:0] seeded(logic [31:0] seed, logic [31:0] lane);
    logic [31:0] v;
    v      = seed ^ ((lane + 32'd1) * 32'h9e3779b9);
    seeded = (v == 32'd0) ? 32'd1 : v;
  endfunction

endpackage
