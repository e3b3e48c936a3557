// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/chunk_file.hpp"

#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <sstream>

#include "cosim/common/json.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace fs = std::filesystem;
namespace {

constexpr int kLevel = 3;
constexpr const char *kSealed = ".jsonl.zst", *kPart = ".part";
constexpr size_t kMostBytes = size_t{1} << 32;  // of a chunk, unpacked

std::string name_of(Chunk chunk) {
  char text[48];
  std::snprintf(text, sizeof text, "s%05u-c%07llu", chunk.shard, static_cast<unsigned long long>(chunk.number));
  return text;
}

std::string pack(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(size)) throw StorageError(std::string("zstd: ") + ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}

/// Nothing when the bytes are not exactly one whole frame.
std::optional<std::string> unpack(const std::string& bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostBytes) return std::nullopt;
  std::string out(size, '\0');
  const size_t got = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) || got != size) return std::nullopt;
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    if (end == std::string::npos) break;  // torn
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

Json head(const std::string& run, Chunk chunk, uint64_t vectors) {
  return {{"schema", "assay/chunk/1"}, {"run", run}, {"shard", chunk.shard}, {"chunk", chunk.number}, {"vectors", vectors}};
}

}  // namespace

std::optional<uint64_t> index_of_line(const std::string& line) {
  constexpr std::string_view kStart = "{\"i\":";
  if (!line.starts_with(kStart) || line.back() != '}') return std::nullopt;
  uint64_t index = 0;
  const char* from = line.data() + kStart.size();
  const auto [end, error] = std::from_chars(from, line.data() + line.size(), index);
  if (error != std::errc{} || *end != ',') return std::nullopt;
  return index;
}

fs::path ChunkFiles::sealed(Chunk chunk) const { return folder_ / (name_of(chunk) + kSealed); }
fs::path ChunkFiles::part(Chunk chunk) const { return folder_ / (name_of(chunk) + kPart); }

std::optional<ChunkFiles::Lines> ChunkFiles::read(Chunk chunk, const Plan& plan, std::string* problem) const {
  const fs::path file = sealed(chunk);
  if (!fs::exists(file)) return std::nullopt;
  const auto bad = [&](const std::string& what) {
    if (problem != nullptr) *problem = file.string() + ": " + what;
    return std::nullopt;
  };
  const auto text = unpack(read_whole(file));
  if (!text) return bad("cut off or damaged");
  const auto lines = lines_of(*text);
  if (lines.empty()) return bad("empty");
  if (lines[0] != head(run_, chunk, lines.size() - 1).dump()) return bad("not of this run and chunk, or its lines are not as many as it says");
  Lines out;
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto index = index_of_line(lines[i]);
    if (!index || !out.emplace(*index, lines[i]).second) return bad("line " + std::to_string(i + 1) + " is no result of its own");
  }
  const auto planned = plan.indices(chunk);
  if (out.size() != planned.size() && !(plan.endless() && out.size() < planned.size())) return bad("has not the planned number of results");
  size_t at = 0;
  for (const auto& [index, line] : out)
    if (index != planned[at++]) return bad("has a result for vector " + std::to_string(index) + " that is not planned there");
  return out;
}

uint64_t ChunkFiles::count(Chunk chunk) const {
  const auto text = fs::exists(sealed(chunk)) ? unpack(read_whole(sealed(chunk))) : std::nullopt;
  return text ? lines_of(*text).size() - 1 : 0;
}

ChunkFiles::Lines ChunkFiles::salvage(Chunk chunk, const Plan& plan) const {
  Lines out;
  const fs::path file = part(chunk);
  if (!fs::exists(file)) return out;
  const std::string text = read_whole(file);
  const auto planned = plan.indices(chunk);
  size_t good = 0;
  for (const std::string& line : lines_of(text)) {
    const auto index = index_of_line(line);
    if (!index || !std::binary_search(planned.begin(), planned.end(), *index) || !Json::accept(line)) break;
    good += line.size() + 1;
    out[*index] = line;
  }
  if (good != text.size() && truncate(file.c_str(), static_cast<off_t>(good)) != 0) throw StorageError(file.string() + ": cannot be cut to its whole lines");
  return out;
}

void ChunkFiles::seal(Chunk chunk, const Lines& lines) const {
  std::string text = head(run_, chunk, lines.size()).dump() + "\n";
  for (const auto& [index, line] : lines) text += line + "\n";
  write_durably(sealed(chunk), pack(text));
  std::error_code ignored;
  fs::remove(part(chunk), ignored);
}

std::vector<Chunk> ChunkFiles::present(bool parts) const {
  std::vector<Chunk> out;
  if (!fs::is_directory(folder_)) return out;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    unsigned shard = 0;
    unsigned long long number = 0;
    if (std::sscanf(name.c_str(), "s%u-c%llu", &shard, &number) != 2) continue;
    const Chunk chunk{shard, number};
    if (name == name_of(chunk) + (parts ? kPart : kSealed)) out.push_back(chunk);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace assay::sweep
