// SPDX-License-Identifier: Apache-2.0
// How soon does a sweep find what is wrong with the RTL under ${ASSAY_ROOT}? sweep_probe SECONDS SUITE…: runs the vectors of each suite in the sweep's order,
// without end, until the first one that does not pass or until so many CPU-seconds are spent (making of programs and simulation; the DUT's build is another
// process and not counted). One JSON line with an entry per suite.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>

#include "cosim/cli/run_options.hpp"
#include "cosim/cli/sweep_plan.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/common/json.hpp"
#include "cosim/engine/lockstep.hpp"

using namespace assay;

namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The target of a config; building or loading it costs nothing here, since whoever asks for the clock asks after this.
npu::NpuTarget& target_of(const HwConfig& config) {
  static std::map<std::string, std::unique_ptr<npu::NpuTarget>> targets;
  auto& slot = targets[config_hash(config)];
  if (!slot) slot = std::make_unique<npu::NpuTarget>(config, npu::NpuTarget::Use::Lockstep);
  return *slot;
}

Json probe(const std::string& suite, double limit) {
  const sweep::Manifest manifest = [&] {
    sweep::Manifest out = cli::make_manifest(suite);
    out.endless = true;
    return out;
  }();
  const sweep::Plan plan = manifest.plan();
  for (const sweep::Case& one : manifest.cases) target_of(load_config(cli::config_file(one.config)));
  const double start = cpu_seconds();
  uint64_t vectors = 0, cycles = 0, commands = 0;
  Json out{{"found", false}};
  while (!out["found"] && cpu_seconds() - start < limit && vectors < plan.size()) {
    const sweep::PlannedVector vector = plan.at(vectors);
    const sweep::Case& one = manifest.cases[vector.which];
    const cli::RunInput input = cli::prepare_run(cli::run_options_of(one, vector.seed));
    npu::NpuTarget& target = target_of(input.config);
    target.load(input.program, vector.seed);
    LockstepOptions options;
    options.timeout_seconds = 600;
    options.max_cycles = 5000000;
    const LockstepResult result = run_lockstep(target, options);
    ++vectors;
    cycles += result.cycles;
    for (const npu::Phase& phase : input.program.phases) commands += phase.commands.size();
    if (result.verdict == Verdict::Pass) continue;
    out["found"] = true;
    out["test"] = one.test;
    out["seed"] = vector.seed;
    out["verdict"] = verdict_name(result.verdict);
    out["first"] = result.mismatches.empty() ? result.reason : result.mismatches[0].block + "." + result.mismatches[0].field;
  }
  out["vectors"] = vectors;
  out["commands"] = commands;
  out["cycles"] = cycles;
  out["cpu_seconds"] = cpu_seconds() - start;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) throw InputError("usage: sweep_probe SECONDS SUITE...");
    const double limit = std::strtod(argv[1], nullptr);
    Json out = Json::array();
    for (int i = 2; i < argc; ++i) out.push_back(probe(argv[i], limit));
    std::puts(out.dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sweep_probe: %s\n", error.what());
    return 2;
  }
}
