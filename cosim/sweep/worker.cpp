// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/worker.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "cosim/sweep/storage.hpp"

namespace assay::sweep {
namespace {

/// The part of a chunk, open for appending.
class Part {
 public:
  explicit Part(std::filesystem::path file) : file_(std::move(file)), descriptor_(open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) throw StorageError(file_.string() + ": cannot be written");
  }
  ~Part() { close(descriptor_); }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  void append(const std::string& line) const { write_all(descriptor_, line + "\n", file_); }

 private:
  std::filesystem::path file_;
  int descriptor_;
};

/// False when the parent wants the worker to end.
bool run_chunk(const Plan& plan, const ChunkFiles& files, Board& board, Board::Slot& slot, Chunk chunk, const RunVector& run) {
  if (files.read(chunk, plan, nullptr)) return board.stop() == Board::kGoOn;  // a predecessor died right behind it
  ChunkFiles::Lines lines = files.salvage(chunk, plan);
  const Part part(files.part(chunk));
  for (const uint64_t index : plan.indices(chunk)) {
    if (board.stop() != Board::kGoOn) break;
    if (lines.contains(index)) continue;
    slot.vector = index + 1;
    VectorResult result = run(index, plan.at(index));
    part.append(result.line);
    slot.vector = 0;
    slot.cycles += result.cycles;
    if (!result.passed) slot.failed += 1;
    slot.finished += 1;
    lines.emplace(index, std::move(result.line));
  }
  const bool whole = lines.size() == plan.indices(chunk).size();
  const bool short_one = board.stop() == Board::kSeal && plan.endless() && !lines.empty();
  if (whole || short_one) {
    files.seal(chunk, lines);
    slot.sealed += 1;
  } else if (lines.empty()) {
    std::error_code ignored;
    std::filesystem::remove(files.part(chunk), ignored);
  }
  return board.stop() == Board::kGoOn;
}

}  // namespace

void work(const Plan& plan, const ChunkFiles& files, Board& board, size_t number, std::optional<uint64_t> resume, const RunVector& run) {
  Board::Slot& slot = board.slot(number);
  uint64_t ticket = 0;
  if (resume) {
    ticket = *resume;
  } else if (!board.take(ticket)) {
    return;
  }
  do {
    slot.chunk = ticket + 1;
    const bool go_on = run_chunk(plan, files, board, slot, board.chunk_of(ticket), run);
    if (!go_on) return;
    slot.chunk = 0;
  } while (board.take(ticket));
}

}  // namespace assay::sweep
