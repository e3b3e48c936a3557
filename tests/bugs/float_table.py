# SPDX-License-Identifier: Apache-2.0
"""What the reports say about the floating-point bugs in a whole tile: `run_float_bugs.py --table`, a part of docs/bug-table.md."""
import pathlib

from bug_table import percent, rank_of, run_assay

HEADING = "## Floating point"

TEXT = f"""{HEADING}

Made by `tests/bugs/run_float_bugs.py --table`: the floating-point bugs, also those that are meant for the bench of one module, planted in the tile of {{config}} and run through its shipped tests until one fails. The bugs were
listed before RTL and stimulus met; the families in *hypothesis* are named after that, from [diagnosis.md](../docs/diagnosis.md), as what a person who knows the edit would want to read. Nothing in the tool knows the list. Not a blind measurement: most of these families were written with the list at hand and mended after their ranks were seen, so the share is a fit to known bugs, no estimate for others.
*rank*, *s* as above; *first*: what the report says instead where another family is first.
"""


def tests(root, shipped):
    return shipped + [(file.stem, 1) for file in sorted((root / "vectors/directed").glob("fp_*.yaml"))]


def measure(workshop, bug, named_tests):
    """One row; the bug is planted."""
    row = {key: bug[key] for key in ("id", "description", "hypothesis")} | {"caught": False}
    for test, seed in named_tests:
        command = ["run", "--test", test, "--seed", str(seed), "--config", workshop.options.config, "--timeout", "60", "--out", "table"]
        code, _, _ = run_assay(workshop, command)
        if code == 1:
            break
    else:
        return row
    _, seconds, record = run_assay(workshop, command)  # again, with the RTL in the cache
    first, diagnosis = record["first"], record.get("diagnosis") or {}
    return row | {"caught": True, "test": test, "seed": seed, "cycle": first["cycle"], "first": f"{first['block']}.{first['field']}" + "".join(f"[{i}]" for i in first["index"]),
                  "rank": rank_of(bug["hypothesis"], record), "best": (diagnosis.get("candidates") or [{}])[0].get("kind"),
                  "certain": diagnosis.get("kind") is not None, "directory_seconds": round(seconds - record["host"]["seconds"], 2)}


def row_text(row):
    if not row["caught"]:
        return f"| {row['id']} | {row['description']} | **no shipped test of the tile fails** | | {row['hypothesis']} | | | |"
    rank = str(row["rank"]) if row["rank"] else "not listed"
    other = "" if row["rank"] == 1 else row["best"] or "none"
    return (f"| {row['id']} | {row['description']} | {row['cycle']:,} ({row['test']} {row['seed']}) | `{row['first']}` | {row['hypothesis']} | {rank} | {other} | "
            f"{row['directory_seconds']:.1f} |")


def section(rows, config):
    """The part of the page."""
    caught = [row for row in rows if row["caught"]]
    first, three = (sum(bool(row["rank"]) and row["rank"] <= most for row in caught) for most in (1, 3))
    lines = [TEXT.format(config=config), f"- caught in the tile: {percent(len(caught), len(rows))}",
             f"- family first: {percent(first, len(caught))}; among the first three: {percent(three, len(caught))}",
             f"- a single change explains every difference and contradicts nothing: {percent(sum(row['certain'] for row in caught), len(caught))}", "",
             "| bug | what is wrong | cycle | first divergence | hypothesis | rank | first | s |", "|---|---|---|---|---|---|---|---|", *(row_text(row) for row in rows)]
    return "\n".join(lines) + "\n"


def kept_section(page):
    """The floating-point part of the page as it stands, to be kept when the rest is made anew."""
    at = page.find(HEADING)
    return page[at:] if at >= 0 else ""


def replace_section(file: pathlib.Path, text):
    page = file.read_text()
    at = page.find(HEADING)
    file.write_text((page if at < 0 else page[:at]).rstrip("\n") + "\n\n" + text)
