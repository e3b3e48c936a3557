// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/common/command.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

/// How a stream's valid (or ready) is held back. All choices come from the counter-based generator, never from the DUT.
struct StallProfile {
  enum class Kind : uint8_t { None, Bubble, Burst } kind = Kind::None;
  double bubble = 0.0;               ///< Bubble: probability that a cycle is held back
  int burst_min = 0, burst_max = 0;  ///< Burst: lengths of alternating go and hold phases, drawn uniformly
  bool operator==(const StallProfile&) const = default;
};

/// One profile per stream; `output` and `response` hold back ready, the others valid.
struct StallProfiles {
  StallProfile commands, weights, activations, output, response;
  bool operator==(const StallProfiles&) const = default;
};

/// What an output beat must be: computed by the functional model before the run, never from the DUT.
struct ExpectedBeat {
  std::vector<uint32_t> lanes;  ///< C lanes as they stand on out_data
  int32_t job = -1;             ///< index into Program::jobs
  int32_t row = 0, col = 0;     ///< where lane 0 lies in the job's result matrix; lanes beyond `cols` are padding
  int32_t cols = 0;             ///< lanes that belong to the job
  bool checked = true;          ///< false: the functional model makes no statement (e.g. after an undefined read)
};

/// What the response stream must bring.
struct ExpectedResponse {
  uint8_t status = 0, tag = 0;
  bool data_known = false;
  uint32_t data = 0;
};

/// A named piece of work of the vector (one gemm): result shape and, when the vector says so, the values it expects.
struct Job {
  std::string name;
  int rows = 0, cols = 0;
  Format format = Format::Int32;    ///< of the results
  std::vector<int32_t> functional;  ///< [rows][cols], the functional model's result as output lanes
  std::vector<int32_t> expect;      ///< [rows][cols], from the vector file, or empty
};

/// Which part of which job a command works on; job −1: none.
struct CommandOrigin {
  int32_t job = -1;
  int32_t row = 0, col = 0;  ///< of the result matrix, where the command's first beat and column 0 lie
  int32_t k = 0;             ///< of the common dimension, where row 0 of the array lies
};

/// From one reset to the next: what goes into each stream, in order.
struct Phase {
  std::vector<CommandWord> commands;
  std::vector<CommandOrigin> origins;  ///< one per command; empty: unknown
  std::vector<uint8_t> weights;        ///< rows of C lanes
  std::vector<uint8_t> activations;    ///< beats of R lanes
  std::vector<ExpectedBeat> beats;
  std::vector<ExpectedResponse> responses;
  int64_t reset_after = -1;  ///< cycles after the phase's start at which reset strikes; −1: the phase runs to its end
  int reset_cycles = 2;
  int64_t idle_after = 0;  ///< cycles to idle once the phase is complete
};

struct Recipe;

/// A vector ready to run on one hardware config.
struct Program {
  std::string name;
  std::vector<Phase> phases;
  std::vector<Job> jobs;
  StallProfiles stall;
  uint64_t macs = 0;                     ///< useful multiply-accumulates, for utilisation
  std::shared_ptr<const Recipe> recipe;  ///< what it was planned from (cosim/npu/recipe.hpp)
};

}  // namespace assay::npu
