# SPDX-License-Identifier: Apache-2.0
"""Ties the two RTL front ends together: what Yosys made of a unit, as C++, against what Verilator made of it, on random and corner vectors."""
import re
import subprocess

import state as edge
from common import FlowError

HARNESS = """
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include "Vunit.h"
#include "Vunit___024root.h"
#include "verilated.h"
typedef unsigned __int128 W;
static W mask(int n) { return n >= 128 ? ~W(0) : (W(1) << n) - 1; }
static W extend(W v, int n) { return (v >> (n - 1) & 1) ? v | ~mask(n) : v; }
static W left(W v, W n, int bits) { return n >= W(bits) ? W(0) : (v << int(n)) & mask(bits); }
static W right(W v, W n, int bits) { return n >= W(bits) ? W(0) : v >> int(n); }
static W arithmetic(W v, W n, int bits) { return W(__int128(extend(v, bits)) >> int(n >= W(bits) ? W(bits - 1) : n)) & mask(bits); }
static bool less(W a, W b, int bits) { return __int128(extend(a, bits)) < __int128(extend(b, bits)); }
static uint64_t state = 0x9e3779b97f4a7c15u;
static uint64_t next() { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }
// Corners: few bits set or clear, floating-point fields of all ones or zeros, neighbours of powers of two, the last value again.
static uint64_t draw(int bits, uint64_t last) {
  uint64_t r = next(), v = next();
  switch (r & 15) {
    case 0: v = 0; break;
    case 1: v = ~uint64_t(0); break;
    case 2: v = uint64_t(1) << (v %% bits); break;
    case 3: v = (uint64_t(1) << (v %% bits)) - 1; break;
    case 4: v = ~(uint64_t(1) << (v %% bits)); break;
    case 5: v = last; break;
    case 6: v = last ^ uint64_t(1) << (v %% bits); break;
    case 7: v &= next() & next(); break;
    case 8: v |= next() | next(); break;
    case 9: v = last + (v & 3) - 1; break;
    case 10: v = (v & 0x807fffff) | 0x7f800000; break;
    case 11: v &= 0x807fffff; break;
    default: break;
  }
  return v & uint64_t(mask(bits));
}
int main(int, char** argv) {
  const long count = std::atol(argv[1]);
  Vunit* unit = new Vunit;
  uint64_t last = 0;
  for (long n = 0; n < count; ++n) {
%(inputs)s
%(settle)s
%(body)s
%(checks)s
  }
  std::printf("%%ld\\n", count);
}
"""


def words(text):
    return re.findall(r"\|[^|]+\||[()]|[^\s()|]+", text)


def tree(tokens):
    """One s-expression off the front of the tokens, which are in reverse order."""
    token = tokens.pop()
    if token != "(":
        return token
    items = []
    while tokens[-1] != ")":
        items.append(tree(tokens))
    tokens.pop()
    return items


class Translator:
    """SMT-LIB definitions without arguments as C++ statements; every value an unsigned word of 128 bits, of which its width is in use."""

    def __init__(self, inputs):
        self.names, self.widths = {}, {}
        for name, width in inputs.items():
            self.add(name, width)

    def add(self, name, width):
        self.names[name], self.widths[name] = f"v{len(self.names)}", width
        return self.names[name]

    def statement(self, definition):
        _, name, _, sort, body = tree(list(reversed(words(definition))))
        text, width = self.term(body)
        expected = 1 if sort == "Bool" else int(sort[2])
        if width != expected:
            raise FlowError(f"tie: {name}: {width} bits, expected {expected}")
        return f"    const W {self.add(name.strip('|'), width)} = {text};"

    def term(self, t):
        if isinstance(t, str):
            if t in ("true", "false"):
                return ("W(1)" if t == "true" else "W(0)"), 1
            if t.startswith("#b"):
                return self.number(int(t[2:], 2)), len(t) - 2
            return self.names[t.strip("|")], self.widths[t.strip("|")]
        if isinstance(t[0], list):  # ((_ extract h l) x)
            _, operation, *numbers = t[0]
            if operation != "extract":
                raise FlowError(f"tie: {operation}: not known")
            high, low = map(int, numbers)
            return f"(({self.term(t[1])[0]} >> {low}) & mask({high - low + 1}))", high - low + 1
        arguments = [self.term(a) for a in t[1:]]
        return self.call(t[0], [a for a, _ in arguments], [w for _, w in arguments])

    @staticmethod
    def number(value):
        return f"((W({value >> 64}ull) << 64) | W({value & (2**64 - 1)}ull))"

    @staticmethod
    def call(operation, a, w):
        plain = {"bvadd": "+", "bvsub": "-", "bvmul": "*", "bvand": "&", "bvor": "|", "bvxor": "^"}
        compare = {"=": "==", "distinct": "!=", "bvult": "<", "bvule": "<=", "bvugt": ">", "bvuge": ">="}
        shift = {"bvshl": "left", "bvlshr": "right", "bvashr": "arithmetic"}
        if operation in plain:
            return f"(({a[0]} {plain[operation]} {a[1]}) & mask({w[0]}))", w[0]
        if operation in compare:
            return f"W({a[0]} {compare[operation]} {a[1]})", 1
        if operation in shift:
            return f"{shift[operation]}({a[0]}, {a[1]}, {w[0]})", w[0]
        if operation in ("bvslt", "bvsgt"):
            return f"W(less({a[operation == 'bvsgt']}, {a[operation == 'bvslt']}, {w[0]}))", 1
        if operation in ("bvsle", "bvsge"):
            return f"W(!less({a[operation == 'bvsle']}, {a[operation == 'bvsge']}, {w[0]}))", 1
        if operation == "concat":
            return f"(({a[0]} << {w[1]}) | {a[1]})", w[0] + w[1]
        if operation == "ite":
            return f"({a[0]} ? {a[1]} : {a[2]})", w[1]
        if operation in ("and", "or"):
            return "(" + (" & " if operation == "and" else " | ").join(a) + ")", 1
        if operation in ("not", "bvnot", "bvneg"):
            return f"(({'-' if operation == 'bvneg' else '~'}{a[0]}) & mask({w[0]}))", w[0]
        raise FlowError(f"tie: {operation}: not known")


def places(unit, extracted):
    """{input or output: where Verilator's model holds it}; inputs that stand for nothing there are left out."""
    registers = {name for name in extracted.inputs if name + "'" in extracted.outputs}
    found = {name: f"unit->{name}" for name in extracted.inputs | extracted.outputs if not edge.is_open(name)}
    for name in registers:
        found[name] = found[name + "'"] = edge.verilated(unit.top, name)
    return found


def settling(unit, extracted, where, names):
    """Gives the unit its inputs; with state, one clock edge from the registers drawn."""
    given = {n: f"    {where[n]} = {names[n]};" for n in extracted.inputs if n in where}
    if not unit.state:
        return "\n".join([*given.values(), "    unit->eval();"])
    registers = [given.pop(n) for n in list(given) if n + "'" in extracted.outputs]
    given.pop(edge.CLOCK)
    return "\n".join([f"    unit->{edge.CLOCK} = 0;", *given.values(), "    unit->eval();", *registers, "    unit->eval();",
                      f"    unit->{edge.CLOCK} = 1;", "    unit->eval();"])


def tie(sources, unit, count):
    """Replays `count` vectors; returns how many agreed. Throws FlowError at the first that differs, with it."""
    extracted, work = sources.get(unit, "rtl"), sources.place()
    if any(width > 64 for width in (extracted.inputs | extracted.outputs).values()):
        raise FlowError(f"tie: {unit.name}: a port is wider than 64 bits")
    translator = Translator(extracted.inputs)
    names, where = dict(translator.names), places(unit, extracted)
    inputs = [f"    const W {names[n]} = last = draw({w}, last);" for n, w in extracted.inputs.items()]
    body = [translator.statement(line) for line in extracted.text(extracted.outputs).splitlines()]
    shown = " ".join(f"{n}=%llx" for n in extracted.inputs)
    values = ", ".join(f"(unsigned long long){names[n]}" for n in extracted.inputs)
    compared = [n for n in extracted.outputs if not unit.state or n.endswith("'")]  # an output pin of a unit with state shows a register
    checks = [f'    if (W({where[n]}) != {translator.names[n]}) {{ std::printf("{n}: Yosys %llx, Verilator %llx, at {shown}\\n", (unsigned long long)'
              f'{translator.names[n]}, (unsigned long long){where[n]}, {values}); return 1; }}' for n in compared]
    (work / "main.cpp").write_text(HARNESS % {"inputs": "\n".join(inputs), "settle": settling(unit, extracted, where, names), "body": "\n".join(body),
                                              "checks": "\n".join(checks)})
    sizes = [f"-G{name}={value}" for name, value in unit.parameters.items()]
    build = ["verilator", "--cc", "--exe", "--build", "-j", "1", "-O3", "-Wno-fatal", "-Wno-lint", "--top-module", unit.top, "--prefix", "Vunit", "--Mdir", str(work / "obj"),
             *sizes, "-o", "replay", str(work / "main.cpp"), *map(str, unit.rtl_files(sources.tree(None, work)))]
    run = subprocess.run(build, capture_output=True, text=True)
    if run.returncode != 0:
        raise FlowError(f"tie: {unit.name}: verilator: " + (run.stdout + run.stderr)[-800:])
    run = subprocess.run([str(work / "obj/replay"), str(count)], capture_output=True, text=True)
    if run.returncode != 0:
        raise FlowError(f"tie: {unit.name}: Yosys and Verilator read the RTL differently: {run.stdout.strip()}")
    return int(run.stdout)
