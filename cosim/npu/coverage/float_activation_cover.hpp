// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/coverage/cover.hpp"
#include "cosim/npu/coverage/float_rounding.hpp"

namespace assay::npu {

/// Cover points on the numbers of the floating-point tile's activation unit: one lane of each beat in each of two stages, as the vector's seed says.
class FloatActivationCover {
 public:
  FloatActivationCover(coverage::Space& space, const Tile& model);

  /// A cycle without reset.
  void cycle(const CycleView& view, HitBytes& hits);

 private:
  void add_points(coverage::Space& space);
  void bias(const CycleView& view, HitBytes& hits);
  void convert(const CycleView& view, HitBytes& hits);
  void narrowed(uint32_t x, uint64_t control, uint32_t random, HitBytes& hits);
  void seed(const CycleView& view, HitBytes& hits);

  const HwConfig config_;
  LaneField read_, bias_, biased_, random_, ctl_0_, ctl_1_, stage_valid_;
  coverage::Bins bias_case_, bias_rounding_, relu_, special_, rounding_, range_, integer_, raw_, seed_;
};

}  // namespace assay::npu
