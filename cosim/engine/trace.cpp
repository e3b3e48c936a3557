// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/trace.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "model/common/assert.hpp"

namespace assay {

void Trace::Stream::take(const uint8_t* data) {
  const bool same = !at.empty() && std::memcmp(in(at.size() - 1), data, bytes) == 0;
  if (!same) versions.insert(versions.end(), data, data + bytes);
  at.push_back(static_cast<uint32_t>(versions.size() / bytes - 1));
}

Trace::Trace(const Target& target) : target_(&target), plan_(target), fields_(target.fields()), pin_images_(target.input_pins()) {
  for (const PinImage& pin : pin_images_) {
    pins_.push_back({pin.name, pin.bytes, pin.bits != 0 ? pin.bits : static_cast<int>(pin.bytes * 8)});
    input_.push_back({pin.bytes, {}, {}});
  }
  for (Field& field : fields_) {
    const std::vector<Stream> streams(field.parts.size(), Stream{part_bytes(field), {}, {}});
    rtl_.push_back(streams);
    model_.push_back(streams);
    const size_t conditions = field.memory ? part_elements(field) : 1;
    defined_.emplace_back(field.memory ? field.parts.size() : field.valid.empty() ? 0 : 1, Stream{conditions, {}, {}});
    for (FieldPart& part : field.parts) part = {};
  }
}

void Trace::take_defined(size_t field) {
  if (fields_[field].memory) {
    std::vector<uint8_t> words(part_elements(fields_[field]));
    for (size_t p = 0; p < defined_[field].size(); ++p) {
      for (size_t w = 0; w < words.size(); ++w) words[w] = target_->word_defined({field, p, w}) ? 1 : 0;
      defined_[field][p].take(words.data());
    }
  } else if (!defined_[field].empty()) {
    const auto& conditionals = plan_.conditionals();
    const auto it = std::find_if(conditionals.begin(), conditionals.end(), [field](const auto& c) { return c.field == field; });
    const uint8_t always = 1;
    defined_[field][0].take(it == conditionals.end() ? &always : it->condition);
  }
}

void Trace::capture(uint64_t cycle) {
  if (cycles_ == 0) first_ = cycle;
  ASSAY_ASSERT(cycle == first_ + cycles_);
  for (size_t i = 0; i < pin_images_.size(); ++i) input_[i].take(static_cast<const uint8_t*>(pin_images_[i].data));
  positions_.push_back(target_->stimulus_position());
  const auto& now = target_->fields();
  for (size_t f = 0; f < fields_.size(); ++f) {
    for (size_t p = 0; p < now[f].parts.size(); ++p) {
      rtl_[f][p].take(static_cast<const uint8_t*>(target_->dut_parts()[f][p]));
      model_[f][p].take(reference_image(now[f].parts[p]));
    }
    take_defined(f);
  }
  ++cycles_;
}

const uint8_t* Trace::image(Side side, uint64_t cycle, size_t field, size_t part) const {
  ASSAY_ASSERT(holds(cycle));
  return (side == Side::Rtl ? rtl_ : model_)[field][part].in(cycle - first_);
}

const uint8_t* Trace::pin(uint64_t cycle, size_t pin) const {
  ASSAY_ASSERT(holds(cycle));
  return input_[pin].in(cycle - first_);
}

uint64_t Trace::position(uint64_t cycle) const {
  ASSAY_ASSERT(holds(cycle));
  return positions_[cycle - first_];
}

bool Trace::defined(uint64_t cycle, size_t field, const ElementPlace& place) const {
  ASSAY_ASSERT(holds(cycle));
  const auto& conditions = defined_[field];
  if (conditions.empty()) return true;
  return fields_[field].memory ? conditions[place.part].in(cycle - first_)[place.element] != 0 : conditions[0].in(cycle - first_)[0] != 0;
}

const uint8_t* Trace::conditions(uint64_t cycle, size_t field, size_t part) const {
  ASSAY_ASSERT(holds(cycle));
  const auto& conditions = defined_[field];
  return conditions.empty() ? nullptr : conditions[fields_[field].memory ? part : 0].in(cycle - first_);
}

bool Trace::differs(uint64_t cycle, size_t field, const ElementPlace& place) const {
  if (!defined(cycle, field, place)) return false;
  const uint8_t* rtl = image(Side::Rtl, cycle, field, place.part);
  const uint8_t* model = image(Side::Model, cycle, field, place.part);
  for (int b = 0; b < fields_[field].width; ++b) {
    if (get_bit(fields_[field], rtl, place.element, b) != get_bit(fields_[field], model, place.element, b)) return true;
  }
  return false;
}

std::string Trace::hex(Side side, uint64_t cycle, size_t field, const ElementPlace& place) const {
  return element_hex(fields_[field], image(side, cycle, field, place.part), place.element);
}

uint64_t Trace::bits(Side side, uint64_t cycle, size_t field, const ElementPlace& place) const {
  const uint8_t* data = image(side, cycle, field, place.part);
  uint64_t value = 0;
  for (int b = std::min(fields_[field].width, 64) - 1; b >= 0; --b) value = value << 1 | (get_bit(fields_[field], data, place.element, b) ? 1 : 0);
  return value;
}

uint64_t Trace::onset(uint64_t cycle, size_t field, const ElementPlace& place) const {
  while (cycle > first_ && differs(cycle - 1, field, place)) --cycle;
  return cycle;
}

Trace trace_run(Target& target, LockstepOptions options, uint64_t from, uint64_t to) {
  Trace trace(target);
  options.max_cycles = options.max_cycles == 0 ? to + 1 : std::min(options.max_cycles, to + 1);
  options.max_mismatches = std::numeric_limits<uint64_t>::max();
  options.observe = [&trace, from](uint64_t cycle) {
    if (cycle >= from) trace.capture(cycle);
  };
  run_lockstep(target, options);
  return trace;
}

}  // namespace assay
