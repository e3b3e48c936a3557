// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "cosim/dpi/checker.hpp"
#include "cosim/npu/program.hpp"

namespace assay::dpi {

/// What a SystemVerilog bench is to run, as one JSON file (schema assay/dpi-run/1).
struct BenchOrder {
  std::string config, vector, test;  ///< config file; vector file, or empty and the name of a test
  uint64_t seed = 1;
  std::string stall;  ///< empty: as the vector says
  uint64_t max_cycles = 0, max_mismatches = 16;
  double timeout = 0;
  std::vector<std::string> faults;
  std::string result;  ///< file to leave the outcome in
};
std::string order_text(const BenchOrder& order);
/// Throws InputError.
BenchOrder read_order(const std::filesystem::path& file);

/// What came of it (schema assay/dpi-result/1).
struct BenchOutcome {
  std::string error;  ///< of the harness; empty when there is a result
  LockstepResult result;
  std::vector<std::vector<int32_t>> results;  ///< of the driver, per job
  uint64_t beats = 0;
  std::vector<uint8_t> observed;  ///< the last struct
  double seconds = 0;             ///< from the first cycle to the verdict
  double cpu_seconds = 0;         ///< the same, of the processor
};
std::string outcome_text(const BenchOutcome& outcome);
BenchOutcome read_outcome(const std::filesystem::path& file);

/// The stimulus of one run in a simulator: the same driver as in place, faults deposited in the RTL.
class BenchRun {
 public:
  /// Loads what the order names and makes the checker play it. Throws InputError.
  BenchRun(const BenchOrder& order, const HwConfig& config, Checker& checker);

  /// `tile`: full name of the npu_tile instance.
  void fill(const std::string& tile);
  void deposit();
  bool deposit_due(uint64_t cycle) const;

  struct Pins {
    int outputs;
    const uint32_t* out_data;
    int64_t rsp_data;
  };
  /// False: the run has ended.
  bool drive(const Pins& outputs);
  int driven_pins();
  void write_outcome(const LockstepResult& result);
  void write_error(const std::string& error);

 private:
  BenchOrder order_;
  const HwConfig& config_;
  Checker& checker_;
  npu::Program program_;
  LockstepOptions lockstep_;
  std::string tile_;
  static constexpr size_t kFlags = 6;        ///< output pins of one bit
  std::array<void*, kFlags + 2> outputs_{};  ///< in the observed state
  uint64_t next_cycle_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::clock_t cpu_start_ = std::clock();
};

}  // namespace assay::dpi
