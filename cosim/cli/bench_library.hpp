// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/npu/bench.hpp"

namespace assay::cli {

/// Multiply-accumulates a CPU second of the library's `dot` under one policy: median of the rounds, and their extremes.
struct LibrarySpeed {
  std::string operation;
  npu::Speed macs;
};

/// The policies of a user's RTL beside the built-in one, over the same random operands; they take turns in every round.
std::vector<LibrarySpeed> bench_library(int rounds);

}  // namespace assay::cli
