// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/bench_dpi.hpp"

#include <algorithm>

#include "cosim/cli/dpi_run.hpp"
#include "cosim/common/process.hpp"

namespace assay::cli {

npu::Speed bench_dpi(const std::string& config, uint64_t cycles, int rounds) {
  RunOptions options;
  options.test = "dense";
  options.config = config;
  options.cycles = std::to_string(cycles);
  options.path = "dpi";
  const RunInput input = prepare_run(options);
  std::vector<double> speeds;
  for (int round = 0; round < rounds; ++round) {
    const DpiRun run = run_in_bench(options, input);
    if (run.result.verdict != Verdict::Pass) throw BuildError("bench: the dense program does not pass in the SystemVerilog bench: " + run.result.reason);
    speeds.push_back(static_cast<double>(run.result.cycles) / run.cpu_seconds);
  }
  std::sort(speeds.begin(), speeds.end());
  return {speeds[speeds.size() / 2], speeds.front(), speeds.back()};
}

}  // namespace assay::cli
