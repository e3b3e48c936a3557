// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "cosim/npu/coverage/cover.hpp"

namespace assay::npu {

/// Cover points that look at every cycle: what the units do beside each other, FIFO levels and moves, handshakes, reset.
class ControlCover {
 public:
  ControlCover(coverage::Space& space, const Tile& model);

  void begin();
  void cycle(const CycleView& view, HitBytes& hits);
  /// Turns what the cycles left behind into bins.
  void finish(HitBytes& hits);

 private:
  static constexpr size_t kFifos = 8, kStreams = 5, kResetCode = 4;
  static constexpr size_t kLoad = 4, kMatmul = 5, kAct = 6, kDispatch = 5, kStates = kLoad * kMatmul * kAct * kDispatch;

  void add_units(coverage::Space& space);
  void add_fifos(coverage::Space& space, const HwConfig& config);
  void add_streams(coverage::Space& space);
  void add_reset(coverage::Space& space);
  void reset_cycle(const CycleView& view, HitBytes& hits);
  void end_reset(HitBytes& hits);
  uint32_t pushes(const CycleView& view, uint32_t last_stage) const;
  uint32_t pops(const CycleView& view) const;

  LaneField stage_valid_, act_beat_;
  uint32_t last_stage_bit_ = 0;
  std::array<coverage::Bins, 6> pairs_;
  coverage::Bins stages_, reset_during_, reset_pins_, reset_length_;
  std::array<uint8_t, kStates> states_{};
  std::array<uint8_t, 32> stage_values_{};
  std::array<std::vector<uint32_t>, kFifos> level_bins_;  ///< by count: the bin of its level without a move
  std::array<uint32_t, kFifos> level_at_{};               ///< where the FIFO's counts begin below
  std::vector<uint8_t> levels_;                           ///< by FIFO, count and move: seen
  std::array<std::array<uint8_t, 20>, kStreams> handshakes_{};
  std::array<uint32_t, kStreams> stream_first_{};
  std::array<uint32_t, kStreams> stream_before_{};
  uint32_t in_reset_ = 0;  ///< cycles of it so far
};

}  // namespace assay::npu
