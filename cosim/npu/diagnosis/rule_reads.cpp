// SPDX-License-Identifier: Apache-2.0
// Reading through a site: what a rule takes for a register, a condition or a number where a hypothesis stands.
#include <algorithm>

#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"

namespace assay::npu {

// A state under a wrong hypothesis, or the RTL's, may hold anything: an element that does not exist is read as the one modulo the number there is.
uint64_t RuleTile::value_in(const TileState& s, const Slot& slot, int element) const {
  if (element >= slot.count || element < 0)
    element = slot.count == 0 ? 0 : static_cast<int>(static_cast<unsigned>(element) % static_cast<unsigned>(slot.count));
  return slot.count == 0 ? 0 : s[slot.at + static_cast<size_t>(element) * static_cast<size_t>(slot.words)];
}

uint64_t RuleTile::changed_read(const Slot& slot, int element) const {
  const int row = element / slot.lanes, lane = element % slot.lanes;
  switch (change_->how) {
    case How::Stale:
      return before_ == nullptr ? value(slot, element) : value_in(*before_, slot, element);
    case How::Next:
      return next_ == nullptr ? value(slot, element) : value_in(*next_, slot, element);
    case How::Lane: {
      const int to = neighbour(lane, slot.lanes, *change_);
      return to < 0 ? 0 : value(slot, row * slot.lanes + to);
    }
    case How::Row: {
      const int to = neighbour(row, slot.count / slot.lanes, *change_);
      return to < 0 ? 0 : value(slot, to * slot.lanes + lane);
    }
    case How::FirstLane:
      return value(slot, row * slot.lanes);
    case How::FirstRow:
      return value(slot, lane);
    case How::Value:
      return static_cast<uint64_t>(change_->a);
    case How::StuckBit:
      return stuck(value(slot, element), *change_);
    default:
      return value(slot, element);
  }
}

bool RuleTile::condition(Site site, bool holds, bool first) {
  conditions_[static_cast<size_t>(site)] = holds;
  if (!here(site)) return holds;
  const bool applies = change_->a == 0 || (change_->a == 1) == first;
  if (change_->how == How::Always && applies) return true;
  if (change_->how == How::Never && applies) return false;
  if (change_->how == How::Stale && before_conditions_ != nullptr) return (*before_conditions_)[static_cast<size_t>(site)] != 0;
  return holds;
}

uint64_t RuleTile::number(Site site, uint64_t n, int width) const {
  if (!here(site)) return n;
  switch (change_->how) {
    case How::Value:
      return static_cast<uint64_t>(change_->a) & low_mask(width);
    case How::StuckBit:
      return stuck(n, *change_) & low_mask(width);
    case How::Plus:
      return (n + static_cast<uint64_t>(change_->a)) & low_mask(width);
    case How::Choice:
      return n & low_mask(change_->a);
    default:
      return n;
  }
}

uint64_t RuleTile::head_of(const TileState& s, FifoName fifo, int lo, int n) const {
  const Queue& q = queues_[fifo];
  const auto slot = static_cast<size_t>(value_in(s, q.rptr, 0)) % static_cast<size_t>(q.mem.count);
  return word_bits(&s[q.mem.at + slot * static_cast<size_t>(q.mem.words)], lo, n);
}

uint64_t RuleTile::head(Site site, FifoName fifo, int lo, int n) const {
  const uint64_t v = head_of(*now_, fifo, lo, n);
  if (!here(site)) return v;
  if (change_->how == How::Stale && before_ != nullptr) return head_of(*before_, fifo, lo, n);
  return number(site, v, n) & low_mask(n);
}

}  // namespace assay::npu
