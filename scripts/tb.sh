#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
usage() {
  cat <<'TEXT'
tb.sh [--waves] BLOCK [SOURCE…]: builds and runs the bench of one block with Verilator: pe, array, accumulators, activation, requantise (its
arithmetic alone); of the floating-point tile fp_pe, fp_array, fp_accumulators, fp_activation, cast (its conversions alone).

It plays vectors/blocks/BLOCK.txt, which the golden model has made, and checks every line. Work goes to build/tb/BLOCK; with --waves
build/tb/BLOCK/waves.vcd is left there. SOURCEs take the place of RTL files of the same name. Exit 0: all lines as expected, 1: not, 2: usage.
TEXT
}
waves=
[ "${1:-}" = --waves ] && { waves=1; shift; }
block=${1:-}
case $block in
  -h | --help) usage; exit 0 ;;
  pe | array | accumulators | activation | requantise | fp_pe | fp_array | fp_accumulators | fp_activation | cast) shift ;;
  *) usage >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
command -v verilator >/dev/null || { echo "tb: verilator not found" >&2; exit 3; }
out=build/tb/$block
rm -rf "$out"
mkdir -p "$out"
sources=$(find rtl/common -name '*_pkg.sv' | sort; find rtl -name '*_pkg.sv' ! -path 'rtl/common/*' | sort; find rtl -name '*.sv' ! -name '*_pkg.sv' | sort)
for file in "$@"; do sources=$(echo "$sources" | sed "s#^rtl/.*/$(basename "$file")\$#$file#"); done
# shellcheck disable=SC2086
verilator --binary --timing --trace --assert -Wno-fatal --Mdir "$out/obj" --top-module "npu_${block}_tb" rtl/lint/npu_tile.vlt $sources \
  tb/*/"npu_${block}_tb.sv" >"$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 3; }
code=0
(cd "$out" && "obj/Vnpu_${block}_tb" "+vectors=$OLDPWD/vectors/blocks/$block.txt" ${waves:++waves}) >"$out/run.log" 2>&1  || code=1
grep -v '\$finish' "$out/run.log" | head -20
[ -z "$waves" ] || echo "waves: $out/waves.vcd"
exit $code
