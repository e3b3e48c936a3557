# SPDX-License-Identifier: Apache-2.0
"""What prove tells: progress, table, record, JUnit."""
import json
import os
import platform
import subprocess
import sys
import time
import xml.sax.saxutils

import oracle


def progress(total):
    """Says each verdict as it comes, on a terminal only."""
    def say(done, obligation):
        if sys.stderr.isatty():
            print(f"\r\x1b[K{done}/{total} {obligation.name} {obligation.verdict}", end="" if done < total else "\n", file=sys.stderr, flush=True)
    return say


def listing(obligations):
    lines = [f"{o.unit.name + '.' + o.claim.name:<28} {o.side:<6} {o.unit.rule:<9} {o.claim.words}" for o in obligations]
    return "\n".join(lines + [f"{len(obligations)} obligations"])


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return ""


def versions():
    import z3
    return {"yosys": first_line("yosys", "-V"), "z3": z3.get_version_string(), "cadical": first_line("cadical", "--version"),
            "g++": first_line("g++", "--version"), "verilator": first_line("verilator", "--version"), "python": platform.python_version()}


def record(obligations, sources, ties, options, seconds):
    """assay/prove/1 (docs/schemas/prove.schema.json): everything but `host` is the same for the same sources."""
    entries = [entry(o) for o in obligations]
    verdicts = {e["verdict"] for e in entries}
    verdict = "refuted" if "refuted" in verdicts else "unknown" if verdicts != {"proved"} else "proved"
    times = [{"name": e["name"], "seconds": round(o.seconds, 2), "twins": [round(a.seconds, 2) for _, a in o.twins]} for e, o in zip(entries, obligations)]
    return {"schema": "assay/prove/1", "verdict": verdict, "exit": {"proved": 0, "refuted": 1, "unknown": 4}[verdict], "obligations": entries,
            "ties": [{"unit": name, "vectors": count} for name, count in ties.items()],
            "sources": [{"file": name, "sha256": sources.digests[name]} for name in sorted(sources.digests)],
            "host": {"tools": versions(), "jobs": options.jobs, "timeout_s": options.timeout, "cpus": os.cpu_count(), "seconds": round(seconds, 1), "times": times}}


def entry(o):
    found = {"name": o.name, "unit": o.unit.name, "side": o.side, "claim": o.claim.name, "words": o.claim.words, "rule": o.unit.rule, "method": o.claim.by,
             "uses": o.claim.uses, "cut": o.claim.cut, "verdict": o.verdict}
    if o.why:
        found["why"] = o.why
    if o.verdict == "refuted":
        found["counterexample"] = oracle.counterexample(o)
    found["twins"] = [{"file": m.file or "netlist", "change": m.words, "verdict": {"proved": "equivalent"}.get(a.verdict, a.verdict)} for m, a in o.twins]
    return found


def table(record):
    times = {t["name"]: t for t in record["host"]["times"]}
    lines = [f"{'unit':<17}{'claim':<20}{'side':<7}{'method':<9}{'time':>8}  {'twins refuted':<15}verdict"]
    for e in record["obligations"]:
        failed = sum(t["verdict"] == "refuted" for t in e["twins"])
        twins = f"{failed} of {len(e['twins'])}" if e["twins"] else "-"
        lines.append(f"{e['unit']:<17}{e['claim']:<20}{e['side']:<7}{e['method']:<9}{times[e['name']]['seconds']:>6.1f} s  {twins:<15}{e['verdict']}")
        lines.append(f"  {e['words']}" + (f" ({e['why']})" if "why" in e else ""))
        lines += ["    " + line for line in e.get("counterexample", {}).get("lines", [])]
        lines += [f"    mutant {t['verdict']}: {t['file']}: {t['change']}" for t in e["twins"] if t["verdict"] != "refuted"]
    if record["ties"]:
        lines.append("Yosys and Verilator read alike: " + ", ".join(f"{t['unit']} on {t['vectors']:,} vectors" for t in record["ties"]))
    count = {v: sum(e["verdict"] == v for e in record["obligations"]) for v in ("proved", "refuted", "unknown", "skipped")}
    lines.append(", ".join(f"{n} {v}" for v, n in count.items() if n) + f"; {record['host']['seconds']} s")
    return "\n".join(lines)


def json_text(record):
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def junit_text(record):
    """One case per obligation: refuted is a failure, unknown an error. Fits docs/schemas/junit.xsd."""
    quoted = xml.sax.saxutils.quoteattr
    times = {t["name"]: t["seconds"] + sum(t["twins"]) for t in record["host"]["times"]}
    bad = {"refuted": "failure", "unknown": "error", "skipped": "error"}
    count = {kind: sum(bad.get(e["verdict"]) == kind for e in record["obligations"]) for kind in ("failure", "error")}
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             f'<testsuites><testsuite name="prove" package="assay" id="0" timestamp="{now}" hostname="localhost" tests="{len(record["obligations"])}" '
             f'failures="{count["failure"]}" errors="{count["error"]}" skipped="0" time="{record["host"]["seconds"]}">', "<properties/>"]
    for e in record["obligations"]:
        case = f'<testcase classname={quoted("prove." + e["unit"])} name={quoted(e["claim"] + " " + e["side"] + ": " + e["words"])} time="{times[e["name"]]:.2f}"'
        kind = bad.get(e["verdict"])
        text = "\n".join(e.get("counterexample", {}).get("lines", [])) or e.get("why", e["verdict"])
        lines.append(case + "/>" if kind is None else
                     f'{case}><{kind} message={quoted(e["verdict"])} type="{e["verdict"]}">{xml.sax.saxutils.escape(text)}</{kind}></testcase>')
    return "\n".join(lines) + "\n<system-out/><system-err/></testsuite></testsuites>\n"
