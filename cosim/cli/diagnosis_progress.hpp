// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "cosim/npu/diagnosis/diagnose.hpp"

namespace assay::cli {

/// How far a diagnosis is, on stderr: a line that changes on a terminal once two seconds have passed, else a plain line every 30 s.
class DiagnosisProgressLine {
 public:
  /// `limit`: seconds after which the diagnosis ends by itself.
  explicit DiagnosisProgressLine(double limit);
  ~DiagnosisProgressLine();
  DiagnosisProgressLine(const DiagnosisProgressLine&) = delete;
  DiagnosisProgressLine& operator=(const DiagnosisProgressLine&) = delete;

  void update(const npu::DiagnosisProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  double limit_;
  bool terminal_, shown_ = false;
  Clock::time_point start_ = Clock::now();
  double last_ = 0;
};

/// "diagnosis, pass 2 of 3: 120 of 400 hypotheses, 3 s of at most 30 s; best so far forward.none, leaves 12 of 340 causes".
std::string diagnosis_progress_text(const npu::DiagnosisProgress& progress, double seconds, double limit);

}  // namespace assay::cli
