// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/wave_files.hpp"

#include <spdlog/spdlog.h>

#include <limits>

#include "cosim/cli/nets_file.hpp"
#include "cosim/cli/progress.hpp"
#include "cosim/cli/temporary_folder.hpp"
#include "cosim/cli/wave_view.hpp"
#include "cosim/common/process.hpp"
#include "cosim/waves/wave_writer.hpp"

namespace assay::cli {
namespace {

constexpr const char* kSaveFile = "waves.gtkw";
constexpr uint64_t kStretch = 256;  ///< cycles of a long run that are held at a time

/// Runs the vector again from its start to cycle `to` and hands it over in stretches, each beginning with the last cycle of the one before.
void in_stretches(npu::NpuTarget& target, const RunInput& input, uint64_t to, const std::function<void(const Trace&)>& take) {
  target.renew();
  RunProgress progress([to](uint64_t cycle) { return static_cast<double>(cycle) / static_cast<double>(to + 1); }, "waves");
  LockstepOptions options = options_again(input);
  options.on_progress = [&progress](uint64_t cycle) { progress.update(cycle); };
  options.max_cycles = to + 1;
  options.max_mismatches = std::numeric_limits<uint64_t>::max();
  Trace held(target);
  options.observe = [&](uint64_t cycle) {
    held.capture(cycle);
    if (cycle - held.first() < kStretch) return;
    take(held);
    held = Trace(target);
    held.capture(cycle);
  };
  target.load(input.program, input.seed);
  run_lockstep(target, options);
  if (!held.empty()) take(held);
}

std::string wave_file_name() { return waves::has_fst() ? "waves.fst" : "waves.vcd"; }

std::unique_ptr<waves::WaveFile> open_waves(const std::filesystem::path& path) { return waves::has_fst() ? waves::open_fst(path) : waves::open_vcd(path); }

void ask_for_view(waves::Selection& selection, const WaveView& view) {
  for (const auto* elements : {&view.first, &view.beside, &view.inputs, &view.further}) {
    for (const ElementRef& element : *elements) selection.ask_for(element);
  }
}

void write_window(const Trace& trace, const WaveView& view, waves::WaveFile& file) {
  waves::Selection selection(trace.fields());
  selection.look(trace);
  ask_for_view(selection, view);
  waves::WaveWriter writer(trace, selection, file);
  writer.write(trace);
  writer.finish();
}

/// Twice through the run: which words of the memories change must be known before the first of them is written.
void write_run(npu::NpuTarget& target, const RunInput& input, uint64_t to, const WaveView& view, waves::WaveFile& file) {
  waves::Selection selection(target.fields());
  in_stretches(target, input, to, [&](const Trace& trace) { selection.look(trace); });
  ask_for_view(selection, view);
  const Trace layout(target);
  waves::WaveWriter writer(layout, selection, file);
  in_stretches(target, input, to, [&](const Trace& trace) { writer.write(trace); });
  writer.finish();
}

/// Why a mismatch has no waves; empty when it has.
std::string reason_without(const RunOptions& options, const std::optional<Trace>& trace) {
  if (options.no_rtl) return "no RTL";
  if (options.waves == "none") return "--waves none";
  return trace ? "" : "the run did not come to its first divergence again";
}

}  // namespace

void check_waves_option(const std::string& waves) {
  if (waves == "auto" || waves == "full" || waves == "none") return;
  throw InputError("command line:1: --waves: is '" + waves + "', expected auto, full or none");
}

DirectoryFiles wave_files(npu::NpuTarget& target, const RunOptions& options, const RunInput& input, const LockstepResult& result,
                          const std::optional<Trace>& trace, Json& record) {
  const bool mismatch = !result.mismatches.empty(), full = options.waves == "full" && target.has_dut();
  if (!mismatch && !full) return {};
  const std::string reason = mismatch ? reason_without(options, trace) : "";
  if (!reason.empty()) {
    record["waves"] = nullptr;
    record["waves_reason"] = reason;
    return {};
  }
  const uint64_t to = trace ? trace->last() : result.cycles - 1;
  record["waves"] = {{"file", wave_file_name()}, {"save_file", kSaveFile}, {"from", full ? 0 : trace->first()}, {"to", to}};
  if (record["host"]["paths"]["out"].is_null()) return {};
  const WaveView view = trace ? view_of(result.mismatches[0], *trace, input.config) : view_of_pins(target, input.config);
  DirectoryFiles files;
  try {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / wave_file_name();
    const auto file = open_waves(path);
    full ? write_run(target, input, to, view, *file) : write_window(*trace, view, *file);
    files.emplace_back(wave_file_name(), read_file(path));
  } catch (const std::runtime_error& error) {  // the rest of what explains the failure is worth more than the waves
    spdlog::warn("no waves: {}", error.what());
    record["waves"] = nullptr;
    record["waves_reason"] = "the wave file could not be written";
    return {};
  }
  files.emplace_back(kSaveFile, save_file_text(view, trace ? *trace : Trace(target), wave_file_name()));
  if (full && trace && !input.recording) {
    for (auto& file : nets_file(target, input, *trace)) {
      record["waves"]["nets"] = {{"file", file.first}, {"from", trace->first()}, {"to", trace->last()}};
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace assay::cli
