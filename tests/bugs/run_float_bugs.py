#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants the floating-point bugs of float_bugs.yaml in the RTL, one at a time, and asks after how many vectors the shipped tests catch each.

Each bug is one edit in a scratch copy of rtl/. A bug of a bench module meets the suites of tests/float_rtl in their order and with
their seeds (float_probe), a bug of the tile the shipped tests in lockstep (assay run). Beside that, stimulus with every bit uniform.

  shipped    vectors (tile: cycles) until the first difference
  uniform    the same with uniform stimulus; `> N` when N of them show nothing

With --table every bug is planted in the tile instead, and the table tells what the report says about it: which family of hypotheses it
names, and whether that is the listed one (docs/bug-table.md, "Floating point").

Exit: 0 every bug is caught by the shipped stimulus, 1 not so, 2 usage or an edit that no longer fits the RTL,
3 a build failed or the RTL without bugs does not pass.
"""
import argparse
import concurrent.futures
import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import float_table
from run_bugs import HERE, ROOT, BugError, Workshop, cache_folder, edited, place_of, read_bugs

QUICK = ["f06", "f16", "f21", "f26"]  # one of every unit, and of the tile

TABLE_CONFIG = "fp_4x4"  # the tile of --table

# Shipped tests of a tile, in the order in which they are tried: (test, seed).
TILE_TESTS = [("stress", 1), ("gemm", 1), ("reset", 1), ("stress", 2), ("stress", 3), ("gemm", 2), ("reset", 2), ("maximal", 1), ("stress", 4), ("stress", 5)]


class FloatWorkshop(Workshop):
    """A scratch copy that also runs float_probe."""

    def __init__(self, folder, options):
        super().__init__(folder, options)
        self.probe_binary = folder / "float_probe"
        if options.table:  # all in the tile
            return
        try:
            shutil.copy(options.probe, self.probe_binary)
        except OSError as error:
            raise BugError(3, f"{options.probe}: {error.strerror}") from error

    def plant(self, bug):
        """The sources as they were, but for this bug (None: without one)."""
        shutil.copytree(ROOT / "rtl", self.root / "rtl", dirs_exist_ok=True)
        if bug:
            file = self.root / bug["file"]
            file.write_text(edited(bug, file.read_text(), 0))

    def probe(self, module):
        """What float_probe says of one bench module."""
        environment = os.environ | {"ASSAY_ROOT": str(self.root), "ASSAY_CACHE_DIR": str(self.cache)}
        command = [str(self.probe_binary), module, str(self.options.uniform)]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BugError(3, f"{module}: exit {done.returncode}\n{done.stderr.strip()[-2000:]}")
        return json.loads(done.stdout)

    def run(self, test, seed, mismatches=1):
        """The record of one run: of a named test, or of a vector file."""
        record = self.folder / "record.json"
        record.unlink(missing_ok=True)
        environment = os.environ | {"ASSAY_ROOT": str(self.root), "ASSAY_CACHE_DIR": str(self.cache)}
        what = [test] if isinstance(test, pathlib.Path) else ["--test", test]
        command = [self.assay, "run", *what, "--seed", str(seed), "--config", self.options.config, "--timeout", "60",
                   "--max-mismatches", str(mismatches), "--json", str(record), "--waves", "none"]
        done = subprocess.run(list(map(str, command)), cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not record.is_file():
            raise BugError(3, f"{test}, seed {seed}: exit {done.returncode}\n{done.stderr.strip()[-2000:]}")
        return json.loads(record.read_text())

    def lockstep(self, tests):
        """Cycles until the first divergence over these tests, or over all of them."""
        cycles = 0
        for test, seed in tests:
            record = self.run(test, seed)
            if record["exit"] == 1:
                first = record["first"]
                return {"caught": True, "vectors": cycles + first["cycle"], "first": f"{place_of(first)} in {test} {seed}"}
            cycles += record["cycles"]
        return {"caught": False, "vectors": cycles, "first": ""}


def try_bug(workshop, bug):
    result = {key: bug[key] for key in ("id", "where", "edited", "description")}
    workshop.options.config = bug.get("config")
    workshop.plant(bug)
    if workshop.options.table:
        workshop.options.config = bug.get("config", TABLE_CONFIG)
        return float_table.measure(workshop, bug, float_table.tests(ROOT, TILE_TESTS))
    if bug["where"] != "tile":
        return result | workshop.probe(bug["where"])
    shipped = workshop.lockstep(TILE_TESTS)
    uniform = workshop.lockstep([(HERE / "float_uniform.yaml", seed) for seed in range(1, 1 + workshop.options.uniform_runs)])
    return result | {"shipped": shipped, "uniform": uniform}


def check_baseline(workshop, bugs):
    """Without a bug nothing may differ, or a difference would prove nothing."""
    for where in sorted({bug["where"] for bug in bugs}):
        if where == "tile":
            for config in sorted({bug["config"] for bug in bugs if bug["where"] == "tile"}):
                workshop.options.config = config
                workshop.plant(None)
                found = workshop.lockstep([*TILE_TESTS, (HERE / "float_uniform.yaml", 1)])
                if found["caught"]:
                    raise BugError(3, f"without a bug: {config}: {found['first']}")
        else:
            workshop.plant(None)
            found = workshop.probe(where)
            if found["shipped"]["caught"] or found["uniform"]["caught"]:
                raise BugError(3, f"without a bug: {where}: {found['shipped']['first'] or found['uniform']['first']}")


@contextlib.contextmanager
def workshop_number(number, options):
    """The scratch folder of one job, ours alone while we are in it."""
    folder = cache_folder() / "float-bugs" / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        workshop = FloatWorkshop(folder, argparse.Namespace(**vars(options)))
        yield workshop
        shutil.rmtree(folder / "assay-out", ignore_errors=True)


def work(number, options, bugs):
    """Every options.jobs-th bug."""
    results = []
    with workshop_number(number, options) as workshop:
        if number == 0 and not options.quick and not options.table:
            check_baseline(workshop, bugs)
        for bug in bugs[number :: options.jobs]:
            start = time.monotonic()
            results.append(try_bug(workshop, bug))
            told = told_of(results[-1])
            print(f"{bug['id']}  {time.monotonic() - start:5.1f} s  {told}", file=sys.stderr)
    return results


def told_of(result):
    """One line for who waits."""
    if "shipped" in result:
        return result["shipped"]["first"] or "not caught"
    return f"{result['hypothesis']}: rank {result['rank']}, first {result['best']}" if result["caught"] else "not caught in the tile"


def print_table(results, options):
    """The part of the page; with --only to stdout."""
    page = float_table.section(results, TABLE_CONFIG)
    if options.json:
        print(json.dumps({"schema": "assay/float-bug-table/1", "bugs": results}, indent=2))
    elif options.only:
        print(page)
    else:
        float_table.replace_section(ROOT / "docs/bug-table.md", page)
        print("written to docs/bug-table.md")
    return 0


def count_of(found, in_cycles):
    unit = "" if not in_cycles else " cycle" if found["vectors"] == 1 else " cycles"
    return f"{'' if found['caught'] else '> '}{found['vectors']:,}{unit}"


def counts(result):
    return tuple(count_of(result[key], result["where"] == "tile") for key in ("shipped", "uniform"))


def print_text(results):
    print(f"{'bug':<4} {'where':<11}{'shipped':>16}{'uniform':>22}  first difference")
    for r in results:
        shipped, uniform = counts(r)
        print(f"{r['id']:<4} {r['where']:<11}{shipped:>16}{uniform:>22}  {r['shipped']['first'] or 'NOT CAUGHT'}")
    print(summary(results))


def print_markdown(results):
    print("| bug | what is wrong | caught in | shipped stimulus, vectors | uniform random, vectors |\n|---|---|---|---|---|")
    for r in results:
        shipped, uniform = counts(r)
        print(f"| {r['id']} | {r['description']} | `{r['where']}` | {shipped if r['shipped']['caught'] else '**not caught**'} | {uniform} |")
    print()
    print(summary(results))


def summary(results):
    shipped, uniform = (sum(r[key]["caught"] for r in results) for key in ("shipped", "uniform"))
    return f"{len(results)} bugs: {shipped} caught by the shipped stimulus, {uniform} by uniform random"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="ID", action="append", help="this bug only; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"one of every unit, without the run that has no bug: {' '.join(QUICK)}")
    parser.add_argument("--uniform", type=int, default=20_000_000, help="uniform vectors for a bench module (default 20,000,000)")
    parser.add_argument("--uniform-runs", type=int, default=30, help="runs of float_uniform.yaml for a tile (default 30)")
    parser.add_argument("--jobs", type=int, default=1, help="bugs at a time (default 1)")
    parser.add_argument("--assay", type=pathlib.Path, default=ROOT / "build/bin/assay", help="the command (default build/bin/assay)")
    parser.add_argument("--probe", type=pathlib.Path, default=ROOT / "build/bin/float_probe", help="default build/bin/float_probe")
    parser.add_argument("--table", action="store_true", help="what the reports say about each bug in the tile: docs/bug-table.md")
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    options = parser.parse_args()
    options.assay, options.probe = options.assay.absolute(), options.probe.absolute()
    options.config = None  # each bug of a tile names its own
    if options.jobs < 1:
        parser.error("--jobs: expected at least 1")
    if options.quick:
        options.only = (options.only or []) + QUICK
    return parser, options


def selected(parser, options):
    bugs = read_bugs(HERE / "float_bugs.yaml")
    unknown = set(options.only or []) - {bug["id"] for bug in bugs}
    if unknown:
        parser.error(f"--only: no such bug: {' '.join(sorted(unknown))}")
    for bug in bugs:  # an edit that no longer fits is told before anything is built
        edited(bug, (ROOT / bug["file"]).read_text(), 0)
    return [bug for bug in bugs if not options.only or bug["id"] in options.only]


def main():
    parser, options = parse_arguments()
    try:
        bugs = selected(parser, options)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            shares = list(pool.map(lambda number: work(number, options, bugs), range(options.jobs)))
    except BugError as error:
        print(f"run_float_bugs: {error}", file=sys.stderr)
        return error.code
    results = sorted((r for share in shares for r in share), key=lambda r: r["id"])
    if options.table:
        return print_table(results, options)
    if options.json:
        print(json.dumps({"schema": "assay/float-bugs-result/1", "bugs": results}, indent=2))
    elif options.markdown:
        print_markdown(results)
    else:
        print_text(results)
    return 0 if all(r["shipped"]["caught"] for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
