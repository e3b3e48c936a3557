// SPDX-License-Identifier: Apache-2.0
// Purpose: the processing element as pure functions: psum + act * weight (spec 5.1), shared by the row and by npu_pe.
// Latency: combinational.
// Formats: operands sext(byte) + 256*high, so int8 or uint8; product 17 bits signed; psum INT32.
// Overflow, rounding: psum wraps modulo 2^32; nothing is rounded.
// Twin: model/pe/mac.hpp
package npu_pe_pkg;

  // Sign extension of a byte, as (x ^ 128) - 128: the C++ compiler behind a simulator turns this form, and none of the usual
  // ones, into a single vector move for a whole row (measured: the array runs 1.2 to 1.6 times as fast).
  function automatic logic [31:0] extend(logic [7:0] x);
    extend = ({24'd0, x} ^ 32'h80) - 32'h80;  // 0 ... 255 minus 128 around the flipped sign bit: -128 ... 127
  endfunction

  // psum + act * weight of the signed bytes. |product| <= 2^14; the factors are extended to 32 bits first, so that product and
  // sum are plain 32-bit operations, exact in their low 32 bits whatever the signs.
  function automatic logic [31:0] mac(logic [31:0] psum, logic [7:0] act, logic [7:0] weight);
    mac = psum + extend(act) * extend(weight);
  endfunction

  // What the high bits add to the signed product: (a + 256*ah) * (w + 256*wh) - a*w = 256*(ah*w + wh*a) + 65536*ah*wh.
  // ah*w + wh*a + 256*ah*wh lies in [-128, 254] (a high bit implies a negative byte), 9 bits signed; shifted by 8: 17 bits.
  function automatic logic [31:0] high_term(logic [7:0] act, logic act_high, logic [7:0] weight, logic weight_high);
    logic [31:0] by_act, by_weight;
    by_act    = {{16{weight[7]}}, weight, 8'd0} & {32{act_high}};
    by_weight = {{16{act[7]}}, act, 8'd0} & {32{weight_high}};
    high_term = by_act + by_weight + {15'd0, act_high & weight_high, 16'd0};
  endfunction

endpackage
