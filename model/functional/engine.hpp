// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/common/command.hpp"

namespace assay::functional {

/// What the commands of one datapath do to weights, accumulators, parameters and outputs. Commands come checked, with the data they take.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  /// Registers and written bits as after a reset; memories keep values nobody may see.
  virtual void reset() = 0;
  /// `rows`: k rows of the weight stream.
  virtual void load_weights(const Command& command, const uint8_t* rows) = 0;
  /// `beats`: m beats of the activation stream.
  virtual void matmul(const Command& command, const uint8_t* beats) = 0;
  /// Appends C lanes per beat.
  virtual void activate(const Command& command, std::vector<uint32_t>& lanes) = 0;
  /// LOAD_PARAM, LOAD_TABLE, LOAD_SEED.
  virtual void parameter(const Command& command) = 0;
  virtual void clear(const Command& command) = 0;
  /// `flags_o`.
  virtual uint32_t flags() const = 0;
};

}  // namespace assay::functional
