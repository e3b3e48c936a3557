// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/observation.hpp"

#include <algorithm>

#include "cosim/common/process.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/npu/adapter_source.hpp"

namespace assay::dpi {
namespace {

/// Bytes that a value of so many bits fills in the struct: its image's.
size_t member_bytes(int bits) { return image_bytes(bits); }

class Builder {
 public:
  Builder(const HwConfig& config, const std::vector<Field>& fields) : config_(config), fields_(fields) {}

  Observation build() {
    for (size_t f = 0; f < fields_.size(); ++f)
      if (!fields_[f].memory && fields_[f].valid.empty()) add_parts(f);
    place(0);
    o_.state_bytes = end_;
    const size_t rest = o_.members.size();
    for (size_t f = 0; f < fields_.size(); ++f)
      if (!fields_[f].memory && !fields_[f].valid.empty()) add_parts(f);
    for (size_t f = 0; f < fields_.size(); ++f)
      if (fields_[f].memory) add_memory(f);
    add_inputs();
    place(rest);
    o_.bytes = (end_ + 3) / 4 * 4;
    return std::move(o_);
  }

 private:
  size_t add(const std::string& name, int bits) {
    o_.members.push_back({name, bits, member_bytes(bits), 0});
    return o_.members.size() - 1;
  }

  std::string stem(size_t f) const { return fields_[f].block + "__" + fields_[f].name; }

  void add_parts(size_t f) {
    const int bits = static_cast<int>(part_elements(fields_[f])) * fields_[f].width;
    for (size_t p = 0; p < fields_[f].parts.size(); ++p) {
      const std::string name = fields_[f].parts.size() == 1 ? stem(f) : stem(f) + "__" + std::to_string(p);
      o_.parts.push_back({f, p, add(name, bits)});
    }
  }

  void add_word(ObservedWord::Port port, size_t f, size_t part, size_t entry, const std::string& name) {
    o_.words.push_back({port, f, part, entry, add(name, fields_[f].width), 0});
  }

  void add_memory(size_t f) {
    using Port = ObservedWord::Port;
    const Field& field = fields_[f];
    for (size_t p = 0; p < field.parts.size(); ++p) o_.memories.push_back({f, p, part_elements(field), image_bytes(field.width)});
    const std::string name = stem(f);
    if (field.cls == FieldClass::Fifo) {
      add_word(Port::FifoNewest, f, 0, add(name + "__newest_entry", 16), name + "__newest");
      add_word(Port::FifoHead, f, 0, add(name + "__head_entry", 16), name + "__head");
    } else if (field.split == Split::Column) {
      const size_t read = add(name + "__read_entry", 16);
      for (size_t c = 0; c < field.parts.size(); ++c) {
        const std::string column = std::to_string(c);
        add_word(Port::SumWritten, f, c, add(name + "__written_entry__" + column, 16), name + "__written__" + column);
        add_word(Port::SumAccumulated, f, c, add(name + "__accumulated_entry__" + column, 16), name + "__accumulated__" + column);
        add_word(Port::SumRead, f, c, read, name + "__read__" + column);
      }
    } else {
      add_word(Port::TableWritten, f, 0, add(name + "__written_entry", 16), name + "__written_word");
      for (int c = 0; c < config_.cols; ++c) {
        const std::string lane = std::to_string(c);
        add_word(Port::TableRead, f, 0, add(name + "__read_entry__" + lane, 16), name + "__read__" + lane);
        o_.words.back().lane = static_cast<size_t>(c);
      }
    }
  }

  void add_inputs() {
    for (const char* name : Observation::kInputs) {
      const std::string pin = name;
      const int lanes = pin == "weight_data_i" ? config_.cols : config_.rows;
      const int bits = pin == "cmd_data_i" ? 128 : pin.ends_with("_data_i") ? lanes * config_.lane_bits() : 1;
      o_.inputs.push_back(add("in__" + pin, bits));
    }
  }

  /// Places the members from `first` on, the larger ones first, so that whole words stay whole words.
  void place(size_t first) {
    std::vector<size_t> order;
    for (size_t m = first; m < o_.members.size(); ++m) order.push_back(m);
    const auto rank = [this](size_t m) { return std::min<size_t>(o_.members[m].bytes, 4); };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rank(a) > rank(b); });
    end_ = (end_ + 3) / 4 * 4;
    for (size_t m : order) {
      o_.members[m].offset = end_;
      end_ += o_.members[m].bytes;
    }
  }

  const HwConfig& config_;
  const std::vector<Field>& fields_;
  Observation o_;
  size_t end_ = 0;
};

}  // namespace

size_t Observation::memory_bytes() const {
  size_t most = 0;
  for (const ObservedMemory& m : memories) most = std::max(most, m.words * m.bytes);
  return (most + 3) / 4 * 4;
}

Observation observation_of(const HwConfig& config, const std::vector<Field>& fields) { return Builder(config, fields).build(); }

std::string observation_hash(const HwConfig& config, const std::vector<Field>& fields) {
  uint64_t hash = fnv1a(npu::field_table_hash(fields));
  for (const ObservedMember& m : observation_of(config, fields).members) {
    hash = fnv1a(m.name + ":" + std::to_string(m.bits) + "@" + std::to_string(m.offset) + ";", hash);
  }
  return hex64(hash);
}

}  // namespace assay::dpi
