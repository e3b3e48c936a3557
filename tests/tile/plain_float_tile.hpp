// SPDX-License-Identifier: Apache-2.0
// What a legal command stream means to a floating-point tile, one command after the other, in plain loops over the rules of spec section 17:
// no pipeline, no queues. The arithmetic of one element is the model's primitives, which tests/float holds against MPFR.
#pragma once

#include <vector>

#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"
#include "model/pe/fma.hpp"
#include "tests/tile/tile_driver.hpp"

namespace assay::test {

class PlainFloatTile {
 public:
  explicit PlainFloatTile(const HwConfig& hw) : hw_(hw) {
    const auto r = static_cast<size_t>(hw.rows), c = static_cast<size_t>(hw.cols);
    shadow_.assign(r, std::vector<Operand>(c, Operand{0, 0})), active_ = shadow_;
    mem_.assign(c, std::vector<uint32_t>(static_cast<size_t>(hw.entries())));
    written_.assign(c, std::vector<char>(static_cast<size_t>(hw.entries())));
    bias_.assign(c, 0x80000000u);
    seed(0);
  }

  std::vector<std::vector<uint32_t>> outputs;
  unsigned array = 0, accumulators = 0, undefined = 0, activation = 0;
  unsigned flags() const { return array | accumulators << 4 | undefined << 8 | activation << 9; }  ///< as flags_o

  void run(const Program& p) {
    size_t weight = 0, beat = 0;
    for (const CommandWord& word : p.commands) {
      const Command c = decode(word, Datapath::Floating);
      if (c.op == Op::LoadWeights)
        for (int i = 0; i < c.k; ++i, ++weight)
          for (int col = 0; col < hw_.cols; ++col) shadow_[static_cast<size_t>(i)][static_cast<size_t>(col)] = lane(p.weights[weight], col, c);
      if (c.op == Op::Matmul) {
        if (c.switch_weights) active_ = shadow_;
        for (int i = 0; i < c.m; ++i, ++beat) multiply(c, i, p.beats[beat]);
      }
      if (c.op == Op::Activate)
        for (int i = 0; i < c.m; ++i) activate(c, i);
      if (c.op == Op::LoadParam)
        for (int i = 0; i < hw_.cols; ++i)
          if (c.broadcast || i == c.column) bias_[static_cast<size_t>(i)] = static_cast<uint32_t>(c.bias);
      if (c.op == Op::LoadSeed) seed(c.seed);
      if (c.op == Op::Clear && c.clear_flags) array = accumulators = undefined = activation = 0;
      if (c.op == Op::Clear && c.clear_written)
        for (auto& column : written_) std::fill(column.begin(), column.end(), char{0});
    }
  }

 private:
  void seed(uint32_t value) {
    random_.clear();
    for (int c = 0; c < hw_.cols; ++c) random_.push_back(seeded(value, c));
  }
  Operand lane(const std::vector<uint8_t>& row, int i, const Command& c) const {
    const auto at = static_cast<size_t>(i * hw_.lane_bytes());
    const auto format = static_cast<Format>(c.format);
    const uint32_t high = format_bits(format) == 16 ? row[at + 1] : 0u;
    return operand_form(row[at] | high << 8, format);
  }
  size_t entry(const Command& c, int i) const { return static_cast<size_t>(c.bank * hw_.acc_depth + c.base + i * c.stride); }

  void multiply(const Command& c, int i, const std::vector<uint8_t>& beat) {
    for (size_t col = 0; col < static_cast<size_t>(c.n); ++col) {
      uint32_t sum = 0;
      for (int r = 0; r < c.k; ++r) {
        const FloatResult next = fma(lane(beat, r, c), active_[static_cast<size_t>(r)][col], sum);
        sum = next.bits, array |= next.flags;
      }
      uint32_t& at = mem_[col][entry(c, i)];
      char& known = written_[col][entry(c, i)];
      uint32_t old = 0x80000000u;
      if (c.accumulate) old = known ? at : 0;
      if (c.accumulate && !known) undefined = 1;
      FloatResult total = fadd(old, sum);
      accumulators |= total.flags;
      if (c.bf16_entries) {
        total = narrow(total.bits, Format::Bf16, false, std::nullopt);
        accumulators |= total.flags;
        total.bits <<= 16;
      }
      at = total.bits, known = 1;
    }
  }
  uint32_t convert_lane(const Command& c, size_t col, uint32_t x) {
    if (c.raw) return x;
    const FloatResult sum = fadd(x, bias_[col]);
    std::optional<uint16_t> chance;
    if (c.stochastic) chance = random_of(random_[col]), random_[col] = xorshift(random_[col]);
    const FloatResult y = convert(c.relu ? relu(sum.bits) : sum.bits, static_cast<Format>(c.format), c.saturate, chance);
    activation |= sum.flags | y.flags;
    return y.bits;
  }
  void activate(const Command& c, int i) {
    std::vector<uint32_t> beat(static_cast<size_t>(hw_.cols));
    for (size_t col = 0; col < static_cast<size_t>(c.n); ++col) {
      const bool known = written_[col][entry(c, i)] != 0;
      if (!known) undefined = 1;
      beat[col] = convert_lane(c, col, known ? mem_[col][entry(c, i)] : 0);
    }
    outputs.push_back(beat);
  }

  HwConfig hw_;
  std::vector<std::vector<Operand>> shadow_, active_;
  std::vector<std::vector<uint32_t>> mem_;
  std::vector<std::vector<char>> written_;
  std::vector<uint32_t> bias_, random_;
};

/// Lanes of one format: tame numbers whose sums keep some bits, or codes of every kind, infinities, NaNs of both sorts and subnormals among them.
inline std::vector<uint8_t> float_lanes(const HwConfig& hw, Random& random, int n, Format format, int wild_percent) {
  const FloatLayout l = float_layout(format);
  std::vector<uint8_t> out = random.bytes(n * hw.lane_bytes());
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<size_t>(i * hw.lane_bytes());
    auto code = static_cast<uint32_t>(random.next());
    if (!random.chance(wild_percent)) {
      const int exponent = l.bias + random.range(-3, 3);
      code = static_cast<uint32_t>(exponent << l.mantissa_bits) | (code & static_cast<uint32_t>(l.mantissa_mask() | 1 << l.magnitude_bits()));
      if (random.chance(10)) code = 0;
    } else if (random.chance(30)) {
      const int kinds[] = {0, 1, l.mantissa_mask(), l.mantissa_mask() + 1, l.max_finite, l.infinity(), l.infinity() + 1, l.canonical_nan};
      code = static_cast<uint32_t>(kinds[random.below(8)] | random.below(2) << l.magnitude_bits());
    }
    out[at] = static_cast<uint8_t>(code);
    if (format_bits(format) == 16) out[at + 1] = static_cast<uint8_t>(code >> 8);
  }
  return out;
}

inline Format random_format(const HwConfig& hw, Random& random) {
  for (;;) {
    const auto f = static_cast<Format>(random.below(kFormats));
    if (hw.has(f)) return f;
  }
}

/// A random legal command stream of a floating-point tile: matrix commands on both banks, odd sizes, strides, all formats and modes, and its data.
inline Program random_float_program(const HwConfig& hw, Random& random, int commands, int wild_percent) {
  Program p;
  p.datapath = Datapath::Floating;
  const auto place = [&](Command& c) {
    c.bank = random.below(hw.acc_banks), c.m = random.range(1, hw.acc_depth), c.n = random.chance(40) ? hw.cols : random.range(1, hw.cols);
    c.stride = c.m == 1 ? random.below(100) : random.below((hw.acc_depth - 1) / (c.m - 1) + 1);
    c.base = c.m == 1 ? random.below(hw.acc_depth) : random.below(hw.acc_depth - (c.m - 1) * c.stride);
  };
  for (int i = 0; i < commands; ++i) {
    Command c;
    const int kind = random.below(100);
    c.tag = random.byte();
    if (kind < 25) {
      c.op = Op::LoadWeights, c.k = random.chance(50) ? hw.rows : random.range(1, hw.rows);
      c.format = static_cast<uint8_t>(random_format(hw, random));
      for (int r = 0; r < c.k; ++r) p.weights.push_back(float_lanes(hw, random, hw.cols, static_cast<Format>(c.format), wild_percent));
    } else if (kind < 55) {
      c.op = Op::Matmul, c.switch_weights = random.chance(70), c.accumulate = random.chance(60), c.bf16_entries = random.chance(30);
      place(c);
      c.k = random.chance(50) ? hw.rows : random.range(1, hw.rows), c.format = static_cast<uint8_t>(random_format(hw, random));
      for (int r = 0; r < c.m; ++r) p.beats.push_back(float_lanes(hw, random, hw.rows, static_cast<Format>(c.format), wild_percent));
    } else if (kind < 75) {
      c.op = Op::Activate, place(c);
      c.raw = random.chance(30);
      if (!c.raw) {
        c.relu = random.chance(30), c.format = static_cast<uint8_t>(random.below(kFormats));
        if (is_operand_float(static_cast<Format>(c.format))) c.saturate = random.chance(50), c.stochastic = random.chance(40);
      }
    } else if (kind < 85) {
      c.op = Op::LoadParam, c.broadcast = random.chance(40), c.column = c.broadcast ? 0 : random.below(hw.cols);
      const float tame = static_cast<float>(random.range(-4000, 4000)) / 64.0F;
      c.bias = random.chance(wild_percent) ? static_cast<int32_t>(random.next()) : std::bit_cast<int32_t>(tame);
    } else if (kind < 90) {
      c.op = Op::LoadSeed, c.seed = random.chance(30) ? 0x9E3779B9u : static_cast<uint32_t>(random.next());  // the former would make lane 0's state 0
    } else if (kind < 94) {
      c.op = Op::Clear, c.clear_written = random.chance(50), c.clear_flags = random.chance(50), c.clear_counters = random.chance(20);
    } else {
      c.op = random.chance(50) ? Op::Nop : Op::Fence;
    }
    p.add(c);
  }
  return p;
}

}  // namespace assay::test
