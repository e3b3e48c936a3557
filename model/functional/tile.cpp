// SPDX-License-Identifier: Apache-2.0
#include "model/functional/tile.hpp"

#include <stdexcept>
#include <utility>

namespace assay::functional {
namespace {

/// Drops what was taken so that a long program does not keep its whole input twice.
void compact(std::vector<uint8_t>& bytes, size_t& pos) {
  if (pos < bytes.size()) return;
  bytes.clear();
  pos = 0;
}

}  // namespace

FunctionalTile::FunctionalTile(const HwConfig& config) : config_(config) {
  if (config.floating()) {
    floating_ = std::make_unique<FloatingEngine>(config);
  } else {
    integer_ = std::make_unique<IntegerEngine>(config);
  }
}

Engine& FunctionalTile::engine() const {
  if (floating_) return *floating_;
  return *integer_;
}

void FunctionalTile::reset() {
  engine().reset();
  weights_in_.clear();
  acts_in_.clear();
  weight_pos_ = act_pos_ = 0;
}

void FunctionalTile::push_weights(std::span<const uint8_t> bytes) { weights_in_.insert(weights_in_.end(), bytes.begin(), bytes.end()); }
void FunctionalTile::push_activations(std::span<const uint8_t> bytes) { acts_in_.insert(acts_in_.end(), bytes.begin(), bytes.end()); }

void FunctionalTile::execute(const CommandWord& word) {
  const Command command = decode(word, datapath(config_));
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
      engine().activate(command, beats_);
      break;
    case Op::LoadParam:
    case Op::LoadTable:
    case Op::LoadSeed:
      engine().parameter(command);
      break;
    case Op::Clear:
      engine().clear(command);
      break;
    case Op::Fence:
      responses_.push_back({0, command.tag, true, flags()});
      break;
    case Op::ReadCounter:
      responses_.push_back({0, command.tag, false, 0});
      break;
  }
}

void FunctionalTile::load_weights(const Command& command) {
  const auto bytes = static_cast<size_t>(command.k * config_.cols * config_.lane_bytes());
  if (weights_left() < bytes) throw std::logic_error("functional tile: weight stream ends inside a LOAD_WEIGHTS");
  engine().load_weights(command, weights_in_.data() + weight_pos_);
  weight_pos_ += bytes;
  compact(weights_in_, weight_pos_);
}

void FunctionalTile::matmul(const Command& command) {
  const auto bytes = static_cast<size_t>(command.m * config_.rows * config_.lane_bytes());
  if (activations_left() < bytes) throw std::logic_error("functional tile: activation stream ends inside a MATMUL");
  engine().matmul(command, acts_in_.data() + act_pos_);
  act_pos_ += bytes;
  compact(acts_in_, act_pos_);
}

std::vector<uint32_t> FunctionalTile::take_beats() { return std::exchange(beats_, {}); }
std::vector<Response> FunctionalTile::take_responses() { return std::exchange(responses_, {}); }

}  // namespace assay::functional
