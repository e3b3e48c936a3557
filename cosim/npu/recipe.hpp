// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cosim/npu/planner.hpp"

namespace assay::npu {

/// What the planner was asked for, in order, with every operand resolved: enough to plan the same program again, on this or another hardware
/// config, or to write it down as a vector.
struct Recipe {
  struct Raw {  ///< one command with the stream bytes it takes
    CommandWord word{};
    std::vector<uint8_t> weights, activations;
    bool operator==(const Raw&) const = default;
  };
  struct Reset {
    int64_t after = 0;
    int cycles = 2;
  };
  struct Idle {
    int64_t cycles = 0;
  };
  using Item = std::variant<GemmSpec, FloatSpec, Raw, Reset, Idle>;
  std::vector<Item> items;
};

/// Plans the recipe. Throws std::logic_error when it does not fit the config.
Program plan(const Recipe& recipe, const HwConfig& config, const std::string& name, const StallProfiles& stall);

}  // namespace assay::npu
