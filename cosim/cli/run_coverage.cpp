// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/run_coverage.hpp"

#include "cosim/cli/record.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/coverage/results.hpp"

namespace assay::cli {

RunCoverage::RunCoverage(npu::NpuTarget& target, const std::string& file, const RunInput& input)
    : target_(target), file_(file), name_(input.test + " " + input.config.name + " " + seed_text(input.seed)), build_(input.config.name) {
  if (file_.empty()) return;
  sampler_ = std::make_unique<npu::CoverageSampler>(target.model());
  sampler_->begin(input.seed);
  target_.watch(sampler_.get());
}

RunCoverage::~RunCoverage() { target_.watch(nullptr); }

void RunCoverage::finish(LockstepResult& result) {
  if (!sampler_) return;
  target_.watch(nullptr);
  coverage::Results results;
  results.add(sampler_->space(), sampler_->hits(), name_);
  results.add_build(build_);
  write_file(file_, json_text(results.json()));
  const std::string bin = sampler_->illegal_hit();
  if (bin.empty() || result.verdict != Verdict::Pass) return;
  result.verdict = Verdict::Error;
  result.reason = "illegal coverage bin hit: " + bin;
}

}  // namespace assay::cli
