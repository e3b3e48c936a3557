// SPDX-License-Identifier: Apache-2.0
#include "model/functional/tile.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/functional/gemm.hpp"

namespace assay::functional {
namespace {

int16_t value_of(uint8_t byte, bool is_unsigned) { return is_unsigned ? int16_t{byte} : int16_t{static_cast<int8_t>(byte)}; }

/// Drops what was taken so that a long program does not keep its whole input twice.
void compact(std::vector<uint8_t>& bytes, size_t& pos) {
  if (pos < bytes.size()) return;
  bytes.clear();
  pos = 0;
}

}  // namespace

FunctionalTile::FunctionalTile(const HwConfig& config) : config_(config), rows_(static_cast<size_t>(config.rows)), cols_(static_cast<size_t>(config.cols)) {
  accumulators_.resize(static_cast<size_t>(config.entries()) * cols_);
  reset();
}

void FunctionalTile::reset() {
  shadow_.assign(rows_ * cols_, 0);
  active_.assign(rows_ * cols_, 0);
  written_.assign(accumulators_.size(), 0);
  params_.assign(cols_, ColumnParams{});
  table_.written.fill(false);
  flags_ = Flags{};
  weights_in_.clear();
  acts_in_.clear();
  weight_pos_ = act_pos_ = 0;
}

void FunctionalTile::push_weights(std::span<const uint8_t> bytes) { weights_in_.insert(weights_in_.end(), bytes.begin(), bytes.end()); }
void FunctionalTile::push_activations(std::span<const uint8_t> bytes) { acts_in_.insert(acts_in_.end(), bytes.begin(), bytes.end()); }

void FunctionalTile::execute(const CommandWord& word) {
  const Command command = decode(word);
  const Status status = check_command(word, config_);
  if (status != Status::Ok) {
    responses_.push_back({static_cast<uint8_t>(status), command.tag, true, 0});
    return;
  }
  switch (command.op) {
    case Op::Nop:
      break;
    case Op::LoadWeights:
      load_weights(command);
      break;
    case Op::Matmul:
      matmul(command);
      break;
    case Op::Activate:
      activate(command);
      break;
    case Op::LoadParam:
      load_param(command);
      break;
    case Op::LoadTable:
      load_table(command);
      break;
    case Op::Clear:
      clear(command);
      break;
    case Op::Fence:
      responses_.push_back({0, command.tag, true, flags_.bits()});
      break;
    case Op::ReadCounter:
      responses_.push_back({0, command.tag, false, 0});
      break;
  }
}

void FunctionalTile::load_weights(const Command& command) {
  const size_t count = static_cast<size_t>(command.k) * cols_;
  if (weights_left() < count) throw std::logic_error("functional tile: weight stream ends inside a LOAD_WEIGHTS");
  for (size_t i = 0; i < count; ++i) shadow_[i] = value_of(weights_in_[weight_pos_ + i], command.weight_unsigned);
  weight_pos_ += count;
  compact(weights_in_, weight_pos_);
}

void FunctionalTile::matmul(const Command& command) {
  const auto beats = static_cast<size_t>(command.m);
  if (activations_left() < beats * rows_) throw std::logic_error("functional tile: activation stream ends inside a MATMUL");
  if (command.switch_weights) active_ = shadow_;
  std::vector<int16_t> beat(rows_);
  std::vector<uint32_t> sums(cols_);
  for (size_t i = 0; i < beats; ++i) {
    for (size_t r = 0; r < rows_; ++r) beat[r] = value_of(acts_in_[act_pos_ + r], command.activation_unsigned);
    act_pos_ += rows_;
    std::fill(sums.begin(), sums.end(), 0u);
    multiply_row(beat.data(), active_.data(), command.k, command.n, config_.cols, sums.data());
    const size_t addr = static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    store(command, static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth) + addr, sums);
  }
  compact(acts_in_, act_pos_);
}

void FunctionalTile::store(const Command& command, size_t entry, const std::vector<uint32_t>& sums) {
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

void FunctionalTile::activate(const Command& command) {
  const OutputMode mode{command.raw, command.single, command.table, command.output_unsigned, command.zero_point, command.clamp_lo, command.clamp_hi};
  const size_t bank = static_cast<size_t>(command.bank) * static_cast<size_t>(config_.acc_depth);
  for (size_t i = 0; i < static_cast<size_t>(command.m); ++i) {
    const size_t entry = bank + static_cast<size_t>(command.base) + i * static_cast<size_t>(command.stride);
    for (size_t c = 0; c < cols_; ++c) {
      if (c >= static_cast<size_t>(command.n)) {
        beats_.push_back(0);
        continue;
      }
      const size_t at = index(entry, c);
      flags_.acc_undefined |= !written_[at];
      const int32_t value = written_[at] ? accumulators_[at] : 0;
      beats_.push_back(static_cast<uint32_t>(output_lane(value, params_[c], mode, table_, flags_)));
    }
  }
}

void FunctionalTile::load_param(const Command& command) {
  const ColumnParams value{command.bias, command.multiplier, command.shift};
  if (command.broadcast) {
    std::fill(params_.begin(), params_.end(), value);
  } else {
    params_[static_cast<size_t>(command.column)] = value;
  }
}

void FunctionalTile::load_table(const Command& command) {
  const auto line = static_cast<size_t>(command.line);
  for (size_t i = 0; i < 8; ++i) table_.entries[8 * line + i] = command.table_bytes[i];
  table_.written[line] = true;
}

void FunctionalTile::clear(const Command& command) {
  if (command.clear_flags) flags_ = Flags{};
  if (command.clear_written) std::fill(written_.begin(), written_.end(), uint8_t{0});
  if (command.clear_table) table_.written.fill(false);
}

std::vector<uint32_t> FunctionalTile::take_beats() { return std::exchange(beats_, {}); }
std::vector<Response> FunctionalTile::take_responses() { return std::exchange(responses_, {}); }

}  // namespace assay::functional
