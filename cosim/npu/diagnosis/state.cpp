// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/state.hpp"

#include <algorithm>
#include <cstring>

#include "model/common/assert.hpp"
#include "model/common/bits.hpp"

namespace assay::npu {
namespace {

Slot slot_of(const Field& field) {
  Slot slot;
  slot.width = field.width;
  slot.words = static_cast<int>(words64(field.width));
  slot.memory = field.memory;
  slot.by_column = field.split == Split::Column;
  slot.count = 1;
  for (const int n : field.shape) slot.count *= n;
  slot.lanes = field.split == Split::None ? slot.count : field.split == Split::Element ? 1 : field.shape.at(1);
  return slot;
}

}  // namespace

uint64_t word_bits(const uint64_t* words, int lo, int n) {
  if (n == 0) return 0;
  const auto at = static_cast<size_t>(lo) / 64;
  const int shift = lo % 64;
  uint64_t value = words[at] >> shift;
  if (shift + n > 64) value |= words[at + 1] << (64 - shift);
  return value & low_mask(n);
}

void put_word_bits(uint64_t* words, int lo, int n, uint64_t value) {
  for (int i = 0; i < n; ++i) {
    const auto bit = static_cast<size_t>(lo + i);
    const uint64_t mask = uint64_t{1} << (bit % 64);
    words[bit / 64] = ((value >> i) & 1) != 0 ? words[bit / 64] | mask : words[bit / 64] & ~mask;
  }
}

StateLayout::StateLayout(const std::vector<Field>& fields) {
  for (size_t f = 0; f < fields.size(); ++f) {
    Slot slot = slot_of(fields[f]);
    slot.field = f;
    slot.at = words_;
    words_ += static_cast<size_t>(slot.words * slot.count);
    slots_.push_back(slot);
    names_.push_back(fields[f].name);
  }
  none_.count = 0;
  find_conditions(fields);
}

void StateLayout::find_conditions(const std::vector<Field>& fields) {
  const auto number = [this](const std::string& name) { return find(name).field; };
  for (size_t f = 0; f < fields.size(); ++f) {
    const std::string& valid = fields[f].valid;
    Slot& slot = slots_[f];
    if (valid == "out_valid") slot.validity = Validity::OutValid, slot.condition = number("out_valid");
    if (valid == "rsp_valid") slot.validity = Validity::RspValid, slot.condition = number("rsp_valid");
    if (valid == "occupied") slot.validity = Validity::Occupied, slot.condition = f - 2;  // wptr, rptr, count, mem
    if (valid == "written") {
      const bool table = fields[f].block == "activation";
      slot.validity = table ? Validity::TableWritten : Validity::Written;
      slot.condition = number(table ? "table_written" : "written");
    }
  }
}

const Slot& StateLayout::find(const std::string& name, bool required) const {
  const auto it = std::find(names_.begin(), names_.end(), name);
  if (it == names_.end()) {
    ASSAY_ASSERT(!required);
    return none_;
  }
  return slots_[static_cast<size_t>(it - names_.begin())];
}

void StateLayout::unpack_part(const Slot& slot, size_t part, const uint8_t* image, TileState& out) const {
  const size_t stride = image_bytes(slot.width);
  for (int i = 0; i < slot.lanes; ++i) {
    uint64_t* to = &out[slot.at + (part * static_cast<size_t>(slot.lanes) + static_cast<size_t>(i)) * static_cast<size_t>(slot.words)];
    if (slot.memory || slot.words > 1) {  // words in containers of their own; a wide register is never one of several elements
      std::memset(to, 0, 8 * static_cast<size_t>(slot.words));
      std::memcpy(to, image + static_cast<size_t>(i) * stride, stride);
      continue;
    }
    const size_t lo = static_cast<size_t>(i) * static_cast<size_t>(slot.width);
    uint64_t value = 0;
    const size_t bytes = (lo % 8 + static_cast<size_t>(slot.width) + 7) / 8;
    std::memcpy(&value, image + lo / 8, std::min<size_t>(bytes, 8));
    value >>= lo % 8;
    if (bytes > 8) value |= uint64_t{image[lo / 8 + 8]} << (64 - lo % 8);
    *to = value & low_mask(slot.width);
  }
}

void StateLayout::pack_part(const Slot& slot, size_t part, const TileState& state, uint8_t* image) const {
  const size_t stride = image_bytes(slot.width);
  if (!slot.memory) std::memset(image, 0, image_bytes(slot.width * slot.lanes));
  for (int i = 0; i < slot.lanes; ++i) {
    const uint64_t* from = &state[slot.at + (part * static_cast<size_t>(slot.lanes) + static_cast<size_t>(i)) * static_cast<size_t>(slot.words)];
    if (slot.memory || slot.words > 1)
      std::memcpy(image + static_cast<size_t>(i) * stride, from, stride);
    else
      put_bits(image, static_cast<size_t>(i) * static_cast<size_t>(slot.width), slot.width, *from);
  }
}

TileState StateLayout::unpack(const Trace& trace, Side side, uint64_t cycle) const {
  TileState state(words_);
  for (const Slot& slot : slots_) {
    const size_t parts = trace.fields()[slot.field].parts.size();
    for (size_t p = 0; p < parts; ++p) unpack_part(slot, p, trace.image(side, cycle, slot.field, p), state);
  }
  return state;
}

bool StateLayout::defined(const TileState& state, const Slot& slot, int element) const {
  if (slot.validity == Validity::Always) return true;
  const Slot& condition = slots_[slot.condition];
  switch (slot.validity) {
    case Validity::Occupied: {
      const auto rptr = static_cast<int>(state[condition.at]);
      const uint64_t count = state[slots_[slot.condition + 1].at];
      const int behind = element >= rptr ? element - rptr : element - rptr + slot.count;
      return static_cast<uint64_t>(behind) < count;
    }
    case Validity::Written:
    case Validity::TableWritten:
      return state[condition.at + static_cast<size_t>(element)] != 0;
    default:
      return state[condition.at] != 0;
  }
}

}  // namespace assay::npu
