// SPDX-License-Identifier: Apache-2.0
// Purpose: the processing element as pure functions: psum + act * weight (spec 5.1), shared by the row and by npu_pe.
// Latency: combinational.
// Formats: operands sext(byte) + 256*high, so int8 or uint8; product 18 bits signed at most; psum INT32.
// Overflow, rounding: psum wraps modulo 2^32; nothing is rounded.
// Twin: model/pe/pe.hpp
package npu_pe_pkg;

  // psum + act * weight of the signed bytes. |product| <= 2^14; the factors are extended to 32 bits first, so that product and
  // sum are plain 32-bit operations (a synthesis tool sees the sign bits and builds an 8x8 multiplier).
  function automatic logic [31:0] mac(logic [31:0] psum, logic [7:0] act, logic [7:0] weight);
    logic signed [31:0] a, w;
    a   = 32'($signed(act));
    w   = 32'($signed(weight));
    mac = psum + (a * w);
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
