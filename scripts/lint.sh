#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lints the RTL: Verilator -Wall, warnings are errors, every module as its own top and the tile in several sizes.
set -euo pipefail

usage() {
  cat <<'END'
usage: scripts/lint.sh [--help]
Runs `verilator --lint-only -Wall` on every module of rtl/ as its own top (default parameters), on the tile in sizes from
1x1 to 128x128 with integer and floating-point formats, and on both tiles with the probes of tb/ bound. Waivers: rtl/lint/*.vlt, one per file and message.
Exit: 0 clean, 1 a warning or error, 3 verilator missing.
END
}
case ${1:-} in
  -h | --help) usage; exit 0 ;;
  '') ;;
  *) usage >&2; exit 2 ;;
esac
command -v verilator >/dev/null || { echo "lint: verilator not found" >&2; exit 3; }

cd "$(dirname "$0")/.."
packages="$(find rtl/common -name '*_pkg.sv' | sort) $(find rtl -name '*_pkg.sv' ! -path 'rtl/common/*' | sort)"  # common first: the others use it
modules=$(find rtl -name '*.sv' ! -name '*_pkg.sv' | sort)
probes=$(find tb -name '*_probe.sv' | sort)
failed=0

lint() {  # lint LABEL ARGUMENTS...
  local label=$1
  shift
  # shellcheck disable=SC2086
  if verilator --lint-only -sv -Wall --unroll-count 8 --max-num-width 1000000 rtl/lint/*.vlt $packages $modules "$@"; then
    echo "clean  $label"
  else
    echo "FAILED $label"
    failed=1
  fi
}

parameters() {  # of the RTL, as options, from the condition of its branch in the include
  sed -n 's/^if (\(.*\)) begin.*/\1/p' "$include/npu_observation.svh" | sed 's/ && /\n/g; s/ == /=/g' | sed 's/^/-G/'
}

for file in $modules; do
  module=$(basename "$file" .sv)
  lint "$module" --top-module "$module"
done
for size in 1x1 1x4 5x3 8x16 16x8 32x32 128x128; do
  rows=${size%x*} cols=${size#*x}
  lint "npu_tile $size" --top-module npu_tile -GRows="$rows" -GCols="$cols" -GWeightFifoDepth=$((rows > 2 ? rows : 2))
done
# formats are masks of format codes (docs/spec.md section 17.2): 16 bf16, 32 fp16, 448 the 8-bit formats, 496 all
for tile in 1x1:16:1 1x1:496:8 5x3:32:1 4x4:496:2 8x8:16:1 8x8:32:2 16x16:16:1 16x16:448:1 16x16:496:3 3x40:256:4 128x128:48:6; do
  IFS=: read -r size formats latency <<<"$tile"
  rows=${size%x*} cols=${size#*x}
  lint "npu_tile $size, formats $formats, latency $latency" --top-module npu_tile -GRows="$rows" -GCols="$cols" \
    -GWeightFifoDepth=$((rows > 2 ? rows : 2)) -GFormats="$formats" -GPeLatency="$latency"
done
lint "npu_tile, largest" --top-module npu_tile -GRows=8 -GCols=8 -GAccBanks=16 -GAccDepth=4096 -GWeightFifoDepth=512 -GQueueDepth=16
# shellcheck disable=SC2086
lint "npu_tile with probes" --top-module npu_tile --assert $probes tb/npu_tile_bind.sv
# shellcheck disable=SC2086
lint "npu_tile with probes, floating point" --top-module npu_tile --assert $probes tb/npu_tile_bind.sv -GFormats=48 -GPeLatency=2
for block in pe array accumulators activation; do
  lint "bench of $block" --timing tb/npu_tile_tb.vlt --top-module "npu_${block}_tb" "tb/$block/npu_${block}_tb.sv"
done
# the checker includes what the command writes; without a build it is left out
if [ -x build/bin/assay ]; then
  include=$(mktemp -d)
  trap 'rm -rf "$include"' EXIT
  for config in int8_4x4 int8_8x8; do
    build/bin/assay list --fields --sv --config $config >"$include/npu_observation.svh"
    # shellcheck disable=SC2046,SC2086
    lint "npu_tile_tb of $config" --timing --assert "+incdir+$include" tb/npu_tile_tb.vlt --top-module npu_tile_tb $(parameters) \
      $probes tb/npu_tile_bind.sv cosim/dpi/assay_dpi_pkg.sv tb/npu_lockstep_checker.sv tb/npu_lockstep_bind.sv tb/npu_tile_tb.sv
  done
fi
exit $failed
