// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cosim/cli/dpi_run.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::test {

/// Runs the same options in place and through the SystemVerilog bench. RTL is loaded once per config.
class BothPaths {
 public:
  struct Bits {
    std::string in_place, dpi;  ///< the record without `host`, as text
    Verdict verdict = Verdict::Error;
  };

  Bits run(cli::RunOptions options) {
    Bits bits;
    cli::RunInput input = cli::prepare_run(options);
    auto& target = targets_[options.config];
    if (!target) target = std::make_unique<npu::NpuTarget>(input.config, npu::NpuTarget::Use::Lockstep);
    target->renew();
    target->load(input.program, input.seed);
    const LockstepResult result = run_lockstep(*target, input.lockstep);
    bits.verdict = result.verdict;
    bits.in_place = cli::make_bits({options, input, *target, result, 0, 0}).dump(1);
    options.path = "dpi";
    const cli::DpiRun run = cli::run_in_bench(options, input);
    bits.dpi = cli::make_bits({options, input, *run.target, run.result, 0, 0}).dump(1);
    return bits;
  }

  const std::vector<Field>& fields(const std::string& config) {
    auto& model = models_[config];
    if (!model) model = std::make_unique<Tile>(load_config(cli::config_file(config)));
    return model->fields();
  }

 private:
  std::map<std::string, std::unique_ptr<npu::NpuTarget>> targets_;
  std::map<std::string, std::unique_ptr<Tile>> models_;
};

}  // namespace assay::test
