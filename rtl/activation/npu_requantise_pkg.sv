// SPDX-License-Identifier: Apache-2.0
// Purpose: requantisation, zero point and clamp as pure functions (spec 5.4, 5.5), cut where the pipeline has its registers.
// Latency: combinational.
// Formats: x INT32; multiplier 0 or [2^30, 2^31); shift 6 bits signed, -31 ... 30; product 64 bits signed; y INT32.
// Overflow, rounding: saturates to INT32 and tells; double: half up, then half away from zero; single: half up once.
// Twin: model/activation/requantise.hpp
package npu_requantise_pkg;

  // x * 2^max(shift, 0), exact: 32 bits shifted by at most 31 fit 63 bits signed.
  function automatic logic [63:0] shifted_left(logic [31:0] x, logic [5:0] shift);
    shifted_left = {{32{x[31]}}, x} << (shift[4:0] & {5{~shift[5]}});
  endfunction

  // Does a 64-bit signed value leave INT32? Its bits 63 ... 31 must all be equal.
  function automatic logic leaves_int32(logic [32:0] top);
    leaves_int32 = top[32:1] != {32{top[0]}};
  endfunction

  function automatic logic [31:0] sat32(logic [63:0] v);
    sat32 = leaves_int32(v[63:31]) ? {v[63], {31{~v[63]}}} : v[31:0];
  endfunction

  // First step: the product of section 5.4 before any rounding. |factor| <= 2^31, multiplier < 2^31: |product| < 2^62.
  function automatic logic [63:0] product(logic [31:0] x, logic [31:0] multiplier, logic [5:0] shift, logic single);
    logic [31:0] factor;
    logic signed [63:0] f, m;
    factor  = single ? x : sat32(shifted_left(x, shift));
    f       = {{32{factor[31]}}, factor};
    m       = {{32{multiplier[31]}}, multiplier};
    product = f * m;
  endfunction

  function automatic logic product_saturates(logic [31:0] x, logic [5:0] shift, logic single);
    product_saturates = !single && leaves_int32(33'(shifted_left(x, shift) >> 31));
  endfunction

  // Double, second step. h = floor((p + 2^30) / 2^31): |p + 2^30| < 2^63, h fits 32 bits. Then h / 2^e to nearest, ties away from
  // zero, e = 0 ... 31: the floor (arithmetic shift) plus one when the rest is above the half, or at the half and h >= 0.
  // rest and half are below 2^31; floor + 1 fits 32 bits, because it is added only when e > 0.
  function automatic logic [31:0] scaled_double(logic [63:0] p, logic [5:0] shift);
    logic signed [63:0] rounded;
    logic signed [31:0] h;
    logic [31:0]        floor, mask, rest, half;
    logic [4:0]         e;
    e       = (~shift[4:0] + 5'd1) & {5{shift[5]}};  // -shift for -31 ... -1, else 0: 5 bits
    rounded = p + 64'h40000000;
    h       = 32'(rounded >>> 31);
    floor   = h >>> e;
    mask    = ~(32'hffffffff << e);
    rest    = h & mask;
    half    = (mask >> 1) + {31'd0, h[31]};
    scaled_double = floor + {31'd0, rest > half};
  endfunction

  // Single, second step, before saturation: floor((p + 2^(30-s)) / 2^(31-s)). 31-s = 1 ... 62, so 2^(30-s) <= 2^61 and the sum
  // stays below 2^63 in magnitude; the result may need 63 bits.
  function automatic logic [63:0] scaled_single(logic [63:0] p, logic [5:0] shift);
    logic signed [63:0] sum;
    logic [5:0]         down;
    down          = 6'd30 - shift;  // 0 ... 61: 6 bits unsigned
    sum           = p + (64'd1 << down);
    scaled_single = (sum >>> down) >>> 1;
  endfunction

  function automatic logic [31:0] scaled(logic [63:0] p, logic [5:0] shift, logic single);
    scaled = single ? sat32(scaled_single(p, shift)) : scaled_double(p, shift);
  endfunction

  function automatic logic scaled_saturates(logic [63:0] p, logic [5:0] shift, logic single);
    scaled_saturates = single && leaves_int32(33'(scaled_single(p, shift) >> 31));
  endfunction

  // y + zero_point, exact in 33 bits.
  function automatic logic [32:0] with_zero_point(logic [31:0] y, logic [8:0] zero_point);
    with_zero_point = {y[31], y} + {{24{zero_point[8]}}, zero_point};
  endfunction

  // The destination is UINT8 (bits 32 ... 8 of the sum are 0) or INT8 (bits 32 ... 7 are equal).
  function automatic logic leaves_destination(logic [31:0] y, logic [8:0] zero_point, logic output_unsigned);
    logic [25:0] z;
    z = 26'(with_zero_point(y, zero_point) >> 7);
    leaves_destination = output_unsigned ? z[25:1] != 25'd0 : z != {26{z[0]}};
  endfunction

  // min(max(z, lo), hi), sign-extended to 32 bits; the bounds are 9 bits signed, so the result is too.
  function automatic logic [31:0] clamped(logic [32:0] z, logic [8:0] lo, logic [8:0] hi);
    logic signed [32:0] low, high, at_least;
    low      = {{24{lo[8]}}, lo};
    high     = {{24{hi[8]}}, hi};
    at_least = ($signed(z) < low) ? low : $signed(z);
    clamped  = (at_least > high) ? high[31:0] : at_least[31:0];
  endfunction

endpackage
