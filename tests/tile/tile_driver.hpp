// SPDX-License-Identifier: Apache-2.0
// Drives the pins of a model tile with random bubbles and collects what leaves it; and the plain-loop meaning of a command stream.
#pragma once

#include <cstring>
#include <deque>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/tile/tile.hpp"

namespace assay::test {

/// splitmix64: small, fixed, the same everywhere.
struct Random {
  uint64_t state;
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  int below(int n) { return static_cast<int>(next() % static_cast<uint64_t>(n)); }
  int range(int lo, int hi) { return lo + below(hi - lo + 1); }
  bool chance(int percent) { return below(100) < percent; }
  uint8_t byte() { return static_cast<uint8_t>(next()); }
  std::vector<uint8_t> bytes(int n) {
    std::vector<uint8_t> v(static_cast<size_t>(n));
    for (auto& b : v) b = byte();
    return v;
  }
};

inline HwConfig small_config(int rows, int cols) {
  HwConfig c;
  c.name = std::to_string(rows) + "x" + std::to_string(cols);
  c.rows = rows, c.cols = cols, c.acc_banks = 2, c.acc_depth = 16;
  c.command_fifo_depth = 4, c.weight_fifo_depth = rows < 2 ? 4 : 2 * rows, c.activation_fifo_depth = 4;
  c.queue_depth = 4, c.output_fifo_depth = 8, c.response_fifo_depth = 4;
  return c;
}

/// The same as a floating-point tile: any formats, any latency.
inline HwConfig small_float_config(int rows, int cols, std::initializer_list<Format> formats, int latency) {
  HwConfig c = small_config(rows, cols);
  unsigned mask = 0;
  for (const Format f : formats) mask |= format_mask(f);
  c.formats = static_cast<uint16_t>(mask), c.pe_latency = latency;
  c.name += "_L" + std::to_string(latency);
  return c;
}

/// What is to be driven: commands, weight rows and activation beats.
struct Program {
  std::vector<CommandWord> commands;
  std::vector<std::vector<uint8_t>> weights, beats;  ///< in lanes of the tile's width
  Datapath datapath = Datapath::Integer;
  void add(const Command& c) { commands.push_back(encode(c, datapath)); }
};

inline Command load_weights(int k, bool is_unsigned = false) {
  Command c;
  c.op = Op::LoadWeights, c.k = k, c.weight_unsigned = is_unsigned;
  return c;
}
inline Command matmul(int bank, int m, int k, int n, int base = 0, int stride = 1) {
  Command c;
  c.op = Op::Matmul, c.bank = bank, c.m = m, c.k = k, c.n = n, c.base = base, c.stride = stride, c.switch_weights = true;
  return c;
}
inline Command activate_raw(int bank, int m, int n, int base = 0, int stride = 1) {
  Command c;
  c.op = Op::Activate, c.raw = true, c.bank = bank, c.m = m, c.n = n, c.base = base, c.stride = stride;
  return c;
}
inline Command simple(Op op, uint8_t tag = 0) {
  Command c;
  c.op = op, c.tag = tag;
  return c;
}
inline Command read_counter(int index, bool high = false) {
  Command c = simple(Op::ReadCounter, static_cast<uint8_t>(index));
  c.index = index, c.high = high;
  return c;
}

class Driver {
 public:
  explicit Driver(const HwConfig& hw, uint64_t seed = 1, Isa isa = best_isa()) : tile(hw, isa), random{seed}, hw_(hw) {
    const int bytes = hw.lane_bytes();
    command_pin_.resize(4), weight_pin_.resize(static_cast<size_t>(hw.cols * bytes)), act_pin_.resize(static_cast<size_t>(hw.rows * bytes));
  }

  /// Percent of cycles in which a stream offers (or takes) nothing.
  int bubbles = 0, output_bubbles = 0;
  bool reset_next = false;  ///< the next cycle is a reset cycle

  void add(const Program& p) {
    commands_.insert(commands_.end(), p.commands.begin(), p.commands.end());
    weights_.insert(weights_.end(), p.weights.begin(), p.weights.end());
    beats_.insert(beats_.end(), p.beats.begin(), p.beats.end());
  }
  void drop_all() { commands_.clear(), weights_.clear(), beats_.clear(), cmd_valid_ = weight_valid_ = act_valid_ = false; }

  /// One cycle. Valid and data stay until the transfer, as the streams demand.
  void cycle() {
    const TileOutputs o = tile.outputs();
    offer(cmd_valid_, !commands_.empty()), offer(weight_valid_, !weights_.empty()), offer(act_valid_, !beats_.empty());
    for (auto& x : command_pin_) x = static_cast<uint32_t>(random.next());
    for (auto& x : weight_pin_) x = random.byte();
    for (auto& x : act_pin_) x = random.byte();
    if (cmd_valid_) std::memcpy(command_pin_.data(), commands_.front().data(), 16);
    if (weight_valid_) weight_pin_ = weights_.front();
    if (act_valid_) act_pin_ = beats_.front();
    TileInputs in;
    in.rst_n = !reset_next;
    in.cmd_valid = cmd_valid_, in.weight_valid = weight_valid_, in.act_valid = act_valid_;
    in.out_ready = !random.chance(output_bubbles), in.rsp_ready = !hold_responses && !random.chance(bubbles);
    in.cmd_data = command_pin_.data(), in.weight_data = weight_pin_.data(), in.act_data = act_pin_.data();
    if (in.rst_n) {
      if (o.out_valid && in.out_ready) outputs.emplace_back(o.out_data, o.out_data + hw_.cols);
      if (o.rsp_valid && in.rsp_ready) responses.push_back(o.rsp_data);
      if (cmd_valid_ && o.cmd_ready) commands_.pop_front(), cmd_valid_ = false;
      if (weight_valid_ && o.weight_ready) weights_.pop_front(), weight_valid_ = false;
      if (act_valid_ && o.act_ready) beats_.pop_front(), act_valid_ = false;
    }
    reset_next = false;
    last_inputs = in;
    tile.step(in);
    ++cycles;
  }
  void run(int n) {
    for (int i = 0; i < n; ++i) cycle();
  }
  /// Until everything is driven and the tile is not busy; false when that takes more than `limit` cycles.
  bool drain(int limit = 200000) {
    for (int i = 0; i < limit; ++i) {
      if (commands_.empty() && !tile.outputs().busy) return true;
      cycle();
    }
    return false;
  }

  const Field& field(const std::string& name) const {
    for (const Field& f : tile.fields())
      if (f.name == name) return f;
    throw InputError("no field " + name);
  }
  const uint8_t* image(const std::string& name, size_t part = 0) const {
    const FieldPart& p = field(name).parts.at(part);
    return static_cast<const uint8_t*>(p.data) + (p.slide != nullptr ? *p.slide : 0);
  }
  uint64_t value(const std::string& name, size_t part = 0) const {
    uint64_t v = 0;
    const Field& f = field(name);
    int bits = f.width;
    if (f.split == Split::None)
      for (int n : f.shape) bits *= n;
    std::memcpy(&v, image(name, part), std::min<size_t>(8, image_bytes(bits)));
    return v;
  }
  uint64_t counter(size_t i) const { return value("counter", i); }

  Tile tile;
  Random random;
  bool hold_responses = false;
  TileInputs last_inputs;  ///< of the last cycle; its data stay until the next
  int cycles = 0;
  std::vector<std::vector<uint32_t>> outputs;
  std::vector<uint64_t> responses;

 private:
  void offer(bool& valid, bool available) {
    if (!valid) valid = available && !random.chance(bubbles);
  }
  HwConfig hw_;
  std::deque<CommandWord> commands_;
  std::deque<std::vector<uint8_t>> weights_, beats_;
  bool cmd_valid_ = false, weight_valid_ = false, act_valid_ = false;
  std::vector<uint32_t> command_pin_;
  std::vector<uint8_t> weight_pin_, act_pin_;
};

/// Image bytes of every part of every field that is compared in every cycle, in table order; with `memories` also every defined word.
inline std::vector<uint8_t> snapshot(const Tile& tile, bool memories = false) {
  std::vector<uint8_t> all;
  for (size_t i = 0; i < tile.fields().size(); ++i) {
    const Field& f = tile.fields()[i];
    if ((f.valid == "out_valid" && !tile.outputs().out_valid) || (f.valid == "rsp_valid" && !tile.outputs().rsp_valid)) continue;
    for (size_t part = 0; part < f.parts.size(); ++part) {
      const auto* at = static_cast<const uint8_t*>(f.parts[part].data) + (f.parts[part].slide != nullptr ? *f.parts[part].slide : 0);
      if (!f.memory) {
        int bits = f.width;
        if (f.split == Split::None)
          for (int n : f.shape) bits *= n;
        else if (f.split != Split::Element)
          bits *= f.shape.at(1);
        all.insert(all.end(), at, at + image_bytes(bits));
      } else if (memories) {
        const size_t words = static_cast<size_t>(f.shape.back()), bytes = image_bytes(f.width);
        for (size_t w = 0; w < words; ++w)
          if (tile.word_defined(i, part, w)) all.insert(all.end(), at + w * bytes, at + (w + 1) * bytes);
      }
    }
  }
  return all;
}

}  // namespace assay::test
