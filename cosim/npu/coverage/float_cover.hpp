// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/coverage/cover.hpp"
#include "cosim/npu/coverage/float_rounding.hpp"

namespace assay::npu {

/// Cover points on the numbers of the floating-point tile's array and accumulators. One processing element and one column are looked at in a cycle, one
/// lane of a row of weights or a beat; which, the vector's seed says.
class FloatCover {
 public:
  FloatCover(coverage::Space& space, const Tile& model);

  void begin() { loaded_ = active_ = Format::Int8; }
  /// A cycle without reset.
  void cycle(const CycleView& view, HitBytes& hits);

 private:
  void add_operands(coverage::Space& space);
  void add_array(coverage::Space& space);
  void add_accumulators(coverage::Space& space);
  void operands(const CycleView& view, HitBytes& hits);
  void element(const CycleView& view, HitBytes& hits);
  void accumulate(const CycleView& view, const TagView& tags, HitBytes& hits);
  void sum(uint32_t tag, size_t column, HitBytes& hits);
  uint32_t code(const uint8_t* beat, size_t lane, Format format) const;

  const HwConfig config_;
  const bool wide_;  ///< bf16 is among the operand formats: the whole range of FP32 can be reached
  LaneField act_, act_low_, act_valid_, weight_, weight_low_, psum_, psum_valid_, acc_old_, acc_new_, written_;
  coverage::Bins weight_class_, activation_class_, pair_, product_, pe_, fma_case_, fma_rounding_, accumulate_, sum_case_, sum_rounding_, narrow_;
  Format loaded_ = Format::Int8, active_ = Format::Int8;  ///< of the weights; int8: none yet
};

}  // namespace assay::npu
