// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::sweep {

/// A test on a config under a stall profile: what a suite's entry comes down to. Vectors of one case differ in their seed alone.
struct Case {
  std::string test;    ///< name
  std::string file;    ///< vector file, empty for a test known by name
  std::string config;  ///< name or file
  std::string stall;   ///< empty: as the vector says
  std::string stage;
  std::vector<std::string> tags;
  double timeout = 0;  ///< seconds of one vector
  uint64_t drawn = 0;  ///< seeds drawn in every round
  bool operator==(const Case&) const = default;
};

/// Listed seeds of a case, both ends included.
struct SeedRun {
  uint32_t which;
  uint64_t from, to;
  bool operator==(const SeedRun&) const = default;
};

struct PlannedVector {
  uint32_t which;  ///< the case
  uint64_t seed;
};

/// Part of a shard: what one worker runs between two files.
struct Chunk {
  uint32_t shard = 0;
  uint64_t number = 0;
  auto operator<=>(const Chunk&) const = default;
};

/// Which vector stands at which index, and which index in which shard and chunk: a pure function of the cases, the seed and the count, the same on
/// every machine. Listed seeds come first, in order; then rounds over the drawn ones, each of them a fair mixture of all cases, so that any count
/// takes from everything.
class Plan {
 public:
  /// `count`: vectors in all; nothing: the listed ones and one round, or endless when `endless`. Throws InputError when there are not so many.
  Plan(std::vector<Case> cases, const std::vector<SeedRun>& listed, uint64_t seed, std::optional<uint64_t> count, bool endless, uint32_t shards);

  const std::vector<Case>& cases() const { return cases_; }
  bool endless() const { return endless_; }
  uint64_t size() const { return size_; }  ///< vectors; of an endless plan 2^63
  PlannedVector at(uint64_t index) const;

  uint32_t shards() const { return shards_; }
  uint64_t chunk_size() const { return chunk_size_; }
  uint64_t chunks(uint32_t shard) const;
  /// Indices of a chunk, rising: shard s has s, s + N, s + 2 N, …
  std::vector<uint64_t> indices(Chunk chunk) const;
  uint32_t shard_of(uint64_t index) const { return static_cast<uint32_t>(index % shards_); }

 private:
  uint64_t shard_size(uint32_t shard) const;

  std::vector<Case> cases_;
  std::vector<PlannedVector> listed_;
  struct Drawn {
    uint32_t which;
    uint64_t number;  ///< in its round
  };
  std::vector<Drawn> round_;
  std::vector<uint64_t> streams_;  ///< of a case's seeds
  uint64_t seed_;
  bool endless_;
  uint32_t shards_;
  uint64_t size_ = 0, chunk_size_ = 1;
};

}  // namespace assay::sweep
