# SPDX-License-Identifier: Apache-2.0
"""What a unit is: where each side stands, which specification it has, and the mutants that must fail."""
import dataclasses
import fnmatch

from common import ROOT

SPECS = ROOT / "docs" / "spec.smt2"


@dataclasses.dataclass
class Mutant:
    """One changed line of a source: `old`, which stands there exactly once, becomes `new`."""
    file: str
    old: str
    new: str
    words: str
    claims: str = "*"  # patterns of the claims that it may refute, apart by blanks

    side = property(lambda self: self.file.split("/")[0] or "rtl")  # without a file: `new` is a Yosys command on the netlist

    def meets(self, side, claim):
        return self.side == side and any(fnmatch.fnmatch(claim, pattern) for pattern in self.claims.split())


@dataclasses.dataclass
class Unit:
    name: str
    rule: str        # section of docs/spec.md
    spec: str        # file under docs/spec.smt2
    top: str = ""    # RTL module; "" when the RTL has no such unit
    frame: str = ""  # its file, when it is no bench module of the tile: under scripts/prove/rtl
    model: str = ""  # unit of model_units.cpp; "" when the model has no such unit
    parameters: dict = dataclasses.field(default_factory=dict)
    modules: tuple = ()  # further modules that the top one or its frame stands on
    state: bool = False  # it has registers: what is proved is one clock edge
    mutants: list = dataclasses.field(default_factory=list)
    files: list = None  # a user's own RTL instead of the tile's

    def sides(self):
        return ["rtl"] * bool(self.top) + ["model"] * bool(self.model)

    def rtl_files(self, root):
        """What Yosys reads, packages first; `root` is the tree that `rtl/` is taken from."""
        if self.files is not None:
            return self.files
        packages = sorted((root / "rtl/common").glob("*_pkg.sv")) + sorted(f for f in (root / "rtl").rglob("*_pkg.sv") if f.parent.name != "common")
        wanted = {self.top} | set(self.modules)
        modules = sorted(f for f in (root / "rtl").rglob("*.sv") if f.stem in wanted)
        return packages + modules + ([ROOT / "scripts/prove/rtl" / self.frame] if self.frame else [])


