# SPDX-License-Identifier: Apache-2.0
"""Extracted functions of both sides, each made once: from the shipped sources, or from a copy of them with one line changed."""
import hashlib
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

import front
from common import ROOT, Extracted, FlowError


class Sources:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="assay-prove-")
        self.lock, self.made, self.count = threading.Lock(), {}, 0
        self.digests = {}  # file relative to the project, or absolute: SHA-256 of what was read unchanged

    def get(self, unit, side, cut=(), mutant=None):
        """The Extracted of one side; threads that ask for the same one wait for the first."""
        key = (unit.name, side, tuple(sorted(cut)) if side == "rtl" else (), mutant and (mutant.file, mutant.old, mutant.new))
        with self.lock:
            entry = self.made.setdefault(key, [threading.Lock(), None])
        with entry[0]:
            if entry[1] is None:
                entry[1] = self.extract_rtl(unit, cut, mutant) if side == "rtl" else self.extract_model(unit, mutant)
        return entry[1]

    def place(self):
        with self.lock:
            self.count += 1
            work = pathlib.Path(self.folder.name) / str(self.count)
        work.mkdir()
        return work

    def tree(self, mutant, work):
        """The project's sources, or a copy of rtl/ or model/ in `work` with the mutant's line changed."""
        if mutant is None or mutant.file == "":
            return ROOT
        root = work / "tree"
        top = mutant.file.split("/")[0]
        shutil.copytree(ROOT / top, root / top)
        file = root / mutant.file
        text = file.read_text()
        if text.count(mutant.old) != 1:
            raise FlowError(f"{mutant.file}: the mutant '{mutant.words}' finds its line {text.count(mutant.old)} times, expected once: {mutant.old}")
        file.write_text(text.replace(mutant.old, mutant.new))
        return root

    def extract_rtl(self, unit, cut, mutant):
        work = self.place()
        files = unit.rtl_files(self.tree(mutant, work))
        if mutant is None:
            self.remember(files)
        return front.extract(files, unit.top, work, unit.parameters, cut, mutant.new if mutant and mutant.file == "" else "",
                             unit.state)

    def mutations(self, unit, count):
        """Yosys commands that change one cell of the unit's netlist each, spread over it, the same ones in every run."""
        work = self.place()
        script = f"read_verilog -sv {' '.join(map(str, unit.rtl_files(ROOT)))}; hierarchy -check -top {unit.top}; {front.NETLIST}; mutate -list {count} -seed 1 -o {work}/list"
        run = subprocess.run(["yosys", "-q", "-p", script], capture_output=True, text=True)
        if run.returncode != 0:
            raise FlowError(f"{unit.top}: yosys: " + (run.stderr.strip() or run.stdout.strip())[-600:])
        return [re.sub(r" -src \S+", "", line) for line in (work / "list").read_text().splitlines()]

    def extract_model(self, unit, mutant):
        """Compiles the printer against the tree's headers and runs it; every header of the model must come from that tree."""
        work = self.place()
        tree = self.tree(mutant, work)
        printer, depends = work / "printer", work / "printer.d"
        include = [f"-I{tree}"] + ([f"-I{ROOT}"] if tree != ROOT else [])
        command = ["g++", "-std=c++20", "-O0", "-MD", "-MF", str(depends), *include, "-o", str(printer), str(ROOT / "scripts/prove/model_units.cpp")]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            raise FlowError(f"{unit.model}: g++: " + run.stderr[:2000])
        read = [pathlib.Path(word) for word in depends.read_text().replace("\\\n", " ").split()[1:]]
        ours = [f for f in read if "/model/" in str(f)]
        if not ours or any(not str(f).startswith(str(tree / "model")) for f in ours):
            raise FlowError(f"{unit.model}: headers were read from another tree: {[str(f) for f in ours]}")
        if mutant is None:
            self.remember(ours)
        return parse_printed(unit.model, subprocess.run([str(printer), unit.model], capture_output=True, text=True, check=True).stdout)

    def remember(self, files):
        for file in files:
            name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else file.name
            self.digests[name] = hashlib.sha256(file.read_bytes()).hexdigest()


def parse_printed(name, text):
    unit = Extracted(name)
    for line in text.splitlines():
        if line.startswith("(define-fun |"):
            unit.definitions[line.split("|")[1]] = line
        elif line.startswith(("input ", "output ")):
            kind, port, width = line.split()
            (unit.inputs if kind == "input" else unit.outputs)[port] = int(width)
    return unit
