// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cosim/coverage/hits.hpp"
#include "cosim/sweep/chunk_file.hpp"
#include "cosim/sweep/database.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::sweep {

/// How often each bin of a build was hit by the vectors of a run.
struct BuildTally {
  std::vector<uint64_t> hits;   ///< vectors, by bin
  std::vector<uint64_t> first;  ///< index of the first of them
  uint64_t vectors = 0;         ///< that were sampled
};

/// The coverage of a run, from the lines of its chunk files. Feed each chunk once.
class CoverageTally {
 public:
  explicit CoverageTally(const Manifest& manifest);

  /// Lines without coverage (off, or no run) are left out. Throws StorageError when one is damaged.
  void add(const ChunkFiles::Lines& lines);
  const std::map<std::string, BuildTally>& builds() const { return builds_; }  ///< by the config's name in the manifest
  bool empty() const;

  /// The hits of one line; nothing when it has none. Throws StorageError.
  std::optional<coverage::Hits> hits_of(const std::string& line, uint64_t* index, uint32_t* which) const;

 private:
  const Manifest& manifest_;
  std::map<std::string, BuildTally> builds_;
};

/// Replaces what the database knows of the run's bins. `name` gives the name of a build's bin.
void store_coverage(Database& database, const std::string& run, const CoverageTally& tally,
                    const std::function<std::string(const std::string& config, uint32_t bin)>& name);

}  // namespace assay::sweep
