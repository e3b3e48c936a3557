# SPDX-License-Identifier: Apache-2.0
"""Small rules of the floating-point datapath: relu, the generator of random numbers, integers to FP32, the PE as decode and fma."""
from units import Mutant, Unit

NARROW, NARROW_HPP, FORMAT_HPP = "rtl/common/npu_narrow_pkg.sv", "model/common/narrow.hpp", "model/common/float_format.hpp"
STOCHASTIC_HPP, PE = "model/common/stochastic.hpp", "rtl/pe/npu_fp_pe.sv"

RELU = Unit("relu", "17.5.7", "relu.smt2", top="prove_relu", frame="prove_relu.sv", model="relu", mutants=[
    Mutant(NARROW, "npu_format_pkg::CanonicalNan : x[31] ? 32'd0 : x;", "npu_format_pkg::CanonicalNan : x;", "negative numbers stay"),
    Mutant(NARROW, "relu = ((x & 32'h7fffffff) > npu_format_pkg::Infinity)", "relu = ((x & 32'h7fffffff) >= npu_format_pkg::Infinity)", "infinity becomes NaN"),
    Mutant(NARROW_HPP, "select(positive == W(1), x, W(0)));", "select(positive == W(1), x, x << W(31)));", "-0 stays", "relu"),
    Mutant(NARROW_HPP, "  return select(nan == W(1), W(0x7FC00000), select(positive", "  return select(nan == W(1), x, select(positive", "NaNs keep their payload", "relu"),
    Mutant(NARROW_HPP, "  const W positive = one_if<W>(((x >> W(31)) & W(1)) == W(0));", "  const W positive = one_if<W>(((x >> W(32)) & W(1)) == W(0));", "a shift by the word's width", "defined"),
    Mutant(NARROW_HPP, "select(positive == W(1), x, W(0)));", "select(positive == W(1), x + x, W(0)));", "a sum beyond the word", "defined"),
])

GENERATOR = Unit("generator", "17.5.5", "generator.smt2", top="prove_generator", frame="prove_generator.sv", model="generator", mutants=[
    Mutant(NARROW, "s = state ^ (state << 13);", "s = state ^ (state << 12);", "another shift", "step"),
    Mutant(NARROW, "s = s ^ (s >> 17);", "s = s ^ (s >>> 16);", "another shift", "step"),
    Mutant(NARROW, "next_state = s ^ (s << 5);", "next_state = s & (s << 5);", "states die", "alive"),
    Mutant(NARROW, "s = state ^ (state << 13);", "s = state << 13;", "states die out", "alive"),
    Mutant(NARROW, "(v == 32'd0) ? 32'd1 : v;", "v;", "a seed may give 0", "seeded"),
    Mutant(NARROW, "((lane + 32'd1) * 32'h9e3779b9)", "(lane * 32'h9e3779b9)", "lane 0 takes the seed itself", "seeded"),
    Mutant(STOCHASTIC_HPP, "s = s ^ (s << U(13));", "s = s ^ (s << U(12));", "another shift", "step"),
    Mutant(STOCHASTIC_HPP, "s = s ^ (s >> U(17));", "s = s ^ (s >> U(16));", "another shift", "step"),
    Mutant(STOCHASTIC_HPP, "s = s ^ (s << U(13));", "s = s << U(13);", "states die out", "alive"),
    Mutant(STOCHASTIC_HPP, "return s ^ (s << U(5));", "return s << U(5);", "states die out", "alive"),
])

FROM_INTEGER = Unit("from_integer", "17.5.8", "from_integer.smt2", model="from_integer", mutants=[
    Mutant(FORMAT_HPP, "one_if<W>(W(128) < lost + (kept & W(1)));", "one_if<W>(W(127) < lost);", "ties go up", "value"),
    Mutant(FORMAT_HPP, "select(big == W(1), W(158), W(157) - up.flag);", "select(big == W(1), W(157), W(157) - up.flag);", "numbers above 2^31 are halved", "value"),
    Mutant(FORMAT_HPP, "select(lost == W(0), W(0), W(kInexact))};", "select(rounds_up == W(0), W(0), W(kInexact))};", "rounding down is exact", "flags"),
    Mutant(FORMAT_HPP, "lost = frame & W(255);", "lost = frame & W(127);", "a tie is exact", "flags value"),
    Mutant(FORMAT_HPP, "const W kept = frame >> W(8),", "const W kept = frame >> (W(8) - value),", "shifts by negative numbers", "defined"),
    Mutant(FORMAT_HPP, "up.value << W(1));", "up.value << W(64));", "a shift by the word's width", "defined"),
])

PE_STEP = Unit("pe_step", "17.4, 17.5.1", "pe_step.smt2", top="prove_pe_step", frame="prove_pe_step.sv", modules=("npu_fp_pe",), mutants=[
    Mutant(PE, "npu_format_pkg::decoded(32'(b_i), format_b_i), psum_i)", "npu_format_pkg::decoded(32'(b_i), format_a_i), psum_i)", "both operands in one format"),
    Mutant(PE, "decoded(32'(a_i), format_a_i)", "decoded(32'(a_i) ^ 32'd1, format_a_i)", "another operand"),
])

UNITS = [RELU, GENERATOR, FROM_INTEGER, PE_STEP]
