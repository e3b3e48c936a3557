// SPDX-License-Identifier: Apache-2.0
#include "model/functional/integer_engine.hpp"

#include <algorithm>

#include "model/functional/gemm.hpp"

namespace assay::functional {
namespace {

int16_t value_of(uint8_t byte, bool is_unsigned) { return is_unsigned ? int16_t{byte} : int16_t{static_cast<int8_t>(byte)}; }

}  // namespace

IntegerEngine::IntegerEngine(const HwConfig& config) : config_(config), rows_(static_cast<size_t>(config.rows)), cols_(static_cast<size_t>(config.cols)) {
  accumulators_.resize(static_cast<size_t>(config.entries()) * cols_);
  reset();
}

void IntegerEngine::reset() {
  shadow_.assign(rows_ * cols_, 0);
  active_.assign(rows_ * cols_, 0);
  written_.assign(accumulators_.size(), 0);
  params_.assign(cols_, ColumnParams{});
  table_.written.fill(false);
  flags_ = Flags{};
}

void IntegerEngine::load_weights(const Command& command, const uint8_t* rows) {
  for (size_t i = 0; i < static_cast<size_t>(command.k) * cols_; ++i) shadow_[i] = value_of(rows[i], command.weight_unsigned);
}

void IntegerEngine::matmul(const Command& command, const uint8_t* beats) {
  if (command.switch_weights) active_ = shadow_;
  std::vector<int16_t> beat(rows_);
  std::vector<uint32_t> sums(cols_);
  for (size_t i = 0; i < static_cast<size_t>(command.m); ++i) {
    for (size_t r = 0; r < rows_; ++r) beat[r] = value_of(beats[i * rows_ + r], command.activation_unsigned);
    std::fill(sums.begin(), sums.end(), 0u);
    multiply_row(beat.data(), active_.data(), command.k, command.n, config_.cols, sums.data());
    const size_t addr = static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    store(command, static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth) + addr, sums);
  }
}

void IntegerEngine::store(const Command& command, size_t entry, const std::vector<uint32_t>& sums) {
  for (size_t c = 0; c < static_cast<size_t>(command.n); ++c) {
    const size_t at = index(entry, c);
    int32_t old = 0;
    if (command.accumulate) {
      flags_.acc_undefined |= !written_[at];
      old = written_[at] ? accumulators_[at] : 0;
    }
    accumulators_[at] = wrap_add(old, static_cast<int32_t>(sums[c]), flags_.acc_overflow);
    written_[at] = 1;
  }
}

void IntegerEngine::activate(const Command& command, std::vector<uint32_t>& lanes) {
  const OutputMode mode{command.raw, command.single, command.table, command.output_unsigned, command.zero_point, command.clamp_lo, command.clamp_hi};
  const size_t bank = static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth);
  for (size_t i = 0; i < static_cast<size_t>(command.m); ++i) {
    const size_t entry = bank + static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    for (size_t c = 0; c < cols_; ++c) {
      if (c >= static_cast<size_t>(command.n)) {
        lanes.push_back(0);
        continue;
      }
      const size_t at = index(entry, c);
      flags_.acc_undefined |= !written_[at];
      const int32_t value = written_[at] ? accumulators_[at] : 0;
      lanes.push_back(static_cast<uint32_t>(output_lane(value, params_[c], mode, table_, flags_)));
    }
  }
}

void IntegerEngine::parameter(const Command& command) {
  if (command.op == Op::LoadTable) {
    const auto line = static_cast<size_t>(command.line);
    for (size_t i = 0; i < 8; ++i) table_.entries[8 * line + i] = command.table_bytes[i];
    table_.written[line] = true;
    return;
  }
  const ColumnParams value{command.bias, command.multiplier, command.shift};
  if (command.broadcast) {
    std::fill(params_.begin(), params_.end(), value);
  } else {
    params_[static_cast<size_t>(command.column)] = value;
  }
}

void IntegerEngine::clear(const Command& command) {
  if (command.clear_flags) flags_ = Flags{};
  if (command.clear_written) std::fill(written_.begin(), written_.end(), uint8_t{0});
  if (command.clear_table) table_.written.fill(false);
}

}  // namespace assay::functional
