# SPDX-License-Identifier: Apache-2.0
"""One obligation: a claim about one side of a unit, its twins that must fail, and what came out."""
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from common import FlowError, UsageError
from solve import OBSERVED

SOLVER = pathlib.Path(__file__).with_name("solve.py")
TWINS = 2  # so many mutants at least, and as many more as it takes until one is refuted


@dataclasses.dataclass
class Answer:
    verdict: str  # proved, refuted, unknown
    seconds: float = 0.0
    model: dict = dataclasses.field(default_factory=dict)
    why: str = ""


@dataclasses.dataclass
class Obligation:
    unit: object
    side: str
    claim: object
    spec: object
    verdict: str = "skipped"
    why: str = ""
    seconds: float = 0.0
    model: dict = dataclasses.field(default_factory=dict)
    twins: list = dataclasses.field(default_factory=list)  # (mutant, Answer)
    ports: list = dataclasses.field(default_factory=list)  # the side's inputs

    name = property(lambda self: f"{self.unit.name}.{self.claim.name}.{self.side}")


def question(sources, obligation, mutant=None):
    """The negated claim as SMT-LIB. A mutant gets no claims for granted: they were proved of the unit, not of it."""
    claim = obligation.claim
    unit = sources.get(obligation.unit, obligation.side, claim.cut, mutant)
    granted = [] if mutant else claim.uses
    text, symbols = obligation.spec.cone(dataclasses.replace(claim, uses=granted))
    own = set(obligation.spec.definitions)
    if own & (set(unit.inputs) | set(unit.outputs)):
        raise UsageError(f"{obligation.spec.file}:1: {sorted(own & (set(unit.inputs) | set(unit.outputs)))[0]}: is a port of the unit, expected another name")
    inputs = [name for name in unit.inputs if name in symbols]
    definitions = unit.text([name for name in unit.definitions if name in symbols - own])
    if not definitions and not inputs:
        raise FlowError(f"{obligation.name}: the claim names no port of the unit")
    asserted = ["assume"] * ("assume" in symbols) + ["claim-" + name for name in granted]
    return (unit.declarations() + definitions + text + "".join(f"(assert |{name}|)\n" for name in asserted) +
            f"(assert (not |claim-{claim.name}|))\n" + observed(unit, symbols))


def observed(unit, symbols):
    """Constants that carry the outputs' values into a counterexample, apart from the question, which they would only make larger."""
    names = [name for name in unit.outputs if name in symbols]
    return "".join(f"(declare-const |{OBSERVED}{n}| {'Bool' if unit.outputs[n] == 1 else f'(_ BitVec {unit.outputs[n]})'})\n(assert (= |{OBSERVED}{n}| |{n}|))\n"
                   for n in names)


def ask(text, method, timeout):
    """Puts the question to a solver process; after `timeout` seconds it is ended with all that it started."""
    start = time.monotonic()
    with subprocess.Popen([sys.executable, str(SOLVER), method], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as run:
        try:
            out, said = run.communicate(text, timeout)
        except BaseException as end:  # also Ctrl-C: nothing of ours goes on by itself
            os.killpg(run.pid, signal.SIGKILL)
            if isinstance(end, subprocess.TimeoutExpired):
                return Answer("unknown", timeout, why=f"no answer within {timeout:g} s")
            raise
    seconds = time.monotonic() - start
    if run.returncode != 0:
        raise FlowError("solver: " + said.strip()[-600:])
    answer = json.loads(out)
    verdict = {"unsat": "proved", "sat": "refuted"}.get(answer["status"], "unknown")
    return Answer(verdict, seconds, answer["model"], "" if verdict != "unknown" else "the solver does not know")


def prove(sources, obligation, timeout):
    """Fills in the obligation: its own verdict first, then that of its twins until enough of them failed."""
    answer = ask(question(sources, obligation), obligation.claim.by, timeout)
    obligation.verdict, obligation.seconds, obligation.model, obligation.why = answer.verdict, answer.seconds, answer.model, answer.why
    if answer.verdict != "proved":
        obligation.ports = list(sources.get(obligation.unit, obligation.side, obligation.claim.cut).inputs)
        return
    for mutant in [m for m in obligation.unit.mutants if m.meets(obligation.side, obligation.claim.name)]:
        refuted = any(a.verdict == "refuted" for _, a in obligation.twins)
        if len(obligation.twins) >= TWINS and refuted:
            break
        obligation.twins.append((mutant, ask(question(sources, obligation, mutant), obligation.claim.by, timeout)))
    if not any(a.verdict == "refuted" for _, a in obligation.twins):
        obligation.verdict, obligation.why = "unknown", f"none of {len(obligation.twins)} mutants was refuted: the claim may say nothing of the unit"
