# SPDX-License-Identifier: Apache-2.0
"""Replays a counterexample by arithmetic that has nothing to do with the solvers: Python's exact integers and fractions.

Each replay takes the inputs and gives {output: value}; `calc` gives the `assay calc` line that shows the same case on RTL or model.
"""
import fractions

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


def number(bits, exponent_bits=8, mantissa_bits=23):
    """A finite code as an exact Fraction, else None."""
    mantissa, field = bits & ((1 << mantissa_bits) - 1), bits >> mantissa_bits & ((1 << exponent_bits) - 1)
    if field == (1 << exponent_bits) - 1:
        return None
    bias = (1 << (exponent_bits - 1)) - 1
    significand = mantissa | (field > 0) << mantissa_bits
    value = fractions.Fraction(significand) * fractions.Fraction(2) ** (max(field, 1) - bias - mantissa_bits)
    return -value if bits >> (exponent_bits + mantissa_bits) & 1 else value


def fp32_of(value):
    """The FP32 code nearest to a Fraction other than 0, ties to even."""
    size, exponent = abs(value), -149
    while size / fractions.Fraction(2) ** exponent >= 1 << 24:
        exponent += 1
    code = round(size / fractions.Fraction(2) ** exponent) + ((exponent + 149) << 23)  # Fractions round ties to even
    return min(code, 0x7F800000) | (value < 0) << 31


def fadd(i):
    """Finite sums other than 0 that are rounded once."""
    a, b = number(i["old_i"]), number(i["new_i"])
    return {} if i.get("bf16_i") or a is None or b is None or a + b == 0 else {"sum_o": fp32_of(a + b)}


def fma(i):
    """Finite sums other than 0, with the exact product; a cut product is taken as the solver chose it."""
    a, b, c = number(i["a_i"], 8, 10), number(i["b_i"], 8, 10), number(i["c_i"])
    if None in (a, b, c) or "*" in i or a * b + c == 0:
        return {}
    return {"sum_o": fp32_of(a * b + c)}


REPLAYS = {"mac": mac, "accumulate": accumulate, "requantise": requantise, "clamp": clamp, "fadd": fadd, "fma": fma}


def calc(unit, i, side):
    rtl = " --rtl" if side == "rtl" else ""
    if unit == "mac":
        formats = [("uint8" if i[key] else "int8") for key in ("act_unsigned_i", "weight_unsigned_i")]
        return f"echo '{i['act_i']:02x} {i['weight_i']:02x} {i['psum_i']:08x}' | assay calc mac --format {formats[0]} --format-b {formats[1]}{rtl}"
    if unit == "requantise" and "x_i" in i and "product" not in i:
        mode = "single" if i["single_i"] else "double"
        return f"echo '{i['x_i']:08x} {i['multiplier_i']:08x} {signed(i['shift_i'], 6)}' | assay calc requant --mode {mode}{rtl}"
    narrow = {4: ("bf16", 4), 5: ("fp16", 4), 6: ("e5m2", 2), 7: ("e4m3", 2), 8: ("e4m3fn", 2), 0: ("int8", 2), 1: ("uint8", 2), 2: ("int32", 8)}
    name, digits = narrow.get(i.get("format_i"), ("", 0))
    if unit == "decode" and 4 <= i["format_i"] <= 8:
        return f"echo '{i['code_i'] & (16 ** digits - 1):0{digits}x}' | assay calc decode --format {name}{rtl}"
    if unit == "cast" and name and not i["stochastic_i"]:
        saturate = " --saturate" if i["saturate_i"] and 4 <= i["format_i"] <= 8 else ""
        return f"echo '{i['x_i']:08x}' | assay calc cast --from fp32 --to {name}{saturate}{rtl}"
    return ""


def counterexample(obligation):
    """Inputs, what the side delivers there, what exact arithmetic delivers, whose fault it is, and the `assay calc` line that shows it."""
    inputs = {name: value for name, value in obligation.model.items() if not name.startswith(OBSERVED)}
    outputs = {name[len(OBSERVED):]: value for name, value in obligation.model.items() if name.startswith(OBSERVED)}
    found = {"inputs": inputs, "outputs": outputs}
    lines = ["inputs   " + shown(inputs), f"{obligation.side:<8} " + shown(outputs)]
    everything = {name: 0 for name in obligation.ports} | inputs  # what the claim does not look at counts as 0
    exact = {name: value for name, value in REPLAYS.get(obligation.unit.name, lambda i: {})(everything).items() if name in outputs}
    if exact:
        found["exact"] = exact
        lines.append("exact    " + shown(exact))
        if all(outputs[name] == value for name, value in exact.items()):
            lines.append("the side agrees with exact arithmetic: the specification or the solver is wrong, not the side")
    line = calc(obligation.unit.name, everything, obligation.side)
    if line:
        found["calc"] = line
        lines.append("show     " + line)
    return found | {"lines": lines}


def shown(values):
    return "  ".join(f"{name}={value:#x}" for name, value in sorted(values.items())) or "-"
