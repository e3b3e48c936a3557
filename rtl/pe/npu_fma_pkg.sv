// SPDX-License-Identifier: Apache-2.0
// Purpose: the floating-point processing element as a pure function: a * b + c, rounded once (spec 17.5.1).
// Latency: combinational.
// Formats: a, b in the operand form, as FP32 patterns with 10 mantissa bits; c and result FP32; flags {invalid, overflow, underflow, inexact}.
// Overflow, rounding: the product is exact; the sum is rounded by npu_fused_add_pkg.
// Twin: model/pe/fma.hpp
package npu_fma_pkg;

  // Significand of an operand, 11 bits with the leading one of normal numbers.
  function automatic logic [31:0] significand_of(logic [31:0] magnitude);
    significand_of = ((magnitude >> 13) & 32'h3ff) | ((magnitude < 32'h00800000) ? 32'd0 : 32'h400);
  endfunction

  // {flags, a * b + c}
  function automatic logic [35:0] fma(logic [31:0] a, logic [31:0] b, logic [31:0] c);
    logic [31:0] a_magnitude, b_magnitude, greater, product, exponent;
    logic        infinite, void_product;
    a_magnitude = a & 32'h7fffffff;
    b_magnitude = b & 32'h7fffffff;
    // 11 by 11 bits: below 2^22; moved up by 7, two normal operands give a leading one in bit 27 or 28 of the adder's frame. Bit 28
    // weighs one more than the sum of the exponents less the bias.
    product  = (significand_of(a_magnitude) * significand_of(b_magnitude)) << 7;
    exponent = npu_fused_add_pkg::exponent_of(a_magnitude) + npu_fused_add_pkg::exponent_of(b_magnitude) - 32'd126;
    // A subnormal operand (7 bits below the leading one) adds up to 7 leading zeros: 8 become 2, as the adder wants it. With two
    // subnormal operands more may stay, but then the exponent is 1 + 1 - 126. A zero product must not look larger than c.
    exponent = (product < 32'h01000000) ? exponent - 32'd4 : exponent;
    product  = (product < 32'h01000000) ? product << 4 : product;
    exponent = (product < 32'h04000000) ? exponent - 32'd2 : exponent;
    product  = (product < 32'h04000000) ? product << 2 : product;
    exponent = (product == 32'd0) ? 32'd0 : exponent;

    greater      = (a_magnitude > b_magnitude) ? a_magnitude : b_magnitude;
    infinite     = (greater == npu_format_pkg::Infinity) & (product != 32'd0);
    void_product = (greater == npu_format_pkg::Infinity) & (product == 32'd0);
    fma = npu_fused_add_pkg::sum(a ^ b, exponent, product, infinite, (greater > npu_format_pkg::Infinity) | void_product,
                                 npu_fused_add_pkg::is_signalling(a) | npu_fused_add_pkg::is_signalling(b) | void_product, c);
  endfunction

endpackage
