# SPDX-License-Identifier: Apache-2.0
"""SystemVerilog to plain SMT-LIB functions, by Yosys.

A module without state becomes one `define-fun` per cell, its inputs constants, its wires and outputs definitions of their own names; wider
than one bit they are bit vectors, single bits Bool. Flip-flops, latches, memories, undriven and x bits, and selects that may leave their
vector, are errors: the back end would silently take them for 0, or for a free value that no one meant. A module that is declared to have
state is one clock edge of it (state.py).
"""
import json
import re
import subprocess

import state as edge
from common import Extracted, FlowError

SCRIPT = """
read_verilog -sv {files}
hierarchy -check -top {top} {parameters}
{netlist}; {change} opt_clean; {cut} opt_clean
check -assert; write_json {json}; write_smt2 -wires -stdt {smt}
"""
NETLIST = "proc; flatten; memory -nomap; memory_map; setundef -undriven -anyseq; opt_clean"
FIELD = re.compile(r"^  \(\|(?P<name>[^|]+#\d+)\| (?:\(_ BitVec (?P<width>\d+)\)|Bool)\) ; (?P<what>.*)$")
SLICE = re.compile(r"^\\(?P<wire>\S+)(?: \[(?P<high>\d+)(?::(?P<low>\d+))?\])?$")


def extract(files, top, work, parameters=None, cut=(), change="", state=False):
    """The function of module `top`.

    files: absolute, in the order Yosys reads them. work: an empty folder. cut: wires that become inputs of their own; what drove one stays
    as the output WIRE=; * is the only multiplication. change: a Yosys command to run on the netlist first, for mutants.
    state: the module has registers.
    """
    smt, netlist = work / "unit.smt2", work / "unit.json"
    # the bits of a memory's word are enabled as one: without opt_reduce each becomes a chain of its own, too much for Z3
    steps = NETLIST.replace("flatten;", "flatten; opt_reduce;") if state else NETLIST
    script = SCRIPT.format(netlist=steps, files=" ".join(str(f) for f in files), top=top, json=netlist, smt=smt, change=change and change + ";",
                           parameters=" ".join(f"-chparam {name} {value}" for name, value in (parameters or {}).items()),
                           cut=" ".join(f"expose -cut -sep ~ w:{wire};" for wire in cut if wire != "*"))
    run = subprocess.run(["yosys", "-p", script], capture_output=True, text=True)
    if run.returncode != 0:
        said = [line for line in (run.stdout + run.stderr).splitlines() if "ERROR" in line or "Warning" in line]
        raise FlowError(f"{top}: yosys: " + " ".join(said or run.stderr.splitlines()[-3:]))
    read = re.findall(r"^Parsing SystemVerilog input from `([^']+)' to AST", run.stdout, re.M)
    if sorted(read) != sorted(str(f) for f in files):
        raise FlowError(f"{top}: yosys read {read}, expected {[str(f) for f in files]}")
    check_cells(json.loads(netlist.read_text()), top, state)
    unit = plain_functions(smt.read_text(), top, cut, state)
    if "*" in cut:
        cut_product(unit)
    return unit


def cut_product(unit):
    """The only multiplication: its factors become the outputs *a and *b, its result the input *."""
    found = [(name, re.match(r"\(define-fun \|[^|]+\| \(\) \(_ BitVec (\d+)\) \(bvmul (.*)\)\)$", body)) for name, body in unit.definitions.items()]
    found = [(name, match) for name, match in found if match]
    if len(found) != 1:
        raise FlowError(f"{unit.name}: {len(found)} multiplications, expected one to cut")
    (product, match), = found
    depth = 0
    for split, letter in enumerate(match[2]):
        depth += (letter == "(") - (letter == ")")
        if letter == " " and depth == 0:
            break
    sort_of, before, unit.definitions = f"(_ BitVec {match[1]})", unit.definitions, {}
    unit.inputs["*"] = unit.outputs["*a"] = unit.outputs["*b"] = int(match[1])
    for name, body in before.items():
        if name == product:
            unit.definitions["*a"] = f"(define-fun |*a| () {sort_of} {match[2][:split]})"
            unit.definitions["*b"] = f"(define-fun |*b| () {sort_of} {match[2][split + 1:]})"
            body = f"(define-fun |{name}| () {sort_of} |*|)"
        unit.definitions[name] = body


def check_cells(netlist, top, state):
    """Selects that can leave their vector give x in SystemVerilog and something definite in SMT, as does division by 0."""
    module = next(m for m in netlist["modules"].values() if m["attributes"].get("top"))
    if state:
        edge.check_registers(module, top)
    for name, cell in module["cells"].items():
        width = {port: len(bits) for port, bits in cell["connections"].items()}
        where = cell["attributes"].get("src", name)
        if cell["type"] == "$shiftx" and width["A"] < (1 << width["B"]) - 1 + width["Y"]:
            raise FlowError(f"{top}: a select may leave its vector of {width['A']} bits: {where}")
        if cell["type"] in ("$div", "$mod", "$divfloor", "$modfloor", "$pow"):
            raise FlowError(f"{top}: {cell['type'][1:]} is x for some operands: {where}")
        if "latch" in cell["type"] or ("dff" in cell["type"] and not state) or cell["type"].startswith("$mem"):
            raise FlowError(f"{top}: has state, expected a module without: {where}")


def port_name(name, cut):
    """How a specification names a port: a cut wire keeps its name, what drove it gets a =."""
    return name + "=" if name in cut else name.removesuffix("~i")


def plain_functions(text, top, cut, state):
    """Yosys' functions of a state become definitions without arguments; the state's fields become slices of the inputs."""
    module = re.search(r"^; yosys-smt2-module (\S+)$", text, re.M)[1]
    unit, fields, functions = Extracted(top), {}, {}
    for line in text.splitlines():
        field = FIELD.match(line)
        if field:
            fields[field["name"]] = (field["width"] and int(field["width"]), field["what"])  # width None: Bool
        elif line.startswith(("; yosys-smt2-input ", "; yosys-smt2-output ")):
            kind, name, width = line.split()[1:4]
            port = port_name(name, cut)
            (unit.inputs if kind == "yosys-smt2-input" else unit.outputs)[port] = int(width)
        elif line.startswith("(define-fun |"):
            name = line.split("|")[1]
            functions[name] = re.sub(r"\((\|[^|]+\|) state\)", r"\1", line.split(" ; ")[0].replace(f"((state |{module}_s|))", "()"))
    if state:
        edge.open_registers(unit, fields, edge.transition(text))
    after, unit.definitions = unit.definitions, {}
    for name, (width, what) in fields.items():
        unit.definitions[name] = slice_of(unit, name, width, what)
    wire = re.compile(re.escape(module) + r"_n (.+)$")
    for name, body in functions.items():
        unit.definitions[name] = body
        named = wire.match(name)
        known = port_name(named[1], cut) if named and "$" not in name else None
        if known is not None and known not in unit.inputs:
            result = "Bool" if re.search(r"\(\) Bool ", body) else re.search(r"\(\) (\(_ BitVec \d+\)) ", body)[1]
            unit.definitions[known] = f"(define-fun |{known}| () {result} |{name}|)"
    unit.definitions = {name: body for name, body in (unit.definitions | after).items() if body is not None}
    if state:
        edge.open_free(unit, fields)
    return unit


def slice_of(unit, name, width, what):
    """A field of Yosys' state as a part of an input; what is part of no input nothing drives."""
    part = SLICE.match(what)
    wire = port_name(part["wire"], ()) if part else None
    if wire not in unit.inputs:
        unit.free[name] = (width or 1, what)
        return None
    if width is None:
        bit = f"|{wire}|" if unit.inputs[wire] == 1 else f"(= ((_ extract {part['high']} {part['high']}) |{wire}|) #b1)"
        return f"(define-fun |{name}| () Bool {bit})"
    if unit.inputs[wire] == 1:
        return f"(define-fun |{name}| () (_ BitVec 1) (ite |{wire}| #b1 #b0))"
    high = int(part["high"]) if part["high"] is not None else unit.inputs[wire] - 1
    low = int(part["low"]) if part["low"] is not None else high if part["high"] is not None else 0
    return f"(define-fun |{name}| () (_ BitVec {width}) ((_ extract {high} {low}) |{wire}|))"
