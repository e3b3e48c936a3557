// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// What --help begins with: examples first. The list of subcommands shows their short descriptions instead.

inline constexpr const char* kMainHelp = R"(Examples
  assay run --test gemm                       random products, RTL and model in lockstep
  assay run --test digits --config int8_8x8   a trained network on 1,797 real images
  assay run my_vector.yaml --seed 7 --json -  your own vector, record on stdout
  assay list                                  the tests
  assay doctor                                what is missing on this machine

assay compares a Verilated ML accelerator tile with its golden model, every register in every cycle,
and names the first cycle, block and element that differ.

Exit codes: 0 pass, 1 mismatch, 2 usage or configuration, 3 build or infrastructure,
4 timeout or inconclusive, 6 nothing to run (data absent), 130 interrupted.
)";

inline constexpr const char* kRunHelp = R"(Examples
  assay run --test gemm --seed 7 --stall heavy
  assay run vectors/digits/digits.yaml --config int8_16x16 --json digits.json
  assay run --test gemm --fault 'pe.psum[2][3]:7@100'       must end in exit 1, at cycle 100
  assay run my_vector.yaml --no-rtl                         the model alone, nothing is built

Runs a vector on the RTL and the golden model in lockstep and compares every register in every cycle.
A mismatch leaves ./assay-out/TEST-SEED-CONFIG/ (or --out); a pass leaves nothing unless asked.
)";

inline constexpr const char* kListHelp = R"(Examples
  assay list                                  tests for `assay run --test`
  assay list --configs
  assay list --fields --config int8_4x4 --json
)";

inline constexpr const char* kCalcHelp = R"(Examples
  echo '7f 80 00000000' | assay calc mac --format int8           prints: ffffc080 00
  echo '7fffffff 40000000 1' | assay calc requant --explain
  assay calc mac --format uint8 --format-b int8 --rtl < cases.txt

One case per line, hex without prefix, blank and # lines skipped; one line `result flags` per case.
  mac      a b c   2, 2 and 8 digits: a·b + c modulo 2^32; flags 04 when the exact sum is not INT32
  requant  x m s   8 and 8 digits, signed decimal shift: INT32 before zero point and clamp; flags 04 when saturated
)";

}  // namespace assay::cli
