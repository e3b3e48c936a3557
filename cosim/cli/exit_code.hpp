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
  kNothing = 6,       ///< nothing selected
  kInterrupted = 130,
};

/// 130 > 2 > 3 > 1 > 4 > 6 > 0.
constexpr int worse(int a, int b) {
  for (int code : {kInterrupted, kUsage, kBuild, kMismatch, kInconclusive, kNothing}) {
    if (a == code || b == code) return code;
  }
  return kPass;
}

}  // namespace assay::cli
