# SPDX-License-Identifier: Apache-2.0
"""One clock edge of a module with registers as a function: a register NAME becomes an input, its value after the edge the output NAME'.

So a claim about the outputs NAME' for all inputs is a claim about one edge from any state, reachable or not; what only reachable states have
must be assumed by the specification and is then a claim of its own about NAME'.
"""
import re

from common import FlowError

CLOCK = "clk_i"
NEXT = re.compile(r"^  \(= (?P<value>.*) \(\|(?P<field>[^|]+)\| next_state\)\) ; ")
WHOLE = re.compile(r"^\\(?P<wire>\S+)$")


def check_registers(module, top):
    """All registers are plain flip-flops of the rising edge of clk_i: then one edge changes all of them at once and nothing else does."""
    clock = module["ports"].get(CLOCK, {}).get("bits")
    for name, cell in module["cells"].items():
        if "ff" in cell["type"] and cell["type"].startswith(("$", "$_")):
            rising = int(cell["parameters"].get("CLK_POLARITY", "0"), 2) == 1
            if cell["type"] != "$dff" or not rising or cell["connections"]["CLK"] != clock:
                where = cell["attributes"].get("src", name)
                raise FlowError(f"{top}: a register that is not clocked by the rising edge of {CLOCK} alone: {where}")


def transition(text):
    """{field of the state: its value after the edge, in SMT-LIB} of Yosys' transition relation."""
    found = {}
    for line in text.splitlines():
        match = NEXT.match(line)
        if match:
            found[match["field"]] = re.sub(r"\((\|[^|]+\|) state\)", r"\1", match["value"])
    return found


def open_registers(unit, fields, following):
    """Makes inputs and outputs of the registers. fields: {field: (width or None, comment)}, those of registers stand in `following`."""
    for field, value in following.items():
        width, what = fields[field]
        part = WHOLE.match(what)
        if part is None or part["wire"] in unit.inputs:
            raise FlowError(f"{unit.name}: the register {what} is held in parts, expected whole ones")
        name, bits = part["wire"], width or 1
        unit.inputs[name] = unit.outputs[name + "'"] = bits
        body = f"(= {value} #b1)" if width == 1 else value
        unit.definitions[name + "'"] = f"(define-fun |{name}'| () {'Bool' if bits == 1 else f'(_ BitVec {bits})'} {body})"


def open_free(unit, fields):
    """What Yosys leaves open (address and data of a memory that is not written) becomes an input: claims must hold whatever it is."""
    for field in unit.free:
        width = fields[field][0]
        name = field if width != 1 else field + "~"
        unit.inputs[name] = width or 1
        if width == 1:
            unit.definitions = {field: f"(define-fun |{field}| () (_ BitVec 1) (ite |{name}| #b1 #b0))"} | unit.definitions
    unit.free = {}


def is_open(name):
    """An input that stands for nothing in the module."""
    return "#" in name


def verilated(top, name):
    """The register as a member of Verilator's model: a last index is that of a memory, others are generate blocks."""
    index = re.search(r"\[\d+\]$", name)
    path = name[:index.start()] if index else name
    parts = [top] + [part.replace("[", "__BRA__").replace("]", "__KET__") for part in path.split(".")]
    return "unit->rootp->" + "__DOT__".join(parts) + (index[0] if index else "")
