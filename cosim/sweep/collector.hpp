// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/database.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::sweep {

/// Takes chunk files into the database, each in one transaction and exactly once: the row of the chunk goes in with its results.
class Collector {
 public:
  Collector(Database& database, const Manifest& manifest, std::string run);

  /// False when the chunk was in already. Throws StorageError.
  bool add(Chunk chunk, const ChunkFiles::Lines& lines);
  bool has(Chunk chunk);
  /// Forgets what came of a chunk whose file is gone or damaged.
  void drop(Chunk chunk, const Plan& plan);
  uint64_t failure_kinds();  ///< distinct fine signatures so far
  void count();              ///< notes in the run's row how many results and failures it has
  void set_state(const std::string& state, double more_seconds);

  const std::string& run() const { return run_; }

 private:
  void add_line(const std::string& line);

  Database& database_;
  std::string run_;
  Statement result_, failure_, shard_, find_;
};

}  // namespace assay::sweep
