# SPDX-License-Identifier: Apache-2.0
"""The floating-point datapath."""
from units import Mutant, Unit

FORMAT, NARROW, ADD, FMA = ("rtl/common/npu_format_pkg.sv", "rtl/common/npu_narrow_pkg.sv", "rtl/common/npu_fused_add_pkg.sv", "rtl/pe/npu_fma_pkg.sv")
FORMAT_HPP, NARROW_HPP, ADD_HPP, PRODUCT_HPP = ("model/common/float_format.hpp", "model/common/narrow.hpp", "model/common/fadd.hpp",
                                                "model/common/product.hpp")
NARROW_ONES = "bf16 fp16 e5m2 e4m3 e4m3fn"
FLAGS = "*-flags"
STOCHASTIC = "*-stochastic"
INTEGERS = "int8 uint8 int32"

DECODE = Unit("decode", "17.4, 17.5.8", "decode.smt2", top="npu_decode", model="decode", mutants=[
    Mutant(FORMAT, "32'd112 : 32'd120", "32'd113 : 32'd121", "exponents one too large", "fp16 e5m2 e4m3 e4m3fn operand"),
    Mutant(FORMAT, "(format == Bf16) ? code << 16", "(format == Bf16) ? code << 15", "bf16 one place too low", "bf16"),
    Mutant(FORMAT, "canonical = ((fp32 & 32'h7fffffff) > Infinity) ? CanonicalNan : fp32;", "canonical = fp32;", "NaNs keep their payload", NARROW_ONES),
    Mutant(FORMAT, "m        = (m < 32'h400) ? m << 1 : m;", "", "subnormal numbers one place too low", "operand"),
    Mutant(FORMAT_HPP, "const W normal = exponent + W(127 - l.bias);", "const W normal = exponent + W(128 - l.bias);", "exponents one too large", "fp16 e5m2 e4m3 e4m3fn operand"),
    Mutant(FORMAT_HPP, "return {select(nan == W(1), W(0x7FC00000), x), signalling << W(3)};", "return {x, signalling << W(3)};", "NaNs keep their payload", NARROW_ONES),
    Mutant(FORMAT_HPP, "return {select(nan == W(1), W(0x7FC00000), x), signalling << W(3)};", "return {select(nan == W(1), W(0x7FC00000), x), nan << W(4)};", "no invalid", "bf16"),
    Mutant(FORMAT_HPP, "W(l.smallest()) - up.flag);", "W(l.smallest() + 1) - up.flag);", "subnormal numbers twice as large", "operand"),
    Mutant(FORMAT_HPP, "<< W(10 - l.mantissa_bits);", "<< W(42 - l.mantissa_bits);", "a shift beyond the word", "defined"),
    Mutant(FORMAT_HPP, ">> W(l.mantissa_bits);", ">> (W(l.mantissa_bits) - magnitude);", "a shift by a negative number", "defined"),
])

CAST = Unit("cast", "17.5.3, 17.5.4, 17.5.6", "cast.smt2", top="npu_cast", model="cast", mutants=[
    Mutant(NARROW, ": ((fraction > 32'h80000000)", ": ((fraction >= 32'h80000000)", "ties go up", NARROW_ONES),
    Mutant(NARROW, "saturate ? sign | largest_code(format)", "saturate ? sign | (largest_code(format) - 32'd1)", "saturates one code too low", NARROW_ONES),
    Mutant(NARROW, "too_large ? 4'b0101", "too_large ? 4'b0100", "overflow is not inexact", FLAGS),
    Mutant(NARROW, "{2'b00, inexact & tiny, inexact}", "{2'b00, inexact, inexact}", "everything inexact underflows", FLAGS),
    Mutant(NARROW, "(random << 1) + 32'd1) >> 17", "(random << 1)) >> 17", "stochastic: one less is added", STOCHASTIC),
    Mutant(NARROW, "limit     = stochastic ? least_exponent(format) << 23 : normal_from(format);", "limit     = normal_from(format);", "stochastic: tiny as to nearest", STOCHASTIC),
    Mutant(NARROW, "up       = ((fraction > 32'h80000000)", "up       = ((fraction >= 32'h80000000)", "ties go up", INTEGERS),
    Mutant(NARROW, "!nan & !outside & (fraction", "!nan & (fraction", "what is outside may be inexact", INTEGERS),
    Mutant(NARROW_HPP, "const W nearest = one_if<W>(half < lost + (kept & W(1)));", "const W nearest = one_if<W>(half < lost + W(1));", "ties go up", NARROW_ONES),
    Mutant(NARROW_HPP, "select(saturate == W(1), W(l.max_finite),", "select(saturate == W(1), W(l.max_finite - 1),", "saturates one code too low", NARROW_ONES),
    Mutant(NARROW_HPP, "signed_code), inexact |", "signed_code), (inexact ^ overflow) |", "overflow is not inexact", FLAGS),
    Mutant(NARROW_HPP, "((inexact & tiny) << W(1)) | (overflow", "(inexact << W(1)) | (overflow", "everything inexact underflows", FLAGS),
    Mutant(NARROW_HPP, "fraction + (random << W(1)) + W(1))", "fraction + (random << W(1)))", "stochastic: one less is added", STOCHASTIC),
    Mutant(NARROW_HPP, "select(stochastic == W(1), smallest, smallest - margin)", "smallest - margin", "stochastic: tiny as to nearest", STOCHASTIC),
    Mutant(NARROW_HPP, "W(0), one_if<W>(half < lost + (kept & W(1))));", "W(0), one_if<W>(half < lost + W(1)));", "ties go up", INTEGERS),
    Mutant(NARROW_HPP, "(invalid ^ W(1)) & one_if<W>(W(0) < lost)", "one_if<W>(W(0) < lost)", "what is outside may be inexact", INTEGERS),
    Mutant(NARROW_HPP, "const W near = select(shift < W(31), shift, W(31));", "const W near = shift;", "shifts beyond the word", "defined"),
    Mutant(NARROW_HPP, "select(shift < W(48), shift - W(17), W(31))", "shift - W(17)", "shifts beyond the word", "defined"),
])

FADD = Unit("fadd", "17.5.2, 17.8", "fadd.smt2", top="npu_fp_accumulate", model="fadd", mutants=[
    Mutant(ADD, "moved      = ((moved << distance) != smaller) ? moved | 32'd1 : moved;", "", "what leaves the word is forgotten", "sum flags bf16"),
    Mutant(ADD, "(t + 32'd31 + ((t >> 6) & 32'd1)) >> 6", "(t + 32'd32) >> 6", "ties go up", "sum bf16"),
    Mutant(ADD, "(finite >= npu_format_pkg::Infinity) ? 32'b0101", "(finite > npu_format_pkg::Infinity) ? 32'b0101", "rounding up to infinity is no overflow", "flags"),
    Mutant(ADD_HPP, "const W low = shift_sticky(select(swap == W(1), p.significand, c.significand) << W(3), far);",
           "const W low = (select(swap == W(1), p.significand, c.significand) << W(3)) >> far;", "what leaves the word is forgotten", "sum flags bf16"),
    Mutant(ADD_HPP, "W(8) < (frame & W(15)) + (kept & W(1))", "W(7) < (frame & W(15))", "ties go up", "sum bf16"),
    Mutant(ADD_HPP, "| (overflow << W(2))}", "| (inexact << W(2))}", "everything inexact overflows", "flags"),
    Mutant(ADD_HPP, "const W far = select(distance < W(31), distance, W(31));", "const W far = distance;", "shifts beyond the word", "defined"),
    Mutant(ADD_HPP, "const W deep = select(below < W(0), W(0), below);", "const W deep = below;", "negative shifts", "defined"),
])

FMA_UNIT = Unit("fma", "17.5.1", "fma.smt2", top="prove_fma", frame="prove_fma.sv", model="fma", mutants=[
    Mutant(FMA, "? 32'd0 : 32'h400)", "? 32'd0 : 32'h800)", "the leading one stands too high", "factors possible"),
    Mutant(FMA, "(magnitude >> 13) & 32'h3ff", "(magnitude >> 13) & 32'h3fe", "the last place of an operand is lost", "factors"),
    Mutant(FMA, "(magnitude >> 13) & 32'h3ff", "(magnitude >> 13) & 32'hbff", "one bit too many of an operand", "possible"),
    Mutant(FMA, "- 32'd126;", "- 32'd125;", "products twice as large", "sum-narrow"),
    Mutant(FMA, "exponent = (product == 32'd0) ? 32'd0 : exponent;", "", "a zero product is as large as its exponent", "sum-narrow"),
    Mutant(ADD, "(t + 32'd31 + ((t >> 6) & 32'd1)) >> 6", "(t + 32'd32) >> 6", "ties go up", "sum-narrow"),
    Mutant(ADD, "((t & 32'd63) == 32'd0) ? 32'b0000", "((t & 32'd31) == 32'd0) ? 32'b0000", "a tie is exact", "flags-narrow"),
    Mutant(ADD, "moved      = ((moved << distance) != smaller) ? moved | 32'd1 : moved;", "", "what leaves the word is forgotten", "flags-narrow"),
    Mutant(FMA, "infinite     = (greater == npu_format_pkg::Infinity) & (product != 32'd0);", "infinite     = (greater == npu_format_pkg::Infinity);", "inf * 0 is infinite", "special"),
    Mutant(FMA, "npu_fused_add_pkg::is_signalling(a) | ", "", "a signalling operand is not invalid", "special"),
    Mutant(PRODUCT_HPP, "select(small == W(1), W(0), W(1024))", "select(small == W(1), W(0), W(2048))", "the leading one stands too high", "factors possible"),
    Mutant(PRODUCT_HPP, "((operand.x & W(127)) << W(3)) | (operand.low & W(7))", "((operand.x & W(127)) << W(3)) | (operand.low & W(6))", "the last place of an operand is lost", "factors"),
    Mutant(PRODUCT_HPP, "((operand.x & W(127)) << W(3)) | (operand.low & W(7))", "((operand.x & W(255)) << W(3)) | (operand.low & W(7))", "one bit too many of an operand", "possible"),
    Mutant(PRODUCT_HPP, "- W(124) -", "- W(123) -", "products twice as large", "sum-narrow"),
    Mutant(ADD_HPP, "W(8) < (frame & W(15)) + (kept & W(1))", "W(7) < (frame & W(15))", "ties go up", "sum-narrow"),
    Mutant(ADD_HPP, "| (overflow << W(2))}", "| (inexact << W(2))}", "everything inexact overflows", "flags-narrow"),
    Mutant(ADD_HPP, "one_if<W>(W(0) < (placed & W(15)))", "one_if<W>(W(8) < (placed & W(15)))", "a tie is exact", "flags-narrow"),
    Mutant(ADD_HPP, "p.infinite & c.infinite & (p.sign ^ c.sign)", "p.infinite & c.infinite & (p.sign | c.sign)", "two negative infinities clash", "special"),
    Mutant(PRODUCT_HPP, "(a.infinite & w.zero) | (a.zero & w.infinite)", "(a.infinite & w.zero)", "0 * inf is no NaN", "special"),
    Mutant(ADD_HPP, "const W far = select(distance < W(31), distance, W(31));", "const W far = distance;", "shifts beyond the word", "defined"),
    Mutant(ADD_HPP, "const W deep = select(below < W(0), W(0), below);", "const W deep = below;", "negative shifts", "defined"),
])

UNITS = [DECODE, CAST, FADD, FMA_UNIT]
