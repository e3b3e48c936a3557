#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sv_benches.py BUILD: builds the benches of examples/dpi with Verilator against BUILD/lib/libassay_dpi.so and judges what they say.

two_tiles_tb: two tiles of two configs in one simulation, each under lockstep with its own config; refused with another tile's config.
own_bench_tb with hand_model and scoreboard bound: the model stepped by hand from SystemVerilog, and predicted at the end of operations.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def fail(text):
    sys.exit("FAILED: " + text)


def run(argv, cwd, expect, timeout=1000):
    done = subprocess.run([str(a) for a in argv], cwd=cwd, capture_output=True, text=True, timeout=timeout)
    text = done.stdout + done.stderr
    if (done.returncode == 0) != expect:
        fail(f"exit {done.returncode}: {' '.join(map(str, argv))[:300]}\n{text[-4000:]}")
    return text


def rtl():
    common = sorted((ROOT / "rtl/common").glob("*_pkg.sv"))
    packages = [f for f in sorted((ROOT / "rtl").rglob("*_pkg.sv")) if f not in common]
    return common + packages + [f for f in sorted((ROOT / "rtl").rglob("*.sv")) if not f.name.endswith("_pkg.sv")]


def build(build_dir, work, top, sources):
    lib = build_dir / "lib/libassay_dpi.so"
    run(["verilator", "--binary", "--timing", "--vpi", "--assert", "-Wno-fatal", "--max-num-width", "1000000", "--top-module", top, "--Mdir", work / top,
         f"+incdir+{work}", ROOT / "rtl/lint/npu_tile.vlt", ROOT / "tb/npu_tile_tb.vlt", *rtl(), ROOT / "cosim/dpi/assay_dpi_pkg.sv",
         *[ROOT / s for s in sources], "-LDFLAGS", f"{lib} -Wl,-rpath,{lib.parent}"], work, True)
    return work / top / f"V{top}"


def two_tiles(build_dir, work):
    include = run([build_dir / "bin/assay", "list", "--fields", "--sv", "--config", "int8_8x8,int8_4x4"], work, True)
    (work / "npu_observation.svh").write_text(include)
    program = build(build_dir, work, "two_tiles_tb",
                    ["tb/npu_fifo_probe.sv", "tb/npu_stream_probe.sv", "tb/npu_tile_probe.sv", "tb/npu_tile_bind.sv", "tb/npu_lockstep_checker.sv",
                     "tb/npu_lockstep_bind.sv", "examples/dpi/small_stimulus.sv", "examples/dpi/own_tile.sv", "examples/dpi/two_tiles_tb.sv"])
    text = run([program], work, True, 60)
    for config in ("int8_8x8", "int8_4x4"):
        if not re.search(rf"assay: pass on {config} after \d{{3,}} cycles", text):
            fail(f"no pass on {config}\n{text}")
    text = run([program, f"+assay_config={ROOT}/rtl/configs/int8_8x8.yaml"], work, False, 60)
    if "rows: the RTL was elaborated with 4, the config says 8" not in text:
        fail("another tile's config was not refused\n" + text)
    text = run([program, "+assay_config=/nowhere.yaml"], work, False, 60)
    if "/nowhere.yaml:1: file: cannot be read" not in text:
        fail("a missing config was not told\n" + text)
    print("two tiles of two configs pass, each with its own config only")


def by_hand(build_dir, work):
    program = build(build_dir, work, "own_bench_tb",
                    ["examples/dpi/small_stimulus.sv", "examples/dpi/own_tile.sv", "examples/dpi/hand_model.sv", "examples/dpi/scoreboard.sv",
                     "examples/dpi/hand_model_bind.sv", "examples/dpi/own_bench_tb.sv"])
    text = run([program, f"+config={ROOT}/rtl/configs/int8_8x8.yaml"], work, True, 60)
    compared = re.search(r"hand_model: (\d+) values compared", text)
    scored = re.search(r"scoreboard: (\d+) operations, (\d+) beats compared", text)
    if not compared or int(compared.group(1)) < 1000 or not scored or scored.groups() != ("20", "80"):
        fail("hand_model and scoreboard did not compare what they should\n" + text)
    # a model of another size sees another tile: both must notice
    text = run([program, f"+config={ROOT}/rtl/configs/int8_4x4.yaml"], work, False, 60)
    if "hand_model:" not in text and "scoreboard:" not in text:
        fail("a model of another config was not noticed\n" + text)
    print(f"by hand: {compared.group(1)} values; scoreboard: {scored.group(1)} operations, {scored.group(2)} beats")


def main():
    if len(sys.argv) != 2 or sys.argv[1] == "--help":
        print(__doc__)
        return 0 if "--help" in sys.argv else 2
    with tempfile.TemporaryDirectory(prefix="assay-sv-") as folder:
        build_dir = pathlib.Path(sys.argv[1]).resolve()
        two_tiles(build_dir, pathlib.Path(folder))
        by_hand(build_dir, pathlib.Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
