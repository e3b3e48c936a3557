# SPDX-License-Identifier: Apache-2.0
"""The command line of prove, the schedule of the obligations, and the exit code."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys
import time

import report
import spec
import tie
from catalogue import ALL
from common import FlowError, UsageError
from obligations import Obligation, prove
from sources import Sources
from units import SPECS, Mutant, Unit

PASS, REFUTED, USAGE, TOOLS, UNKNOWN = 0, 1, 2, 3, 4
MUTATIONS = 12  # of a user's own unit; as many are tried as it takes until one is refuted


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(f"command line:1: {message}; `assay prove --help` says what is expected")


def parse(arguments):
    parser = Parser(prog="assay prove", description="Proves for all inputs that RTL and golden model of the datapath units equal the specification in "
                    "docs/spec.smt2. Exit: 0 all proved, 1 refuted, 2 usage, 3 a tool is missing or the flow failed, 4 unknown.")
    parser.add_argument("unit", nargs="*", metavar="UNIT", help="units, or claims as UNIT.CLAIM; all without one: " + ", ".join(u.name for u in ALL))
    parser.add_argument("--side", choices=["rtl", "model"], help="only this side")
    parser.add_argument("-j", type=int, default=os.cpu_count(), metavar="N", dest="jobs", help="solvers at a time (default: the processors)")
    parser.add_argument("--timeout", type=float, default=300, metavar="S", help="seconds for one question (default 300)")
    parser.add_argument("--rtl", action="append", metavar="FILE", help="a unit of your own: its SystemVerilog, packages first; may be repeated")
    parser.add_argument("--top", metavar="NAME", help="its module")
    parser.add_argument("--spec", metavar="FILE", help="its specification (docs/proofs.md)")
    parser.add_argument("--tie", type=int, default=100000, metavar="N", help="vectors on which Yosys' and Verilator's reading of each unit chosen as a "
                        "whole must agree (default 100000; 0: none)")
    parser.add_argument("--list", action="store_true", help="the obligations, nothing is proved")
    parser.add_argument("--json", metavar="FILE|-", help="write the record to a file, or with - to stdout (the table then goes to stderr)")
    parser.add_argument("--junit", metavar="FILE", help="write the verdicts as JUnit XML")
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        raise UsageError(f"command line:1: -j: is '{options.jobs}', expected 1 or more")
    own = (options.rtl, options.top, options.spec)
    if any(own) and not all(own):
        raise UsageError("command line:1: --rtl, --top, --spec: not all given, expected all three for a unit of your own")
    if any(own) and options.side == "model":
        raise UsageError("command line:1: --side: is 'model', a unit of your own has RTL only")
    for file in options.rtl or []:
        if not pathlib.Path(file).is_file():
            raise UsageError(f"command line:1: --rtl: {file}: no such file")
    if options.tie < 0:
        raise UsageError(f"command line:1: --tie: is '{options.tie}', expected 0 or more")
    if options.timeout <= 0:
        raise UsageError(f"command line:1: --timeout: is '{options.timeout}', expected seconds above 0")
    return options


def planned(options, sources):
    """The obligations that the command line asks for. A user's own unit, --rtl, takes the place of the tile's."""
    units = [own_unit(options, sources)] if options.rtl else ALL
    found = []
    for unit in units:
        text = spec.load(SPECS / unit.spec)
        if not text.claims:
            raise UsageError(f"{unit.spec}:1: claim-NAME: none, expected at least one function of that kind")
        for claim in text.claims.values():
            for side in unit.sides():
                if claim.side in ("", side):
                    found.append(Obligation(unit, side, claim, text))
    chosen = []
    for word in options.unit or [u.name for u in units]:
        matching = [o for o in found if word in (o.unit.name, f"{o.unit.name}.{o.claim.name}")]
        if not matching:
            raise UsageError(f"command line:1: UNIT: is '{word}', expected one of {', '.join(u.name for u in units)}, or UNIT.CLAIM")
        chosen += [o for o in matching if o not in chosen]
    return [o for o in chosen if options.side in (None, o.side)]


def own_unit(options, sources):
    """The unit of --rtl, --top, --spec; Yosys' own mutations of its netlist are the mutants."""
    unit = Unit(options.top, "-", str(pathlib.Path(options.spec).resolve()), top=options.top, files=[pathlib.Path(f).resolve() for f in options.rtl])
    unit.mutants = [Mutant("", "", change, re.sub(r"\$\S*/", "$", change)) for change in sources.mutations(unit, MUTATIONS)]
    return unit


def tied(options):
    """The units whose two readings are compared: those chosen as a whole, where the RTL is asked for at all."""
    if options.rtl:
        return []
    chosen = options.unit or [u.name for u in ALL]
    return [u for u in ALL if u.name in chosen and u.top and options.side != "model" and options.tie > 0]


def run(obligations, options, sources, say):
    """Proves all and replays the ties; returns {unit: vectors that agreed}."""
    order = sorted(obligations, key=lambda o: o.claim.by == "z3")
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        ties = {u.name: pool.submit(tie.tie, sources, u, options.tie) for u in tied(options)}
        futures = {pool.submit(prove, sources, o, options.timeout): o for o in order}
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            if future.exception() is not None:
                pool.shutdown(cancel_futures=True)
                raise future.exception()
            say(done, futures[future])
    return {name: future.result() for name, future in ties.items()}


def main(arguments):
    try:
        options = parse(arguments)
        sources = Sources()
        obligations = planned(options, sources)
        if options.list:
            print(report.listing(obligations))
            return PASS
        missing = [tool for tool in ("yosys", "cadical", "g++", "verilator") if shutil.which(tool) is None]
        if missing:
            raise FlowError(f"not found: {', '.join(missing)}; `assay doctor` says which packages")
        start = time.monotonic()
        ties = run(obligations, options, sources, report.progress(len(obligations)))
        record = report.record(obligations, sources, ties, options, time.monotonic() - start)
        out = sys.stderr if options.json == "-" else sys.stdout
        print(report.table(record), file=out)
        for target, text in ((options.json, report.json_text(record)), (options.junit, report.junit_text(record))):
            if target == "-":
                print(text, end="")
            elif target:
                write(pathlib.Path(target), text)
        return record["exit"]
    except UsageError as error:
        print(error, file=sys.stderr)
        return USAGE
    except FlowError as error:
        print(f"prove: {error}", file=sys.stderr)
        return TOOLS


def write(file, text):
    """Through a temporary file and rename: never half-written."""
    part = file.with_name(file.name + ".part")
    try:
        part.write_text(text)
        part.rename(file)
    except OSError as error:
        raise UsageError(f"command line:1: {file}: cannot be written: {error.strerror}") from None
