// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/resync.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "cosim/npu/diagnosis/rule_tile.hpp"

namespace assay::npu {
namespace {

std::string hex_of(const uint64_t* words, int width) {
  std::string hex;
  for (int low = (width - 1) / 4 * 4; low >= 0; low -= 4) hex += "0123456789abcdef"[word_bits(words, low, std::min(4, width - low))];
  return hex;
}

/// The input pins of a cycle, kept beyond it.
class KeptPins {
 public:
  void take(const std::vector<PinImage>& images) {
    bytes_.resize(images.size());
    for (size_t i = 0; i < images.size(); ++i) {
      const auto* data = static_cast<const uint8_t*>(images[i].data);
      bytes_[i].assign(data, data + images[i].bytes);
      set(images[i].name, bytes_[i].data());
    }
  }
  const TilePins& pins() const { return pins_; }

 private:
  void set(const std::string& name, const uint8_t* data) {
    const bool on = *data != 0;
    if (name == "rst_ni") pins_.rst_n = on;
    if (name == "cmd_valid_i") pins_.cmd_valid = on;
    if (name == "weight_valid_i") pins_.weight_valid = on;
    if (name == "act_valid_i") pins_.act_valid = on;
    if (name == "out_ready_i") pins_.out_ready = on;
    if (name == "rsp_ready_i") pins_.rsp_ready = on;
    if (name == "cmd_data_i") pins_.cmd = data;
    if (name == "weight_data_i") pins_.weight = data;
    if (name == "act_data_i") pins_.act = data;
  }
  std::vector<std::vector<uint8_t>> bytes_;
  TilePins pins_;
};

/// Looks at one cycle after the other.
class Watch {
 public:
  Watch(const NpuTarget& target, size_t most)
      : target_(target), pin_images_(target.input_pins()), layout_(target.fields()), rules_(target.config(), layout_), most_(most) {}

  void look(uint64_t cycle) {
    TileState now(layout_.words());
    for (const Slot& slot : layout_.slots())
      for (size_t p = 0; p < target_.fields()[slot.field].parts.size(); ++p)
        layout_.unpack_part(slot, p, static_cast<const uint8_t*>(target_.dut_parts()[slot.field][p]), now);
    if (found.to == 0) found.from = cycle;
    if (!before_.empty()) {
      StepView view;
      view.now = &before_;
      rules_.step(view, pins_.pins(), Change{}, ruled_);
      take_pins_of(now);
      compare(cycle, now);
    }
    if (!found.stopped) found.to = cycle;
    before_.swap(now);
    pins_.take(pin_images_);
  }

  Causes found;

 private:
  /// An output pin shows the registers of its own cycle: a wrong register's pin is a consequence.
  void take_pins_of(const TileState& now) {
    TileState driven = now;
    rules_.drive_pins(Change{}, driven);
    for (const Slot& slot : layout_.slots()) {
      if (target_.fields()[slot.field].cls != FieldClass::Pin) continue;
      std::memcpy(&ruled_[slot.at], &driven[slot.at], 8 * static_cast<size_t>(slot.words) * static_cast<size_t>(slot.count));
    }
  }

  void compare(uint64_t cycle, const TileState& now) {
    for (const Slot& slot : layout_.slots()) {
      const auto words = static_cast<size_t>(slot.words);
      if (std::memcmp(&now[slot.at], &ruled_[slot.at], 8 * words * static_cast<size_t>(slot.count)) == 0) continue;
      for (int e = 0; e < slot.count; ++e) {
        const size_t at = slot.at + static_cast<size_t>(e) * words;
        if (std::memcmp(&now[at], &ruled_[at], 8 * words) != 0 && layout_.defined(ruled_, slot, e)) note(cycle, slot, e, &now[at], &ruled_[at]);
      }
    }
  }

  void note(uint64_t cycle, const Slot& slot, int e, const uint64_t* rtl, const uint64_t* rules) {
    const auto [it, is_new] = places_.try_emplace({slot.field, e}, found.causes.size());
    if (is_new && found.causes.size() >= most_) {
      places_.erase(it);
      found.stopped = true;
      return;
    }
    if (is_new) {
      const Field& field = target_.fields()[slot.field];
      const auto lanes = static_cast<size_t>(slot.lanes), element = static_cast<size_t>(e);
      const ElementPlace place = {element / lanes, element % lanes};
      found.causes.push_back({{slot.field, index_of(field, place)}, cycle, cycle, 0, hex_of(rtl, slot.width), hex_of(rules, slot.width)});
    }
    found.causes[it->second].last = cycle;
    ++found.causes[it->second].cycles;
  }

  const NpuTarget& target_;
  const std::vector<PinImage> pin_images_;
  const StateLayout layout_;
  RuleTile rules_;
  const size_t most_;
  TileState before_, ruled_;
  KeptPins pins_;
  std::map<std::pair<size_t, int>, size_t> places_;
};

}  // namespace

Causes find_causes(NpuTarget& target, LockstepOptions options, uint64_t first, size_t most) {
  Watch watch(target, most);
  options.max_mismatches = std::numeric_limits<uint64_t>::max();
  options.observe = [&watch, first](uint64_t cycle) {
    if (cycle + 1 >= first && !watch.found.stopped) watch.look(cycle);
  };
  options.interrupted = [&watch, asked = options.interrupted] { return watch.found.stopped || (asked && asked()); };
  run_lockstep(target, options);
  return std::move(watch.found);
}

}  // namespace assay::npu
