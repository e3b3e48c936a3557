// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/window.hpp"

namespace assay::npu {

/// The best hypothesis of a family.
struct Candidate {
  Hypothesis hypothesis;
  Score score;
  uint64_t alike = 1;  ///< hypotheses of this family that fare as well
};

/// What single changes of the golden model say about a failure.
struct Diagnosis {
  std::string reason;                 ///< why there are no candidates; empty when there are
  std::vector<Candidate> candidates;  ///< best first, one of each family
  uint64_t differences = 0, equal_values = 0, causes = 0;
  uint64_t first_cycle = 0, last_cycle = 0;  ///< what was looked at
  uint64_t first_cause = 0;                  ///< cycle
  uint64_t tried = 0;
  std::vector<std::string> not_tried;  ///< families, when the time did not suffice

  /// The first candidate explains every difference and contradicts nothing.
  bool certain() const;
};

/// How far a diagnosis is: which of its three passes, and what has fared best in it.
struct DiagnosisProgress {
  enum class Pass : uint8_t {
    First,  ///< every hypothesis on the cycle of the first cause
    Steps,  ///< the promising ones on every cycle
    Runs    ///< the best of those in runs of their own
  };
  Pass pass;
  uint64_t done, all;      ///< hypotheses of this pass
  const Hypothesis* best;  ///< without its text; nullptr: none yet
  uint64_t left, causes;   ///< what it leaves unexplained or contradicts, asked in every cycle, and what no change at all leaves; of First nothing
};

struct DiagnosisOptions {
  std::function<bool()> stop = [] { return false; };                                            ///< asked now and then: no more time
  std::function<void(const DiagnosisProgress&)> on_progress = [](const DiagnosisProgress&) {};  ///< told as often, in the searching thread
};

/// Tries every single change. Deterministic unless stopped.
Diagnosis diagnose(const HwConfig& hw, const Trace& trace, const DiagnosisOptions& options = {});

}  // namespace assay::npu
