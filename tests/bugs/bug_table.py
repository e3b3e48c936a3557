# SPDX-License-Identifier: Apache-2.0
"""What the reports say about the planted bugs: `run_bugs.py --table` (docs/bug-table.md).

Per bug the shipped tests run in their fixed order until one fails, as a user would run it. That run's directory is judged, and
then `assay shrink` makes its vector smaller.

  block      right when the first divergence lies in the block that README.md names
  rank       of the listed hypothesis among `diagnosis.candidates`; a kind counts once, at its best place
  beats      of the activation stream, before and after shrinking; where there were none, commands are compared
  cause      inside when the first cycle whose state the rules do not make of the RTL's own registers before it (`diagnosis.first_cause`;
             where the record has none, the cycle in which the element begins to differ, `skew.evidence.from`) is no later than the
             first divergence and lies, with the cycle before it, in the window of `waves`
  seconds    from the mismatch to the complete directory: the command's wall time less that of the run itself, RTL from the cache;
             an upper bound, since the start of the command is in it
"""
import json
import os
import shutil
import statistics
import subprocess
import time

BLOCKS = ["pe", "array", "accumulators", "activation", "tile"]


def run_assay(workshop, arguments):
    """(exit code, seconds, record) of the command in the workshop; the record is None when there is none."""
    record = workshop.folder / "table.json"
    record.unlink(missing_ok=True)
    environment = os.environ | {"ASSAY_ROOT": str(workshop.root), "ASSAY_CACHE_DIR": str(workshop.cache)}
    start = time.monotonic()
    done = subprocess.run([str(workshop.assay), *arguments, "--json", str(record)], cwd=workshop.folder, env=environment,
                          capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    answer = json.loads(record.read_text()) if record.is_file() else None
    if answer and answer["host"]["build"]:
        workshop.note(answer)
    return done.returncode, seconds, answer


def rank_of(hypothesis, record):
    """The place of the listed hypothesis, 0 when it is not among the candidates, None when nothing can be said."""
    diagnosis = record.get("diagnosis")
    if hypothesis == "none" or not diagnosis or "candidates" not in diagnosis:
        return None
    kinds = list(dict.fromkeys(candidate["kind"] for candidate in diagnosis["candidates"]))
    return kinds.index(hypothesis) + 1 if hypothesis in kinds else 0


def cause_inside(record):
    """Whether the edge of the first deviation lies in the waves; None without waves or without a sequence of values."""
    waves, evidence = record.get("waves") or {}, (record.get("skew") or {}).get("evidence") or {}
    begins = (record.get("diagnosis") or {}).get("first_cause")
    if begins is None:
        begins = evidence.get("from")
    if waves.get("from") is None or begins is None:
        return None
    found = record["first"]["cycle"] + (record["first"]["kind"] == "assertion")  # an assertion speaks at the edge that ends its cycle
    return (waves["from"] < begins or begins == waves["from"] == 0) and begins <= min(waves["to"], found)


def measure(workshop, bug, tests):
    """One row of the table."""
    row = {key: bug[key] for key in ("id", "edited", "reported", "hypothesis", "description")} | {"caught": False}
    workshop.plant(bug)
    for test, seed in tests:
        command = ["run", "--test", test, "--seed", str(seed), "--config", workshop.options.config, "--timeout", "60", "--out", "table"]
        code, _, record = run_assay(workshop, command)
        if code == 1:
            break
    else:
        return row
    _, seconds, record = run_assay(workshop, command)  # again, with the RTL in the cache
    first = record["first"]
    row |= {"caught": True, "test": test, "seed": seed, "cycle": first["cycle"], "block": first["block"],
            "first": f"{first['block']}.{first['field']}" + "".join(f"[{i}]" for i in first["index"]),
            "skew": (record.get("skew") or {}).get("verdict"), "rank": rank_of(bug["hypothesis"], record),
            "best": ((record.get("diagnosis") or {}).get("candidates") or [{}])[0].get("kind"), "inside": cause_inside(record),
            "directory_seconds": round(seconds - record["host"]["seconds"], 2), "signature": record["signature"]}
    shutil.rmtree(workshop.folder / "table-shrunk", ignore_errors=True)
    code, seconds, shrunk = run_assay(workshop, ["shrink", "table", "--out", "table-shrunk", "--timeout", "120"])
    if code == 1:
        sizes = shrunk["shrunk_from"]
        row |= {"before": sizes["before"], "after": sizes["after"], "same_signature": shrunk["signature"] == record["signature"],
                "complete": sizes["complete"], "shrink_seconds": round(seconds, 1)}
    shutil.rmtree(workshop.folder / "table", ignore_errors=True)
    return row


def ratio(row):
    """Beats after shrinking over beats before; commands where the vector had no beats. None without a shrunk vector."""
    if "after" not in row:
        return None
    unit = "beats" if row["before"]["beats"] else "commands"
    return row["after"][unit] / row["before"][unit]


def size_text(row, unit):
    if "after" not in row:
        return "not shrunk"
    return f"{row['before'][unit]:,} → {row['after'][unit]:,}" + ("" if row["complete"] else " (out of time)")


def rank_text(row):
    if row["hypothesis"] == "none":
        return "–"
    return {None: "?", 0: "not listed"}.get(row["rank"], str(row["rank"]))


def row_text(row):
    if not row["caught"]:
        return f"| {row['id']} | {row['description']} | {row['reported']} | **not caught** | | | | | | | | |"
    block = row["block"] if row["block"] == row["reported"] else f"**{row['block']}**"
    inside = {None: "?", True: "yes", False: "**no**"}[row["inside"]]
    return (f"| {row['id']} | {row['description']} | {row['reported']} | {block} | {row['cycle']:,} ({row['test']} {row['seed']}) | `{row['first']}` | {row['skew'] or '?'} | "
            f"{row['hypothesis']} | {rank_text(row)} | {size_text(row, 'beats')} | {size_text(row, 'commands')} | {inside} | {row['directory_seconds']:.1f} |")


def percent(part, whole):
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def confusion(rows):
    """Listed block against reported block."""
    lines = ["| listed \\ reported | " + " | ".join(BLOCKS) + " | not caught |", "|---|" + "---|" * (len(BLOCKS) + 1)]
    for listed in BLOCKS:
        mine = [row for row in rows if row["reported"] == listed]
        counts = [sum(row.get("block") == block for row in mine) for block in BLOCKS] + [sum(not row["caught"] for row in mine)]
        lines.append(f"| {listed} | " + " | ".join(str(n) if n else "" for n in counts) + " |")
    return lines


def summary(rows):
    """One line per goal."""
    caught = [row for row in rows if row["caught"]]
    right = sum(row["block"] == row["reported"] for row in caught)
    lines = [f"- caught: {percent(len(caught), len(rows))}",
             f"- first divergence in the listed block: {percent(right, len(rows))}; goal 95 %"]
    ranked = [row for row in caught if row["hypothesis"] != "none"]
    if any(row["rank"] is not None for row in ranked):
        first, three = (sum(row["rank"] is not None and 1 <= row["rank"] <= most for row in ranked) for most in (1, 3))
        lines.append(f"- listed hypothesis first: {percent(first, len(ranked))}, goal 70 %; among the first three: {percent(three, len(ranked))}, goal 90 %")
    else:
        lines.append("- listed hypothesis: not measured, the records hold no diagnosis")
    ratios = [ratio(row) for row in caught if ratio(row) is not None]
    if ratios:
        same, ended = (sum(row.get(key, False) for row in caught) for key in ("same_signature", "complete"))
        lines.append(f"- beats left after shrinking: {100 * statistics.median(ratios):.2f} % in the median, {100 * max(ratios):.0f} % at most, goal 10 % in the median; "
                     f"shrunk: {percent(len(ratios), len(caught))}, {ended} of them until nothing more could go (limit 120 s), {same} with the same coarse and fine signature")
        seconds = [row["shrink_seconds"] for row in caught if "shrink_seconds" in row]
        lines.append(f"- time of `assay shrink`: {statistics.median(seconds):.1f} s in the median, {max(seconds):.1f} s at most")
    inside = [row["inside"] for row in caught if row["inside"] is not None]
    lines.append(f"- cause inside the waves: {percent(sum(inside), len(inside))}" if inside else "- cause inside the waves: not measured, the records hold no waves")
    if caught:
        seconds = [row["directory_seconds"] for row in caught]
        lines.append(f"- from mismatch to complete directory: {statistics.median(seconds):.1f} s in the median, {max(seconds):.1f} s at most, goal 2 s")
    return lines


HEAD = """# What the reports say about the planted bugs

Made by `tests/bugs/run_bugs.py --table` on {config}; the bugs, their blocks and hypotheses were listed before any of this was tuned
([tests/bugs/README.md](../tests/bugs/README.md)), and nothing in the tool knows the list. Misses stand as they came out.

*listed*: the block in which the first divergence must lie; *found*: where it lies. *cycle*: of the first divergence, in the first of the shipped tests that fails. *rank*: the place of the listed
hypothesis among the diagnosis' candidates (– where no single change of the model behaves like the bug). *beats*, *commands*: of the failing vector and of what `assay shrink` leaves of it. *cause*: the first cycle
whose state the rules do not make of the RTL's own registers before it lies inside the waves. *s*: from the mismatch to the complete directory, an upper bound (the command's wall time less the run's), on a shared two-core machine.
"""


def markdown(rows, config):
    """The page."""
    lines = [HEAD.format(config=config), "## Summary", "", *summary(rows), "", "## Blocks", "", *confusion(rows), "", "## Bugs", "",
             "| bug | what is wrong | listed | found | cycle | first divergence | skew | hypothesis | rank | beats | commands | cause | s |",
             "|---|---|---|---|---|---|---|---|---|---|---|---|---|", *(row_text(row) for row in rows)]
    return "\n".join(lines) + "\n"
