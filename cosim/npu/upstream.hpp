// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cosim/engine/element.hpp"
#include "cosim/engine/trace.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

/// What an element of the field table takes its value from, by the rules of the spec: data first, then what decides whether and where it is loaded.
/// A register reads the cycle before the one in which it shows its value; an output pin reads its own cycle.
struct Sources {
  std::vector<ElementRef> elements;  ///< without the element itself
  std::vector<std::string> pins;     ///< input pins; the reset is not named, it acts on everything
};

/// The rules of a config's field table, read once.
class Upstream {
 public:
  Upstream(const HwConfig& config, const std::vector<Field>& fields);

  /// `count` bits, 64 at most, of an element from bit `low` on, in the cycle that the rule reads.
  using Values = std::function<uint64_t(const ElementRef& element, int low, int count)>;

  /// The element's sources. With values also those that are found through an address or an opcode: a FIFO's head, the accumulator entry
  /// that is read, the conditions of the command that is looked at. Without them a rule names its addresses and counts only.
  Sources of(const ElementRef& element, const Values& values = {}) const;

  /// The sources of the value that the element shows in `cycle`; where the sides go different ways, those of both.
  /// In the first cycle that the trace holds: those that need no values.
  Sources of(const Trace& trace, uint64_t cycle, const ElementRef& element) const;

  const HwConfig& config() const { return config_; }
  const std::vector<Field>& fields() const { return fields_; }
  /// The field of this name (names are unique across the blocks), or fields().size().
  size_t field(const std::string& name) const;

 private:
  HwConfig config_;
  std::vector<Field> fields_;
  std::map<std::string, size_t> by_name_;
};

}  // namespace assay::npu
