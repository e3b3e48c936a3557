#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""table.py [--check] [RECORD …]: the table of all obligations in docs/proofs.md, rule by rule.

Times come from records of `assay prove --json`; an obligation that no record holds keeps the time it has in the table. --check changes
nothing and exits with 1 when the table is not what the units say: an obligation that is not there, or gone, or an arithmetic rule of
docs/spec.md that is neither proved nor named with the reason. No solver is needed for that.
"""
import json
import pathlib
import re
import sys

import spec
from catalogue import ALL
from common import ROOT
from units import SPECS

BEGIN, END = "<!-- obligations: scripts/prove/table.py -->\n", "<!-- /obligations -->\n"
ROW = re.compile(r"^\| [\d., ]+ \| `(?P<name>[^`]+)` \| \w+ \| (?P<rtl>\S*) \| (?P<model>\S*) \|", re.M)
SECTIONS = {"10", "11", "12", "17.4", "17.7", "17.8", "17.9"}  # beside the numbered rules of 5 and 17.5
NOT_PROVED = {
    "5.6": "a table is a memory: what it holds is the program's",
    "5.7": "raw moves a value, nothing is computed",
    "5.8": "its RTL is in `accumulators` (11); the model's written bits are stepped by vector code",
    "12": "registers of the activation unit; its arithmetic is 5.3 to 5.5",
    "17.5.1": "the sum of finite numbers, and its flags, where bf16 takes part: no solver answered in minutes; all else of the rule is proved",
    "17.7": "partial sums, whose step is 17.5.1, and their flags; the operands' registers are proved",
    "17.8": "that the sum which `fp_accumulators` cuts is `fadd` of the column's two registers; the model's entries, written bits and sticky flags",
    "17.9": "registers of the activation unit; its arithmetic is 17.5.2 to 17.5.7",
}


def number(rule):
    return [int(part) for part in rule.split(".")]


def arithmetic_rules(text):
    """The numbered rules of sections 5 and 17.5, and the sections whose rules compute."""
    found, section = set(SECTIONS), ""
    for line in text.splitlines():
        head = re.match(r"#+ (\d+(?:\.\d+)?)", line)
        section = head[1] if head else section
        rule = re.match(r"(\d+)\. ", line)
        if rule and section in ("5", "17.5"):
            found.add(f"{section}.{rule[1]}")
    return found


def obligations():
    """(rules, UNIT.CLAIM, method, sides, words) of every claim, as the units and specifications stand."""
    for unit in ALL:
        for claim in spec.load(SPECS / unit.spec).claims.values():
            sides = [side for side in unit.sides() if claim.side in ("", side)]
            yield unit.rule.split(", "), f"{unit.name}.{claim.name}", claim.by, sides, claim.words


def table(times):
    """The Markdown between the marks. times: {UNIT.CLAIM.SIDE: seconds as text}."""
    def shown(name, sides, side):
        return times.get(f"{name}.{side}", "?") if side in sides else "-"
    rows = sorted(obligations(), key=lambda row: number(row[0][0]))
    lines = ["| rule | obligation | by | RTL, s | model, s | claim |", "|---|---|---|---|---|---|"]
    lines += [f"| {', '.join(rules)} | `{name}` | {by} | {shown(name, sides, 'rtl')} | {shown(name, sides, 'model')} | {words.replace('|', chr(92) + '|')} |"
              for rules, name, by, sides, words in rows]
    lines += ["", "Rules that are not proved, or not whole:", "", "| rule | why |", "|---|---|"]
    lines += [f"| {rule} | {NOT_PROVED[rule]} |" for rule in sorted(NOT_PROVED, key=number)]
    return "\n".join(lines) + "\n"


def known_times(text):
    found = {}
    for row in ROW.finditer(text):
        found |= {f"{row['name']}.{side}": row[side] for side in ("rtl", "model")}
    return found


def problems(text, inside):
    """What is wrong with the document, one line each."""
    rules = arithmetic_rules((ROOT / "docs/spec.md").read_text())
    proved = {rule for row in obligations() for rule in row[0]}
    found = [f"rule {rule} is neither proved nor named as not proved (NOT_PROVED in scripts/prove/table.py)" for rule in rules - proved - set(NOT_PROVED)]
    found += [f"rule {rule} stands in no section of docs/spec.md that computes" for rule in (proved | set(NOT_PROVED)) - rules]
    if inside != table(known_times(inside)):
        found.append("the table is not what the units say: run scripts/prove/table.py")
    return [f"docs/proofs.md:{text[:text.index(BEGIN)].count(chr(10)) + 1}: {problem}" for problem in sorted(found)]


def main(arguments):
    if "--help" in arguments:
        print(__doc__)
        return 0
    file = ROOT / "docs/proofs.md"
    text = file.read_text()
    inside = text[text.index(BEGIN) + len(BEGIN):text.index(END)]
    if "--check" in arguments:
        found = problems(text, inside)
        print("\n".join(found) or "every obligation stands in the table, every arithmetic rule is accounted for")
        return int(bool(found))
    times = known_times(inside)
    for record in arguments:
        times |= {t["name"]: f"{t['seconds']:.1f}" for t in json.loads(pathlib.Path(record).read_text())["host"]["times"]}
    file.write_text(text.replace(inside, table(times)) if inside else text.replace(BEGIN, BEGIN + table(times)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
