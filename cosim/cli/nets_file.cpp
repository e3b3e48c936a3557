// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/nets_file.hpp"

#include <spdlog/spdlog.h>

#include <limits>

#include "cosim/cli/failure.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/temporary_folder.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/nets.hpp"

namespace assay::cli {
namespace {

npu::NetsTile traced_tile(const npu::NpuTarget& target, const RunInput& input) {
  const Waiting waiting("assay: building the RTL of " + input.config.name + " with every net traced");
  return {input.config, target.fields()};
}

/// The run again, up to the window's end.
void run_traced(npu::NetsTile& tile, npu::NpuTarget& traced, const RunInput& input, const Trace& window) {
  RunProgress progress([to = window.last()](uint64_t cycle) { return static_cast<double>(cycle) / static_cast<double>(to + 1); }, "nets");
  LockstepOptions options = options_again(input);
  options.on_progress = [&progress](uint64_t cycle) { progress.update(cycle); };
  options.max_cycles = window.last() + 1;
  options.max_mismatches = std::numeric_limits<uint64_t>::max();
  options.observe = [&](uint64_t cycle) {
    if (cycle >= window.first()) tile.dump(cycle);
  };
  traced.load(input.program, input.seed);
  run_lockstep(traced, options);
}

}  // namespace

DirectoryFiles nets_file(const npu::NpuTarget& target, const RunInput& input, const Trace& window) {
  try {
    npu::NetsTile tile = traced_tile(target, input);
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / kNetsFile;
    npu::NpuTarget traced(input.config, tile.dut(path));
    run_traced(tile, traced, input, window);
    tile.close();
    return {{kNetsFile, read_file(path)}};
  } catch (const std::runtime_error& error) {  // the rest of what explains the failure is worth more
    spdlog::warn("no {}: {}", kNetsFile, error.what());
    return {};
  }
}

}  // namespace assay::cli
