#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""encoder_test.py: the solvers' floating-point operators, each one that docs/spec.smt2 uses, against exact fractions, all operands of small formats.

The question goes the way of every proof (scripts/prove/solve.py): are there operands where the operator is not what the table says, which
Python's fractions made? Exit 77 (skipped) without Z3 or CaDiCaL.
"""
import fractions
import importlib.util
import pathlib
import re
import shutil
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
if importlib.util.find_spec("z3") is None or shutil.which("cadical") is None:
    print("skipped: python3-z3 or cadical is not there")
    sys.exit(77)
sys.path.insert(0, str(ROOT / "scripts/prove"))
sys.dont_write_bytecode = True
import solve  # noqa: E402
import z3  # noqa: E402

SMALL, LARGE = (3, 3), (4, 5)  # exponent bits, significand bits with the hidden one
MODES = {"RNE": z3.RNE(), "RTP": z3.RTP(), "RTN": z3.RTN(), "RTZ": z3.RTZ()}
NAN, INFINITY = "nan", "infinity"
CHECKED = {"fp.add", "fp.mul", "fp.roundToIntegral", "fp.to_sbv", "fp.lt", "fp.gt", "fp.geq", "fp.eq", "fp.isNaN", "fp.isInfinite", "fp.abs", "fp.neg", "to_fp",
           "to_fp_unsigned"}  # each by a test below


def fields(code, form):
    e, s = form
    return code >> (e + s - 1), code >> (s - 1) & (1 << e) - 1, code & (1 << (s - 1)) - 1


def value(code, form):
    """(sign, size): size a Fraction, NAN or INFINITY."""
    e, s = form
    sign, exponent, mantissa = fields(code, form)
    if exponent == (1 << e) - 1:
        return sign, NAN if mantissa else INFINITY
    significand = mantissa + (exponent > 0) * (1 << (s - 1))
    return sign, significand * fractions.Fraction(2) ** (max(exponent, 1) - (1 << (e - 1)) + 1 - (s - 1))


def rounded(sign, size, form, mode):
    """The code of ±size, rounded as IEEE 754 says; the neighbours are found by looking at all codes of the format."""
    e, s = form
    infinity = (1 << e) - 1 << (s - 1)
    up = {"RTP": not sign, "RTN": sign, "RTZ": False}.get(mode)
    below = max(code for code in range(infinity) if value(code, form)[1] <= size)
    low = value(below, form)[1]
    step = value(below, form)[1] - value(below - 1, form)[1] if below == infinity - 1 else value(below + 1, form)[1] - low
    if up is None:  # to nearest; beyond the largest number infinity counts as one step more
        distance = 2 * (size - low)
        up = distance > step or (distance == step and below & 1)
    return sign << (e + s - 1) | below + (1 if up and size != low else 0)


def added(a, b, form, mode):
    (sa, x), (sb, y) = value(a, form), value(b, form)
    infinity = (1 << form[0]) - 1 << (form[1] - 1)
    if NAN in (x, y) or (x == y == INFINITY and sa != sb):
        return NAN
    if INFINITY in (x, y):
        return (sa if x == INFINITY else sb) << sum(form) - 1 | infinity
    total = (-x if sa else x) + (-y if sb else y)
    if total == 0:
        return (sa if sa == sb else int(mode == "RTN")) << sum(form) - 1
    return rounded(int(total < 0), abs(total), form, mode)


def multiplied(a, b, form, mode):
    (sa, x), (sb, y) = value(a, form), value(b, form)
    if NAN in (x, y) or (INFINITY in (x, y) and 0 in (x, y)):
        return NAN
    if INFINITY in (x, y):
        return (sa ^ sb) << sum(form) - 1 | (1 << form[0]) - 1 << (form[1] - 1)
    return rounded(sa ^ sb, x * y, form, mode)


def converted(a, form, to, mode):
    sign, size = value(a, form)
    if size in (NAN, INFINITY):
        return NAN if size == NAN else sign << sum(to) - 1 | (1 << to[0]) - 1 << (to[1] - 1)
    return rounded(sign, size, to, mode)


def number_of(a, form):
    sign, size = value(a, form)
    return size if size == NAN else (-1 if sign else 1) * (10 ** 9 if size == INFINITY else size)


def choice(index, leaves):
    """leaves[index] as a tree of bits."""
    for bit in range(index.size()):
        chosen = z3.Extract(bit, bit, index) == 1
        leaves = [low if low.eq(high) else z3.If(chosen, high, low) for low, high in zip(leaves[::2], leaves[1::2])]
    return leaves[0]


class Encoder(unittest.TestCase):
    def agree(self, name, wanted):
        """`wanted` holds for all operands."""
        for decider in ("z3", "cadical"):
            with self.subTest(operator=name, by=decider):
                status, model = getattr(solve, "by_" + decider)([z3.Not(wanted)])
                self.assertEqual(status, "unsat", f"{name}: differs at {model}")

    def floating(self, name, result, form, index, table):
        """The operator's result is the table's code; NaN is any NaN."""
        codes = choice(index, [z3.BitVecVal(0 if code == NAN else code, sum(form)) for code in table])
        nan = choice(index, [z3.BoolVal(code == NAN) for code in table])
        self.agree(name, z3.If(nan, z3.fpIsNaN(result), result == z3.fpBVToFP(codes, z3.FPSort(*form))))

    def setUp(self):
        self.a, self.b = z3.BitVec("a", sum(SMALL)), z3.BitVec("b", sum(SMALL))
        self.x, self.y = (z3.fpBVToFP(v, z3.FPSort(*SMALL)) for v in (self.a, self.b))
        self.codes = range(1 << sum(SMALL))
        self.wide = z3.BitVec("w", sum(LARGE))
        self.big = z3.fpBVToFP(self.wide, z3.FPSort(*LARGE))

    def test_sums(self):
        for mode in ("RNE", "RTP", "RTN"):
            self.floating("fp.add " + mode, z3.fpAdd(MODES[mode], self.x, self.y), SMALL, z3.Concat(self.a, self.b),
                          [added(a, b, SMALL, mode) for a in self.codes for b in self.codes])

    def test_products(self):
        self.floating("fp.mul RNE", z3.fpMul(MODES["RNE"], self.x, self.y), SMALL, z3.Concat(self.a, self.b),
                      [multiplied(a, b, SMALL, "RNE") for a in self.codes for b in self.codes])

    def test_conversions_between_formats(self):
        for mode in MODES:
            self.floating("to_fp narrower " + mode, z3.fpToFP(MODES[mode], self.big, z3.FPSort(*SMALL)), SMALL, self.wide,
                          [converted(a, LARGE, SMALL, mode) for a in range(1 << sum(LARGE))])
            self.floating("to_fp fewer bits " + mode, z3.fpToFP(MODES[mode], self.big, z3.FPSort(5, 3)), (5, 3), self.wide,
                          [converted(a, LARGE, (5, 3), mode) for a in range(1 << sum(LARGE))])
            self.floating("to_fp wider " + mode, z3.fpToFP(MODES[mode], self.x, z3.FPSort(*LARGE)), LARGE, self.a,
                          [converted(a, SMALL, LARGE, mode) for a in self.codes])

    def test_integers(self):
        n = z3.BitVec("n", 7)
        for mode in ("RNE", "RTP", "RTN"):
            self.floating("to_fp signed " + mode, z3.fpSignedToFP(MODES[mode], n, z3.FPSort(*LARGE)), LARGE, n,
                          [rounded(int(i >= 64), fractions.Fraction(abs(i - 128 * (i >= 64))), LARGE, mode) for i in range(128)])
        self.floating("to_fp_unsigned RNE", z3.fpUnsignedToFP(MODES["RNE"], n, z3.FPSort(*LARGE)), LARGE, n,
                      [rounded(0, fractions.Fraction(i), LARGE, "RNE") for i in range(128)])

    def test_rounding_to_integers(self):
        form = (4, 6)  # Z3 4.8.12 builds no fp.roundToIntegral for formats with less significand beside the exponent
        code = z3.BitVec("i", sum(form))
        x = z3.fpBVToFP(code, z3.FPSort(*form))
        sizes = [value(a, form) for a in range(1 << sum(form))]
        finite = [v not in (NAN, INFINITY) for _, v in sizes]
        table = [rounded(s, fractions.Fraction(round(v)), form, "RNE") if ok else NAN if v == NAN else a for a, ((s, v), ok) in enumerate(zip(sizes, finite))]
        self.floating("fp.roundToIntegral RNE", z3.fpRoundToIntegral(MODES["RNE"], x), form, code, table)
        whole = choice(code, [z3.BitVecVal(round(-v if s else v) if ok else 0, 10) for (s, v), ok in zip(sizes, finite)])
        known = choice(code, [z3.BoolVal(ok) for ok in finite])
        self.agree("fp.to_sbv RNE", z3.Implies(known, z3.fpToSBV(MODES["RNE"], x, z3.BitVecSort(10)) == whole))

    def test_comparisons(self):
        pairs = [(number_of(a, SMALL), number_of(b, SMALL)) for a in self.codes for b in self.codes]
        for name, operator, holds in (("lt", z3.fpLT, lambda p, q: p < q), ("gt", z3.fpGT, lambda p, q: p > q), ("geq", z3.fpGEQ, lambda p, q: p >= q),
                                      ("eq", z3.fpEQ, lambda p, q: p == q)):
            index = z3.Concat(self.a, self.b)
            self.agree("fp." + name, operator(self.x, self.y) == choice(index, [z3.BoolVal(NAN not in p and holds(*p)) for p in pairs]))

    def test_kinds_and_signs(self):
        kinds = [value(a, SMALL) for a in self.codes]
        self.agree("fp.isNaN", z3.fpIsNaN(self.x) == choice(self.a, [z3.BoolVal(v == NAN) for _, v in kinds]))
        self.agree("fp.isInfinite", z3.fpIsInf(self.x) == choice(self.a, [z3.BoolVal(v == INFINITY) for _, v in kinds]))
        half = 1 << sum(SMALL) - 1
        self.floating("fp.abs", z3.fpAbs(self.x), SMALL, self.a, [NAN if v == NAN else a & half - 1 for a, (_, v) in enumerate(kinds)])
        self.floating("fp.neg", z3.fpNeg(self.x), SMALL, self.a, [NAN if v == NAN else a ^ half for a, (_, v) in enumerate(kinds)])

    def test_a_wrong_table_is_noticed(self):
        table = [added(a, b, SMALL, "RNE") for a in self.codes for b in self.codes]
        table[5 * 64 + 9] ^= 1
        index = z3.Concat(self.a, self.b)
        codes = choice(index, [z3.BitVecVal(0 if code == NAN else code, sum(SMALL)) for code in table])
        result = z3.fpAdd(MODES["RNE"], self.x, self.y)
        status, model = solve.by_z3([z3.Not(z3.Or(z3.fpIsNaN(result), result == z3.fpBVToFP(codes, z3.FPSort(*SMALL))))])
        self.assertEqual((status, model[self.a], model[self.b]), ("sat", 5, 9))

    def test_every_operator_of_the_specifications_is_checked_here(self):
        for file in (ROOT / "docs/spec.smt2").glob("*.smt2"):
            text = re.sub(r";.*", "", file.read_text())
            used = set(re.findall(r"fp\.\w+|to_fp\w*", text))
            self.assertLessEqual(used, CHECKED, f"{file.name}: operators that no test here checks")


if __name__ == "__main__":
    unittest.main()
