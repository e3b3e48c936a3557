// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/bench.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <ctime>

#include "cosim/common/process.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/bench_arrays.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::npu {
namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

using Samples = std::vector<double>;

Speed speed_of(Samples samples) {
  std::sort(samples.begin(), samples.end());
  return {samples[samples.size() / 2], samples.front(), samples.back()};
}

double median_ratio(const Samples& over, const Samples& under) {
  Samples ratios;
  for (size_t i = 0; i < over.size(); ++i) ratios.push_back(over[i] / under[i]);
  return speed_of(std::move(ratios)).median;
}

/// Cycles of one pass of the loaded program with only one side clocked.
template <class Clock>
uint64_t run_alone(NpuTarget& target, Clock clock) {
  target.begin();
  uint64_t cycle = 0;
  while (target.drive(cycle) == Target::Drive::Running) {
    clock();
    ++cycle;
  }
  return cycle + 1;
}

template <class Pass>
double cycles_per_second(uint64_t least, Pass pass) {
  uint64_t cycles = 0;
  const double start = cpu_seconds();
  while (cycles < least) cycles += pass();
  return static_cast<double>(cycles) / (cpu_seconds() - start);
}

double startup_milliseconds(const HwConfig& config, NpuTarget& target) {
  const Program tiny = make_minimal_test(config);
  target.load(tiny, 1);
  constexpr int kVectors = 200;
  const double start = cpu_seconds();
  for (int i = 0; i < kVectors; ++i) {
    LockstepOptions options;
    options.max_cycles = 1;
    run_lockstep(target, options);
  }
  return (cpu_seconds() - start) / kVectors * 1e3;
}

void build_cold(const HwConfig& config, BenchRow& row) {
  const std::filesystem::path fresh = std::filesystem::temp_directory_path() / ("assay-bench-" + std::to_string(getpid()));
  setenv("ASSAY_CACHE_DIR", fresh.c_str(), 1);
  setenv("CCACHE_DISABLE", "1", 1);
  const Tile model(config);
  const BuildInfo info = build_tile(config, model.fields());
  unsetenv("CCACHE_DISABLE");
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);  // the largest of all children so far
  row.build_seconds = info.verilate_seconds + info.compile_seconds;
  row.build_peak_kb = usage.ru_maxrss;
}

}  // namespace

BenchRow bench_config(const HwConfig& config, const BenchOptions& options) {
  const auto say = [&](const std::string& what) {
    if (options.progress) options.progress(config.name + ": " + what);
  };
  BenchRow row;
  row.config = config;
  if (options.cold_build) {
    say("cold build");
    build_cold(config, row);
  }
  say("preparing");
  const Program program = make_dense(config, static_cast<int64_t>(std::min<uint64_t>(options.cycles, 100000)));
  NpuTarget both(config, NpuTarget::Use::Lockstep);
  NpuTarget bare(config, NpuTarget::Use::RtlOnly);
  NpuTarget model(config, NpuTarget::Use::ModelOnly);
  for (NpuTarget* target : {&both, &bare, &model}) target->load(program, 1);
  std::optional<ArrayBench> arrays;
  if (config.floating() || !options.yardstick.empty()) arrays.emplace(config, options.yardstick, say);
  Samples s_bare, s_model, s_lock, s_row, s_pe, s_array, s_integer;
  for (int round = 0; round < options.rounds; ++round) {
    say("round " + std::to_string(round + 1) + " of " + std::to_string(options.rounds));
    s_bare.push_back(cycles_per_second(options.cycles, [&] { return run_alone(bare, [&] { bare.clock_dut(); }); }));
    s_model.push_back(cycles_per_second(options.cycles, [&] { return run_alone(model, [&] { model.clock_reference(); }); }));
    s_lock.push_back(cycles_per_second(options.cycles, [&] {
      const LockstepResult result = run_lockstep(both, {});
      if (result.verdict != Verdict::Pass) throw BuildError("bench: the dense program does not pass: " + result.reason);
      row.cycles = result.cycles;
      return result.cycles;
    }));
    if (arrays) s_array.push_back(arrays->array_alone());
    if (arrays && config.floating()) s_integer.push_back(arrays->integer_array());
    if (arrays && !config.floating()) {
      s_row.push_back(arrays->yardstick_row());
      s_pe.push_back(arrays->yardstick_pe());
    }
  }
  row.bare = speed_of(s_bare);
  row.model = speed_of(s_model);
  row.lockstep = speed_of(s_lock);
  row.lockstep_overhead = median_ratio(s_bare, s_lock) - 1;
  row.model_over_bare = median_ratio(s_model, s_bare);
  if (arrays) row.array_alone = speed_of(s_array);
  if (!s_integer.empty()) {
    row.integer_array = speed_of(s_integer);
    row.integer_array_over_array = median_ratio(s_integer, s_array);
  }
  if (!s_row.empty()) {
    row.yardstick_row = speed_of(s_row);
    row.yardstick_pe = speed_of(s_pe);
    row.array_over_row_style = median_ratio(s_array, s_row);
    row.lockstep_over_module_per_pe = median_ratio(s_lock, s_pe);
  }
  row.utilisation = static_cast<double>(program.macs) / (static_cast<double>(row.cycles) * config.rows * config.cols);
  row.startup_ms = startup_milliseconds(config, both);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  row.peak_kb = usage.ru_maxrss;
  return row;
}

}  // namespace assay::npu
