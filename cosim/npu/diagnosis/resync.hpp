// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cosim/engine/element.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::npu {

/// An element in which the RTL itself left the rules: it is not what they make of the RTL's own registers of the cycle before. What a wrong value leads to
/// follows the rules and is none.
struct Cause {
  ElementRef element;
  uint64_t first = 0, last = 0;  ///< cycles
  uint64_t cycles = 0;           ///< how many
  std::string rtl, rules;        ///< hex, in the first of them
};

struct Causes {
  uint64_t from = 0, to = 0;  ///< cycles looked at
  std::vector<Cause> causes;  ///< by first cycle, then in table order
  bool stopped = false;       ///< there are more: the run was not looked at to its end
};

/// Runs the target's vector again and from `first` on asks in every cycle what the rules of the specification make of the RTL's state, as if the model took
/// over every value of the RTL. Stops at the cycle that would make more than `most` causes. The target must be one with a DUT and loaded.
Causes find_causes(NpuTarget& target, LockstepOptions options, uint64_t first, size_t most);

}  // namespace assay::npu
