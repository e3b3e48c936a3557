#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants the bugs of bugs.yaml and float_bugs.yaml in the RTL, one at a time, and asks how soon the vectors of a nightly sweep find each.

Each bug is one edit in a scratch copy of rtl/, from which sweep_probe builds the tile and runs the vectors of a suite in the sweep's own order until one does not
pass. Three suites, made of the entries of vectors/suites/nightly.yaml on one config:

  random     those tagged `random`: commands and products drawn one by one
  programs   those tagged `programs`: programs of scenes
  nightly    both, with the directed vectors in front

A bug of the floating-point units is planted in the tile fp_4x4 as well: here the vectors of a sweep must find it, not a bench of the unit.
CPU-seconds are those of making programs and simulating them; building the tile does not count.

Exit: 0 at least --goal per cent of the bugs are found by `programs` within the limit, 1 fewer, 2 usage or an edit that no longer fits
the RTL, 3 a build failed or the RTL without bugs does not pass.
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
import time

from bug_table import percent as percent_of
from run_bugs import HERE, ROOT, BugError, Workshop, cache_folder, edited, read_bugs

COLUMNS = ["random", "programs", "nightly"]
INTEGER_CONFIG, FLOAT_CONFIG = "int8_8x8", "fp_4x4"
QUICK = ["b09", "b17", "b46", "f06", "f12"]


def nightly_entries(config):
    """Lines of nightly.yaml's tests by tag, each for this config alone."""
    entries = {}
    for line in (ROOT / "vectors/suites/nightly.yaml").read_text().splitlines():
        match = re.fullmatch(r"  - \{(.*tags: \[(\w+)\])\}", line)
        if match:
            entries.setdefault(match[2], []).append(f"  - {{{match[1]}, configs: {config}}}")
    missing = {"directed", "random", "programs"} - set(entries)
    if missing:
        raise BugError(2, f"vectors/suites/nightly.yaml: no entry tagged {' or '.join(sorted(missing))}")
    return entries


def suite_text(column, config):
    entries = nightly_entries(config)
    chosen = {"random": ["random"], "programs": ["programs"], "nightly": ["directed", "programs", "random"]}[column]
    return "\n".join(["schema: assay/suite/1", f"name: {column}", "seed: 1", "tests:", *(line for tag in chosen for line in entries[tag])]) + "\n"


class SweepWorkshop(Workshop):
    """A scratch copy that runs sweep_probe."""

    def __init__(self, folder, options):
        super().__init__(folder, options)
        self.probe_binary = folder / "sweep_probe"
        try:
            shutil.copy(options.probe, self.probe_binary)
        except OSError as error:
            raise BugError(3, f"{options.probe}: {error.strerror}") from error
        self.suites = []
        for column in options.columns:
            self.suites.append(folder / f"{column}.yaml")
            self.suites[-1].write_text(suite_text(column, options.config))

    def probe(self, limit):
        """What each suite says of the RTL as it stands, by column. A tile that ends the process is found as well."""
        environment = os.environ | {"ASSAY_ROOT": str(self.root), "ASSAY_CACHE_DIR": str(self.cache)}
        found = {}
        for column, suite in zip(self.options.columns, self.suites):
            done = subprocess.run([self.probe_binary, str(limit), suite], cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
            if done.returncode < 0:
                found[column] = {"found": True, "first": f"signal {-done.returncode}", "vectors": 0, "commands": 0, "cpu_seconds": 0.0, "test": "", "seed": 0}
            elif done.returncode != 0:
                raise BugError(3, f"{column}: exit {done.returncode}\n{done.stderr.strip()[-2000:]}")
            else:
                found[column] = json.loads(done.stdout)[0]
        return found


@contextlib.contextmanager
def workshop_number(number, options):
    """The scratch folder of one job, ours alone while we are in it."""
    folder = cache_folder() / "bug-sweep" / f"{options.config}-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield SweepWorkshop(folder, options)


def work(number, options, bugs):
    """Every options.jobs-th bug."""
    results = []
    with workshop_number(number, options) as workshop:
        if number == 0 and not options.only:
            workshop.plant(None)
            for column, found in workshop.probe(options.baseline).items():
                if found["found"]:
                    raise BugError(3, f"without a bug: {options.config}: {column}: {found['first']} in {found['test']} {found['seed']}")
        for bug in bugs[number :: options.jobs]:
            start = time.monotonic()
            workshop.plant(bug)
            results.append({key: bug[key] for key in ("id", "edited", "description")} | {"config": options.config, "columns": workshop.probe(options.limit)})
            told = "  ".join(f"{column} {text_of(found)}" for column, found in results[-1]["columns"].items())
            print(f"{bug['id']}  {time.monotonic() - start:5.1f} s  {told}", file=sys.stderr, flush=True)
    return results


def text_of(found):
    if not found["found"]:
        return f"> {found['vectors']:,} vectors, {found['cpu_seconds']:.0f} s"
    return f"{found['vectors']:,}, {found['cpu_seconds']:.2f} s"


def summary(results, options):
    """Per column: how many were found, and what finding took."""
    lines = []
    for column in options.columns:
        all_found = [r["columns"][column] for r in results]
        hits = [f for f in all_found if f["found"]]
        commands, seconds = sum(f["commands"] for f in all_found), sum(f["cpu_seconds"] for f in all_found)
        worst = max((f["cpu_seconds"] for f in hits), default=0.0)
        lines.append(f"- {column}: {percent_of(len(hits), len(all_found))} found within {options.limit:.0f} CPU-seconds each, the slowest after {worst:.1f}; "
                     f"{seconds:.0f} CPU-seconds and {commands:,} commands over all of them, {60 * len(hits) / max(seconds, 1e-9):.0f} bugs per CPU-minute")
    return lines


def print_table(results, options):
    if options.json:
        print(json.dumps({"schema": "assay/bug-sweep/1", "bugs": results}, indent=2))
        return
    print("| bug | what is wrong | on | " + " | ".join(f"{c}: vectors, CPU-s" for c in options.columns) + " |")
    print("|---|---|---|" + "---|" * len(options.columns))
    for r in results:
        cells = [text_of(r["columns"][c]) if r["columns"][c]["found"] else f"**{text_of(r['columns'][c])}**" for c in options.columns]
        print(f"| {r['id']} | {r['description']} | `{r['config']}` | " + " | ".join(cells) + " |")
    print()
    print("\n".join(summary(results, options)))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="ID", action="append", help="this bug only; may be repeated")
    parser.add_argument("--quick", action="store_true", help=f"some that need an exact coincidence: {' '.join(QUICK)}")
    parser.add_argument("--column", action="append", choices=COLUMNS, help="this suite only; may be repeated")
    parser.add_argument("--limit", type=float, default=60, help="CPU-seconds for a bug and suite (default 60)")
    parser.add_argument("--baseline", type=float, default=10, help="CPU-seconds of each suite without a bug (default 10)")
    parser.add_argument("--goal", type=float, default=95, help="per cent of the bugs (default 95)")
    parser.add_argument("--jobs", type=int, default=1, help="bugs at a time (default 1)")
    parser.add_argument("--probe", type=pathlib.Path, default=ROOT / "build/bin/sweep_probe", help="default build/bin/sweep_probe")
    parser.add_argument("--assay", type=pathlib.Path, default=ROOT / "build/bin/assay", help="default build/bin/assay")
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    options = parser.parse_args()
    options.probe, options.assay = options.probe.absolute(), options.assay.absolute()
    options.columns = options.column or COLUMNS
    if options.jobs < 1:
        parser.error("--jobs: expected at least 1")
    if options.quick:
        options.only = (options.only or []) + QUICK
    return parser, options


def selected(parser, options):
    """Bugs by config; those of float_bugs.yaml all on one tile."""
    by_config = {INTEGER_CONFIG: read_bugs(HERE / "bugs.yaml"), FLOAT_CONFIG: read_bugs(HERE / "float_bugs.yaml")}
    unknown = set(options.only or []) - {bug["id"] for bugs in by_config.values() for bug in bugs}
    if unknown:
        parser.error(f"--only: no such bug: {' '.join(sorted(unknown))}")
    for bugs in by_config.values():
        for bug in bugs:  # an edit that no longer fits is told before anything is built
            edited(bug, (ROOT / bug["file"]).read_text(), 0)
    return {config: [bug for bug in bugs if not options.only or bug["id"] in options.only] for config, bugs in by_config.items()}


def main():
    parser, options = parse_arguments()
    results = []
    try:
        for config, bugs in selected(parser, options).items():
            if not bugs:
                continue
            options.config = config
            with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
                for share in list(pool.map(lambda number, bugs=bugs: work(number, options, bugs), range(options.jobs))):
                    results += share
    except BugError as error:
        print(f"run_bug_sweep: {error}", file=sys.stderr)
        return error.code
    results.sort(key=lambda r: r["id"])
    print_table(results, options)
    judged = "programs" if "programs" in options.columns else options.columns[0]
    found = sum(r["columns"][judged]["found"] for r in results)
    return 0 if 100 * found >= options.goal * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
