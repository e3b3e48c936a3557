// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cosim/sweep/plan.hpp"

namespace assay::sweep {

/// What parent and workers tell each other without a system call per vector: memory that they share, by a descriptor that workers inherit. Workers take
/// the next chunk themselves, so none of them waits for the parent.
class Board {
 public:
  static constexpr size_t kSlots = 256;
  enum Stop : uint32_t { kGoOn = 0, kLeave = 1, kSeal = 2 };  ///< leave parts as they are; seal them as they are

  struct Slot {
    std::atomic<uint64_t> vector;    ///< 1 + index of the vector in the making, 0: none
    std::atomic<uint64_t> chunk;     ///< 1 + place of the chunk in the making among the tickets, 0: none
    std::atomic<uint64_t> finished;  ///< vectors since the sweep began, over all lives of the slot
    std::atomic<uint64_t> failed, cycles;
    std::atomic<uint64_t> sealed;  ///< chunks
  };

  /// A board with these chunks to do; after them, of an endless plan, those from `fresh` on of `shard`. Throws StorageError.
  Board(std::span<const Chunk> todo, bool endless, Chunk fresh);
  /// The parent's, by its descriptor.
  explicit Board(int descriptor);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  int descriptor() const { return descriptor_; }
  Slot& slot(size_t i);
  std::atomic<uint32_t>& stop();
  /// Takes the next ticket; false when there is none left.
  bool take(uint64_t& ticket);
  bool all_taken() const;
  Chunk chunk_of(uint64_t ticket) const;

 private:
  struct Layout;
  void map(size_t bytes);

  int descriptor_;
  size_t bytes_ = 0;
  Layout* shared_ = nullptr;
};

}  // namespace assay::sweep
