#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# setup.sh: install what Assay needs from the distribution's packages, once. Quiet and quick when everything is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [[ ${1:-} == --help ]]; then
  echo "usage: scripts/setup.sh [--tests | --nightly]"
  echo "installs the packages of scripts/packages.txt (apt; with sudo when not root); --tests: also those marked +; --nightly: also those marked + or ~"
  exit 0
fi

needed=() optional=()
while read -r line; do
  case $line in
    '' | '#'*) ;;
    '+'*) [[ ${1:-} == --tests || ${1:-} == --nightly ]] && optional+=("${line#+}") ;;
    '~'*) [[ ${1:-} == --nightly ]] && optional+=("${line#\~}") ;;
    '?'*) optional+=("${line#?}") ;;
    *) needed+=("$line") ;;
  esac
done <"$here/packages.txt"

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  {
    echo "This is not a Debian system: please install the equivalents of"
    printf '  %s\n' "${needed[@]}"
    printf '  %s (optional)\n' "${optional[@]}"
    echo "(Verilator 5.006 or newer, CMake 3.25 or newer, a C++20 compiler), then run this again with ASSAY_NO_SETUP=1."
  } >&2
  exit 3
fi

missing_of() {
  local package
  for package; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done
}
mapfile -t missing < <(missing_of "${needed[@]}" "${optional[@]}")
((${#missing[@]} == 0)) && exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || { echo "need root or sudo to install: ${missing[*]}" >&2; exit 3; }
  as_root=(sudo)
fi
echo "installing: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
available=()
for package in "${missing[@]}"; do
  if apt-cache show "$package" >/dev/null 2>&1; then
    available+=("$package")
  elif printf '%s\n' "${optional[@]}" | grep -qx "$package"; then
    echo "note: $package is not to be had here; Assay works without it, more slowly" >&2
  else
    echo "setup: the distribution has no package $package" >&2
    exit 3
  fi
done
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${available[@]}" >/dev/null
