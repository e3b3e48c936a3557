#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test.sh: set up this machine, build, and pass the tests. Ends with ctest's summary.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --help ]]; then
  cat <<'TEXT'
usage: scripts/test.sh [--label nightly]
Installs the packages (skip with ASSAY_NO_SETUP=1), runs the sanitizer build of model and engine, then the release build
with every test that is not `nightly`. `--label nightly` runs the long suites instead, and all units without a simulator under sanitizers.
TEXT
  exit 0
fi
packages=--tests
[[ ${2:-} == nightly ]] && packages=--nightly
[[ ${ASSAY_NO_SETUP:-} == 1 ]] || scripts/setup.sh "$packages"
rerun() { echo "rerun a single test: ctest --test-dir build -R 'part of its name' --output-on-failure" >&2; }
trap rerun ERR
if [[ ${1:-} == --label ]]; then
  [[ ${2:-} != nightly ]] || cmake --workflow --preset san-all
  cmake --preset release >/dev/null && cmake --build --preset release
  ctest --preset "${2:?a label}"
  exit
fi
echo "== sanitizers: model and engine" >&2
cmake --workflow --preset san
echo "== release: all tests" >&2
cmake --workflow --preset check
