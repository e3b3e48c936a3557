// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "cosim/npu/diagnosis/hypothesis.hpp"
#include "cosim/npu/diagnosis/rule_tile.hpp"

namespace assay::npu {

/// An element that is not what it should be.
struct Deviation {
  uint32_t cycle;  ///< from the window's start
  uint32_t field;
  uint32_t element;
  friend bool operator==(const Deviation&, const Deviation&) = default;
  friend auto operator<=>(const Deviation&, const Deviation&) = default;
};

/// How a hypothesis fares.
struct Score {
  /// Run freely from the first cycle that is kept, on the pins that the RTL saw: of the elements that differ between RTL and model those that come out
  /// as the RTL's, and of those that are equal those that come out otherwise.
  uint64_t explained = 0, contradicted = 0;
  /// Asked in every cycle for the next one, from the RTL's own registers: elements in which the RTL still leaves its rules, and those of them in which
  /// the RTL without the change follows them.
  uint64_t unexplained_steps = 0, contradicted_steps = 0;
  uint64_t step_residual() const { return unexplained_steps + contradicted_steps; }
};

/// Both sides of a failure as the tile of rules sees them: states of the RTL, what the rules make of each, what the two sides have different.
class Window {
 public:
  /// As many cycles of the trace as fit into the memory limit, from before its first difference on. The trace must outlive the window.
  Window(const HwConfig& hw, const Trace& trace, size_t memory_limit = size_t{512} << 20);

  const StateLayout& layout() const { return layout_; }
  const HwConfig& config() const { return hw_; }
  uint64_t first_cycle() const { return first_; }
  uint64_t last_cycle() const { return cycle_of(rtl_.size() - 1); }

  /// Elements that differ between RTL and model, and elements that have a value and are equal, over all cycles.
  uint64_t differences() const { return differences_.size(); }
  uint64_t equal_values() const { return equal_values_; }
  /// Where the RTL's own step is not what the rules make of its registers: causes, not consequences.
  const std::vector<Deviation>& causes() const { return causes_; }
  Evidence evidence() const;

  /// Elements of the first cause's cycle that the change makes right, less those that it makes wrong; very small when it makes none right.
  int first_gain(const Change& change);
  /// Every cycle's step; gives up once more than `limit` elements are wrong.
  void score_steps(const Change& change, uint64_t limit, Score& score);
  /// A run of its own.
  void score_run(const Change& change, Score& score);

 private:
  /// The cycle of a state; a state before cycle 0 stands for the reset that lies there.
  uint64_t cycle_of(size_t i) const { return first_ + i - (starts_in_reset_ ? 1 : 0); }
  void find_differences();
  void find_causes();
  StepView view(size_t i) const;
  template <class Wrong>
  void compare(const TileState& got, const TileState& want, const TileState& definer, Wrong wrong) const;
  TileState model_state(size_t i) const;

  HwConfig hw_;
  const Trace* trace_;
  StateLayout layout_;
  RuleTile tile_;
  uint64_t first_ = 0;
  bool starts_in_reset_ = false;
  std::vector<TileState> rtl_, ruled_;  ///< ruled_[i]: what the rules make of rtl_[i − 1]; ruled_[0] is rtl_[0]
  std::vector<Conditions> conditions_;
  std::vector<TilePins> pins_;
  std::vector<Deviation> differences_, causes_;
  std::vector<size_t> cause_end_, difference_end_;  ///< of each cycle, into causes_ and differences_
  uint64_t equal_values_ = 0;
  TileState scratch_, early_, ruled_scratch_;
};

}  // namespace assay::npu
