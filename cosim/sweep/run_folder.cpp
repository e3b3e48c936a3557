// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/run_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "cosim/common/json.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace fs = std::filesystem;
namespace {

std::string shard_name(uint32_t shard) {
  char text[24];
  std::snprintf(text, sizeof text, "shard-%05u", shard);
  return text;
}

/// [[chunk, vectors], …] of a mark, or nothing.
std::optional<Json> read_mark(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  Json mark = try_parse_json(read_whole(file));
  if (!mark.is_array()) throw StorageError(file.string() + ": damaged, expected what a finished shard left");
  return mark;
}

}  // namespace

RunFolder::RunFolder(fs::path path, std::string run) : path_(std::move(path)), chunks_(path_ / "chunks", std::move(run)) {
  std::error_code error;
  fs::create_directories(path_ / "chunks", error);
  if (error) throw StorageError(path_.string() + ": cannot be written, expected a writable place");
}

fs::path RunFolder::shard_lock(uint32_t shard) const { return path_ / (shard_name(shard) + ".lock"); }
fs::path RunFolder::mark(uint32_t shard) const { return path_ / (shard_name(shard) + ".over"); }

std::vector<std::string> RunFolder::set_aside_bad_chunks(const Plan& plan) const {
  std::vector<std::string> problems;
  for (const Chunk chunk : chunks_.present(false)) {
    std::string problem;
    if (chunk.shard < plan.shards() && chunks_.read(chunk, plan, &problem)) continue;
    if (problem.empty()) problem = chunks_.sealed(chunk).string() + ": not of this plan";
    fs::rename(chunks_.sealed(chunk), chunks_.sealed(chunk).string() + ".bad");
    problems.push_back(problem);
  }
  return problems;
}

std::vector<Chunk> RunFolder::missing(const Plan& plan, std::optional<uint32_t> only) const {
  const auto sealed = chunks_.present(false);
  const std::set<Chunk> there(sealed.begin(), sealed.end());
  std::vector<Chunk> out;
  for (uint32_t shard = 0; shard < plan.shards(); ++shard) {
    if (only && *only != shard) continue;
    if (const auto promise = plan.endless() ? read_mark(mark(shard)) : std::nullopt) {
      for (const Json& item : *promise)
        if (const Chunk chunk{shard, item.at(0).get<uint64_t>()}; !there.contains(chunk)) out.push_back(chunk);
      continue;
    }
    const uint64_t end = plan.endless() ? next_chunk(shard) : plan.chunks(shard);
    for (uint64_t number = 0; number < end; ++number)
      if (!there.contains({shard, number})) out.push_back({shard, number});
  }
  return out;
}

uint64_t RunFolder::next_chunk(uint32_t shard) const {
  uint64_t next = 0;
  for (const bool parts : {false, true})
    for (const Chunk chunk : chunks_.present(parts))
      if (chunk.shard == shard) next = std::max(next, chunk.number + 1);
  return next;
}

bool RunFolder::over(uint32_t shard) const { return fs::exists(mark(shard)); }

void RunFolder::mark_over(uint32_t shard) const {
  Json promise = Json::array();
  for (const Chunk chunk : chunks_.present(false)) {
    if (chunk.shard != shard) continue;
    promise.push_back({chunk.number, chunks_.count(chunk)});
  }
  write_durably(mark(shard), promise.dump() + "\n");
}

std::optional<uint64_t> RunFolder::promised(uint32_t shards) const {
  uint64_t sum = 0;
  for (uint32_t shard = 0; shard < shards; ++shard) {
    const auto promise = read_mark(mark(shard));
    if (!promise) return std::nullopt;
    for (const Json& item : *promise) sum += item.at(1).get<uint64_t>();
  }
  return sum;
}

double RunFolder::seconds_used() const {
  const fs::path file = path_ / "seconds";
  return fs::exists(file) ? std::strtod(read_whole(file).c_str(), nullptr) : 0;
}

void RunFolder::add_seconds(double seconds) const { write_durably(path_ / "seconds", std::to_string(seconds_used() + seconds) + "\n"); }

}  // namespace assay::sweep
