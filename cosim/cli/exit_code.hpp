// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::cli {

/// What the command tells its caller. Of several at once the one that `worse` picks counts.
enum ExitCode : int {
  kPass = 0,
  kMismatch = 1,
  kUsage = 2,         ///< usage or configuration
  kBuild = 3,         ///< build or infrastructure
  kInconclusive = 4,  ///< timeout, incomplete or inconclusive
  kGate = 5,          ///< a gate of the suite not met
  kNothing = 6,       ///< nothing selected
  kRetry = 75,        ///< infrastructure: the same command later goes on
  kInterrupted = 130,
};

/// 130 > 75 > 2 > 3 > 1 > 4 > 5 > 6 > 0.
constexpr int worse(int a, int b) {
  for (int code : {kInterrupted, kRetry, kUsage, kBuild, kMismatch, kInconclusive, kGate, kNothing}) {
    if (a == code || b == code) return code;
  }
  return kPass;
}

}  // namespace assay::cli
