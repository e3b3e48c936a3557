#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants the one-line bugs of bugs.yaml in the RTL, one at a time, and asks what lockstep says about each.

Each bug is one edit in a scratch copy of rtl/ and tb/, from which `assay run` builds and runs the shipped tests in a fixed order
with fixed seeds. No stimulus is made for a bug.

  caught by    the first test that ends in a mismatch (exit 1); cycle and first divergence are those of its record
  block        `right` when that divergence lies in the block that README.md names
  output       the strongest effect at the output pins that the first tests which catch the bug show: `value` when a lane or response
               that left the RTL's pins differs from the functional model's (or the vector's expect), which judges what leaves and
               not when; `pin` when in some cycle an output pin differs from the model's, but no such value was found

A bug with a `miss` in bugs.yaml is known to be reported in another block than the list says; --known-misses lets that pass.

Exit: 0 every bug is caught in the right block and changes an output, 1 not so, 2 usage or an edit that no longer fits the RTL,
3 a build failed or the RTL without bugs does not pass.
"""
import argparse
import concurrent.futures
import contextlib
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import bug_table
import float_table

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
QUICK = ["b02", "b04", "b06", "b08", "b09", "b14", "b20", "b26"]  # some of every block

# The shipped stimulus, in the order in which it is tried: (test, seed).
GENERATED = [("stress", 1), ("gemm", 1), ("reset", 1), ("stress", 2), ("stress", 3), ("gemm", 2), ("reset", 2)]
LATE = [("maximal", 1), ("stress", 4), ("stress", 5), ("stress", 6), ("gemm", 3), ("synthetic_net", 1), ("digits", 1)]

MISMATCHES = 20000      # listed before a run stops: mostly enough for a wrong register to reach the pins
MANY_MISMATCHES = 80000  # for runs in which that was not enough
SEARCHED = 3            # tests that catch a bug in which a wrong value is looked for when a pin is wrong


class BugError(Exception):
    """An edit does not fit, or a run says neither pass nor mismatch; `code` is the exit code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def read_bugs(file):
    """The flat maps of bugs.yaml; a quoted value is read as JSON."""
    bugs = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        match = re.fullmatch(r"  (- |  )(\w+): (.*)", line)
        if match:
            if match[1] == "- ":
                bugs.append({})
            bugs[-1][match[2]] = json.loads(match[3]) if match[3].startswith('"') else match[3]
        elif line and not re.match(r"#|\w+:", line):
            raise BugError(2, f"{file.name}:{number}: not understood")
    return bugs


def tests():
    """Every bug of this list lies in the integer tile; vectors/directed/fp_* are for the floating-point one."""
    directed = sorted(file.stem for file in (ROOT / "vectors/directed").glob("*.yaml") if not file.stem.startswith("fp_"))
    return GENERATED + [(name, 1) for name in directed] + LATE


def pattern_of(text):
    """Matches `text` whatever white space stands between its words and symbols."""
    return re.compile(r"\s*".join(re.escape(token) for token in re.findall(r"\w+|[^\w\s]", text)))


def edited(bug, source, last_row):
    matches = list(pattern_of(bug["find"]).finditer(source))
    if len(matches) != 1:
        raise BugError(2, f"{bug['id']}: {bug['file']}: the text to replace occurs {len(matches)} times, expected once: {bug['find']}")
    start, end = matches[0].span()
    return source[:start] + bug["replace"].replace("{last_row}", str(last_row)) + source[end:]


class Workshop:
    """A scratch copy of the sources with a cache of its own. Always at the same place, so that the compiler cache and libraries
    built earlier serve again."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.root, self.cache = folder / "tree", folder / "cache"
        self.used = set()
        self.assay = folder / "assay"  # a copy: the command may be built anew while this runs
        shutil.rmtree(self.root, ignore_errors=True)
        try:
            shutil.copy(options.assay, self.assay)
        except OSError as error:
            raise BugError(3, f"{options.assay}: {error.strerror}") from error
        for part in ("rtl", "tb", "vectors"):
            shutil.copytree(ROOT / part, self.root / part)
        (self.root / "cosim/npu").mkdir(parents=True)
        for file in ("rtl_map.yaml", "dut_abi.h"):
            shutil.copy(ROOT / "cosim/npu" / file, self.root / "cosim/npu")

    def plant(self, bug):
        """The sources as they were, but for this bug (None: without one)."""
        shutil.copytree(ROOT / "rtl", self.root / "rtl", dirs_exist_ok=True)
        if bug:
            config = (ROOT / "rtl/configs" / f"{self.options.config}.yaml").read_text()
            last_row = int(re.search(r"^rows: *(\d+)", config, re.MULTILINE)[1]) - 1
            file = self.root / bug["file"]
            file.write_text(edited(bug, file.read_text(), last_row))

    def run(self, test, seed, mismatches=MISMATCHES):
        """The record of one run."""
        record = self.folder / "record.json"
        record.unlink(missing_ok=True)
        environment = os.environ | {"ASSAY_ROOT": str(self.root), "ASSAY_CACHE_DIR": str(self.cache)}
        command = [self.assay, "run", "--test", test, "--seed", str(seed), "--config", self.options.config, "--timeout", "20",
                   "--max-mismatches", str(mismatches), "--json", str(record), "--waves", "none"]
        done = subprocess.run(list(map(str, command)), cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 4) or not record.is_file():
            raise BugError(3, f"{test}, seed {seed}: exit {done.returncode}\n{done.stderr.strip()[-2000:]}")
        answer = json.loads(record.read_text())
        self.note(answer)
        return answer

    def note(self, record):
        """Keeps the library of a run."""
        self.used.add(pathlib.Path(record["host"]["build"]["library"]).name)

    def close(self):
        """Keeps the libraries of this run only."""
        for library in (self.cache / "lib").glob("*.so"):
            if library.name not in self.used and not self.options.only:
                library.unlink()
        shutil.rmtree(self.folder / "assay-out", ignore_errors=True)


def is_fine(result, known_misses):
    return bool(result["caught"] and result["effect"] and (result["right"] or (known_misses and result["miss"])))


def place_of(mismatch):
    index = "".join(f"[{i}]" for i in mismatch["index"])
    return f"{mismatch['block']}.{mismatch['field']}{index}"


def output_effect(record):
    """(rank, words): 2 a wrong value, 1 a wrong pin, 0 none that this record shows."""
    for rank, kinds in ((2, ("functional", "expect")), (1, ("pin",))):
        for mismatch in record["mismatches"]:
            if mismatch["kind"] in kinds:
                return rank, f"{'value' if rank == 2 else 'pin'} {place_of(mismatch)} in {record['test']}"
    return 0, "none"


def effect_of(workshop, test, seed, record):
    """The effect; a run that stopped at its limit of mismatches before a value was wrong is given more room."""
    effect = output_effect(record)
    if effect[0] < 2 and len(record["mismatches"]) >= MISMATCHES:
        effect = max(effect, output_effect(workshop.run(test, seed, MANY_MISMATCHES)))
    return effect


def try_bug(workshop, bug, every_test):
    """Runs tests until the bug is caught and an output is wrong, or all of them."""
    result = {key: bug[key] for key in ("id", "edited", "reported", "description")}
    result |= {"miss": bug.get("miss"), "caught": False, "right": False, "effect": 0, "output": "none"}
    result |= {"caught_by": 0, "right_in": 0, "inconclusive": []}
    workshop.plant(bug)
    for test, seed in tests():
        record = workshop.run(test, seed)
        if record["exit"] == 4:
            result["inconclusive"].append(f"{test} {seed}")
        if record["exit"] != 1:
            continue
        first = record["first"]
        result["caught_by"] += 1
        result["right_in"] += first["block"] == bug["reported"]
        if not result["caught"]:
            result |= {"caught": True, "right": first["block"] == bug["reported"], "test": test, "seed": seed,
                       "kind": first["kind"], "cycle": first["cycle"], "block": first["block"], "first": place_of(first)}
        if result["effect"] < 2:
            effect = effect_of(workshop, test, seed, record)
            if effect[0] > result["effect"]:
                result["effect"], result["output"] = effect
        enough = result["effect"] == 2 or (result["effect"] == 1 and result["caught_by"] >= SEARCHED)
        if enough and not every_test:
            break
    return result


def check_baseline(workshop, wanted):
    """Without a bug the tests must pass, or a mismatch would prove nothing."""
    workshop.plant(None)
    for test, seed in wanted:
        record = workshop.run(test, seed)
        if record["exit"] != 0:
            raise BugError(3, f"without a bug: {test}, seed {seed}: {record['verdict']}: {record['reason']}")


def cache_folder():
    for name, tail in (("ASSAY_CACHE_DIR", ""), ("XDG_CACHE_HOME", "assay"), ("HOME", ".cache/assay")):
        if os.environ.get(name):
            return pathlib.Path(os.environ[name]).absolute() / tail
    return pathlib.Path(tempfile.gettempdir()) / "assay-cache"


@contextlib.contextmanager
def workshop_number(number, options):
    """The scratch folder of one job, ours alone while we are in it."""
    folder = cache_folder() / "bugs" / f"{options.config}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        workshop = Workshop(folder, options)
        yield workshop
        workshop.close()


def work(number, options, bugs):
    """One job's share of the bugs, always the same ones in the same folder."""
    results = []
    with workshop_number(number, options) as workshop:
        if number == 0 and not options.table:
            check_baseline(workshop, tests())
        for bug in bugs[number::options.jobs]:
            start = time.monotonic()
            results.append(bug_table.measure(workshop, bug, tests()) if options.table else try_bug(workshop, bug, options.every_test))
            told = results[-1].get("first", "not caught")
            print(f"{bug['id']}  {time.monotonic() - start:5.1f} s  {told}", file=sys.stderr)
    return results


def print_text(results):
    """The table; what is known about a wrong block stands below."""
    print(f"{'bug':<4} {'edited':<13}{'reported in':<13}{'block':<7}{'cycle':>6}  {'first divergence':<34}{'caught by':<29}output")
    for r in results:
        if r["caught"]:
            test = f"{r['test']} {r['seed']}"
            where = f"{r['block']:<13}{'right' if r['right'] else 'WRONG':<7}{r['cycle']:>6}  {r['first']:<34}"
            print(f"{r['id']:<4} {r['edited']:<13}{where}{test:<29}{r['output']}")
        else:
            print(f"{r['id']:<4} {r['edited']:<13}NOT CAUGHT")
    print_misses(results)
    print(summary(results))


def print_markdown(results):
    print("| bug | what is wrong | edited | first divergence | cycle | block | caught by | output |\n|---|---|---|---|---|---|---|---|")
    for r in results:
        found = "**not caught** | | |"
        if r["caught"]:
            found = f"`{r['first']}` | {r['cycle']} | {'right' if r['right'] else '**wrong**'} | {r['test']} {r['seed']}"
        print(f"| {r['id']} | {r['description']} | {r['edited']} | {found} | {r['output']} |")
    print()
    print_misses(results)
    print(summary(results))


def print_table(results, options):
    """The summary; the whole table goes into the documentation, or with --only to stdout."""
    if options.json:
        print(json.dumps({"schema": "assay/bug-table/1", "config": options.config, "bugs": results}, indent=2))
        return 0
    page = bug_table.markdown(results, options.config)
    if options.only:
        print(page)
        return 0
    file = ROOT / "docs/bug-table.md"
    kept = float_table.kept_section(file.read_text()) if file.is_file() else ""  # run_float_bugs.py's
    file.write_text(page + ("\n" + kept if kept else ""))
    print("\n".join(bug_table.summary(results)) + "\nwritten to docs/bug-table.md")
    return 0


def print_misses(results):
    for r in results:
        if r["caught"] and not r["right"]:
            print(f"{r['id']}: expected in {r['reported']}: {r['miss'] or 'not known why'}")


def summary(results):
    caught, right = (sum(r[key] for r in results) for key in ("caught", "right"))
    changed = sum(r["effect"] > 0 for r in results)
    return f"{len(results)} bugs: {caught} caught, {right} of them in the right block; {changed} change an output"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="ID", action="append", help="this bug only; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"a few of every block: {' '.join(QUICK)}")
    parser.add_argument("--every-test", action="store_true", help="do not stop at the test that catches a bug: count them (--json)")
    parser.add_argument("--table", action="store_true", help="what the reports say about each bug, and how small its vector gets: docs/bug-table.md")
    parser.add_argument("--known-misses", action="store_true", help="bugs.yaml's misses do not make the exit code 1")
    parser.add_argument("--config", default="int8_8x8", help="hardware variant (default int8_8x8)")
    parser.add_argument("--jobs", type=int, default=1, help="bugs at a time (default 1)")
    parser.add_argument("--assay", type=pathlib.Path, default=ROOT / "build/bin/assay", help="the command (default build/bin/assay)")
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    options = parser.parse_args()
    options.assay = options.assay.absolute()
    if not (ROOT / "rtl/configs" / f"{options.config}.yaml").is_file():
        parser.error(f"--config: rtl/configs/{options.config}.yaml: no such file")
    if options.jobs < 1:
        parser.error("--jobs: expected at least 1")
    if options.quick:
        options.only = (options.only or []) + QUICK
    return parser, options


def selected(parser, options):
    bugs = read_bugs(HERE / "bugs.yaml")
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
        print(f"run_bugs: {error}", file=sys.stderr)
        return error.code
    results = sorted((r for share in shares for r in share), key=lambda r: r["id"])
    if options.table:
        return print_table(results, options)
    if options.json:
        print(json.dumps({"schema": "assay/bugs-result/1", "config": options.config, "bugs": results}, indent=2))
    elif options.markdown:
        print_markdown(results)
    else:
        print_text(results)
    return 0 if all(is_fine(r, options.known_misses) for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
