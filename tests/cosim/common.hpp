// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/vector.hpp"
#include "tests/catch.hpp"

namespace assay::test {

inline HwConfig config_named(const std::string& name) { return load_config(std::string(ASSAY_PROJECT_DIR) + "/rtl/configs/" + name + ".yaml"); }

inline npu::LoadOptions load_options(uint64_t seed = 1) {
  npu::LoadOptions options;
  options.seed = seed;
  options.project_root = ASSAY_PROJECT_DIR;
  const char* data = std::getenv("ASSAY_DATA");
  options.data_root = data != nullptr ? data : std::string(ASSAY_PROJECT_DIR) + "/../shared/data";
  return options;
}

/// One target per config for the life of the process: several configs live side by side.
inline npu::NpuTarget& target_for(const std::string& name) {
  static std::map<std::string, std::unique_ptr<npu::NpuTarget>> targets;
  auto& slot = targets[name];
  if (!slot) slot = std::make_unique<npu::NpuTarget>(config_named(name), npu::NpuTarget::Use::Lockstep);
  return *slot;
}

inline LockstepResult run(npu::NpuTarget& target, const npu::Program& program, uint64_t seed = 1, const LockstepOptions& options = {}) {
  target.load(program, seed);
  return run_lockstep(target, options);
}

/// What a failed run says, for INFO.
inline std::string describe(const LockstepResult& result) {
  std::string text = std::string(verdict_name(result.verdict)) + " after " + std::to_string(result.cycles) + " cycles: " + result.reason;
  for (const Mismatch& m : result.mismatches) {
    text += "\n  " + m.kind + " cycle " + std::to_string(m.cycle) + " " + m.block + "." + m.field;
    for (int64_t i : m.index) text += "[" + std::to_string(i) + "]";
    text += " rtl " + m.rtl + " model " + m.model;
  }
  return text;
}

inline void check_pass(const LockstepResult& result) {
  INFO(describe(result));
  REQUIRE(result.verdict == Verdict::Pass);
  for (const ClassCount& count : result.counts) REQUIRE(count.done > 0);
}

/// A named test must pass; one whose data are not there is skipped with a warning.
inline void run_named(const std::string& test, const std::string& config, uint64_t seed = 1) {
  INFO(test << " on " << config << " seed " << seed);
  try {
    const npu::Program program = npu::make_test(test, config_named(config), load_options(seed));
    check_pass(run(target_for(config), program, seed));
  } catch (const npu::DataMissing& missing) {
    WARN("skipped: " << missing.what());
  }
}

/// Random programs on a shipped config for about so many cycles, every fourth with resets, every second with stalls.
inline void soak(const std::string& config, uint64_t cycles, uint64_t first_seed) {
  npu::NpuTarget& target = target_for(config);
  uint64_t done = 0;
  for (uint64_t seed = first_seed; done < cycles; ++seed) {
    INFO("soak of " << config << " seed " << seed);
    npu::Program program = seed % 4 == 3 ? npu::make_reset_test(target.config(), seed) : npu::make_random_program(target.config(), seed, 600);
    if (seed % 2 == 0) program.stall = npu::parse_stall("random", seed);
    const LockstepResult result = run(target, program, seed);
    INFO(describe(result));
    REQUIRE(result.verdict == Verdict::Pass);
    done += result.cycles;
  }
}

}  // namespace assay::test
