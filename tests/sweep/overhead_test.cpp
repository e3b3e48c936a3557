// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <iostream>

#include "cosim/cli/sweep_vector.hpp"
#include "cosim/sweep/worker.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;

namespace {

constexpr uint64_t kVectors = 512;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Programs made, loaded and run in lockstep: nothing of a sweep.
double bare(const sweep::Plan& plan, std::vector<cli::RunInput>& inputs, std::vector<std::unique_ptr<npu::NpuTarget>>& targets) {
  const double start = cpu_seconds();
  for (uint64_t i = 0; i < kVectors; ++i) {
    const sweep::PlannedVector vector = plan.at(i);
    cli::RunInput& input = inputs[vector.which];
    cli::reseed(cli::run_options_of(plan.cases()[vector.which], vector.seed), vector.seed, input);
    targets[vector.which]->load(input.program, vector.seed);
    if (run_lockstep(*targets[vector.which], input.lockstep).verdict != Verdict::Pass) throw std::runtime_error("not a pass");
  }
  return cpu_seconds() - start;
}

double swept(const sweep::Plan& plan, cli::VectorRunner& runner) {
  const test::Folder folder;
  const sweep::ChunkFiles files(folder.path(), "run");
  std::vector<sweep::Chunk> todo;
  for (uint64_t c = 0; c < plan.chunks(0); ++c) todo.push_back({0, c});
  sweep::Board board(todo, false, {});
  const double start = cpu_seconds();
  sweep::work(plan, files, board, 0, std::nullopt, [&runner](uint64_t index, const sweep::PlannedVector& vector) { return runner.run(index, vector); });
  const double seconds = cpu_seconds() - start;
  if (board.slot(0).finished != kVectors || board.slot(0).failed != 0) throw std::runtime_error("the sweep lost vectors");
  return seconds;
}

}  // namespace

TEST_CASE("sweep: a worker takes at most 5 % more processor time than the bare lockstep loop", "[nightly]") {
  sweep::Manifest manifest;
  for (const char* config : {"int8_4x4", "int8_8x8"})
    for (const char* test : {"gemm", "stress", "reset"}) manifest.cases.push_back({test, "", config, "random", "", {}, 60, 1});
  manifest.count = kVectors;
  const sweep::Plan plan = manifest.plan();
  cli::VectorRunner runner(manifest);
  std::vector<cli::RunInput> inputs;
  std::vector<std::unique_ptr<npu::NpuTarget>> targets;
  for (const sweep::Case& one : manifest.cases) {
    inputs.push_back(cli::prepare_run(cli::run_options_of(one, 1)));
    targets.push_back(std::make_unique<npu::NpuTarget>(inputs.back().config, npu::NpuTarget::Use::Lockstep));
  }
  bare(plan, inputs, targets), swept(plan, runner);  // libraries loaded, caches warm
  std::vector<double> ratios;
  for (int i = 0; i < 9; ++i) {  // alternating, so that whatever else the machine does meets both
    const double without = bare(plan, inputs, targets), with = swept(plan, runner);
    ratios.push_back(with / without);
  }
  std::sort(ratios.begin(), ratios.end());
  std::cout << "sweep over bare lockstep, processor time: " << 100 * (ratios[4] - 1) << " % (median of 9, " << 100 * (ratios.front() - 1) << " to "
            << 100 * (ratios.back() - 1) << " %)\n";
  CHECK(ratios[4] <= 1.05);
}
