// SPDX-License-Identifier: Apache-2.0
#include "cosim/dpi/checker.hpp"

#include <utility>

#include "cosim/common/process.hpp"
#include "cosim/dpi/observation_source.hpp"
#include "model/common/assert.hpp"

namespace assay::dpi {

ObservedTarget::ObservedTarget(const HwConfig& config, ObservedState& state) : NpuTarget(config, state.as_dut()), state_(state) {}

void ObservedTarget::play(const npu::Program& program, uint64_t seed) {
  plays_ = true;
  load(program, seed);
}

void ObservedTarget::adopt(npu::BuildInfo build, std::vector<std::vector<int32_t>> results, uint64_t beats) {
  begin();
  build_ = std::move(build);
  driver_->adopt(std::move(results), beats);
}

void ObservedTarget::begin() {
  if (!plays_) load(nothing_, 0);
  NpuTarget::begin();
}

Target::Drive ObservedTarget::drive(uint64_t cycle) {
  if (plays_) return NpuTarget::drive(cycle);
  see();
  return Drive::Running;
}

Checker::Checker(const HwConfig& config) : config_(config), state_(config), target_(config, state_) {}

void Checker::play(const npu::Program& program, uint64_t seed, const LockstepOptions& options) {
  ASSAY_ASSERT(!begun_);
  options_ = options;
  options_.state_faults_applied = true;
  target_.play(program, seed);
}

void Checker::begin(const std::string& hash) {
  for (const RtlParameter& wanted : rtl_parameters(config_)) {
    const auto it = parameters_.find(wanted.key);
    if (it == parameters_.end()) throw BuildError(std::string("the RTL did not report its parameter ") + wanted.key);
    if (it->second != wanted.value) {
      throw BuildError(std::string(wanted.key) + ": the RTL was elaborated with " + std::to_string(it->second) + ", the config says " +
                       std::to_string(wanted.value));
    }
  }
  const std::string ours = observation_hash(config_, target_.fields());
  if (hash != ours) throw BuildError("the checker was made from another field table: its hash is '" + hash + "', expected " + ours);
  steps_ = std::make_unique<LockstepSteps>(target_, options_);
  begun_ = true;
}

/// Assertions that were broken at an edge belong to the cycle that it ended, in whatever order a simulator calls at one point in time.
bool Checker::next_cycle(uint64_t now) {
  if (!started_) {
    started_ = true;
    steps_->begin();
    assertions_.clear();
  }
  std::vector<Assertion> later;
  for (Assertion& a : assertions_) {
    if (a.time < now) {
      target_.add_assertion(a.name);
    } else {
      later.push_back(std::move(a));
    }
  }
  assertions_ = std::move(later);
  return steps_->next_cycle();
}

bool Checker::drive(uint64_t now) {
  ASSAY_ASSERT(begun_ && !driven_);
  if (ended_) return false;
  if (!next_cycle(now)) {
    ended_ = true;
    return false;
  }
  steps_->drive();
  driven_ = true;
  return true;
}

Checker::Next Checker::cycle(uint64_t now, const uint32_t* words) {
  ASSAY_ASSERT(begun_ && !finished_ && !waits_);
  if (ended_) {  // an edge has ended the run: this is the state after it
    state_.take(words);
    return Next::End;
  }
  if (!target_.plays() && !next_cycle(now)) {
    ended_ = true;
    return Next::End;
  }
  ASSAY_ASSERT(driven_ || !target_.plays());
  state_.take(words);
  if (!target_.plays()) steps_->drive();
  target_.see();
  waits_ = sync_ || steps_->memories_due();
  return waits_ ? Next::Memories : resume();
}

Checker::Next Checker::resume() {
  sync_ = driven_ = waits_ = false;
  if (!steps_->compare()) {
    ended_ = true;
    return Next::End;
  }
  steps_->clock();
  return Next::Cycle;
}

const LockstepResult& Checker::finish() {
  if (finished_) return result_;
  finished_ = true;
  if (started_) {
    result_ = steps_->conclude();
  } else {
    target_.begin();
    result_.verdict = Verdict::Inconclusive;
    result_.reason = "no cycle was compared";
  }
  return result_;
}

void Checker::assertion(uint64_t now, const std::string& name) {
  if (started_ && !finished_) assertions_.push_back({now, name});
}

}  // namespace assay::dpi
