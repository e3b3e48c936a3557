// SPDX-License-Identifier: Apache-2.0
// What a legal command stream means, in plain loops over exact integers, one command after the other: no pipeline, no queues.
#pragma once

#include <cmath>
#include <vector>

#include "tests/tile/tile_driver.hpp"

namespace assay::test {

class PlainTile {
 public:
  explicit PlainTile(const HwConfig& hw) : hw_(hw) {
    const auto r = static_cast<size_t>(hw.rows), c = static_cast<size_t>(hw.cols);
    shadow_.assign(r, std::vector<int>(c)), active_ = shadow_;
    mem_.assign(c, std::vector<int32_t>(static_cast<size_t>(hw.entries())));
    written_.assign(c, std::vector<char>(static_cast<size_t>(hw.entries())));
    params_.resize(c);
  }

  std::vector<std::vector<uint32_t>> outputs;
  unsigned flags = 0;  ///< as flags_o

  void run(const Program& p) {
    size_t weight = 0, beat = 0;
    for (const CommandWord& word : p.commands) {
      const Command c = decode(word);
      if (c.op == Op::LoadWeights)
        for (int i = 0; i < c.k; ++i, ++weight) load_row(c, i, p.weights[weight]);
      if (c.op == Op::Matmul) {
        if (c.switch_weights) active_ = shadow_;
        for (int i = 0; i < c.m; ++i, ++beat) multiply(c, i, p.beats[beat]);
      }
      if (c.op == Op::Activate)
        for (int i = 0; i < c.m; ++i) activate(c, i);
      if (c.op == Op::LoadParam)
        for (int i = 0; i < hw_.cols; ++i)
          if (c.broadcast || i == c.column) params_[static_cast<size_t>(i)] = c;
      if (c.op == Op::LoadTable)
        for (int i = 0; i < 8; ++i) table_[static_cast<size_t>(8 * c.line + i)] = c.table_bytes[static_cast<size_t>(i)], table_known_[8 * c.line + i] = true;
      if (c.op == Op::Clear) clear(c);
    }
  }

 private:
  static int operand(uint8_t byte, bool is_unsigned) { return is_unsigned ? byte : static_cast<int8_t>(byte); }
  size_t entry(const Command& c, int i) const { return static_cast<size_t>(c.bank * hw_.acc_depth + c.base + i * c.stride); }
  static int32_t wrap(__int128 x) { return static_cast<int32_t>(static_cast<uint32_t>(x)); }

  void load_row(const Command& c, int row, const std::vector<uint8_t>& bytes) {
    for (size_t i = 0; i < bytes.size(); ++i) shadow_[static_cast<size_t>(row)][i] = operand(bytes[i], c.weight_unsigned);
  }
  void multiply(const Command& c, int i, const std::vector<uint8_t>& beat) {
    for (size_t col = 0; col < static_cast<size_t>(c.n); ++col) {
      int64_t sum = 0;
      for (size_t r = 0; r < static_cast<size_t>(c.k); ++r) sum += operand(beat[r], c.activation_unsigned) * active_[r][col];
      int32_t& at = mem_[col][entry(c, i)];
      char& known = written_[col][entry(c, i)];
      if (c.accumulate) {
        if (known)
          sum += at;
        else
          flags |= 2;
      }
      if (sum != wrap(sum)) flags |= 1;
      at = wrap(sum), known = 1;
    }
  }
  static __int128 floor_div(__int128 a, __int128 b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
  int64_t saturate(__int128 x) {
    if (x > INT32_MAX || x < INT32_MIN) flags |= 16;
    return static_cast<int64_t>(x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : x);
  }
  int64_t scale(const Command& c, const Command& p, int32_t x) {
    const __int128 one = 1;
    if (c.single) return saturate(floor_div(__int128{x} * p.multiplier + (one << (30 - p.shift)), one << (31 - p.shift)));
    const __int128 wide = saturate(__int128{x} * (one << (p.shift > 0 ? p.shift : 0)));
    const __int128 h = floor_div(wide * p.multiplier + (one << 30), one << 31);
    const __int128 d = one << (p.shift < 0 ? -p.shift : 0);
    const __int128 magnitude = h < 0 ? -h : h;
    const __int128 nearest = (2 * magnitude + d) / (2 * d);  // ties away from zero
    return static_cast<int64_t>(h < 0 ? -nearest : nearest);
  }
  uint32_t lane(const Command& c, size_t col, int32_t x) {
    if (c.raw) return static_cast<uint32_t>(x);
    const Command& p = params_[col];
    const int64_t sum = int64_t{x} + p.bias;
    if (sum != wrap(sum)) flags |= 4;
    const int64_t z0 = scale(c, p, wrap(sum)) + c.zero_point;
    if (z0 < (c.output_unsigned ? 0 : -128) || z0 > (c.output_unsigned ? 255 : 127)) flags |= 16;
    const int64_t z = z0 < c.clamp_lo ? c.clamp_lo : z0 > c.clamp_hi ? c.clamp_hi : z0;
    if (!c.table) return static_cast<uint32_t>(z);
    const auto index = static_cast<size_t>(z & 255);
    if (!table_known_[index]) flags |= 8;
    return static_cast<uint32_t>(operand(table_known_[index] ? table_[index] : uint8_t{0}, c.output_unsigned));
  }
  void activate(const Command& c, int i) {
    std::vector<uint32_t> beat(static_cast<size_t>(hw_.cols));
    for (size_t col = 0; col < static_cast<size_t>(c.n); ++col) {
      const bool known = written_[col][entry(c, i)] != 0;
      if (!known) flags |= 2;
      beat[col] = lane(c, col, known ? mem_[col][entry(c, i)] : 0);
    }
    outputs.push_back(beat);
  }
  void clear(const Command& c) {
    if (c.clear_flags) flags = 0;
    if (c.clear_written)
      for (auto& column : written_) std::fill(column.begin(), column.end(), char{0});
    if (c.clear_table) std::fill(table_known_, table_known_ + 256, false);
  }

  HwConfig hw_;
  std::vector<std::vector<int>> shadow_, active_;
  std::vector<std::vector<int32_t>> mem_;
  std::vector<std::vector<char>> written_;
  std::vector<Command> params_;
  std::array<uint8_t, 256> table_{};
  bool table_known_[256]{};
};

/// A random legal command stream: matrix commands on both banks, odd sizes, strides, all modes, with the data it needs.
inline Program random_program(const HwConfig& hw, Random& random, int commands) {
  Program p;
  const auto place = [&](Command& c) {
    c.bank = random.below(hw.acc_banks), c.m = random.range(1, hw.acc_depth), c.n = random.range(1, hw.cols);
    c.stride = c.m == 1 ? random.below(100) : random.below((hw.acc_depth - 1) / (c.m - 1) + 1);
    c.base = random.below(hw.acc_depth - (c.m - 1) * c.stride > 0 ? hw.acc_depth - (c.m - 1) * c.stride : 1);
    if (random.chance(40)) c.n = hw.cols;
  };
  for (int i = 0; i < commands; ++i) {
    Command c;
    const int kind = random.below(100);
    c.tag = random.byte();
    if (kind < 25) {
      c.op = Op::LoadWeights, c.k = random.chance(50) ? hw.rows : random.range(1, hw.rows), c.weight_unsigned = random.chance(30);
      for (int r = 0; r < c.k; ++r) p.weights.push_back(random.bytes(hw.cols));
    } else if (kind < 55) {
      c.op = Op::Matmul, c.switch_weights = random.chance(70), c.accumulate = random.chance(60), c.activation_unsigned = random.chance(30);
      place(c);
      if (c.m == 1) c.base = random.below(hw.acc_depth);
      c.k = random.chance(50) ? hw.rows : random.range(1, hw.rows);
      for (int r = 0; r < c.m; ++r) p.beats.push_back(random.bytes(hw.rows));
    } else if (kind < 75) {
      c.op = Op::Activate, place(c);
      if (c.m == 1) c.base = random.below(hw.acc_depth);
      c.raw = random.chance(30);
      if (!c.raw) {
        c.single = random.chance(50), c.table = random.chance(30), c.output_unsigned = random.chance(50);
        const int lo = c.output_unsigned ? 0 : -128;
        c.zero_point = lo + random.below(256), c.clamp_lo = lo + random.below(128), c.clamp_hi = c.clamp_lo + random.below(128);
      }
    } else if (kind < 85) {
      c.op = Op::LoadParam, c.broadcast = random.chance(40), c.column = c.broadcast ? 0 : random.below(hw.cols);
      c.bias = static_cast<int32_t>(random.next()) >> random.below(32);
      c.multiplier = random.chance(10) ? 0 : (1u << 30) + static_cast<uint32_t>(random.next() >> 34);
      c.shift = random.chance(50) ? random.range(-12, 2) : random.range(-31, 30);
    } else if (kind < 92) {
      c.op = Op::LoadTable, c.line = random.below(32);
      for (auto& b : c.table_bytes) b = random.byte();
    } else if (kind < 94) {
      c.op = Op::Clear, c.clear_written = random.chance(50), c.clear_table = random.chance(50), c.clear_counters = random.chance(20);
    } else {
      c.op = random.chance(50) ? Op::Nop : Op::Fence;
    }
    p.add(c);
  }
  return p;
}

}  // namespace assay::test
