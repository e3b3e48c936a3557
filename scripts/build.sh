#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh: configure and build the release tree in build/; leaves build/bin/assay.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --help ]]; then
  echo "usage: scripts/build.sh [TARGET…]    release build into build/ (default: assay)"
  exit 0
fi
cmake --preset release >/dev/null
cmake --build --preset release --target "${@:-assay}"
