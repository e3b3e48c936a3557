// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/board.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <new>

#include "cosim/sweep/storage.hpp"

namespace assay::sweep {

struct Board::Layout {
  std::atomic<uint64_t> next;
  std::atomic<uint32_t> stop;
  uint64_t listed, endless, fresh, shard;
  Slot slots[kSlots];
  Chunk todo[];
};

static_assert(std::atomic<uint64_t>::is_always_lock_free);

Board::Board(std::span<const Chunk> todo, bool endless, Chunk fresh) : descriptor_(memfd_create("assay-sweep", 0)) {
  const size_t bytes = sizeof(Layout) + todo.size() * sizeof(Chunk);
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) throw StorageError("no shared memory for the workers");
  map(bytes);
  shared_->listed = todo.size();
  shared_->endless = endless;
  shared_->fresh = fresh.number;
  shared_->shard = fresh.shard;
  for (size_t i = 0; i < todo.size(); ++i) shared_->todo[i] = todo[i];
}

Board::Board(int descriptor) : descriptor_(descriptor) {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0 || static_cast<size_t>(status.st_size) < sizeof(Layout)) throw StorageError("the parent's shared memory is not there");
  map(static_cast<size_t>(status.st_size));
}

void Board::map(size_t bytes) {
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (at == MAP_FAILED) throw StorageError("no shared memory for the workers");
  bytes_ = bytes;
  shared_ = static_cast<Layout*>(at);  // zeros from the system are an empty board
}

Board::~Board() {
  munmap(shared_, bytes_);
  close(descriptor_);
}

Board::Slot& Board::slot(size_t i) { return shared_->slots[i]; }
std::atomic<uint32_t>& Board::stop() { return shared_->stop; }

bool Board::take(uint64_t& ticket) {
  if (all_taken()) return false;
  ticket = shared_->next.fetch_add(1);
  return shared_->endless != 0 || ticket < shared_->listed;
}

bool Board::all_taken() const { return shared_->endless == 0 && shared_->next.load() >= shared_->listed; }

Chunk Board::chunk_of(uint64_t ticket) const {
  if (ticket < shared_->listed) return shared_->todo[ticket];
  return {static_cast<uint32_t>(shared_->shard), shared_->fresh + (ticket - shared_->listed)};
}

}  // namespace assay::sweep
