#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the autoencoder's vector files from ${ASSAY_DATA}/mlperf_tiny_ad (default: ../shared/data beside the project).

usage: make_autoencoder.py            write beside this script
       make_autoencoder.py --check    compare with the files beside this script instead
       make_autoencoder.py --verify   compute all layers of all inputs in exact integers (docs/spec.md section 5, double)
                                      and compare with the data's bytes and hashes
Exit code 77: the data is not there.
"""
import json
import os
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("ASSAY_DATA") or HERE.parents[2] / "shared/data") / "mlperf_tiny_ad"
PLACE = "${ASSAY_DATA}/mlperf_tiny_ad/"
INPUTS = {
    "s1m0": "a pseudo-random input, every layer checked",
    "s0m1": "an input of all -128",
    "s0m2": "an input of all 127",
    "s0m3": "an input alternating between the extremes",
}


def load_graph():
    graph = json.loads((DATA / "ad01_int8_graph.json").read_text())
    tensors = {t["id"]: t for t in graph["tensors"]}
    layers = []
    source = graph["inputs"][0]
    for op in graph["ops"]:
        inp, weights, bias = (tensors[i] for i in op["in"])
        out = tensors[op["out"][0]]
        assert op["op"] == "FULLY_CONNECTED" and op["in"][0] == source and op["act"] in ("RELU", "NONE")
        assert weights["zero_point"] == [0] and len(op["multiplier"]) == len(op["shift"]) == 1
        n, k = weights["shape"]
        zero = out["zero_point"][0]
        layers.append({
            "name": "fc%d" % (op["i"] + 1), "n": n, "k": k, "weights": weights["offset"], "bias": bias["offset"],
            "in_zero": inp["zero_point"][0], "zero": zero, "multiplier": op["multiplier"][0], "shift": op["shift"][0],
            # ReLU: nothing below the real 0, which the zero point stands for.
            "clamp": (max(-128, zero) if op["act"] == "RELU" else -128, 127),
        })
        source = op["out"][0]
    assert [source] == graph["outputs"]
    return layers


def expected(name, index, layers):
    """Offset and file of a layer's expected bytes, or None."""
    if name == "s1m0":
        return json.loads((DATA / "ad01_int8_s1m0.json").read_text())["layers"][index]["offset"], "ad01_int8_s1m0_layers.bin"
    return (0, f"ad01_int8_{name}_out.bin") if index == len(layers) - 1 else None


def vector(title, name, layers):
    lines = ["# SPDX-License-Identifier: Apache-2.0", "# Written by make_autoencoder.py; see README.md.", "schema: assay/vector/1",
             f"name: {title}", f"description: MLPerf Tiny anomaly-detection autoencoder, {INPUTS[name]}", "program:"]
    for i, l in enumerate(layers):
        source = f"from: {layers[i - 1]['name']}" if i else f"file: \"{PLACE}ad01_int8_{name}_in.bin\", dtype: int8, offset: 0, shape: [1, {l['k']}]"
        params = f"file: \"{PLACE}ad01_int8_params.bin\""
        lines += ["  - gemm:", f"      name: {l['name']}", f"      a: {{{source}}}",
                  f"      b: {{{params}, dtype: int8, offset: {l['weights']}, shape: [{l['n']}, {l['k']}], transpose: true}}",
                  f"      a_zero_point: {l['in_zero']}", "      requant:",
                  f"        bias: {{{params}, dtype: int32, offset: {l['bias']}, shape: [{l['n']}]}}",
                  f"        multiplier: {l['multiplier']}", f"        shift: {l['shift']}", f"        zero_point: {l['zero']}",
                  f"        clamp: [{l['clamp'][0]}, {l['clamp'][1]}]", "        mode: double"]
        want = expected(name, i, layers)
        if want:
            lines.append(f"      expect: {{file: \"{PLACE}{want[1]}\", dtype: int8, offset: {want[0]}, shape: [1, {l['n']}]}}")
    return "\n".join(lines) + "\n"


def requantise(x, m, s):
    x = min(max(x << max(s, 0), -2**31), 2**31 - 1)
    h = (x * m + 2**30) >> 31
    e = max(-s, 0)
    rounded = (2 * abs(h) + (1 << e)) >> (e + 1)  # nearest, ties away from zero
    return rounded if h >= 0 else -rounded


def run(layer, values, params):
    l, out = layer, []
    for n in range(l["n"]):
        weights = struct.unpack_from("<%db" % l["k"], params, l["weights"] + n * l["k"])
        acc = sum((a - l["in_zero"]) * w for a, w in zip(values, weights)) + struct.unpack_from("<i", params, l["bias"] + 4 * n)[0]
        y = requantise((acc + 2**31) % 2**32 - 2**31, l["multiplier"], l["shift"]) + l["zero"]
        out.append(min(max(y, l["clamp"][0]), l["clamp"][1]))
    return out


def fnv1a(data):
    h = 0x811C9DC5
    for byte in data:
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return "%08x" % h


def verify(layers):
    params = (DATA / "ad01_int8_params.bin").read_bytes()
    compared = wrong = 0
    for name in INPUTS:
        values = struct.unpack("<640b", (DATA / f"ad01_int8_{name}_in.bin").read_bytes())
        hashes = json.loads((DATA / f"ad01_int8_{name}.json").read_text())["layers"]
        for i, layer in enumerate(layers):
            values = run(layer, values, params)
            data = struct.pack("%db" % len(values), *values)
            bad = fnv1a(data) != hashes[i]["fnv1a"]
            want = expected(name, i, layers)
            if want:
                bad |= (DATA / want[1]).read_bytes()[want[0]:want[0] + len(data)] != data
                compared += len(data)
            if bad:
                print(f"{name} {layer['name']}: differs")
                wrong += 1
    print(f"{len(INPUTS) * len(layers)} layers hashed, {compared} bytes compared, {wrong} layers differ")
    return 1 if wrong or not compared else 0


def main(args):
    if args not in ([], ["--check"], ["--verify"]):
        sys.exit(__doc__)
    if not (DATA / "ad01_int8_graph.json").exists():
        print(f"skipped: {DATA} is not there")
        return 77
    layers = load_graph()
    if args == ["--verify"]:
        return verify(layers)
    wrong = 0
    for name in INPUTS:
        title = "autoencoder" if name == "s1m0" else f"autoencoder_{name}"
        text, file = vector(title, name, layers), HERE / f"{title}.yaml"
        if not args:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            print(f"{file.name}: differs")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
