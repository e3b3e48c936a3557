// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cosim/cli/run_options.hpp"
#include "cosim/npu/coverage/sampler.hpp"

namespace assay::cli {

/// The functional coverage of one run, when a file for it was asked for.
class RunCoverage {
 public:
  /// Watches the target's model from here on; an empty file name does nothing.
  RunCoverage(npu::NpuTarget& target, const std::string& file, const RunInput& input);
  ~RunCoverage();
  RunCoverage(const RunCoverage&) = delete;
  RunCoverage& operator=(const RunCoverage&) = delete;

  /// Stops watching and writes the file (schema assay/coverage/1). A hit of an illegal bin turns a pass into an error.
  void finish(LockstepResult& result);

 private:
  npu::NpuTarget& target_;
  std::string file_, name_, build_;
  std::unique_ptr<npu::CoverageSampler> sampler_;
};

}  // namespace assay::cli
