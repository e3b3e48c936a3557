// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/rank.hpp"

#include <algorithm>
#include <queue>

namespace assay::coverage {

std::vector<Ranked> rank(const std::vector<Candidate>& candidates, uint32_t bins) {
  std::vector<uint32_t> times(bins);
  for (const Candidate& candidate : candidates)
    for (const uint32_t bin : candidate.bins) ++times[bin];
  // What a candidate adds only falls while others are taken: an old number is an upper bound, so only the top of the queue is counted again.
  struct Bound {
    uint64_t adds;
    size_t candidate;
    bool operator<(const Bound& other) const { return adds != other.adds ? adds < other.adds : candidate > other.candidate; }
  };
  std::priority_queue<Bound> queue;
  for (size_t c = 0; c < candidates.size(); ++c) queue.push({candidates[c].bins.size(), c});
  std::vector<uint8_t> taken(bins);
  std::vector<Ranked> out;
  uint64_t total = 0;
  while (!queue.empty()) {
    const Bound top = queue.top();
    queue.pop();
    const auto& mine = candidates[top.candidate].bins;
    const auto adds = static_cast<uint64_t>(std::count_if(mine.begin(), mine.end(), [&](uint32_t bin) { return taken[bin] == 0; }));
    if (adds == 0) continue;
    if (adds < top.adds) {
      queue.push({adds, top.candidate});
      continue;
    }
    for (const uint32_t bin : mine) taken[bin] = 1;
    total += adds;
    const auto alone = static_cast<uint64_t>(std::count_if(mine.begin(), mine.end(), [&](uint32_t bin) { return times[bin] == 1; }));
    out.push_back({top.candidate, adds, alone, total});
  }
  return out;
}

}  // namespace assay::coverage
