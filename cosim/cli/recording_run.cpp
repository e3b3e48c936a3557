// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/recording_run.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <limits>

#include "cosim/cli/check.hpp"
#include "cosim/cli/failure.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/engine/recording_target.hpp"

namespace assay::cli {
namespace {

LockstepResult record(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepOptions& lockstep) {
  RecordingTarget recording(target, options.record, recording_header(options, input), input_files(input, "as recorded in a run"));
  LockstepResult result = run_lockstep(recording, lockstep);
  recording.finish();
  return result;
}

void tell(const RunOptions& options, uint64_t cycles) {
  spdlog::info("{} cycles recorded in {}, {:.1f} MB", grouped(cycles), options.record, static_cast<double>(std::filesystem::file_size(options.record)) / 1e6);
}

}  // namespace

LockstepResult run_recording(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepOptions& lockstep) {
  if (options.record.empty()) return run_lockstep(target, lockstep);
  LockstepResult result = record(target, options, input, lockstep);
  tell(options, result.cycles);
  return result;
}

void extend_recording(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepResult& result, const Trace& window) {
  if (options.record.empty() || (window.last() < result.cycles && !options.resync)) return;
  LockstepOptions lockstep = options_again(input);
  if (!options.resync) lockstep.max_cycles = window.last() + 1;  // else to the end, where causes may be
  lockstep.max_mismatches = std::numeric_limits<uint64_t>::max();
  lockstep.observe = [](uint64_t) {};  // nothing is judged again
  target.renew();
  target.load(input.program, input.seed);
  tell(options, record(target, options, input, lockstep).cycles);
}

}  // namespace assay::cli
