// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "cosim/npu/coverage/cover.hpp"

namespace assay::npu {

/// Cover points of the load, matmul and activation unit: why they wait, when they go on, how weight switches and beats follow each other; flags.
class UnitCover {
 public:
  UnitCover(coverage::Space& space, const Tile& model);

  void begin();
  /// A cycle without reset.
  void cycle(const CycleView& view, HitBytes& hits);
  void reset_cycle();

 private:
  void add_load(coverage::Space& space);
  void add_matmul(coverage::Space& space);
  void add_activation(coverage::Space& space);
  void add_flags(coverage::Space& space);
  void load(const CycleView& view, HitBytes& hits);
  void matmul(const CycleView& view, HitBytes& hits);
  void matmul_start(const Tile::Impl& t, uint64_t gap, HitBytes& hits);
  void activation(const CycleView& view, HitBytes& hits);
  void flags(const CycleView& view, HitBytes& hits);

  const HwConfig config_;
  LaneField act_beat_, act_addr_, credit_, written_;
  coverage::Bins load_row_, load_hazard_, load_start_, load_reload_, load_switch_;
  coverage::Bins matmul_wait_, matmul_weights_, matmul_gap_, matmul_interval_;
  coverage::Bins act_wait_, act_credit_, act_full_, act_entry_, flag_;
  Counter load_before_ = kNoCounter;
  uint64_t last_issue_ = 0, last_switch_ = 0, last_switch_first_m_ = 0;
  bool issued_ = false, switched_ = false, after_reset_ = false;
  uint32_t loads_since_switch_ = 0;
  uint32_t flags_before_ = 0, risen_ = 0, cleared_ = 0;
};

}  // namespace assay::npu
