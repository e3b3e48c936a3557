// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/observed_state.hpp"

#include <cstring>

#include "model/common/assert.hpp"

namespace assay::dpi {
namespace {

constexpr size_t kSlack = 512;  ///< readable bytes behind the last pin's, as the model may load whole vectors

}  // namespace

ObservedState::ObservedState(const HwConfig& config) {
  const Tile model(config);
  fields_ = model.fields();  // names and shapes only: the places of the images end with this model
  o_ = observation_of(config, fields_);
  raw_.resize(o_.bytes + kSlack);
  for (const ObservedMemory& memory : o_.memories) memories_.emplace_back(memory.words * memory.bytes);
  for (const ObservedWord& word : o_.words) {
    for (size_t i = 0; i < o_.memories.size(); ++i) {
      const ObservedMemory& memory = o_.memories[i];
      if (memory.field != word.field || memory.part != word.part) continue;
      words_.push_back({o_.members[word.entry].offset, o_.members[word.word].offset, memory.bytes, memory.words, memories_[i].data()});
    }
  }
  ASSAY_ASSERT(words_.size() == o_.words.size());
  for (size_t i = 0; i < o_.inputs.size(); ++i) {
    const ObservedMember& member = o_.members[o_.inputs[i]];
    driven_[i].resize(member.bytes + 64);
    input_offset_[i] = member.offset;
  }
}

void ObservedState::take(const uint32_t* words) {
  std::memcpy(raw(), words, o_.bytes);
  update_words();
  const auto pin = [this](size_t i) { return raw()[input_offset_[i]] != 0; };
  inputs_ = {pin(0),
             pin(1),
             pin(2),
             pin(3),
             pin(4),
             pin(5),
             reinterpret_cast<const uint32_t*>(raw() + input_offset_[6]),
             raw() + input_offset_[7],
             raw() + input_offset_[8]};
}

/// An address outside the memory reads nothing in the RTL.
void ObservedState::update_words() {
  for (const Word& w : words_) {
    uint16_t entry;
    std::memcpy(&entry, raw() + w.entry, sizeof entry);
    if (entry >= w.depth) continue;
    if (w.bytes == 4) {
      std::memcpy(w.memory + entry * size_t{4}, raw() + w.word, 4);
    } else {
      std::memcpy(w.memory + entry * w.bytes, raw() + w.word, w.bytes);
    }
  }
}

void ObservedState::take_memory(size_t index, const uint32_t* words) { std::memcpy(memories_.at(index).data(), words, memories_[index].size()); }

void ObservedState::restore(const std::vector<uint8_t>& bytes) {
  ASSAY_ASSERT(bytes.size() == o_.bytes);
  std::memcpy(raw(), bytes.data(), bytes.size());
}

void observed_parts(void* state, AssayPartSink sink, void* user) {
  auto& self = *static_cast<ObservedState*>(state);
  const auto name = [&self](size_t f) { return self.fields_[f].block + "." + self.fields_[f].name; };
  const Observation& o = self.o_;
  for (size_t i = 0; i < o.inputs.size(); ++i) {
    sink(user, (std::string("in.") + Observation::kInputs[i]).c_str(), 0, self.driven_[i].data(), o.members[o.inputs[i]].bytes);
  }
  for (const ObservedPart& p : o.parts) sink(user, name(p.field).c_str(), static_cast<int>(p.part), self.member(p.member), o.members[p.member].bytes);
  for (size_t i = 0; i < o.memories.size(); ++i) {
    sink(user, name(o.memories[i].field).c_str(), static_cast<int>(o.memories[i].part), self.memories_[i].data(), self.memories_[i].size());
  }
}

std::unique_ptr<npu::Dut> ObservedState::as_dut() {
  // The simulator clocks and settles the tile itself; the state is owned by its user.
  static const AssayDutApi kApi = {ASSAY_DUT_ABI_VERSION, "", nullptr, [](void*) {}, [](void*) {}, [](void*) {}, observed_parts, [](void*) {}};
  return std::make_unique<npu::Dut>(kApi, this);
}

}  // namespace assay::dpi
