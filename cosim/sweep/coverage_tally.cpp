// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/coverage_tally.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace {

/// A number behind `"key":` of a line that a worker wrote; the whole line need not be parsed for it.
std::optional<uint64_t> number_in(const std::string& line, std::string_view key) {
  const size_t at = line.find(key);
  if (at == std::string::npos) return std::nullopt;
  uint64_t value = 0;
  const char* from = line.data() + at + key.size();
  const auto [end, error] = std::from_chars(from, line.data() + line.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

CoverageTally::CoverageTally(const Manifest& manifest) : manifest_(manifest) {
  for (const Build& build : manifest.builds)
    if (build.bins > 0) builds_[build.config] = {std::vector<uint64_t>(build.bins), std::vector<uint64_t>(build.bins, ~uint64_t{0}), 0};
}

bool CoverageTally::empty() const {
  return std::all_of(builds_.begin(), builds_.end(), [](const auto& build) { return build.second.vectors == 0; });
}

std::optional<coverage::Hits> CoverageTally::hits_of(const std::string& line, uint64_t* index, uint32_t* which) const {
  constexpr std::string_view kKey = "\"coverage\":\"";
  const size_t at = line.find(kKey);
  if (at == std::string::npos) return std::nullopt;
  const size_t from = at + kKey.size(), end = line.find('"', from);
  const auto number = index_of_line(line);
  const auto one = number_in(line, "\"case\":");
  if (end != std::string::npos && number && one && *one < manifest_.cases.size()) {
    const auto build = builds_.find(manifest_.cases[*one].config);
    if (build == builds_.end()) return std::nullopt;
    auto hits = coverage::Hits::parse(std::string_view(line).substr(from, end - from), static_cast<uint32_t>(build->second.hits.size()));
    if (hits) {
      *index = *number, *which = static_cast<uint32_t>(*one);
      return hits;
    }
  }
  throw StorageError("a result line has damaged coverage: " + line.substr(0, 60));
}

void CoverageTally::add(const ChunkFiles::Lines& lines) {
  for (const auto& [at, line] : lines) {
    uint64_t index = 0;
    uint32_t which = 0;
    const auto hits = hits_of(line, &index, &which);
    if (!hits) continue;
    BuildTally& build = builds_.at(manifest_.cases[which].config);
    ++build.vectors;
    hits->each([&](uint32_t bin) {
      ++build.hits[bin];
      build.first[bin] = std::min(build.first[bin], index);
    });
  }
}

void store_coverage(Database& database, const std::string& run, const CoverageTally& tally,
                    const std::function<std::string(const std::string&, uint32_t)>& name) {
  Transaction all(database);
  database.prepare("DELETE FROM coverage_bins WHERE run=?").bind(run).run();
  Statement add = database.prepare("INSERT INTO coverage_bins VALUES(?,?,?,?,?)");
  for (const auto& [config, build] : tally.builds()) {
    for (uint32_t bin = 0; bin < build.hits.size(); ++bin) {
      if (build.hits[bin] == 0)
        add.bind(run, config, name(config, bin), 0, nullptr).run();
      else
        add.bind(run, config, name(config, bin), build.hits[bin], build.first[bin]).run();
    }
  }
  all.commit();
}

}  // namespace assay::sweep
