// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/plan.hpp"

#include <algorithm>
#include <utility>

#include "cosim/common/process.hpp"
#include "cosim/common/random.hpp"
#include "model/common/config.hpp"

namespace assay::sweep {
namespace {

constexpr uint64_t kMostListed = 10'000'000;  // vectors kept by name: 160 MB
constexpr uint64_t kEndless = uint64_t{1} << 63;
constexpr uint64_t kMostInChunk = 1024, kEndlessChunk = 64, kChunksWanted = 64;

uint64_t stream_of(const Case& one) { return fnv1a(one.file + '\n' + one.test + '\n' + one.config + '\n' + one.stall); }

}  // namespace

Plan::Plan(std::vector<Case> cases, const std::vector<SeedRun>& listed, uint64_t seed, std::optional<uint64_t> count, bool endless, uint32_t shards)
    : cases_(std::move(cases)), seed_(seed), endless_(endless), shards_(shards) {
  for (const SeedRun& run : listed) {
    if (run.to - run.from >= kMostListed || listed_.size() + (run.to - run.from) >= kMostListed) {
      throw InputError("command line:1: --suite: lists more than " + std::to_string(kMostListed) + " seeds, expected `seeds: COUNT` to draw so many");
    }
    for (uint64_t s = run.from;; ++s) {
      listed_.push_back({run.which, s});
      if (s == run.to) break;
    }
  }
  uint64_t most = 0, in_round = 0;
  for (const Case& one : cases_) {
    streams_.push_back(stream_of(one));
    most = std::max(most, one.drawn);
    in_round += one.drawn;
  }
  if (in_round > kMostListed) throw InputError("command line:1: --suite: draws more than " + std::to_string(kMostListed) + " seeds, expected --count for that");
  for (uint64_t k = 0; k < most; ++k)
    for (uint32_t c = 0; c < cases_.size(); ++c)
      if (k < cases_[c].drawn) round_.push_back({c, k});
  if (round_.empty()) endless_ = false;
  size_ = count ? *count : endless_ ? kEndless : listed_.size() + round_.size();
  if (count) endless_ = false;
  if (round_.empty() && size_ > listed_.size()) {
    throw InputError("command line:1: --count: is " + std::to_string(size_) + ", expected at most " + std::to_string(listed_.size()) +
                     ": the suite draws no seeds");
  }
  chunk_size_ = endless_ ? kEndlessChunk : std::clamp<uint64_t>(size_ / shards_ / kChunksWanted, 1, kMostInChunk);
}

PlannedVector Plan::at(uint64_t index) const {
  if (index < listed_.size()) return listed_[index];
  const uint64_t drawn = index - listed_.size();
  const Drawn& place = round_[drawn % round_.size()];
  const uint64_t number = drawn / round_.size() * cases_[place.which].drawn + place.number;
  return {place.which, Random(seed_, streams_[place.which]).at(number)};
}

uint64_t Plan::shard_size(uint32_t shard) const { return size_ <= shard ? 0 : (size_ - shard - 1) / shards_ + 1; }

uint64_t Plan::chunks(uint32_t shard) const {
  const uint64_t size = shard_size(shard);
  return size == 0 ? 0 : (size - 1) / chunk_size_ + 1;
}

std::vector<uint64_t> Plan::indices(Chunk chunk) const {
  std::vector<uint64_t> out;
  const uint64_t end = std::min(shard_size(chunk.shard), (chunk.number + 1) * chunk_size_);
  for (uint64_t local = chunk.number * chunk_size_; local < end; ++local) out.push_back(chunk.shard + local * shards_);
  return out;
}

}  // namespace assay::sweep
