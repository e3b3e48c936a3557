// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cosim/sweep/board.hpp"
#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/plan.hpp"

namespace assay::sweep {

/// What a vector gave: its line for the chunk file.
struct VectorResult {
  std::string line;  ///< JSON without end of line, first key "i"
  bool passed = false;
  uint64_t cycles = 0;
};

using RunVector = std::function<VectorResult(uint64_t index, const PlannedVector& vector)>;

/// Exit code of a worker that cannot write its results.
constexpr int kWorkerStorage = 74;

/// One worker: takes chunk after chunk until none is left or the parent says stop; appends each result as it comes and seals the chunk at its end.
/// `resume`: the ticket that a predecessor left unfinished. Throws StorageError.
void work(const Plan& plan, const ChunkFiles& files, Board& board, size_t slot, std::optional<uint64_t> resume, const RunVector& run);

}  // namespace assay::sweep
