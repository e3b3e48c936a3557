// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cosim/dpi/observed_state.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/npu_target.hpp"

namespace assay::dpi {

/// The model beside a tile that lives in another simulator. With a program a driver plays it into the pins; without one the model follows the pins
/// that it is shown, whoever drives them.
class ObservedTarget : public npu::NpuTarget {
 public:
  ObservedTarget(const HwConfig& config, ObservedState& state);

  /// The pins to drive come from this vector from now on; it must outlive this.
  void play(const npu::Program& program, uint64_t seed);
  bool plays() const { return plays_; }
  /// The model steps with the pins that were observed, not with those that were asked for.
  void see() { now_ = &state_.inputs(); }
  void adopt(npu::BuildInfo build, std::vector<std::vector<int32_t>> results, uint64_t beats);

  void begin() override;
  Drive drive(uint64_t cycle) override;
  uint64_t cycles_without_progress() const override { return plays_ ? NpuTarget::cycles_without_progress() : 0; }
  std::string leftovers() const override { return plays_ ? NpuTarget::leftovers() : ""; }
  void fill() { fill_memories(); }
  /// Where an output pin stands in the observed state.
  void* output_pin(const std::string& name) { return dut_->part("tile." + name).data; }
  /// What the probes reported; the engine takes it with the next edge.
  void add_assertion(const std::string& name) { dut_->assertions().push_back(name); }

 private:
  ObservedState& state_;
  npu::Program nothing_;
  bool plays_ = false;
};

/// Lockstep of one tile, one call per cycle. The simulator that calls it has the loop.
class Checker {
 public:
  explicit Checker(const HwConfig& config);

  /// A vector to play, before begin(). Program and faults must outlive this.
  void play(const npu::Program& program, uint64_t seed, const LockstepOptions& options);

  /// A parameter of the elaborated RTL.
  void parameter(const std::string& key, int value) { parameters_[key] = value; }
  /// Throws BuildError unless parameters and hash are this config's.
  void begin(const std::string& hash);
  bool begun() const { return begun_; }

  enum class Next : uint8_t {
    Cycle,     ///< go on
    Memories,  ///< hand over every memory, then resume()
    End        ///< hand over every memory, then finish()
  };
  /// The sampling point of a cycle: everything settled, before its edge. `now`: simulation time.
  Next cycle(uint64_t now, const uint32_t* words);
  void memory(size_t index, const uint32_t* words) { state_.take_memory(index, words); }
  bool waits() const { return waits_; }  ///< a cycle has asked for memories
  Next resume();
  /// The verdict; ends the run.
  const LockstepResult& finish();
  bool finished() const { return finished_; }

  /// A broken assertion, at simulation time `now`.
  void assertion(uint64_t now, const std::string& name);

  /// With a vector: the pins of the next cycle, once its outputs stand in the state. False: the run has ended.
  bool drive(uint64_t now);
  /// State of the RTL was changed from outside: the memories are to be handed over again.
  void deposited() { sync_ = true; }

  uint64_t cycle() const { return steps_->cycle(); }
  ObservedState& state() { return state_; }
  ObservedTarget& target() { return target_; }
  const LockstepResult& result() const { return result_; }

 private:
  bool next_cycle(uint64_t now);

  HwConfig config_;
  ObservedState state_;
  ObservedTarget target_;
  LockstepOptions options_;
  std::unique_ptr<LockstepSteps> steps_;
  std::map<std::string, int> parameters_;
  struct Assertion {
    uint64_t time;
    std::string name;
  };
  std::vector<Assertion> assertions_;
  LockstepResult result_;
  bool begun_ = false, started_ = false, sync_ = true, driven_ = false, ended_ = false, finished_ = false, waits_ = false;
};

}  // namespace assay::dpi
