// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point adder of the tile: an exact product, or any FP32 number, plus an FP32 number, rounded once (spec 17.5).
// Latency: combinational.
// Formats: first addend sign, wide exponent and 24-bit significand; second addend and sum FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: to nearest, ties to even; gradual underflow; overflow gives infinity; tininess is seen after rounding.
// Twin: model/pe/fma.hpp
package npu_fused_add_pkg;

  // A significand in the adder's frame has its leading one in bit 26: 24 bits and three guard bits, with room for the carry in bit
  // 27. Its value is significand * 2^(exponent - 127 - 26).

  // Exponent of an FP32 number as the frame has it: subnormals have that of the smallest normal number.
  function automatic logic [31:0] exponent_of(logic [31:0] magnitude);
    exponent_of = (magnitude < 32'h00800000) ? 32'd1 : magnitude >> 23;
  endfunction

  // 24 bits with the leading one of normal numbers, in the frame.
  function automatic logic [31:0] significand_of(logic [31:0] magnitude);
    significand_of = ((magnitude < 32'h00800000) ? magnitude : (magnitude & 32'h007fffff) | 32'h00800000) << 3;
  endfunction

  // {flags, p + c}. p is sign (in bit 31), exponent (signed, -400 ... 400) and significand, whose leading one stands in bit 26 unless its
  // exponent is at most 1 (then it may stand lower; zero has an exponent of at most 1). infinite, nan, invalid tell what else the
  // first addend is: an infinity with this sign, a NaN result, a NaN result that raises invalid.
  function automatic logic [35:0] sum(logic [31:0] sign, logic [31:0] exponent, logic [31:0] significand,
                                      logic infinite, logic nan, logic invalid, logic [31:0] c);
    logic [31:0] c_magnitude, c_exponent, c_significand, difference, distance, larger, smaller, top, moved;
    logic [31:0] total, magnitude, result_sign, t, zeros, shift, rounded, finite, value;
    logic        above, opposite, c_infinite, c_nan, clash, is_nan, is_infinite, too_large, inexact, tiny;
    c_magnitude   = c & 32'h7fffffff;
    c_exponent    = exponent_of(c_magnitude);
    c_significand = significand_of(c_magnitude);

    // The addend with the smaller exponent moves right. Distances beyond 31 behave as 31: all 27 bits are gone by then, and one bit
    // that stands for everything that was moved out (it is or-ed to bit 0) is all that is left. What the rounding sees is exact: with a
    // distance of 2 or more the larger addend has its leading one in bit 26 or exponent 1, so at most one of the three guard bits is
    // shifted in again below.
    difference = exponent - c_exponent;
    above      = !difference[31];
    distance   = above ? difference : 32'd0 - difference;
    distance   = (distance > 32'd31) ? 32'd31 : distance;
    larger     = above ? significand : c_significand;
    smaller    = above ? c_significand : significand;
    top        = above ? exponent : c_exponent;
    moved      = smaller >> distance[4:0];
    moved      = ((moved << distance[4:0]) != smaller) ? moved | 32'd1 : moved;

    // Sum or difference of magnitudes: both below 2^27, so 28 bits and a sign. A negative difference turns the sign.
    opposite    = 1'((sign ^ c) >> 31);
    total       = opposite ? larger - moved : larger + moved;
    magnitude   = total[31] ? 32'd0 - total : total;
    result_sign = (above ? sign : c) ^ total;
    result_sign = (magnitude == 32'd0) ? sign & c : result_sign;

    // Leading zeros from bit 27 on, 31 for zero; the shift stops where the exponent would fall below that of the smallest normal
    // number. Afterwards bit 27 has the weight of exponent top - shift + 1 >= 1.
    t     = magnitude;
    zeros = (t < 32'h00001000) ? 32'd16 : 32'd0;
    t     = (t < 32'h00001000) ? t << 16 : t;
    zeros = (t < 32'h00100000) ? zeros + 32'd8 : zeros;
    t     = (t < 32'h00100000) ? t << 8 : t;
    zeros = (t < 32'h01000000) ? zeros + 32'd4 : zeros;
    t     = (t < 32'h01000000) ? t << 4 : t;
    zeros = (t < 32'h04000000) ? zeros + 32'd2 : zeros;
    t     = (t < 32'h04000000) ? t << 2 : t;
    zeros = (t < 32'h08000000) ? zeros + 32'd1 : zeros;
    shift     = (zeros > top) ? top : zeros;  // zeros <= 31
    magnitude = magnitude << shift[4:0];

    // Four bits below the last place: half up, or at the tie when the last place is odd. Below 2^28 + 8, nothing is lost. Adding the
    // 24 bits to the exponent field lets the leading one, or a carry into it, count the exponent up: (400 + 2) * 2^23 < 2^32.
    rounded   = (magnitude + 32'd7 + ((magnitude >> 4) & 32'd1)) >> 4;
    finite    = (magnitude == 32'd0) ? 32'd0 : ((top - shift) << 23) + rounded;
    too_large = finite >= npu_format_pkg::Infinity;
    inexact   = (magnitude & 32'd15) != 32'd0;
    // Below 2^27 the number is subnormal; from 2^27 - 4 on, rounding to 24 bits of its own exponent would still have made it normal.
    tiny      = magnitude < 32'h07fffffc;

    c_infinite  = c_magnitude == npu_format_pkg::Infinity;
    c_nan       = c_magnitude > npu_format_pkg::Infinity;
    clash       = infinite & c_infinite & opposite;
    is_nan      = nan | c_nan | clash;
    is_infinite = infinite | c_infinite;
    value = is_nan ? npu_format_pkg::CanonicalNan
          : is_infinite ? ((infinite ? sign : c) & 32'h80000000) | npu_format_pkg::Infinity
          : (result_sign & 32'h80000000) | (too_large ? npu_format_pkg::Infinity : finite);
    sum = {(is_nan | is_infinite) ? {invalid | clash | npu_format_pkg::is_signalling(c), 3'b000}
                                  : {1'b0, too_large, inexact & tiny, inexact | too_large}, value};
  endfunction

  // {flags, x + y}, both FP32 (spec 17.5.2).
  function automatic logic [35:0] add(logic [31:0] x, logic [31:0] y);
    logic [31:0] magnitude;
    magnitude = x & 32'h7fffffff;
    add = sum(x, exponent_of(magnitude), significand_of(magnitude), magnitude == npu_format_pkg::Infinity,
              magnitude > npu_format_pkg::Infinity, npu_format_pkg::is_signalling(x), y);
  endfunction

endpackage
