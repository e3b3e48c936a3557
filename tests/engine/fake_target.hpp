// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>

#include "cosim/engine/target.hpp"

namespace assay::test {

/// A made-up device of a few registers, one memory and two pins, with both sides in plain sight: what the engine says about it is known.
class FakeTarget final : public Target {
 public:
  struct Side {
    uint32_t counter = 0;
    std::array<uint8_t, 4> lanes{};
    uint8_t flag = 0;
    uint16_t control = 0;
    std::array<uint32_t, 4> memory{};
    std::array<uint8_t, 2> fifo{};
    uint8_t out_valid = 0;
    uint32_t out_data = 0;
  };

  FakeTarget() {
    add("core", "lanes", {4}, 8, FieldClass::Register, "", &ref.lanes, &dut.lanes);
    add("core", "control", {}, 12, FieldClass::Control, "", &ref.control, &dut.control);
    add("core", "flag", {}, 1, FieldClass::Flag, "", &ref.flag, &dut.flag);
    add("core", "memory", {4}, 32, FieldClass::Memory, "written", &ref.memory, &dut.memory);
    add("core", "fifo", {2}, 8, FieldClass::Fifo, "occupied", &ref.fifo, &dut.fifo);
    add("top", "counter", {}, 32, FieldClass::Counter, "", &ref.counter, &dut.counter);
    add("top", "out_valid", {}, 1, FieldClass::Pin, "", &ref.out_valid, &dut.out_valid);
    add("top", "out_data", {}, 32, FieldClass::Pin, "out_valid", &ref.out_data, &dut.out_data);
  }

  const std::vector<Field>& fields() const override { return fields_; }
  const std::vector<std::vector<void*>>& dut_parts() const override { return parts_; }
  void begin() override {
    ref = Side{};
    dut = Side{};
    dut.memory = {0xDEAD, 0xBEEF, 0xF00D, 0xCAFE};
  }
  Drive drive(uint64_t cycle) override {
    cycle_ = cycle;
    ref.out_valid = dut.out_valid = cycle % 2 == 1;  // outputs follow the state of this cycle
    dut.out_data = dut.counter * 3;
    ref.out_data = ref.out_valid != 0 ? ref.counter * 3 : 0;  // undefined on the reference while not valid
    if (on_drive) on_drive(cycle);
    return cycle >= length ? Drive::Finished : Drive::Running;
  }
  void clock_dut() override { advance(dut); }
  void clock_reference() override { advance(ref); }
  void settle_dut() override {}
  bool touched_words_differ(uint64_t* planned, uint64_t* done) override {
    std::vector<WordRef> words;
    touched_words(words);
    bool differs = false;
    for (const WordRef& w : words) {
      const auto cls = static_cast<size_t>(fields_[w.field].cls);
      planned[cls] += 1;
      if (lose_words) continue;
      done[cls] += 1;
      differs |= w.field == 3 ? dut.memory[w.word] != ref.memory[w.word] : dut.fifo[w.word] != ref.fifo[w.word];
    }
    return differs;
  }
  void touched_words(std::vector<WordRef>& out) const override {
    out.clear();
    if (!touch_words || cycle_ == 0) return;
    out.push_back({3, 0, (cycle_ - 1) % 2});  // written by the edge before
    out.push_back({4, 0, (cycle_ - 1) % 2});
  }
  bool word_defined(const WordRef& w) const override { return touch_words && w.word < 2 && cycle_ > w.word; }
  bool full_compare_now() const override { return false; }
  uint64_t cycles_without_progress() const override { return stuck ? cycle_ : 0; }
  bool events_pending() const override { return output_error.has_value() || !assertions.empty(); }
  std::optional<OutputError> take_output_error() override { return std::exchange(output_error, std::nullopt); }
  std::vector<std::string> take_assertions() override { return std::exchange(assertions, {}); }
  std::string leftovers() const override { return leftover; }

  Side ref, dut;
  uint64_t length = 50;
  bool touch_words = true, lose_words = false, stuck = false;
  std::function<void(uint64_t)> on_drive;
  std::optional<OutputError> output_error;
  std::vector<std::string> assertions;
  std::string leftover;

 private:
  void advance(Side& side) {
    ++side.counter;
    for (size_t i = 0; i < 4; ++i) side.lanes[i] = static_cast<uint8_t>(side.counter * (i + 1));
    side.control = side.counter & 0xFFF;
    side.flag = side.counter > 10;
    if (touch_words) side.memory[cycle_ % 2] = side.counter * 7;
    if (touch_words) side.fifo[cycle_ % 2] = static_cast<uint8_t>(side.counter);
  }
  void add(const char* block, const char* name, std::vector<int> shape, int width, FieldClass cls, const char* valid, void* r, void* d) {
    Field f;
    f.block = block;
    f.name = name;
    f.shape = std::move(shape);
    f.width = width;
    f.format = "uint";
    f.cls = cls;
    f.valid = valid;
    f.memory = cls == FieldClass::Memory || cls == FieldClass::Fifo;
    f.parts = {{r, nullptr}};
    fields_.push_back(std::move(f));
    parts_.push_back({d});
  }

  std::vector<Field> fields_;
  std::vector<std::vector<void*>> parts_;
  uint64_t cycle_ = 0;
};

}  // namespace assay::test
