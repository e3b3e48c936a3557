// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/trace.hpp"

namespace assay {

/// Keeps a long run's recent past as copies of the process: each is a child made by fork that waits, sharing the memory that did not change since. When the
/// run fails, the cycles around its first difference are traced from the last copy before them, not from cycle 0.
///
/// Fork takes no other thread along, so a copy is made only while there are none but those that stood there when this object was made: the idle workers
/// that Verilator starts for every model and gives nothing to do unless it was built with threads, which ours are not. A copy waits on a socket of its own,
/// has closed every other descriptor that it was born with, and ends when this object or its process does. Two are kept.
class Snapshots {
 public:
  /// The target and what a run of it is to be done again with; `every`: seconds between copies and until the first; 0: none at all.
  Snapshots(Target& target, LockstepOptions again, double every);
  ~Snapshots();
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;

  /// Called between two cycles of the run (LockstepOptions::on_progress), `cycle` the next one to be run.
  void update(uint64_t cycle);

  /// Cycles `from` to `to` as trace_run gives them, run by the youngest copy made at or before `from`; nothing when there is none, or it fails.
  /// Every copy is used up by it.
  std::optional<Trace> trace(uint64_t from, uint64_t to);

  size_t count() const { return copies_.size(); }
  /// The cycle that the last trace() went on from.
  uint64_t used() const { return used_; }

 private:
  struct Copy {
    uint64_t cycle;
    int pid, socket;
  };
  using Clock = std::chrono::steady_clock;

  void make(uint64_t cycle);
  [[noreturn]] void wait_for_orders(uint64_t cycle, int socket);
  void drop(const Copy& copy);

  Target& target_;
  LockstepOptions again_;
  double every_;
  long idle_threads_;
  Clock::time_point last_ = Clock::now();
  std::vector<Copy> copies_;  ///< oldest first
  uint64_t used_ = 0;
};

}  // namespace assay
