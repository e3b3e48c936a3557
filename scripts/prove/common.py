# SPDX-License-Identifier: Apache-2.0
"""What the parts of the prover hand to each other."""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class FlowError(Exception):
    """Nothing was proved or refuted: a source, a tool or a specification is not as it must be."""


class UsageError(Exception):
    """The command line or a file that it names: `place: key: what is wrong, what was expected`."""


@dataclasses.dataclass
class Extracted:
    """A unit as SMT-LIB: inputs are constants to be declared, definitions stand in order, each after those it uses."""
    name: str
    inputs: dict = dataclasses.field(default_factory=dict)       # name: width; width 1 is Bool
    outputs: dict = dataclasses.field(default_factory=dict)      # name: width
    definitions: dict = dataclasses.field(default_factory=dict)  # name: text of its define-fun
    free: dict = dataclasses.field(default_factory=dict)         # name: (width, what it is), for bits that nothing drives

    def declarations(self):
        return "".join(f"(declare-const |{n}| {sort(w)})\n" for n, w in self.inputs.items())

    def text(self, wanted):
        """The definitions that the names in `wanted` need."""
        needed, seen = list(wanted), set()
        while needed:
            name = needed.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.free:
                raise FlowError(f"{self.name}: undriven or x bits: {self.free[name][1]}")
            if name in self.definitions:
                needed += re.findall(r"\|([^|]+)\|", self.definitions[name])
        return "".join(text + "\n" for name, text in self.definitions.items() if name in seen)


def sort(width):
    return "Bool" if width == 1 else f"(_ BitVec {width})"
