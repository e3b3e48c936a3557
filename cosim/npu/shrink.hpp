// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/recipe.hpp"

namespace assay::npu {

/// A failing run in the form in which it is made smaller.
struct ShrinkCase {
  Recipe recipe;
  StallProfiles stall;
  uint64_t seed = 1;
  std::vector<Fault> faults;
};

/// How large a vector is.
struct VectorSize {
  uint64_t items = 0;        ///< of the vector file
  uint64_t commands = 0;     ///< as they cross the pins
  uint64_t beats = 0;        ///< of the activation stream
  uint64_t weight_rows = 0;  ///< rows of the weight stream
  uint64_t nonzero = 0;      ///< operands that are not 0: elements of a and b of products, lanes of commands
  bool operator==(const VectorSize&) const = default;
};
VectorSize vector_size(const Program& program, const HwConfig& config);

/// A run of it writes a memory that is compared: without that, a run in which nothing differs is inconclusive instead of a pass.
bool writes_memory(const Program& program, const HwConfig& config);

/// Makes a failing case smaller as long as `fails` holds, in this order: whole items; rows, columns and inner size of products, beats and sizes of commands;
/// modes; data towards 0 and 1; stalls, rests and seed; injected faults and their cycles. It repeats until nothing more can be left out, so the result depends
/// on the case and on `fails` alone, unless `stop` ends it early: then it is the best so far.
struct ShrinkSteps {
  std::function<bool(const ShrinkCase&, const Program&)> fails;  ///< still fails in the way that is looked for
  std::function<bool()> stop;                                    ///< asked before each try
  std::function<void(const char* stage)> on_try;                 ///< called before each try
  std::function<void(const Program&)> on_better;                 ///< called with each smaller program
};
struct Shrunk {
  ShrinkCase best;
  uint64_t tried = 0;     ///< candidates that were run
  bool complete = false;  ///< false: stopped early
};
Shrunk shrink(const ShrinkCase& start, const HwConfig& config, const ShrinkSteps& steps);

}  // namespace assay::npu
