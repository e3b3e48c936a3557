// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

// What --help begins with: examples first. The list of subcommands shows their short descriptions instead.

inline constexpr const char* kMainHelp = R"(Examples
  assay run --test gemm                       random products, RTL and model in lockstep
  assay run --test digits --config int8_8x8   a trained network on 1,797 real images
  assay run --test gemm --config fp_16x16     floating point, operand formats mixed
  assay run my_vector.yaml --seed 7 --json -  your own vector, record on stdout
  assay replay assay-out/gemm-0x7-int8_8x8    a failure again, from the directory it left
  assay sweep --suite quick --out runs/quick  thousands of vectors, failures sorted into buckets
  assay prove mac                             the integer PE equals its specification for all inputs
  assay list                                  the tests
  assay doctor                                what is missing on this machine

assay compares a Verilated ML accelerator tile with its golden model, every register in every cycle,
and names the first cycle, block and element that differ.

Exit codes: 0 pass, 1 mismatch, 2 usage or configuration, 3 build or infrastructure,
4 timeout, incomplete or inconclusive, 5 gate not met, 6 nothing to run (data absent),
75 try again (infrastructure), 130 interrupted.
)";

inline constexpr const char* kRunHelp = R"(Examples
  assay run --test gemm --seed 7 --stall heavy
  assay run vectors/digits/digits.yaml --config int8_16x16 --json digits.json
  assay run --test gemm --fault 'pe.psum[2][3]:7@100'       must end in exit 1, at cycle 100
  assay run my_vector.yaml --no-rtl                         the model alone, nothing is built

Runs a vector on the RTL and the golden model in lockstep and compares every register in every cycle.
A mismatch leaves ./assay-out/TEST-SEED-CONFIG/ (or --out), with waves: gtkwave DIR/waves.gtkw; a pass leaves nothing unless asked.
)";

inline constexpr const char* kReplayHelp = R"(Examples
  assay replay assay-out/gemm-0x7-int8_8x8                  the failure again, from its directory alone
  assay replay v1:npu:int8_8x8:…                            from a record's token, when vector and config are in the tree
  assay replay assay-out/gemm-0x7-int8_8x8 --json again.json

Runs a recorded failure again on the RTL of this tree. The same sources give the same record byte for byte outside `host`; otherwise
stderr says what differs. The exit code is that of the run: 0 once the RTL is repaired.
)";

inline constexpr const char* kShrinkHelp = R"(Examples
  assay shrink assay-out/stress-0x1-int8_8x8                leaves assay-out/stress-0x1-int8_8x8-shrunk
  assay shrink failure --out small --timeout 30             the best that 30 s give

Leaves out whole items, then rows, columns and beats, then brings data to 0 and 1, as long as the vector fails with the same signature on the
RTL as it stands. Exit code: that of the smaller run; 0 when the vector fails no more, and then nothing is written.
)";

inline constexpr const char* kCheckHelp = R"(Examples
  assay run --test gemm --seed 7 --record gemm.rec          the run, written down
  assay check gemm.rec --json -                             the same record again, without RTL

Runs the golden model and the comparison on a recorded stream: after a change of the model, or where the RTL is not at hand.
)";

inline constexpr const char* kReportHelp = R"(Examples
  assay report assay-out/gemm-0x7-int8_8x8                  what the terminal showed
  assay report gemm.json --html gemm.html --junit gemm.xml  other forms, from a record that --json wrote

Nothing is run; exit 0 whatever the record's verdict is.
)";

inline constexpr const char* kListHelp = R"(Examples
  assay list                                  tests for `assay run --test`
  assay list --configs
  assay list --fields --config int8_4x4 --json
)";

inline constexpr const char* kCalcHelp = R"(Examples
  echo '7f 80 00000000' | assay calc mac --format int8           prints: ffffc080 00
  echo '3f81 3f80 b3800000' | assay calc mac --format bf16 --explain
  echo '43e80001' | assay calc cast --from fp32 --to e4m3fn --saturate
  echo '7fffffff 40000000 1' | assay calc requant --explain
  assay calc mac --format e4m3fn --format-b e5m2 --rtl < cases.txt

One case per line, hex without prefix, blank and # lines skipped; one line `result flags` per case.
  mac      a b c   codes of --format and --format-b, 8 digits: fma(a, b, c) in FP32, or a·b + c modulo 2^32 for integers
  decode   code    of --format, to FP32
  cast     x       a code of --from, to a code of --to
  requant  x m s   8 and 8 digits, signed decimal shift: INT32 before zero point and clamp
Formats: int8 uint8 int32 fp32 bf16 fp16 e5m2 e4m3 e4m3fn; a code has as many digits as its format's bits need.
Flags: 10 invalid, 04 overflow (integers: the exact result is not INT32), 02 underflow, 01 inexact.
)";

inline constexpr const char* kSweepHelp = R"(Examples
  assay sweep --suite quick --out runs/quick                every vector of the suite, on all cores
  assay sweep --suite nightly --time 10m -j 2 --out runs/tonight
  assay sweep --suite nightly --count 100000 --shard 3/16 --out runs/farm
  assay resume runs/tonight                                 what an interruption left over
  assay report runs/tonight                                 the report again, from the results

Runs a suite (docs/sweep.md): its tests on its configs with its seeds, many vectors in each of some worker processes. A vector that hangs or crashes
the simulation costs its own result only. Ctrl-C leaves a run that `assay resume` completes.
)";

inline constexpr const char* kCorpusHelp = R"(Examples
  assay corpus --config int8_8x8 --out corpus               what the chosen programs reach; corpus/int8_8x8.yaml
  assay sweep --suite corpus/int8_8x8.yaml --out runs/corpus
  assay corpus --config fp_4x4 --compare                    commands to the same bins, with and without feedback

Runs generated programs on the golden model alone and keeps those that reach functional cover bins first; keeps turning the dials of what has paid off
and leans to what is still missing (docs/stimulus.md). Exit 1 when a program does not pass or hits an illegal bin.
)";

inline constexpr const char* kCoverageHelp = R"(Examples
  assay coverage report runs/tonight --html coverage.html   per cent by section, and a page with every bin
  assay coverage holes runs/tonight                         what nothing hit, and what would
  assay coverage rank runs/tonight --most 20                the seeds that give most
  assay run --test stress --coverage one.json               the bins of one run
  assay coverage merge one.json runs/tonight --out all.json

Functional coverage (docs/coverage.md): bins of the specification's rules, sampled from the golden model.
)";

}  // namespace assay::cli
