// SPDX-License-Identifier: Apache-2.0
#include "model/functional/floating_engine.hpp"

#include <algorithm>
#include <bit>

namespace assay::functional {

FloatingEngine::FloatingEngine(const HwConfig& config)
    : config_(config), rows_(static_cast<size_t>(config.rows)), cols_(static_cast<size_t>(config.cols)), lane_bytes_(static_cast<size_t>(config.lane_bytes())) {
  accumulators_.resize(static_cast<size_t>(config.entries()) * cols_);
  reset();
}

void FloatingEngine::reset() {
  shadow_.assign(rows_ * cols_, 0.0f);
  active_.assign(rows_ * cols_, 0.0f);
  written_.assign(accumulators_.size(), 0);
  bias_.assign(cols_, kMinusZero);
  flags_ = FloatFlags{};
  seed(0);
}

void FloatingEngine::seed(uint32_t value) {
  generators_.clear();
  for (size_t lane = 0; lane < cols_; ++lane) generators_.emplace_back(value, lane);
}

void FloatingEngine::decode_lanes(const uint8_t* lanes, size_t count, Format format, float* values) const {
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* lane = lanes + i * lane_bytes_;
    const uint32_t code = format_bits(format) == 16 ? static_cast<uint32_t>(lane[0] | lane[1] << 8) : lane[0];
    values[i] = std::bit_cast<float>(decode(code, format));
  }
}

void FloatingEngine::load_weights(const Command& command, const uint8_t* rows) {
  decode_lanes(rows, static_cast<size_t>(command.k) * cols_, static_cast<Format>(command.format), shadow_.data());
}

void FloatingEngine::matmul(const Command& command, const uint8_t* beats) {
  if (command.switch_weights) active_ = shadow_;
  std::vector<float> beat(rows_);
  std::vector<uint32_t> sums(cols_);
  for (size_t i = 0; i < static_cast<size_t>(command.m); ++i) {
    decode_lanes(beats + i * rows_ * lane_bytes_, static_cast<size_t>(command.k), static_cast<Format>(command.format), beat.data());
    multiply_rows(beat.data(), active_.data(), command.k, command.n, config_.cols, sums.data(), flags_.array);
    const size_t addr = static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    store(command, static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth) + addr, sums);
  }
}

void FloatingEngine::store(const Command& command, size_t entry, const std::vector<uint32_t>& sums) {
  for (size_t c = 0; c < static_cast<size_t>(command.n); ++c) {
    const size_t at = index(entry, c);
    uint32_t old = kMinusZero;  // neutral; an entry never written is +0, which is not
    if (command.accumulate) {
      flags_.undefined |= !written_[at];
      old = written_[at] ? accumulators_[at] : 0;
    }
    uint32_t sum = add(old, sums[c], flags_.accumulators);
    if (command.bf16_entries) sum = narrow(sum, Format::Bf16, false, std::nullopt, flags_.accumulators) << 16;
    accumulators_[at] = sum;
    written_[at] = 1;
  }
}

void FloatingEngine::activate(const Command& command, std::vector<uint32_t>& lanes) {
  const size_t bank = static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth);
  for (size_t i = 0; i < static_cast<size_t>(command.m); ++i) {
    const size_t entry = bank + static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    for (size_t c = 0; c < cols_; ++c) {
      if (c >= static_cast<size_t>(command.n)) {
        lanes.push_back(0);
        continue;
      }
      const size_t at = index(entry, c);
      flags_.undefined |= !written_[at];
      const uint32_t value = written_[at] ? accumulators_[at] : 0;
      lanes.push_back(command.raw ? value : output_lane(command, value, c));
    }
  }
}

uint32_t FloatingEngine::output_lane(const Command& command, uint32_t value, size_t column) {
  uint32_t x = add(value, bias_[column], flags_.activation);
  if (command.relu) x = relu(x);
  std::optional<uint16_t> random;
  if (command.stochastic) random = generators_[column].draw();
  return to_lane(x, static_cast<Format>(command.format), command.saturate, random, flags_.activation);
}

void FloatingEngine::parameter(const Command& command) {
  if (command.op == Op::LoadSeed) return seed(command.seed);
  const auto value = static_cast<uint32_t>(command.bias);
  if (command.broadcast) {
    std::fill(bias_.begin(), bias_.end(), value);
  } else {
    bias_[static_cast<size_t>(command.column)] = value;
  }
}

void FloatingEngine::clear(const Command& command) {
  if (command.clear_flags) flags_ = FloatFlags{};
  if (command.clear_written) std::fill(written_.begin(), written_.end(), uint8_t{0});
}

}  // namespace assay::functional
