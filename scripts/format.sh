#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# format.sh: clang-format over our C++ sources; --check only looks.
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  --help) echo "usage: scripts/format.sh [--check]"; exit 0 ;;
  --check) mode=(--dry-run -Werror) ;;
  *) mode=(-i) ;;
esac
git ls-files -z -- '*.cpp' '*.hpp' '*.h' | xargs -0 clang-format "${mode[@]}"
