// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/coverage/cover.hpp"

namespace assay::npu {

/// Cover points on the numbers of the integer tile. Of the array one processing element and one column are looked at in a cycle, of the activation unit
/// one lane of each beat; which, the vector's seed says.
class IntegerCover {
 public:
  IntegerCover(coverage::Space& space, const Tile& model);

  /// A cycle without reset.
  void cycle(const CycleView& view, HitBytes& hits);

 private:
  void add_array(coverage::Space& space);
  void add_activation(coverage::Space& space);
  void element(const CycleView& view, const TagView& tags, HitBytes& hits);
  void accumulate(const CycleView& view, const TagView& tags, HitBytes& hits);
  void lane(const CycleView& view, HitBytes& hits);
  void requantise(int32_t biased, const Command& mode, size_t lane, HitBytes& hits);
  bool written(size_t column, uint32_t entry) const { return written_.get(column, entry) != 0; }

  const HwConfig config_;
  LaneField act_, act_high_, weight_, weight_high_, acc_old_, acc_new_, written_, read_, bias_, multiplier_, shift_, ctl_, stage_valid_, table_written_;
  coverage::Bins product_, accumulate_, sum_, bias_sum_, parameters_, double_, single_, saturate_, zero_point_, clamp_, table_, raw_;
};

}  // namespace assay::npu
