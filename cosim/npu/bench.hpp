// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/common/config.hpp"

namespace assay::npu {

/// A speed in cycles per CPU second: the median of the rounds, and their extremes.
struct Speed {
  double median = 0, low = 0, high = 0;
};

struct BenchOptions {
  uint64_t cycles = 1000000;  ///< lockstep cycles per round and config, at least
  int rounds = 5;
  std::filesystem::path yardstick;  ///< folder of the yardstick's sources; empty: not run, nor any array alone of an integer config
  bool cold_build = false;          ///< build each config anew, without any cache, and time it
  std::function<void(const std::string&)> progress;
};

/// One config's figures, all from one run in which the variants alternate.
struct BenchRow {
  HwConfig config;
  uint64_t cycles = 0;     ///< per round
  double utilisation = 0;  ///< useful MACs per cycle and PE
  Speed bare, model, lockstep;
  // Ratios are medians of the rounds' own ratios: what ran next to each other is compared, not what ran minutes apart.
  double lockstep_overhead = 0, model_over_bare = 0, array_over_row_style = 0, lockstep_over_module_per_pe = 0;
  double integer_array_over_array = 0;  ///< floating point: how many times slower its array is to simulate than the integer one of its size
  double startup_ms = 0;                ///< one more vector inside the process
  std::optional<Speed> yardstick_row, yardstick_pe, array_alone, integer_array;
  std::optional<double> build_seconds;
  std::optional<long> build_peak_kb;
  long peak_kb = 0;  ///< of this process after the config
};

/// Bare RTL, model alone and lockstep on the dense program, alternating; with the yardstick's arrays and our array alone where asked.
BenchRow bench_config(const HwConfig& config, const BenchOptions& options);

}  // namespace assay::npu
