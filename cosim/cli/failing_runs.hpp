// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "cosim/cli/signature.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/shrink.hpp"

namespace assay::cli {

/// How a run fails: its first difference and what it has in common with other failures.
struct FirstFailure {
  Mismatch first;
  Signature signature;
};

/// Many short runs on one RTL, each on a fresh instance of it, that stop at their first difference.
class FailingRuns {
 public:
  explicit FailingRuns(npu::NpuTarget& target) : target_(target) {}

  /// The first failure within `max_cycles` (0: no limit), nothing when there is none. A difference that only the look at every memory
  /// at the limit itself shows does not count.
  std::optional<FirstFailure> run(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles);

  /// The same, when its signature is the wanted one; of the fine one only where there is one.
  std::optional<FirstFailure> run_for(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles, const Signature& wanted);

  /// How the last run ended.
  const LockstepResult& last() const { return last_; }

 private:
  std::optional<Mismatch> first_difference(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles);
  Signature signature(const npu::ShrinkCase& c, const npu::Program& program, const Mismatch& first);

  npu::NpuTarget& target_;
  LockstepResult last_;
};

}  // namespace assay::cli
