# SPDX-License-Identifier: Apache-2.0
"""What has registers: one clock edge of the elements of a row and of an accumulator column."""
from units import Mutant, Unit

ROW, ACCUMULATORS = "rtl/pe/npu_pe_row.sv", "rtl/accumulators/npu_accumulators.sv"
VALID2 = "        else if (tag_valid_i[S2] && (tag_columns_i[S2*ColumnsWidth +: ColumnsWidth] > ColumnsWidth'(c))) begin"

PE_ROW = Unit("pe_row", "10", "pe_row.smt2", top="npu_pe_row", parameters={"Cols": 2}, state=True, mutants=[
    Mutant(ROW, "      switch_q      <= '0;", "", "switches go through a reset", "reset"),
    Mutant(ROW, "    if (!rst_ni) begin", "    if (!rst_ni && !load_i) begin", "a load in reset counts", "reset"),
    Mutant(ROW, "shift_bytes = (row << 8) | (Cols*8)'(first);", "shift_bytes = row | (Cols*8)'(first);", "activations stand still", "moves psum-1"),
    Mutant(ROW, "switch_q   <= shift_bits(switch_q, switch_i);", "switch_q   <= shift_bits(switch_q, switch_i & ~load_i);", "a load swallows the switch", "moves"),
    Mutant(ROW, "      if (load_i) begin", "      begin", "the shadow weights do not hold", "shadow"),
    Mutant(ROW, "      if (load_i) begin", "      if (load_i && switch_q == '0) begin", "no load while a switch passes", "shadow"),
    Mutant(ROW, "Cols'(sign_bits((Groups*32)'(weight_i))) : '0;", "'1 : '0;", "high bits beside bytes that are not negative", "invariant"),
    Mutant(ROW, "bytes[g*32 + 7]};", "~bytes[g*32 + 7]};", "the high bit of column 0 turned over", "shadow invariant"),
    Mutant(ROW, "      if (switch_q != '0) begin", "      if (switch_i) begin", "a clock early", "weight"),
    Mutant(ROW, "(shadow[g*32 +: 32] & mask) | (weight[g*32 +: 32] & ~mask)", "(mask != 32'd0) ? shadow[g*32 +: 32] : weight[g*32 +: 32]",
           "the neighbour switches, too", "weight"),
    Mutant(ROW, "(shadow_high_q & switch_q) | (weight_high_q & ~switch_q);", "shadow_high_q & switch_q;", "the high bits do not hold", "weight"),
    Mutant(ROW, "psum_q <= (Cols*32)'(mac_row((Groups*128)'(psum_i), ", "psum_q <= (Cols*32)'(mac_row((Groups*128)'(psum_q), ", "its own sum instead of that from above", "psum-*"),
    Mutant(ROW, "if (act_high_i || act_high_q != '0 || weight_high_q != '0) begin", "if (act_high_i || weight_high_q != '0) begin",
           "high activations of the columns right are forgotten", "psum-1"),
    Mutant(ROW, "add_high[g*128 +: 32]      = psum[g*128 +: 32] + npu_pe_pkg::high_term(a[7:0], ah[0], w[7:0], wh[0]);",
           "add_high[g*128 +: 32]      = psum[g*128 +: 32] + npu_pe_pkg::high_term(a[7:0], ah[0], w[7:0], wh[1]);", "the neighbour's high bit", "psum-0"),
])

COLUMN = Unit("accumulators", "11", "accumulators.smt2", top="npu_accumulators", state=True,
              parameters={"Rows": 1, "Cols": 1, "Entries": 4, "ColumnsWidth": 1, "EntryWidth": 2}, mutants=[
    Mutant(ACCUMULATORS, "      acc_new_q <= psum_i;", "      if (tag_valid_i != '0) acc_new_q <= psum_i;", "holds while nothing comes", "new"),
    Mutant(ACCUMULATORS, "      acc_new_q       <= '0;", "", "goes on in reset", "new"),
    Mutant(ACCUMULATORS, "operand = !wanted ? 32'd0 : hit ? adder", "operand = hit ? adder", "the overwrite bit is ignored", "old"),
    Mutant(ACCUMULATORS, "hit ? adder : written ? stored : 32'd0", "written ? stored : hit ? adder : 32'd0", "the memory's word though the adder holds a newer one", "old"),
    Mutant(ACCUMULATORS, "written ? stored : 32'd0", "stored", "entries never written count", "old"),
    Mutant(ACCUMULATORS, "      if (rst_ni && tag_valid_i[S2] &&", "      if (tag_valid_i[S2] &&", "written in reset", "memory"),
    Mutant(ACCUMULATORS, "mem_q[tag_entry_i[S2*EntryWidth +: EntryWidth]] <= npu", "mem_q[tag_entry_i[S1*EntryWidth +: EntryWidth]] <= npu", "the entry of the stage before", "memory"),
    Mutant(ACCUMULATORS, "        if (clear_written_i) written_q[c] <= '0;", "        if (clear_written_i && !read_i) written_q[c] <= '0;", "not cleared while read", "written"),
    Mutant(ACCUMULATORS, VALID2, VALID2.replace("tag_valid_i[S2] && ", ""), "tags that are not valid count", "written"),
    Mutant(ACCUMULATORS, "&& written_q[c][read_entry_i]) ? mem_q[read_entry_i] : 32'd0;", ") ? mem_q[read_entry_i] : 32'd0;", "entries never written are read", "read"),
    Mutant(ACCUMULATORS, "        if (read_i) begin\n          read_q", "        begin\n          read_q", "does not hold", "read"),
    Mutant(ACCUMULATORS, "any_overflows = signs[31];", "any_overflows = signs[30];", "the wrong sign", "overflow"),
    Mutant(ACCUMULATORS, "            acc_overflow_q <= 1'b1;", "            acc_overflow_q <= ~acc_overflow_q;", "not sticky", "overflow"),
    Mutant(ACCUMULATORS, "      if (gen_col[Cols-1].undefined) acc_undefined_q <= 1'b1;", "      acc_undefined_q <= gen_col[Cols-1].undefined;", "not sticky", "undefined"),
    Mutant(ACCUMULATORS, "(read_columns_i > ColumnsWidth'(c)) && !written_q[c][read_entry_i]) acc_undefined_q",
           "(read_columns_i > ColumnsWidth'(c)) && !written_q[c][read_entry_i ^ EntryWidth'(1)]) acc_undefined_q", "another entry's bit", "undefined"),
])

OPERAND_HPP, FP_OPERAND_HPP = "model/accumulators/accumulate.hpp", "model/accumulators/fp_accumulate.hpp"

OPERAND = Unit("operand", "11, 17.8", "operand.smt2", model="operand", mutants=[
    Mutant(OPERAND_HPP, "const W wanted = valid1 & acc1;", "const W wanted = valid1;", "the overwrite bit is ignored", "old undefined"),
    Mutant(OPERAND_HPP, "const W defined = written | hit;", "const W defined = written;", "what is in the adder does not count", "old undefined"),
    Mutant(FP_OPERAND_HPP, "W(int32_t{-0x7FFFFFFF - 1}));", "W(0));", "+0 is not neutral", "fp-old"),
    Mutant(FP_OPERAND_HPP, "select((valid1 & acc1) == W(1), value,", "select((valid1 | acc1) == W(1), value,", "the overwrite bit is ignored", "fp-old"),
    Mutant(OPERAND_HPP, "const W wanted = valid1 & acc1;", "const W wanted = valid1 & (acc1 << (W(63) + hit));", "a shift by the word's width", "defined"),
    Mutant(OPERAND_HPP, "select(hit == W(1), sum2, stored);", "select(hit == W(1), sum2 << W(31), stored << W(32)) + (sum2 << W(32));", "a sum beyond 64 bits", "defined"),
])

FP_ROW = "rtl/pe/npu_fp_pe_row.sv"

FP_PE_ROW = Unit("fp_pe_row", "17.7", "fp_pe_row.smt2", top="npu_fp_pe_row", parameters={"Cols": 2, "PeLatency": 2, "WithLow": 1}, state=True, mutants=[
    Mutant(FP_ROW, "      switch_q     <= '0;", "", "switches go through a reset", "reset"),
    Mutant(FP_ROW, "if (!rst_ni) psum_valid_delay_q <= '0;\n      else psum_valid", "psum_valid", "a valid bit goes through a reset", "reset"),
    Mutant(FP_ROW, "act_valid_q  <= act_valid_o;", "act_valid_q  <= act_valid_o & {Cols{switch_i}};", "valid only with a switch", "moves"),
    Mutant(FP_ROW, "act_low_q <= act_low_o;", "act_low_q <= act_low_q;", "the low bits stand still", "moves"),
    Mutant(FP_ROW, "if (load_i) shadow_q <= weight_i;", "shadow_q <= weight_i;", "the shadow operands do not hold", "shadow"),
    Mutant(FP_ROW, "if (load_i) shadow_low_q <= weight_low_i;", "if (load_i && switch_q == '0) shadow_low_q <= weight_low_i;", "low bits not loaded while a switch passes", "shadow"),
    Mutant(FP_ROW, "if (switch_q != '0) weight_q <=", "if (switch_i) weight_q <=", "a clock early", "weight"),
    Mutant(FP_ROW, "if (switch_q[c]) weight_low_q", "if (switch_q[0]) weight_low_q", "all columns switch with the first", "weight"),
    Mutant(FP_ROW, "psum_valid_q <= valid_i;", "if (act_valid_i) psum_valid_q <= valid_i;", "holds without an activation", "valid"),
    Mutant(FP_ROW, "assign valid_o = gen_delay[PeLatency-1].psum_valid_delay_q;", "assign valid_o = gen_delay[PeLatency-1].psum_valid_delay_q | psum_valid_q;", "valid a cycle early, too", "valid"),
    Mutant(FP_ROW, "assign weight_o    = weight_q;", "assign weight_o    = weight_q | shadow_q;", "the shadow operands, too", "operands"),
    Mutant(FP_ROW, "assign act_o       = (act_q << 16) | (Cols*16)'(act_i);", "assign act_o       = act_q;", "a cycle late", "operands moves"),
])

FP_ACCUMULATORS = "rtl/accumulators/npu_fp_accumulators.sv"

FP_COLUMN = Unit("fp_accumulators", "17.8", "fp_accumulators.smt2", top="npu_fp_accumulators", state=True,
                 parameters={"First": 2, "Cols": 1, "Entries": 4, "ColumnsWidth": 1, "EntryWidth": 2}, mutants=[
    Mutant(FP_ACCUMULATORS, "      acc_new_q   <= psum_i;", "      if (psum_valid_i != '0) acc_new_q <= psum_i;", "holds while nothing comes", "new"),
    Mutant(FP_ACCUMULATORS, "      acc_new_q       <= '0;", "", "goes on in reset", "new"),
    Mutant(FP_ACCUMULATORS, "operand = !wanted ? Neutral", "operand = !wanted ? 32'd0", "+0 is not neutral", "old"),
    Mutant(FP_ACCUMULATORS, "hit ? adder : written ? stored : 32'd0", "written ? stored : hit ? adder : 32'd0", "the memory's word though the adder holds a newer one", "old"),
    Mutant(FP_ACCUMULATORS, "if (rst_ni && valid2[c]) mem_q", "if (valid2[c]) mem_q", "written in reset", "memory"),
    Mutant(FP_ACCUMULATORS, "mem_q[tag_entry_i[S2*EntryWidth +: EntryWidth]] <= sum2", "mem_q[tag_entry_i[S1*EntryWidth +: EntryWidth]] <= sum2", "the entry of the stage before", "memory"),
    Mutant(FP_ACCUMULATORS, "        if (clear_written_i) written_q[c] <= '0;", "        if (clear_written_i && !read_i) written_q[c] <= '0;", "not cleared while read", "written"),
    Mutant(FP_ACCUMULATORS, "        else if (valid2[c]) written_q", "        else if (psum_valid_i[c]) written_q", "a clock early", "written"),
    Mutant(FP_ACCUMULATORS, "&& written_q[c][read_entry_i]) ? mem_q[read_entry_i] : 32'd0;", ") ? mem_q[read_entry_i] : 32'd0;", "entries never written are read", "read"),
    Mutant(FP_ACCUMULATORS, "        if (read_i) begin\n          read_q", "        begin\n          read_q", "does not hold", "read"),
    Mutant(FP_ACCUMULATORS, "clear_flags_i ? '0 : acc_flags_q | flags2;", "acc_flags_q | flags2;", "never cleared", "flags"),
    Mutant(FP_ACCUMULATORS, "clear_flags_i ? '0 : acc_flags_q | flags2;", "clear_flags_i ? '0 : flags2;", "not sticky", "flags"),
    Mutant(FP_ACCUMULATORS, "    if (valid2 != '0) begin", "    if (acc_old_q != '0) begin", "sums of beats that are not valid", "quiet"),
    Mutant(FP_ACCUMULATORS, "    flags2 = '0;", "    flags2 = 4'd1;", "a column at rest is inexact", "quiet"),
    Mutant(FP_ACCUMULATORS, "any = any | (valid[c] ? 32'(result[35:32]) : 32'd0);", "any = any | 32'(result[35:32]) | 32'd1;", "always inexact", "quiet"),
    Mutant(FP_ACCUMULATORS, "      if (clear_flags_i) acc_undefined_q <= 1'b0;", "", "never cleared", "undefined"),
    Mutant(FP_ACCUMULATORS, "if (psum_valid_i[c] && tag_accumulate_i[First + c] && !written_q", "if (psum_valid_i[c] && !written_q", "the overwrite bit is ignored", "undefined"),
])

UNITS = [OPERAND, FP_PE_ROW, FP_COLUMN, PE_ROW, COLUMN]
