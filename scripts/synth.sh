#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reads one configuration of the tile into Yosys and checks it: structure, latches, drivers; or lists its storage.
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/synth.sh CONFIG [--registers]
Reads rtl/configs/CONFIG.yaml, elaborates npu_tile with its parameters in Yosys, fails on latches, several drivers of one net,
undriven nets or combinational loops, and prints the word-level cells per block.
--registers prints one line `path bits` per flip-flop variable and memory instead, as found after `proc; memory_collect` and
before any optimisation; paths are those below npu_tile that cosim/npu/rtl_map.yaml uses.
Exit: 0 fine, 1 check failed, 2 usage, 3 yosys missing.
END
}
config='' registers=0
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    --registers) registers=1 ;;
    -*) usage >&2; exit 2 ;;
    *) config=$argument ;;
  esac
done
[ -n "$config" ] || { usage >&2; exit 2; }
cd "$(dirname "$0")/.."
yaml=rtl/configs/$config.yaml
[ -f "$yaml" ] || { echo "synth: $yaml: no such file" >&2; exit 2; }
command -v yosys >/dev/null || { echo "synth: yosys not found" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# `acc_banks: 2` becomes `-chparam AccBanks 2`; `formats: [bf16, fp16]` the mask of the format codes (docs/spec.md section 17.1).
parameters=$(awk -F': *' '$2 ~ /^[0-9]+ *$/ {
  name = ""; n = split($1, part, "_")
  for (i = 1; i <= n; i++) name = name toupper(substr(part[i], 1, 1)) substr(part[i], 2)
  printf " -chparam %s %d", name, $2
}
$1 == "formats" {
  split("int8 uint8 int32 fp32 bf16 fp16 e5m2 e4m3 e4m3fn", names, " ")
  mask = 0; n = split($2, format, /[][ ,]+/)
  for (i = 1; i <= n; i++) for (code in names) if (format[i] == names[code]) mask += 2 ^ (code - 1)
  printf " -chparam Formats %d", mask == 1 ? 3 : mask  # int8 comes with uint8
}' "$yaml")
files="$(find rtl/common -name '*_pkg.sv' | sort | tr '\n' ' ') $(find rtl -name '*_pkg.sv' ! -path 'rtl/common/*' | sort | tr '\n' ' ') $(find rtl -name '*.sv' ! -name '*_pkg.sv' | sort | tr '\n' ' ')"

run() {  # run SCRIPT: Yosys, its log in $work/log; shows the log's end when it fails
  if ! yosys -q -l "$work/log" -p "$1" >"$work/out" 2>&1; then
    tail -20 "$work/log" >&2
    echo "synth: $config: check failed" >&2
    exit 1
  fi
}
elaborate="read_verilog -sv $files; hierarchy -check -top npu_tile$parameters; proc"

if [ "$registers" = 1 ]; then
  run "$elaborate; memory_collect; flatten; write_json $work/tile.json"
  # Memories count words times width, flip-flops the bits of the register their output is, a variable named *_q. `proc` also makes
  # flip-flops for what a clocked block computes on the way (its own variables, locals of functions, memory addresses). No output,
  # memory or register depends on them; one that something depends on would be undeclared state, and fails.
  python3 - "$work/tile.json" <<'END'
import collections, json, sys

top = next(m for m in json.load(open(sys.argv[1]))["modules"].values() if m["attributes"].get("top"))
owner, driver, bits = {}, {}, collections.Counter()
for name, net in top["netnames"].items():
    if not net.get("hide_name") and "$func$" not in name:
        for bit in net["bits"]:
            if name.split(".")[-1].split("[")[0].endswith("_q"):
                owner[bit] = name

def ports(cell, direction):
    return [b for p, d in cell["port_directions"].items() if d == direction for b in cell["connections"][p] if isinstance(b, int)]

wanted = [b for p in top["ports"].values() if p["direction"] == "output" for b in p["bits"]]
temporary = {}
for name, cell in top["cells"].items():
    kind = cell["type"]
    if "latch" in kind:
        sys.exit(f"synth: latch {name}")
    for bit in ports(cell, "output"):
        driver[bit] = name
    if kind.startswith("$mem"):
        bits[name] += int(cell["parameters"]["SIZE"], 2) * int(cell["parameters"]["WIDTH"], 2)
        wanted += ports(cell, "input")
    elif "dff" in kind:
        for bit in cell["connections"]["Q"]:
            if bit in owner:
                bits[owner[bit]] += 1
                wanted += ports(cell, "input")
            else:
                temporary[bit] = name
seen = set()
while wanted:
    name = driver.get(wanted.pop())
    if name is not None and name not in seen:
        seen.add(name)
        wanted += ports(top["cells"][name], "input")
undeclared = sorted({name for name in temporary.values() if name in seen})
if undeclared:
    sys.exit("synth: state that no register *_q declares: " + " ".join(undeclared))
print(f"left out: {len(temporary)} bits of values computed inside clocked blocks, on which nothing depends", file=sys.stderr)
for path in sorted(bits):
    print(path, bits[path])
END
  exit 0
fi

run "$elaborate; memory_collect; check -assert; select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr t:\$_DLATCH*; tee -o $work/stat stat"
echo "$config: no latches, no conflicting drivers, no undriven nets, no loops"
awk '/^=== / { block = $2; sub(/^\$paramod(\$[0-9a-f]+)?\\/, "", block); sub(/\\.*/, "", block) }
     /Number of cells:/ { count[block]++; if ($NF > most[block]) most[block] = $NF }
     END { for (b in count) if (b != "design") printf "%-20s %6d variants, at most %7d word-level cells\n", b, count[b], most[b] }' "$work/stat" | sort
awk '/design hierarchy/ { on = 1 } on && /Number of cells:/ { print "whole tile: " $NF " word-level cells" }' "$work/stat"
