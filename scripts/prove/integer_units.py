# SPDX-License-Identifier: Apache-2.0
"""The integer datapath."""
from units import Mutant, Unit

PE, MAC_HPP = "rtl/pe/npu_pe_pkg.sv", "model/pe/mac.hpp"
REQUANTISE, REQUANTISE_HPP = "rtl/activation/npu_requantise_pkg.sv", "model/activation/requantise.hpp"
ACCUMULATE, WORD_HPP = "rtl/accumulators/npu_accumulate_pkg.sv", "model/common/word.hpp"

MAC = Unit("mac", "5.1", "mac.smt2", top="npu_pe", model="mac", mutants=[
    Mutant(PE, "^ 32'h80) - 32'h80", "^ 32'h80) - 32'h40", "bytes extended wrongly", "product-* psum overflow"),
    Mutant(PE, "{15'd0, act_high & weight_high, 16'd0}", "32'd0", "high times high lost", "product-u8-u8 psum overflow"),
    Mutant("rtl/pe/npu_pe.sv", "weight_high = weight_unsigned_i & weight_i[7]", "weight_high = weight_i[7]", "weights always unsigned", "product-?8-i8"),
    Mutant("rtl/pe/npu_pe.sv", "act_high    = act_unsigned_i & act_i[7]", "act_high    = 1'b0", "activations always signed", "product-u8-?8"),
    Mutant(PE, "by_act    = {{16{weight[7]}}", "by_act    = {{16{1'b0}}", "a negative weight beside an unsigned activation", "product-u8-i8"),
    Mutant(PE, "by_weight = {{16{act[7]}}", "by_weight = {{16{1'b0}}", "a negative activation beside an unsigned weight", "product-i8-u8"),
    Mutant("rtl/pe/npu_pe.sv", "psum_o  = npu_pe_pkg::mac(psum_i, act_i", "psum_o  = npu_pe_pkg::mac(psum_i, act_i ^ 8'd1", "another operand for the sum", "adds-product"),
    Mutant("rtl/pe/npu_pe.sv", "psum_o  = npu_pe_pkg::mac(psum_i,", "psum_o  = npu_pe_pkg::mac(psum_i >> 1,", "half the partial sum", "adds-product"),
    Mutant("rtl/pe/npu_pe.sv", "(psum_i ^ psum_o) & (product", "(psum_i ^ psum_o) | (product", "overflow asks one addend only", "overflow"),
    Mutant(MAC_HPP, "return (byte >> W(7)) & is_unsigned;", "return (byte >> W(7)) & W(1);", "operands always unsigned", "product-i8-* product-?8-i8 psum"),
    Mutant(MAC_HPP, "(high << W(8))", "(high << W(7))", "the high bit counts half", "product-u8-* product-?8-u8 psum"),
    Mutant(MAC_HPP, "return byte + (high", "return byte - (high", "the high bit counts down", "product-u8-u8"),
    Mutant(MAC_HPP, "return byte + (high", "return (byte ^ W(1)) + (high", "the lowest bit turned over", "product-*"),
    Mutant(MAC_HPP, "return wrap32(psum + ", "return wrap32(W(0) - psum + ", "the partial sum taken off", "adds-product"),
    Mutant(MAC_HPP, "return wrap32(psum + ", "return wrap32(psum - ", "the product taken off", "adds-product"),
    Mutant(MAC_HPP, "(high << W(8))", "(high << W(64))", "a shift by the width of the word", "defined"),
    Mutant(MAC_HPP, "(byte >> W(7))", "(byte >> (W(7) - is_unsigned - is_unsigned - W(6)))", "a shift by a negative number", "defined"),
])

ACCUMULATE_UNIT = Unit("accumulate", "5.2, 5.3", "accumulate.smt2", top="prove_accumulate", frame="prove_accumulate.sv", model="accumulate", mutants=[
    Mutant(ACCUMULATE, "sum = a + b;", "sum = a + b + 32'(a[31] & b[31]);", "two negative addends give one more", "sum"),
    Mutant(ACCUMULATE, "sum = a + b;", "sum = a - b;", "a difference", "sum"),
    Mutant(ACCUMULATE, "(a ^ (a + b)) & (b", "(a ^ (a + b)) | (b", "one sign that differs is enough", "overflow"),
    Mutant(ACCUMULATE, "overflow_sign(a, b) >> 31)", "overflow_sign(a, b) >> 30)", "looks at bit 30", "overflow"),
    Mutant(WORD_HPP, "const W wrapped = wrap32(exact);", "const W wrapped = wrap32(exact - select(exact < W(INT32_MIN), W(1), W(0)));", "one less below the range", "sum"),
    Mutant(WORD_HPP, "const W exact = a + b;", "const W exact = a - b;", "a difference", "sum"),
    Mutant(WORD_HPP, "select(exact == wrapped, W(0), W(1))", "select(wrapped < exact, W(1), W(0))", "overflow only above the range", "overflow"),
    Mutant(WORD_HPP, "select(exact == wrapped, W(0), W(1))", "select(wrapped == wrap32(a), W(0), W(1))", "compares another number", "overflow"),
    Mutant(WORD_HPP, "const W exact = a + b;", "const W exact = a + (b << W(70));", "a shift by more than the word's width", "defined"),
    Mutant(WORD_HPP, "const W exact = a + b;", "const W exact = (a << W(32)) + (b << W(32));", "a sum beyond 64 bits", "defined"),
])

REQUANTISE_UNIT = Unit("requantise", "5.4", "requantise.smt2", top="npu_requantise", model="requantise", mutants=[
    Mutant(REQUANTISE, "shift[4:0] & {5{~shift[5]}}", "shift[4:0]", "a negative shift moves left, too", "product-double saturated"),
    Mutant(REQUANTISE, "{v[63], {31{~v[63]}}}", "{1'b0, {31{~v[63]}}}", "saturates to 0 below the range", "single product-double"),
    Mutant(REQUANTISE, "m       = {{32{multiplier[31]}}, multiplier};", "m       = {{33{multiplier[30]}}, multiplier[30:0]};", "multiplier taken as negative", "product-* possible"),
    Mutant(REQUANTISE, "rounded = p + 64'h40000000;", "rounded = p + 64'h3fffffff;", "a tie of the first step goes down", "double"),
    Mutant(REQUANTISE, "half    = (mask >> 1) + {31'd0, h[31]};", "half    = (mask >> 1);", "a negative tie of the second step goes up", "double"),
    Mutant(REQUANTISE, "sum           = p + (64'd1 << down);", "sum           = p + (64'd1 << down) - 64'd1;", "a tie goes down", "single saturated"),
    Mutant(REQUANTISE, "6'd30 - shift;", "6'd31 - shift;", "one place too many", "single saturated"),
    Mutant(REQUANTISE, "!single && leaves_int32", "leaves_int32", "single mode looks at the shifted value, too", "saturated"),
    Mutant(REQUANTISE, "product = f * m;", "product = f * m * 64'd2;", "twice the product", "possible product-single"),
    Mutant(REQUANTISE, "product = f * m;", "product = f * m - 64'd1;", "the product is one off", "product-single"),
    Mutant(REQUANTISE, "product = f * m;", "product = f * f;", "a square", "possible"),
    Mutant(REQUANTISE_HPP, "const W left = select(shift < W(0), W(0), shift);", "const W left = shift & W(31);", "a negative shift moves left, too", "factor saturated"),
    Mutant(REQUANTISE_HPP, "return {wide.value * multiplier, wide.flag};", "return {wide.value * (multiplier - W(1)), wide.flag};", "another multiplier", "times"),
    Mutant(REQUANTISE_HPP, "return x * multiplier;", "return (x + W(1)) * multiplier;", "single mode: another factor", "product-single"),
    Mutant(REQUANTISE_HPP, "return x * multiplier;", "return x * multiplier * W(2);", "single mode: twice the product", "product-single possible"),
    Mutant(REQUANTISE_HPP, "return {wide.value * multiplier, wide.flag};", "return {wide.value * multiplier * W(2), wide.flag};", "double mode: twice the product", "times possible"),
    Mutant(REQUANTISE_HPP, "sat32(x << left)", "sat32(x << (left + one_if<W>(x == W(77))))", "one place too many for one number", "factor"),
    Mutant(REQUANTISE_HPP, "(product + W(int64_t{1} << 30)) >> W(31)", "(product + W((int64_t{1} << 30) - 1)) >> W(31)", "a tie of the first step goes down", "double"),
    Mutant(REQUANTISE_HPP, "return (rounded ^ sign) - sign;", "return (rounded ^ sign);", "a negative result is one off", "double"),
    Mutant(REQUANTISE_HPP, "W(1) << (W(30) - shift)", "W(1) << (W(31) - shift)", "a whole place is added", "single saturated"),
    Mutant(REQUANTISE_HPP, "(product + half) >> (W(31) - shift)", "(product + half - W(1)) >> (W(31) - shift)", "a tie goes down", "single saturated"),
    Mutant(REQUANTISE_HPP, "(product + half) >> (W(31) - shift)", "(product + half) >> (W(30) + shift)", "a shift that may be negative", "defined"),
    Mutant(REQUANTISE_HPP, "const W half = W(1) << (W(30) - shift);", "const W half = W(1) << (W(33) - shift);", "a shift that may be 64", "defined"),
])

CLAMP = Unit("clamp", "5.5", "clamp.smt2", top="prove_clamp", frame="prove_clamp.sv", model="clamp", mutants=[
    Mutant(REQUANTISE, "{{24{zero_point[8]}}, zero_point}", "{24'd0, zero_point}", "zero point taken as positive", "clamp saturated"),
    Mutant(REQUANTISE, "($signed(z) < low) ? low", "($signed(z) <= low) ? high", "the lowest value jumps", "clamp"),
    Mutant(REQUANTISE, "z[25:1] != 25'd0", "z[25:2] != 24'd0", "UINT8 up to 511", "saturated"),
    Mutant(REQUANTISE_HPP, "const W z0 = y + zero_point;", "const W z0 = y - zero_point;", "zero point taken off", "clamp saturated"),
    Mutant(REQUANTISE_HPP, "W(0), W(-128))", "W(0), W(-127))", "INT8 from -127", "saturated"),
    Mutant(REQUANTISE_HPP, "clamp_to(z0, clamp_lo, clamp_hi)", "clamp_to(z0, clamp_hi, clamp_lo)", "bounds changed over", "clamp"),
    Mutant(REQUANTISE_HPP, "const W z0 = y + zero_point;", "const W z0 = y << (zero_point & W(64));", "a shift by the word's width", "defined"),
    Mutant(REQUANTISE_HPP, "const W z0 = y + zero_point;", "const W z0 = (y << W(32)) * zero_point;", "a product beyond 64 bits", "defined"),
])

UNITS = [MAC, ACCUMULATE_UNIT, REQUANTISE_UNIT, CLAMP]
