// SPDX-License-Identifier: Apache-2.0
// Runs a test of the built-in target on the model alone through the lockstep engine.
#include <cstdio>

#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/vector.hpp"

int main(int, char** argv) {
  const assay::HwConfig config = assay::load_config(argv[1]);
  assay::npu::LoadOptions load;
  load.project_root = argv[2];
  const assay::npu::Program program = assay::npu::make_test("gemm", config, load);
  assay::npu::NpuTarget target(config, assay::npu::NpuTarget::Use::ModelOnly);
  target.load(program, 1);
  const assay::LockstepResult result = assay::run_lockstep(target, {});
  std::printf("%s after %llu cycles, %zu fields\n", assay::verdict_name(result.verdict), static_cast<unsigned long long>(result.cycles),
              target.fields().size());
  return result.verdict == assay::Verdict::Pass ? 0 : 1;
}
