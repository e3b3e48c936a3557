// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point adder of the tile: an exact product, or any FP32 number, plus an FP32 number, rounded once (spec 17.5).
// Latency: combinational.
// Formats: first addend sign, wide exponent and significand of up to 24 bits; second addend and sum FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: to nearest, ties to even; gradual underflow; overflow gives infinity; tininess is seen after rounding.
// Twin: model/pe/fma.hpp
package npu_fused_add_pkg;

  // The adder's frame: 24 bits with the leading one in bit 28, and five guard bits. The carry has room in bit 29. The value is
  // significand * 2^(exponent - 127 - 28). All is written in 32-bit words and choices between them, which simulate as vector code.

  // Exponent of an FP32 number as the frame has it: subnormal numbers have that of the smallest normal number.
  function automatic logic [31:0] exponent_of(logic [31:0] magnitude);
    exponent_of = ((magnitude >> 23) == 32'd0) ? 32'd1 : magnitude >> 23;
  endfunction

  // 24 bits with the leading one of normal numbers, in the frame.
  function automatic logic [31:0] significand_of(logic [31:0] magnitude);
    significand_of = ((magnitude & 32'h007fffff) | ((magnitude < 32'h00800000) ? 32'd0 : 32'h00800000)) << 5;
  endfunction

  // Flipping the quiet bit leaves only signalling NaNs above the canonical NaN.
  function automatic logic is_signalling(logic [31:0] x);
    is_signalling = ((x & 32'h7fffffff) ^ 32'h00400000) > npu_format_pkg::CanonicalNan;
  endfunction

  // {flags, p + c}. p is sign (in bit 31), exponent (signed, -400 ... 400) and significand: leading one in bit 28, 27 or 26, or anywhere
  // below when the exponent is at most 1; zero has an exponent of at most 1. infinite, nan, invalid tell what else the first addend
  // is: an infinity of this sign, a NaN result, a NaN result that raises invalid.
  function automatic logic [35:0] sum(logic [31:0] sign, logic [31:0] exponent, logic [31:0] significand,
                                      logic infinite, logic nan, logic invalid, logic [31:0] c);
    logic [31:0] c_magnitude, c_exponent, c_significand, difference, distance, larger, smaller, top, moved;
    logic [31:0] total, magnitude, t, zeros, shift, rounded, finite, value, flags;
    logic        above, opposite, c_infinite, clash;
    c_magnitude   = c & 32'h7fffffff;
    c_exponent    = exponent_of(c_magnitude);
    c_significand = significand_of(c_magnitude);

    // The addend with the smaller exponent moves right by up to some 600, which leaves nothing from 29 on. Bits that leave the word are
    // or-ed into bit 0. That happens from a distance of 6 on (five guard bits): then the larger addend is at least 2^26, or its exponent
    // is 1, and the smaller one below 2^23, so the sum keeps its leading one at bit 25 or above, or its exponent at 1: bit 0 comes to stand
    // in bit 4 at most below, under the bit that decides the rounding, bit 5.
    difference = exponent - c_exponent;
    above      = $signed(difference) >= 0;
    distance   = above ? difference : 32'd0 - difference;
    larger     = above ? significand : c_significand;
    smaller    = above ? c_significand : significand;
    top        = above ? exponent : c_exponent;
    moved      = smaller >> distance;
    moved      = ((moved << distance) != smaller) ? moved | 32'd1 : moved;

    // Sum or difference of magnitudes: both below 2^29, so 30 bits and a sign. A negative difference turns the sign.
    opposite  = $signed(sign ^ c) < 0;
    total     = opposite ? larger - moved : larger + moved;
    magnitude = ($signed(total) < 0) ? 32'd0 - total : total;

    // Leading zeros from bit 29 on, 31 for zero; the shift stops where the exponent would fall below that of the smallest normal
    // number. Afterwards bit 29 has the weight of exponent top - shift + 1 >= 1.
    t     = magnitude;
    zeros = (t < 32'h00004000) ? 32'd16 : 32'd0;
    t     = (t < 32'h00004000) ? t << 16 : t;
    zeros = (t < 32'h00400000) ? zeros + 32'd8 : zeros;
    t     = (t < 32'h00400000) ? t << 8 : t;
    zeros = (t < 32'h04000000) ? zeros + 32'd4 : zeros;
    t     = (t < 32'h04000000) ? t << 4 : t;
    zeros = (t < 32'h10000000) ? zeros + 32'd2 : zeros;
    t     = (t < 32'h10000000) ? t << 2 : t;
    zeros = (t < 32'h20000000) ? zeros + 32'd1 : zeros;
    shift = (zeros > top) ? top : zeros;  // zeros <= 31
    t     = magnitude << shift[4:0];

    // Six bits below the last place: half up, or at the tie when the last place is odd. Below 2^30 + 32, nothing is lost. Adding the
    // 24 bits to the exponent field lets the leading one, or a carry into it, count the exponent up: (400 + 2) * 2^23 < 2^32.
    rounded = (t + 32'd31 + ((t >> 6) & 32'd1)) >> 6;
    finite  = ((top - shift) << 23) + rounded;

    // Below 2^29 the number is subnormal; from 2^29 - 2^4 on, rounding to 24 bits of its own exponent would still have made it normal.
    flags = (finite >= npu_format_pkg::Infinity) ? 32'b0101
          : ((t & 32'd63) == 32'd0) ? 32'b0000 : (t < 32'h1ffffff0) ? 32'b0011 : 32'b0001;
    value = (((above ? sign : c) ^ total) & 32'h80000000) | ((finite > npu_format_pkg::Infinity) ? npu_format_pkg::Infinity : finite);
    value = (magnitude == 32'd0) ? sign & c & 32'h80000000 : value;
    flags = (magnitude == 32'd0) ? 32'd0 : flags;

    c_infinite = c_magnitude == npu_format_pkg::Infinity;
    clash      = infinite & c_infinite & opposite;
    value = infinite ? (sign & 32'h80000000) | npu_format_pkg::Infinity : c_infinite ? c : value;
    value = (nan | clash | (c_magnitude > npu_format_pkg::Infinity)) ? npu_format_pkg::CanonicalNan : value;
    flags = (infinite | nan | (c_magnitude >= npu_format_pkg::Infinity)) ? 32'b0000 : flags;
    flags = (invalid | clash | is_signalling(c)) ? 32'b1000 : flags;
    sum = {flags[3:0], value};
  endfunction

  // {flags, x + y}, both FP32 (spec 17.5.2).
  function automatic logic [35:0] add(logic [31:0] x, logic [31:0] y);
    logic [31:0] magnitude;
    magnitude = x & 32'h7fffffff;
    add = sum(x, exponent_of(magnitude), significand_of(magnitude), magnitude == npu_format_pkg::Infinity,
              magnitude > npu_format_pkg::Infinity, is_signalling(x), y);
  endfunction

endpackage
