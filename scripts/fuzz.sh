#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh: gives libFuzzer every parser that reads files, under AddressSanitizer and UndefinedBehaviorSanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build-fuzz runs=150000 only=()

usage() {
  echo "usage: scripts/fuzz.sh [--runs N] [--build DIR] [TARGET…]"
  echo "N executions of each target (default $runs), from tests/fuzz/corpus; findings are left in DIR/findings (default $build)."
  echo "exit: 0 no finding, 1 a finding, 77 no clang with libFuzzer"
}

while (($# > 0)); do
  case $1 in
    --help) usage; exit 0 ;;
    --runs) runs=$2; shift 2 ;;
    --build) build=$2; shift 2 ;;
    -*) usage >&2; exit 2 ;;
    *) only+=("$1"); shift ;;
  esac
done

compiler=
for candidate in clang++-19 clang++-18 clang++-16 clang++-14 clang++; do
  command -v "$candidate" >/dev/null || continue
  if echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' |
    "$candidate" -x c++ -fsanitize=fuzzer,address -o /dev/null - 2>/dev/null; then
    compiler=$candidate
    break
  fi
done
if [[ -z $compiler ]]; then
  echo "skipped: no clang with libFuzzer (Debian packages clang-19 and libclang-rt-19-dev)"
  exit 77
fi

cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DASSAY_FUZZ=ON -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="${compiler/clang++/clang}" >/dev/null
cmake --build "$build" --target fuzz_targets >"$build/fuzz_build.log" || { cat "$build/fuzz_build.log" >&2; exit 1; }
mkdir -p "$build/findings"
((${#only[@]})) || for folder in tests/fuzz/corpus/*/; do only+=("$(basename "$folder")"); done

status=0 all=0
for target in "${only[@]}"; do
  scratch=$(mktemp -d)
  log=$build/fuzz_$target.log
  # What it finds worth keeping goes to the scratch folder; the corpus in the tree stays as it is.
  if "$build/bin/fuzz_$target" -runs="$runs" -seed=1 -max_len=4096 -timeout=25 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$target-" "$scratch" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
    done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    all=$((all + done_runs))
    printf '%-10s %9d executions, no finding\n' "$target" "$done_runs"
  else
    status=1
    printf '%-10s FINDING, see %s\n' "$target" "$log"
    tail -n 40 "$log"
  fi
  rm -rf "$scratch"
done
echo "$all executions in all"
exit $status
