// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "cosim/cli/run_options.hpp"
#include "cosim/npu/coverage/sampler.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/sweep/manifest.hpp"
#include "cosim/sweep/supervisor.hpp"
#include "cosim/sweep/worker.hpp"

namespace assay::cli {

/// Runs the vectors of a sweep one after the other in this process: a config's RTL library is loaded once, a vector's bits are those of `assay run`.
class VectorRunner {
 public:
  explicit VectorRunner(const sweep::Manifest& manifest) : manifest_(manifest) {}

  sweep::VectorResult run(uint64_t index, const sweep::PlannedVector& vector);

 private:
  struct Prepared {
    RunOptions options;
    RunInput input;
    npu::NpuTarget* target = nullptr;
    npu::CoverageSampler* sampler = nullptr;  ///< of the target, null: coverage is off
  };

  Prepared& prepared(const sweep::PlannedVector& vector);
  bool samples(const std::string& config) const;
  LockstepResult covered_run(Prepared& now, uint64_t seed);
  Json lockstep(const sweep::PlannedVector& vector, uint64_t& cycles);

  const sweep::Manifest& manifest_;
  std::map<uint32_t, Prepared> cases_;
  std::map<std::string, std::unique_ptr<npu::NpuTarget>> targets_;         ///< by hash of the config
  std::map<std::string, std::unique_ptr<npu::CoverageSampler>> samplers_;  ///< beside them
};

/// A case with this seed as `assay run` takes it.
RunOptions run_options_of(const sweep::Case& one, uint64_t seed);

/// The line that runs a vector of a sweep alone.
std::string reproduce_of(const sweep::Case& one, uint64_t seed);

/// The result of a vector that took its worker with it.
std::string lost_line(const sweep::Manifest& manifest, uint64_t index, const sweep::PlannedVector& vector, const sweep::Loss& loss);

}  // namespace assay::cli
