// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/coverage_live.hpp"

namespace assay::cli {

/// Judged as the report judges a run of no vector: what is a hole then is all that there is to hit.
LiveCoverage::LiveCoverage(const sweep::Manifest& manifest, const CoverageSpaces& spaces, const std::vector<coverage::Waiver>& waivers,
                           const std::string& day) {
  if (spaces.empty()) return;
  const coverage::Results nothing = coverage_results(manifest, spaces, sweep::CoverageTally(manifest));
  std::map<std::string, int32_t> number_of;
  for (const coverage::Hole& hole : coverage::judge(nothing, waivers, day).holes) {
    number_of.emplace(hole.name(), static_cast<int32_t>(waived_.size()));
    waived_.push_back(hole.waiver != nullptr ? 1 : 0);
  }
  for (const auto& [config, space] : spaces) {
    std::vector<int32_t>& numbers = numbers_[config];
    for (uint32_t bin = 0; bin < space->size(); ++bin) {
      const auto found = number_of.find(space->name(bin));
      numbers.push_back(found == number_of.end() ? kNotWanted : found->second);
    }
  }
}

double LiveCoverage::percent(const sweep::CoverageTally& tally) const {
  if (waived_.empty()) return -1;
  std::vector<uint8_t> hit(waived_.size());
  for (const auto& [config, numbers] : numbers_) {
    const std::vector<uint64_t>& hits = tally.builds().at(config).hits;
    for (size_t bin = 0; bin < numbers.size(); ++bin)
      if (numbers[bin] != kNotWanted && hits[bin] > 0) hit[static_cast<size_t>(numbers[bin])] = 1;
  }
  coverage::Judged sum;
  for (size_t i = 0; i < hit.size(); ++i) {
    ++sum.bins;
    if (hit[i] != 0)
      ++sum.hit;
    else
      sum.waived += waived_[i];
  }
  return sum.percent();
}

}  // namespace assay::cli
