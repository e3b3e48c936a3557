// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cosim/cli/coverage_summary.hpp"

namespace assay::cli {

/// The report's per cent while a sweep runs: bins by name over all builds, ignored ones out, waived ones that nothing hit out, too.
class LiveCoverage {
 public:
  /// `spaces` of the run's builds; the waivers count as on `day` (YYYY-MM-DD).
  LiveCoverage(const sweep::Manifest& manifest, const CoverageSpaces& spaces, const std::vector<coverage::Waiver>& waivers, const std::string& day);

  /// Per cent of the bins hit so far; below 0 when nothing is sampled.
  double percent(const sweep::CoverageTally& tally) const;

 private:
  static constexpr int32_t kNotWanted = -1;
  std::map<std::string, std::vector<int32_t>> numbers_;  ///< of each build's bins, by its config
  std::vector<uint8_t> waived_;                          ///< by number
};

}  // namespace assay::cli
