// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_live.hpp"

#include <algorithm>
#include <cstdio>

#include "cosim/cli/progress.hpp"
#include "cosim/cli/text.hpp"

namespace assay::cli {
namespace {

constexpr double kRedraw = 0.2, kLineEvery = 30;  // seconds

}  // namespace

std::string sweep_line(const sweep::Live& live, uint64_t planned, double seconds, uint64_t buckets, double covered) {
  double part = 0;
  if (planned > 0) part = static_cast<double>(live.finished) / static_cast<double>(planned);
  if (seconds > 0) part = std::max(part, live.seconds / seconds);
  const double rate = live.seconds > 0 ? static_cast<double>(live.finished) / live.seconds : 0;
  std::string line = grouped(live.finished) + (planned > 0 ? " of " + grouped(planned) : "") + " vectors";
  line += ", " + grouped(live.failed) + " failed";
  if (live.failed > 0) line += " of " + grouped(buckets) + (buckets == 1 ? " kind" : " kinds");
  line += ", " + grouped(static_cast<uint64_t>(rate)) + " vectors/s, " + grouped(live.cycles) + " cycles";
  if (covered >= 0) line += ", " + fixed(covered, 1) + " % of bins";
  if (part > 0.001 && part < 1) line += ", " + duration_text(live.seconds / part - live.seconds) + " left";
  return line;
}

SweepProgress::SweepProgress(uint64_t planned, double seconds) : planned_(planned), seconds_(seconds), terminal_(progress_on_terminal()) {}

SweepProgress::~SweepProgress() {
  if (shown_ && terminal_) std::fputs("\r\x1b[K", stderr);
}

void SweepProgress::update(const sweep::Live& live, uint64_t buckets, double covered) {
  if (live.seconds - last_ < (terminal_ ? kRedraw : kLineEvery)) return;
  last_ = live.seconds;
  shown_ = true;
  std::fprintf(stderr, terminal_ ? "\r\x1b[K%s" : "%s\n", sweep_line(live, planned_, seconds_, buckets, covered).c_str());
  std::fflush(stderr);
}

}  // namespace assay::cli
