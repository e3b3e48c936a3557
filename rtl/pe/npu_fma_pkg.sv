// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point processing element as a pure function: a * b + c, rounded once (spec 17.5.1).
// Latency: combinational.
// Formats: a, b in the operand form, as FP32 patterns with 10 mantissa bits; c and result FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: the product is exact; the sum is rounded by npu_fused_add_pkg.
// Twin: model/pe/fma.hpp
package npu_fma_pkg;

  // Significand of an operand, 11 bits with the leading one of normal numbers.
  function automatic logic [31:0] significand_of(logic [31:0] magnitude);
    significand_of = (magnitude < 32'h00800000) ? magnitude >> 13 : ((magnitude >> 13) & 32'h3ff) | 32'h400;
  endfunction

  // {flags, a * b + c}
  function automatic logic [35:0] fma(logic [31:0] a, logic [31:0] b, logic [31:0] c);
    logic [31:0] a_magnitude, b_magnitude, greater, product, zeros, exponent;
    logic        nan, infinite, void_product, signalling;
    a_magnitude = a & 32'h7fffffff;
    b_magnitude = b & 32'h7fffffff;
    // 11 by 11 bits: below 2^22; moved up by 5, two normal operands give a leading one in bit 25 or 26 of the adder's frame.
    product = (significand_of(a_magnitude) * significand_of(b_magnitude)) << 5;
    // A subnormal operand (7 bits below the leading one) adds up to 7 leading zeros. With two of them some may stay, but then the
    // exponent is 1 + 1 - 126 at most, as the adder wants it.
    zeros    = (product < 32'h00080000) ? 32'd8 : 32'd0;
    product  = (product < 32'h00080000) ? product << 8 : product;
    zeros    = (product < 32'h00800000) ? zeros + 32'd4 : zeros;
    product  = (product < 32'h00800000) ? product << 4 : product;
    zeros    = (product < 32'h02000000) ? zeros + 32'd2 : zeros;
    product  = (product < 32'h02000000) ? product << 2 : product;
    zeros    = (product < 32'h04000000) ? zeros + 32'd1 : zeros;
    product  = (product < 32'h04000000) ? product << 1 : product;
    // Bit 26 weighs one more than the sum of the exponents less the bias: -139 ... 382 for finite operands. A zero product must not
    // look larger than c.
    exponent = npu_fused_add_pkg::exponent_of(a_magnitude) + npu_fused_add_pkg::exponent_of(b_magnitude) - 32'd126 - zeros;
    exponent = (product == 32'd0) ? 32'd0 : exponent;

    greater      = (a_magnitude > b_magnitude) ? a_magnitude : b_magnitude;
    nan          = greater > npu_format_pkg::Infinity;
    infinite     = greater == npu_format_pkg::Infinity;  // at least one, and no NaN
    void_product = infinite & (product == 32'd0);
    signalling   = npu_format_pkg::is_signalling(a) | npu_format_pkg::is_signalling(b);
    fma = npu_fused_add_pkg::sum(a ^ b, exponent, product, infinite & !void_product, nan | void_product, signalling | void_product, c);
  endfunction

endpackage
