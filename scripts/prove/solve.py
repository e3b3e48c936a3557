# SPDX-License-Identifier: Apache-2.0
"""solve.py METHOD: one satisfiability question, SMT-LIB on stdin, an answer as one JSON line on stdout.

{"status": "unsat" | "sat" | "unknown", "model": {constant: unsigned integer}, "seconds": S}. METHOD z3: Z3 decides; cadical: Z3 only
turns the question into clauses, CaDiCaL decides. Run as a process of its own so that whoever starts it can end it.
"""
import ctypes
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import z3

OBSERVED = "out "  # constants of this name only tell an output's value


def end_with_parent():
    """A question of minutes does not go on when nobody waits for the answer."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def value(term):
    if z3.is_bv_value(term):
        return term.as_long()
    if z3.is_true(term) or z3.is_false(term):
        return int(z3.is_true(term))
    return None


def constants(formulas):
    """The declared constants of the formulas."""
    found, seen, todo = {}, set(), list(formulas)
    while todo:
        term = todo.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found[str(term)] = term
        todo += term.children()
    return found


def checked_model(formulas, told, model):
    """The constants' values and what `told` tells of the outputs; None when the model does not satisfy the formulas: then it is worth nothing."""
    values = {name: model.eval(term, model_completion=True) for name, term in constants(formulas).items()}
    pairs = [(term, values[name]) for name, term in constants(formulas).items()]
    if not all(z3.is_true(z3.simplify(z3.substitute(formula, *pairs))) for formula in formulas):
        return None
    outputs = {str(equation.arg(0)): z3.simplify(z3.substitute(equation.arg(1), *pairs)) for equation in told}
    return {name: value(term) for name, term in (values | outputs).items() if value(term) is not None}


def goal_of(formulas):
    goal = z3.Goal()
    goal.add(formulas)
    return goal


def by_z3(formulas):
    plain = z3.Probe("is-qfbv")(goal_of(formulas)) != 0
    solver = z3.SolverFor("QF_BV") if plain else z3.Tactic("qffpbv").solver()
    solver.add(formulas)
    status = str(solver.check())
    return status, solver.model() if status == "sat" else None


def by_cadical(formulas):
    """Z3's own encoders down to clauses, CaDiCaL for the clauses.

    The constants become vectors of Boolean constants first, whose names survive the encoding. Bits that it lost are found by Z3, which has
    an easy task once the others are known.
    """
    bits = {name: bits_of(name, term) for name, term in constants(formulas).items()}
    split = [z3.substitute(f, *[(term, bits[name][0]) for name, term in constants(formulas).items()]) for f in formulas]
    steps = z3.Then("simplify", "propagate-values", "fpa2bv", "simplify", "propagate-values", "bit-blast", "simplify", "aig", "tseitin-cnf")
    (goal,) = steps(goal_of(split))
    if goal.inconsistent():
        return "unsat", None
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "question.cnf"
        write_clauses(goal, file)
        answer = subprocess.run(["cadical", "-q", str(file)], capture_output=True, text=True, preexec_fn=end_with_parent)
    if answer.returncode != 10:
        return "unsat" if answer.returncode == 20 else "unknown", None
    names, known = variable_names(goal), {}
    for line in answer.stdout.splitlines():
        for literal in map(int, line.split()[1:]) if line.startswith("v ") else []:
            known[names.get(abs(literal))] = literal > 0
    fixed = [bit if known[str(bit)] else z3.Not(bit) for _, vector in bits.values() for bit in vector if str(bit) in known]
    equal = [term == bits[name][0] for name, term in constants(formulas).items()]
    return by_z3(list(formulas) + equal + fixed)


def bits_of(name, term):
    """A term of the same sort as `term` made of Boolean constants, and these, the most significant first."""
    if z3.is_bool(term):
        bit = z3.Bool(f"bit {name} 0")
        return bit, [bit]
    bits = [z3.Bool(f"bit {name} {i}") for i in reversed(range(term.size()))]
    parts = [z3.If(bit, z3.BitVecVal(1, 1), z3.BitVecVal(0, 1)) for bit in bits]
    return z3.Concat(*parts) if len(parts) > 1 else parts[0], bits


def write_clauses(goal, file):
    """The goal as DIMACS; Z3's header can count too few variables, so it is written anew."""
    clauses = [line for line in goal.dimacs(False).splitlines() if line and line[0] not in "pc"]
    highest = max((abs(int(word)) for clause in clauses for word in clause.split()), default=0)
    file.write_text(f"p cnf {highest} {len(clauses)}\n" + "\n".join(clauses) + "\n")


def variable_names(goal):
    """Number to name of Z3's DIMACS variables: this version prints none, so literals are counted off against the goal's own text."""
    numbers = [abs(int(word)) for line in goal.dimacs(False).splitlines() if line and line[0] not in "pc" for word in line.split()[:-1]]
    words = re.findall(r"\|([^|]+)\||([^\s()|]+)", goal.sexpr())
    names = [quoted or bare for quoted, bare in words if (quoted or bare) not in ("goal", "or", "not")]
    if len(names) != len(numbers):
        raise RuntimeError(f"{len(names)} literals in the goal, {len(numbers)} in its DIMACS")
    return dict(zip(numbers, names))


def main():
    end_with_parent()
    start = time.monotonic()
    everything = z3.parse_smt2_string(sys.stdin.read())
    told = [f for f in everything if z3.is_eq(f) and str(f.arg(0)).startswith(OBSERVED)]
    formulas = [f for f in everything if not any(f.eq(t) for t in told)]
    status, model = {"z3": by_z3, "cadical": by_cadical}[sys.argv[1]](formulas)
    values = {}
    if status == "sat":
        values = checked_model(formulas, told, model)
        status = "unknown" if values is None else "sat"
    print(json.dumps({"status": status, "model": values or {}, "seconds": round(time.monotonic() - start, 3)}))


if __name__ == "__main__":
    main()
