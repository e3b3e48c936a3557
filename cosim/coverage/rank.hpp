// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::coverage {

/// A vector and the wanted bins it hits, as numbers of the caller's.
struct Candidate {
  std::string name;
  std::vector<uint32_t> bins;  ///< rising
};

/// One place of a ranking.
struct Ranked {
  size_t candidate = 0;  ///< index
  uint64_t adds = 0;     ///< bins that none before it hits
  uint64_t alone = 0;    ///< bins that no other candidate hits
  uint64_t total = 0;    ///< bins hit by it and those before it
};

/// The order in which vectors give most: always the one that adds most bins, the first of equals; those that add nothing are left out. Greedy, so at most
/// a factor of ln(bins) longer than the shortest list that hits the same.
std::vector<Ranked> rank(const std::vector<Candidate>& candidates, uint32_t bins);

}  // namespace assay::coverage
