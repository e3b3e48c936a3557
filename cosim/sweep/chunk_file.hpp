// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cosim/sweep/plan.hpp"

namespace assay::sweep {

/// Results of a chunk as they lie under RUN/chunks/: while a worker is at it `NAME.part`, one JSON line per finished vector, appended; once all of
/// it is there `NAME.jsonl.zst`, one zstd frame with checksum: a head line {schema assay/chunk/1, run, shard, chunk, vectors}, then the
/// lines in the order of their indices. Every line begins with {"i":INDEX.
class ChunkFiles {
 public:
  /// `run`: hash of the manifest; a file of another run is none of ours.
  ChunkFiles(std::filesystem::path folder, std::string run) : folder_(std::move(folder)), run_(std::move(run)) {}

  using Lines = std::map<uint64_t, std::string>;  ///< index → line without its end

  std::filesystem::path sealed(Chunk chunk) const;
  std::filesystem::path part(Chunk chunk) const;

  /// Lines of a sealed chunk, or nothing when there is no such file. `problem` says why a file that is there is not to be believed: cut off, damaged, of
  /// another run, other indices than planned (fewer are right only for an endless plan).
  std::optional<Lines> read(Chunk chunk, const Plan& plan, std::string* problem) const;

  /// Results in a sealed file; 0 when it is not there or damaged.
  uint64_t count(Chunk chunk) const;

  /// Whole lines of the part; a torn last line is cut off the file.
  Lines salvage(Chunk chunk, const Plan& plan) const;

  /// Writes the sealed file and removes the part. Throws StorageError.
  void seal(Chunk chunk, const Lines& lines) const;

  /// Chunks of which there is a sealed file or a part.
  std::vector<Chunk> present(bool parts) const;

 private:
  std::filesystem::path folder_;
  std::string run_;
};

/// The index that a line begins with, or nothing when it is no whole line of ours.
std::optional<uint64_t> index_of_line(const std::string& line);

}  // namespace assay::sweep
