#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completeness of the field table, counted in bits.

Every flip-flop and memory of the RTL, as `scripts/synth.sh CONFIG --registers` lists them, must be an observed field of
`assay list --fields` at the place that cosim/npu/rtl_map.yaml gives it, with the same number of bits, or be excluded below.
Prints per block the bits observed, excluded and in all.

Exit: 0 complete, 1 a bit is not accounted for, 2 usage, 3 a tool failed.
"""
import argparse
import collections
import json
import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAP = ROOT / "cosim/npu/rtl_map.yaml"
CONFIGS = ["int8_4x4"]  # the larger ones take Yosys a minute each

# RTL path -> reason, for state that is not observed. At most 1 % of a configuration's bits; nothing of the datapath, nothing
# that decides a handshake.
EXCLUSIONS: dict[str, str] = {}
EXCLUSION_LIMIT = 0.01

Place = collections.namedtuple("Place", "block field bits")


class ToolError(Exception):
    """A program this check stands on did not do its work."""


def run(*command):
    try:
        done = subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolError(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise ToolError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


def read_flat_yaml(file):
    """`key: value` lines, all that the map and the configs use."""
    lines = (re.sub(r"(^|\s)#.*", "", line) for line in file.read_text().splitlines())
    return {key.strip(): value.strip() for key, colon, value in (line.partition(": ") for line in lines) if colon}


def read_registers(text):
    """`path bits` lines as RTL state."""
    state = {}
    for line in text.splitlines():
        path, bits = line.rsplit(" ", 1)
        if path in state:
            raise ToolError(f"synth.sh lists {path} twice")
        state[path] = int(bits)
    return state


def entry_of(rtl_map, name):
    """The field's own entry, or that of its numbered family: skew_3 has the entry skew_{n} with n = 3."""
    if name in rtl_map:
        return rtl_map[name]
    family = re.fullmatch(r"(.*?)(\d+)", name)
    return rtl_map.get(family[1] + "{n}", "").replace("{n}", family[2]) if family else ""


def path_of(rtl_map, name, is_float):
    """The field's path on that kind of tile; empty when the map has none."""
    def entry(key):
        return (is_float and entry_of(rtl_map, "float." + key)) or entry_of(rtl_map, key)
    return entry(name).replace("<datapath>", entry("datapath"))


def floating(config):
    """Is it a floating-point tile (spec 17.2)?"""
    return config.get("formats", "[int8]").strip("[] ") != "int8"


def expand(field, path, config):
    """The RTL paths of one field, one per row, column or element where the map says so; path@{r} holds all rows."""
    path = path.replace("@{r}", "")
    parts = 1
    for hole, count in (("{r}", int(config["rows"])), ("{c}", int(config["cols"])), ("{i}", (field["shape"] or [1])[0])):
        parts = count if hole in path else parts
    paths = [re.sub(r"\{[rci]\}", str(part), path) for part in range(parts)]
    bits, rest = divmod(field["width"] * math.prod(field["shape"]), parts)
    if rest:
        raise ToolError(f"{field['block']}.{field['name']}: {parts} RTL variables do not share its bits evenly")
    return paths, bits


def expected_state(fields, rtl_map, config, problems):
    """RTL path -> the field that observes it."""
    expected = {}
    for field in fields:
        if field["class"] == "pin":
            continue
        name = f"{field['block']}.{field['name']}"
        path = path_of(rtl_map, name, floating(config))
        if not path:
            problems.append(f"{name}: no RTL path in {MAP.relative_to(ROOT)}")
            continue
        paths, bits = expand(field, path, config)
        for place in paths:
            if place in expected:
                problems.append(f"{place}: observed twice, as {expected[place].field} and {name}")
            expected[place] = Place(field["block"], name, bits)
    return expected


def compare(state, expected, problems):
    """Every bit of `state` is observed or excluded, every place of `expected` exists. Returns block -> [observed, excluded]."""
    blocks = collections.defaultdict(lambda: [0, 0])
    for path, bits in sorted(state.items()):
        if path in EXCLUSIONS:
            blocks["(excluded)"][1] += bits
        elif path not in expected:
            problems.append(f"{path}: {bits} bits of RTL state are not observed")
        elif expected[path].bits != bits:
            problems.append(f"{path}: the RTL has {bits} bits, {expected[path].field} {expected[path].bits}")
        else:
            blocks[expected[path].block][0] += bits
    for path, place in expected.items():
        if path not in state:
            problems.append(f"{path}: {place.field} has no storage there in the RTL")
    for path in EXCLUSIONS:
        if path not in state:
            problems.append(f"{path}: excluded, but not in the RTL")
    excluded, total = blocks["(excluded)"][1], sum(state.values())
    if excluded > EXCLUSION_LIMIT * total:
        problems.append(f"{excluded} of {total} bits are excluded, more than {EXCLUSION_LIMIT:.0%}")
    return blocks


def check(state, fields, rtl_map, config):
    problems = []
    expected = expected_state(fields, rtl_map, config, problems)
    return compare(state, expected, problems), problems


def print_table(name, state, blocks):
    print(f"{name:<14}{'observed':>10}{'excluded':>10}{'total':>10}   bits")
    order = ["array", "pe", "accumulators", "activation", "tile"]
    for block in order + sorted(set(blocks) - set(order) - {"(excluded)"}) + (["(excluded)"] if EXCLUSIONS else []):
        observed, excluded = blocks[block]
        print(f"  {block:<12}{observed:>10,}{excluded:>10,}{observed + excluded:>10,}")
    observed, excluded = (sum(b[i] for b in blocks.values()) for i in (0, 1))
    total = sum(state.values())
    print(f"  {'all':<12}{observed:>10,}{excluded:>10,}{total:>10,}   unaccounted for: {total - observed - excluded:,}")


def self_test(name, state, fields, rtl_map, config):
    """Each damage must be found. Returns what was not."""
    first = next(f for f in fields if f["class"] != "pin")
    key = f"{first['block']}.{first['name']}"
    path = rtl_map[key]
    damages = {
        "a map entry dropped": (state, fields, {k: v for k, v in rtl_map.items() if k != key}),
        "a register added": (state | {"u_array.fake_q": 1}, fields, rtl_map),
        "a register gone": ({k: v for k, v in state.items() if k != path}, fields, rtl_map),
        "a bit more than the field has": (state | {path: state[path] + 1}, fields, rtl_map),
        "a field dropped": (state, fields[1:], rtl_map),
        "a path that is observed twice": (state, fields, rtl_map | {key: rtl_map["tile.load_done"]}),
    }
    missed = []
    if check(state, fields, rtl_map, config)[1]:
        missed.append("the undamaged table has problems")
    for damage, (damaged_state, damaged_fields, damaged_map) in damages.items():
        problems = check(damaged_state, damaged_fields, damaged_map, config)[1]
        print(f"{name}: {damage}: {problems[0] if problems else 'NOT FOUND'}")
        if not problems:
            missed.append(damage)
    return missed


def inputs_of(name, assay):
    config = read_flat_yaml(ROOT / "rtl/configs" / f"{name}.yaml")
    fields = json.loads(run(assay, "list", "--fields", "--config", name, "--json"))
    return read_registers(run(ROOT / "scripts/synth.sh", name, "--registers")), fields, read_flat_yaml(MAP), config


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", nargs="*", default=CONFIGS, help="names under rtl/configs/ (default int8_4x4)")
    parser.add_argument("--assay", default=ROOT / "build/bin/assay", help="the command (default build/bin/assay)")
    parser.add_argument("--self-test", action="store_true", help="damage map, table and register list; fail when that is not found")
    options = parser.parse_args()
    failed = False
    for name in options.config:
        if not (ROOT / "rtl/configs" / f"{name}.yaml").is_file():
            parser.error(f"rtl/configs/{name}.yaml: no such file")
        try:
            inputs = inputs_of(name, options.assay)
            blocks, problems = check(*inputs)
            missed = self_test(name, *inputs) if options.self_test else []
        except ToolError as error:
            print(f"check_registers: {error}", file=sys.stderr)
            return 3
        if not options.self_test:
            print_table(name, inputs[0], blocks)
        for problem in problems + [f"self-test: {m}" for m in missed]:
            print(f"{name}: {problem}", file=sys.stderr)
        failed = failed or bool(problems or missed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
