// SPDX-License-Identifier: Apache-2.0
// A tile of rules with a change planted in it, in the place of the RTL: what the diagnosis has to find.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "cosim/npu/dut.hpp"
#include "model/tile/tile.hpp"

namespace assay::test {

class RuleDut {
 public:
  RuleDut(const HwConfig& hw, std::vector<npu::Change> changes)
      : changes_(std::move(changes)), model_(hw), layout_(model_.fields()), tile_(hw, layout_), now_(layout_.words()), before_(now_), rest_(now_) {
    for (const npu::Slot& slot : layout_.slots()) {
      const Field& field = model_.fields()[slot.field];
      const size_t bytes = slot.memory ? image_bytes(slot.width) * static_cast<size_t>(slot.lanes) : image_bytes(slot.width * slot.lanes);
      images_.emplace_back(field.parts.size(), std::vector<uint8_t>(bytes + 8));
      bytes_.push_back(bytes);
    }
    const std::pair<const char*, int> pins[] = {{"rst_ni", 1},
                                                {"cmd_valid_i", 1},
                                                {"cmd_data_i", 128},
                                                {"weight_valid_i", 1},
                                                {"weight_data_i", hw.cols * hw.lane_bits()},
                                                {"act_valid_i", 1},
                                                {"act_data_i", hw.rows * hw.lane_bits()},
                                                {"out_ready_i", 1},
                                                {"rsp_ready_i", 1}};
    for (const auto& [name, bits] : pins) inputs_[name].resize(std::max<size_t>(image_bytes(bits), 16)), input_bytes_[name] = image_bytes(bits);
  }

  /// One edge. Several changes together are no single one: each acts on a register of its own in turn.
  void clock() {
    unpack();
    const auto on = [&](const char* name) { return inputs_[name][0] != 0; };
    const npu::TilePins pins{on("rst_ni"),
                             on("cmd_valid_i"),
                             on("weight_valid_i"),
                             on("act_valid_i"),
                             on("out_ready_i"),
                             on("rsp_ready_i"),
                             inputs_["cmd_data_i"].data(),
                             inputs_["weight_data_i"].data(),
                             inputs_["act_data_i"].data()};
    npu::TileState plain, next;
    npu::StepView view;
    view.now = &now_;
    tile_.step(view, pins, npu::Change{}, plain);
    const npu::Conditions conditions = tile_.conditions();
    view.next = &plain, view.ruled = &ruled_, view.cycle = ++cycle_;
    if (started_) view.before = &before_, view.before_conditions = &conditions_;
    if (!started_) view.ruled = nullptr;
    npu::TileState ruled = plain;
    next = plain;
    for (const npu::Change& change : changes_) {
      npu::TileState one;
      view.ruled_out = &ruled;
      tile_.step(view, pins, change, one);
      for (size_t i = 0; i < one.size(); ++i)
        if (one[i] != plain[i]) next[i] = one[i];
    }
    before_ = now_, now_ = next, ruled_ = ruled, conditions_ = conditions, started_ = true;
    pack();
  }

  void parts(AssayPartSink sink, void* user) {
    for (auto& [name, data] : inputs_) sink(user, ("in." + name).c_str(), 0, data.data(), input_bytes_[name]);
    for (size_t f = 0; f < images_.size(); ++f) {
      const Field& field = model_.fields()[f];
      for (size_t p = 0; p < images_[f].size(); ++p) sink(user, (field.block + "." + field.name).c_str(), static_cast<int>(p), images_[f][p].data(), bytes_[f]);
    }
  }

 private:
  void unpack() {
    for (const npu::Slot& slot : layout_.slots())
      for (size_t p = 0; p < images_[slot.field].size(); ++p) layout_.unpack_part(slot, p, images_[slot.field][p].data(), now_);
  }
  void pack() {
    for (const npu::Slot& slot : layout_.slots())
      for (size_t p = 0; p < images_[slot.field].size(); ++p) layout_.pack_part(slot, p, now_, images_[slot.field][p].data());
  }

  std::vector<npu::Change> changes_;
  Tile model_;
  npu::StateLayout layout_;
  npu::RuleTile tile_;
  npu::TileState now_, before_, ruled_, rest_;
  npu::Conditions conditions_{};
  bool started_ = false;
  uint64_t cycle_ = 0;
  std::vector<std::vector<std::vector<uint8_t>>> images_;
  std::vector<size_t> bytes_;
  std::map<std::string, std::vector<uint8_t>> inputs_;
  std::map<std::string, size_t> input_bytes_;
};

inline std::unique_ptr<npu::Dut> rule_dut(const HwConfig& hw, std::vector<npu::Change> changes) {
  static const AssayDutApi kApi = {ASSAY_DUT_ABI_VERSION,
                                   "",
                                   nullptr,
                                   [](void* dut) { delete static_cast<RuleDut*>(dut); },
                                   [](void* dut) { static_cast<RuleDut*>(dut)->clock(); },
                                   [](void*) {},
                                   [](void* dut, AssayPartSink sink, void* user) { static_cast<RuleDut*>(dut)->parts(sink, user); },
                                   nullptr};
  return std::make_unique<npu::Dut>(kApi, new RuleDut(hw, std::move(changes)));
}

}  // namespace assay::test
