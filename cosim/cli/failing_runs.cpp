// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/failing_runs.hpp"

#include "cosim/cli/failure.hpp"
#include "cosim/cli/interrupt.hpp"

namespace assay::cli {

std::optional<Mismatch> FailingRuns::first_difference(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles) {
  target_.renew();
  target_.load(program, c.seed);
  LockstepOptions options;
  options.max_cycles = max_cycles;
  options.faults = c.faults;
  options.interrupted = [] { return interrupted(); };
  last_ = run_lockstep(target_, options);
  if (last_.mismatches.empty()) return std::nullopt;
  const Mismatch& first = last_.mismatches[0];
  if (last_.truncated && first.cycle + 1 >= max_cycles) return std::nullopt;
  return first;
}

Signature FailingRuns::signature(const npu::ShrinkCase& c, const npu::Program& program, const Mismatch& first) {
  if (!target_.has_dut()) return {coarse_signature(first), {}};
  target_.renew();
  target_.load(program, c.seed);
  LockstepOptions options;
  options.faults = c.faults;
  const TraceWindow window = trace_window(target_.config(), first.cycle);
  return signature_of(target_.config(), program, first, trace_run(target_, options, window.from, window.to));
}

std::optional<FirstFailure> FailingRuns::run(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles) {
  const auto first = first_difference(c, program, max_cycles);
  if (!first) return std::nullopt;
  return FirstFailure{*first, signature(c, program, *first)};
}

std::optional<FirstFailure> FailingRuns::run_for(const npu::ShrinkCase& c, const npu::Program& program, uint64_t max_cycles, const Signature& wanted) {
  const auto first = first_difference(c, program, max_cycles);
  if (!first || coarse_signature(*first) != wanted.coarse) return std::nullopt;
  if (wanted.fine.empty()) return FirstFailure{*first, {wanted.coarse, {}}};
  const Signature found = signature(c, program, *first);
  if (!(found == wanted)) return std::nullopt;
  return FirstFailure{*first, found};
}

}  // namespace assay::cli
