// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "cosim/sweep/supervisor.hpp"

namespace assay::cli {

/// How far a sweep is, on stderr: one live line on a terminal, a plain line every 30 s elsewhere.
class SweepProgress {
 public:
  /// `planned`: vectors still to run, 0 when only `seconds` (0: none) end the sweep.
  SweepProgress(uint64_t planned, double seconds);
  ~SweepProgress();
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  /// `covered`: per cent of the coverage bins hit in sealed chunks, below 0: none sampled.
  void update(const sweep::Live& live, uint64_t buckets, double covered);

 private:
  uint64_t planned_;
  double seconds_;
  bool terminal_, shown_ = false;
  double last_ = 0;
};

/// The line itself: done, failed, kinds of failure, vectors a second, time left.
std::string sweep_line(const sweep::Live& live, uint64_t planned, double seconds, uint64_t buckets, double covered);

}  // namespace assay::cli
