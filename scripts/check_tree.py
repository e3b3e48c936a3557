#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_tree.py: the tree keeps its shape.

Every hardware block stands in rtl/, model/ and tests/; includes follow the arrows of the dependency rule; sources carry
their licence line; functions and files stay within budget where a machine can tell.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCKS = ["pe", "array", "accumulators", "activation", "tile"]

# What a folder may include (besides itself): the arrows of the dependency rule.
MAY_INCLUDE = {
    "model/common": [],
    "model/pe": ["model/common"],
    "model/array": ["model/common", "model/pe"],
    "model/accumulators": ["model/common"],
    "model/activation": ["model/common"],
    "model/tile": ["model/common", "model/pe", "model/array", "model/accumulators", "model/activation"],
    "model/functional": ["model/common"],
    "cosim/common": ["model/common"],
    "cosim/engine": ["model/common", "cosim/common"],
    "cosim/waves": ["model/common", "cosim/common", "cosim/engine"],
    "cosim/coverage": ["model/common", "cosim/common"],
    "cosim/sweep": ["model/common", "cosim/common", "cosim/coverage"],
    "cosim/npu": ["model", "cosim/common", "cosim/engine"],
    "cosim/npu/coverage": ["model", "cosim/common", "cosim/engine", "cosim/coverage", "cosim/npu"],
    "cosim/npu/diagnosis": ["model", "cosim/engine", "cosim/npu"],
    "cosim/npu/stimulus": ["model", "cosim/common", "cosim/engine", "cosim/coverage", "cosim/npu"],
    "cosim/dpi": ["model", "cosim/common", "cosim/engine", "cosim/npu"],
    "cosim/cli": ["model", "cosim"],
}
# External headers that a folder must not see.
FORBIDDEN = {
    "model": ["verilated", "Vdut", "spdlog", "nlohmann", "CLI/"],
    "cosim/engine": ["verilated", "Vdut", "CLI/"],
    "cosim/common": ["verilated", "Vdut", "CLI/"],
    "cosim/waves": ["verilated", "Vdut", "CLI/"],
    "cosim/sweep": ["verilated", "Vdut", "CLI/"],
    "cosim/coverage": ["verilated", "Vdut", "CLI/"],
}
YAML_ALLOWED = ["model/common/config.cpp"]


def problems():
    for block in BLOCKS:
        for side in ("rtl", "model", "tests"):
            folder = ROOT / side / block
            if not folder.is_dir() or not any(folder.iterdir()):
                yield f"{side}/{block}: missing, expected the block on both sides and in tests"
    for folder, allowed in MAY_INCLUDE.items():
        for file in sorted((ROOT / folder).glob("*.[ch]pp")) + sorted((ROOT / folder).glob("*.inc")):
            yield from include_problems(file, folder, allowed)
    for file in sources():
        name = file.relative_to(ROOT)
        for number, line in enumerate(file.read_text().splitlines()[:12], 1):
            twin = re.match(r"// Twin: ([^\s,;()]+)", line)
            if twin and twin.group(1).rstrip(".") != "none" and not (ROOT / twin.group(1).rstrip(".")).exists():
                yield f"{name}:{number}: {twin.group(1)}: the twin does not exist"
        if "SPDX-License-Identifier: Apache-2.0" not in "\n".join(file.read_text().splitlines()[:3]):
            yield f"{name}: no SPDX line in its head"


def include_problems(file, folder, allowed):
    name = str(file.relative_to(ROOT))
    for number, line in enumerate(file.read_text().splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if not match:
            continue
        target = match.group(1)
        for prefix, words in FORBIDDEN.items():
            if name.startswith(prefix) and any(target.startswith(word) for word in words):
                yield f"{name}:{number}: {target}: not to be seen from {prefix}"
        if target.startswith("yaml-cpp") and name.startswith("model/") and name not in YAML_ALLOWED:
            yield f"{name}:{number}: {target}: the model reads YAML only in model/common/config.cpp"
        if target.startswith(("model/", "cosim/", "tests/", "vectors/")):
            inside = target.rsplit("/", 1)[0]
            if inside != folder and not any(inside == a or inside.startswith(a + "/") for a in allowed):
                yield f"{name}:{number}: {target}: against the arrows, {folder} may include {allowed or 'nothing else'}"


def sources():
    for folder in ("rtl", "tb", "model", "cosim", "tests", "scripts", "vectors", "examples"):
        for pattern in ("*.sv", "*.cpp", "*.hpp", "*.h", "*.py", "*.sh"):
            yield from sorted((ROOT / folder).rglob(pattern))


def main():
    if "--help" in sys.argv:
        print(__doc__)
        return 0
    found = list(problems())
    print("\n".join(found) if found else "the tree keeps its shape")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
