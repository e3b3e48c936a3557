// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/diagnosis_progress.hpp"

#include <cstdio>

#include "cosim/cli/progress.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr double kLineAfter = 2, kLineEvery = 30;  // seconds

}  // namespace

std::string diagnosis_progress_text(const npu::DiagnosisProgress& progress, double seconds, double limit) {
  std::string text = "diagnosis, pass " + std::to_string(static_cast<int>(progress.pass) + 1) + " of 3: " + grouped(progress.done) + " of " +
                     grouped(progress.all) + " hypotheses, " + duration_text(seconds) + " of at most " + duration_text(limit);
  if (progress.pass == npu::DiagnosisProgress::Pass::First) return text;
  if (progress.best == nullptr) return text + "; none explains anything so far";
  return text + "; best so far " + progress.best->kind + ", leaves " + grouped(progress.left) + " of " + grouped(progress.causes) + " causes";
}

DiagnosisProgressLine::DiagnosisProgressLine(double limit) : limit_(limit), terminal_(progress_on_terminal()) {}

DiagnosisProgressLine::~DiagnosisProgressLine() {
  if (shown_ && terminal_) std::fputs("\r\x1b[K", stderr);
}

void DiagnosisProgressLine::update(const npu::DiagnosisProgress& progress) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (seconds < (terminal_ ? kLineAfter : kLineEvery)) return;
  if (shown_ && seconds - last_ < (terminal_ ? 0.1 : kLineEvery)) return;
  last_ = seconds;
  shown_ = true;
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", diagnosis_progress_text(progress, seconds, limit_).c_str());
  std::fflush(stderr);
}

}  // namespace assay::cli
