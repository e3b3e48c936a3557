// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/plan.hpp"

namespace assay::sweep {

/// The directory of a run: run.json, chunks/, locks, what time was used. The chunk files alone say what is finished.
class RunFolder {
 public:
  RunFolder(std::filesystem::path path, std::string run);

  const std::filesystem::path& path() const { return path_; }
  const ChunkFiles& chunks() const { return chunks_; }
  std::filesystem::path shard_lock(uint32_t shard) const;

  /// Renames sealed files that cannot be believed to NAME.bad and says what is wrong with each.
  std::vector<std::string> set_aside_bad_chunks(const Plan& plan) const;

  /// Planned chunks without a sealed file, of one shard or of all, rising; of an endless plan those begun, or known from over-marks, and not sealed.
  std::vector<Chunk> missing(const Plan& plan, std::optional<uint32_t> shard) const;
  /// The first chunk of an endless shard that nobody began.
  uint64_t next_chunk(uint32_t shard) const;

  /// An endless shard whose time is over has a mark with the number of its vectors: what is not there then is missing.
  bool over(uint32_t shard) const;
  void mark_over(uint32_t shard) const;
  /// Vectors that an endless run's marks promise; nothing while a shard has none.
  std::optional<uint64_t> promised(uint32_t shards) const;

  /// Of all sessions that worked on the run.
  double seconds_used() const;
  void add_seconds(double seconds) const;

 private:
  std::filesystem::path mark(uint32_t shard) const;

  std::filesystem::path path_;
  ChunkFiles chunks_;
};

}  // namespace assay::sweep
