# SPDX-License-Identifier: Apache-2.0
"""Replays a counterexample by arithmetic that has nothing to do with the solvers: Python's exact integers and fractions.

Each replay takes the inputs and gives {output: value}; `calc` gives the `assay calc` line that shows the same case on RTL or model.
"""
from solve import OBSERVED


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def sat32(value):
    return max(-(1 << 31), min((1 << 31) - 1, value))


def mac(i):
    a = i["act_i"] if i["act_unsigned_i"] else signed(i["act_i"], 8)
    w = i["weight_i"] if i["weight_unsigned_i"] else signed(i["weight_i"], 8)
    total = signed(i["psum_i"], 32) + a * w
    return {"product": a * w % 2**32, "psum_o": total % 2**32, "int_overflow_o": int(total != sat32(total))}


def accumulate(i):
    total = signed(i["a_i"], 32) + signed(i["b_i"], 32)
    return {"sum_o": total % 2**32, "overflow_o": int(total != sat32(total))}


def requantise(i):
    """From the product on when it is free, else from x."""
    s, single = signed(i["shift_i"], 6), i["single_i"]
    x = signed(i.get("x_i", 0), 32)
    wide = x << max(s, 0)
    product = (x if single else sat32(wide)) * i.get("multiplier_i", 0)
    found = {"product=": product % 2**64}
    if "product" in i:
        product = signed(i["product"], 64)
    if single:
        y = (product + (1 << (30 - s))) >> (31 - s)
        return found | {"y_o": sat32(y) % 2**32, "saturated_o": int(y != sat32(y))}
    h, e = (product + (1 << 30)) >> 31, max(-s, 0)
    half = (1 << e) >> 1
    y = (h + half) >> e if h >= 0 else -((-h + half) >> e)
    return found | {"y_o": y % 2**32, "saturated_o": int(wide != sat32(wide))}


def clamp(i):
    z0 = signed(i["y_i"], 32) + signed(i["zero_point_i"], 9)
    low, high = (0, 255) if i.get("unsigned_i", 0) else (-128, 127)
    z = min(max(z0, signed(i.get("lo_i", 0), 9)), signed(i.get("hi_i", 0), 9))
    return {"z_o": z % 2**32, "saturated_o": int(not low <= z0 <= high)}


REPLAYS = {"mac": mac, "accumulate": accumulate, "requantise": requantise, "clamp": clamp}


def calc(unit, i, side):
    rtl = " --rtl" if side == "rtl" else ""
    if unit == "mac":
        formats = [("uint8" if i[key] else "int8") for key in ("act_unsigned_i", "weight_unsigned_i")]
        return f"echo '{i['act_i']:02x} {i['weight_i']:02x} {i['psum_i']:08x}' | assay calc mac --format {formats[0]} --format-b {formats[1]}{rtl}"
    if unit == "requantise" and "x_i" in i and "product" not in i:
        mode = "single" if i["single_i"] else "double"
        return f"echo '{i['x_i']:08x} {i['multiplier_i']:08x} {signed(i['shift_i'], 6)}' | assay calc requant --mode {mode}{rtl}"
    return ""


def counterexample(obligation):
    """Inputs, what the side delivers there, what exact arithmetic delivers, whose fault it is, and the `assay calc` line that shows it."""
    inputs = {name: value for name, value in obligation.model.items() if not name.startswith(OBSERVED)}
    outputs = {name[len(OBSERVED):]: value for name, value in obligation.model.items() if name.startswith(OBSERVED)}
    found = {"inputs": inputs, "outputs": outputs}
    lines = ["inputs   " + shown(inputs), f"{obligation.side:<8} " + shown(outputs)]
    replay = REPLAYS.get(obligation.unit.name)
    if replay is not None:
        everything = {name: 0 for name in obligation.ports} | inputs  # what the claim does not look at counts as 0
        exact = {name: value for name, value in replay(everything).items() if name in outputs}
        found["exact"] = exact
        lines.append("exact    " + shown(exact))
        if exact and all(outputs[name] == value for name, value in exact.items()):
            lines.append("the side agrees with exact arithmetic: the specification or the solver is wrong, not the side")
        line = calc(obligation.unit.name, everything, obligation.side)
        if line:
            found["calc"] = line
            lines.append("show     " + line)
    return found | {"lines": lines}


def shown(values):
    return "  ".join(f"{name}={value:#x}" for name, value in sorted(values.items())) or "-"
