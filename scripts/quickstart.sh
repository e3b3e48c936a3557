#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# quickstart.sh: from a fresh machine to a real network running on the RTL in lockstep with its golden model.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --help ]]; then
  cat <<'TEXT'
usage: scripts/quickstart.sh
Installs the packages (skip with ASSAY_NO_SETUP=1), builds build/bin/assay, runs the handwritten-digits network on the int8_8x8 and, in
BF16, on the bf16_8x8 tile in lockstep, measures what lockstep costs, and shows one injected fault being caught.
TEXT
  exit 0
fi

step() { printf '\n== %s\n' "$*"; }
[[ ${ASSAY_NO_SETUP:-} == 1 ]] || { step "packages"; scripts/setup.sh; }

step "building the command"
scripts/build.sh assay

step "the digits network on the RTL, every register compared in every cycle"
build/bin/assay run --test digits --config int8_8x8

step "the same network in BF16 on the floating-point RTL: 97.15 % of the images held back are to be right, bit for bit as expected"
build/bin/assay run --test digits_bf16 --config bf16_8x8

step "what lockstep costs"
build/bin/assay bench --config int8_8x8 --cycles 300000 --rounds 3 --no-yardstick --no-calc 2>/dev/null

step "one bit of one partial sum flipped in cycle 5000: it must be caught, exit 1"
code=0
build/bin/assay run --test digits --fault 'pe.psum[3][5]:7@5000' --out build/quickstart-fault || code=$?
if ((code != 1)); then
  echo "quickstart: the injected fault was not caught (exit $code)" >&2
  exit 3
fi

cat <<'TEXT'

== next
  build/bin/assay list                                        every test by name
  build/bin/assay run --test stress --seed 7 --stall heavy    random commands, heavy back-pressure
  build/bin/assay run --test stress --config fp_16x16         the same with five floating-point formats, mixed
  build/bin/assay run --test autoencoder --config int8_16x16  MLPerf Tiny, byte for byte (needs the data)
  edit a line under rtl/ and run again                        the first wrong register, by name and cycle
  docs/vectors.md                                             write a vector of your own in five minutes
TEXT
