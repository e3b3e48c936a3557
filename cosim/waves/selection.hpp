// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "cosim/engine/element.hpp"
#include "cosim/engine/trace.hpp"

namespace assay::waves {

/// Which elements get signals: every one, but of memories and of what stands beside them word by word only those that change, differ or are asked for.
class Selection {
 public:
  explicit Selection(const std::vector<Field>& fields);

  /// Takes in what changes or differs in a stretch of the run. Of several each begins with the last cycle of the one before.
  void look(const Trace& trace);
  void ask_for(const ElementRef& element);

  /// Places of a field that get signals, in the order of the table.
  std::vector<ElementPlace> places(size_t field) const;
  /// The field's elements are chosen one by one.
  bool sparse(size_t field) const { return !shown_[field].empty(); }

 private:
  void look_at_part(const Trace& trace, size_t field, size_t part);

  std::vector<Field> fields_;
  std::vector<std::vector<std::vector<bool>>> shown_;  ///< [field][part][element]; a field without parts is shown whole
};

}  // namespace assay::waves
