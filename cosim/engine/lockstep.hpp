// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cosim/engine/compare_plan.hpp"
#include "cosim/engine/target.hpp"

namespace assay {

enum class Verdict : uint8_t { Pass, Mismatch, Error, Inconclusive };
const char* verdict_name(Verdict verdict);

/// One bit of one element to flip after the edge that begins `cycle`.
struct Fault {
  std::string text;  ///< as given: block.name[i][j]:BIT@CYCLE
  size_t field = 0;
  std::vector<int64_t> index;
  int bit = 0;
  uint64_t cycle = 0;
};

/// Parses `block.name[i][j]:BIT@CYCLE` against a field table. Throws InputError that says what is wrong and what the field looks like.
Fault parse_fault(const std::string& text, const std::vector<Field>& fields);

struct LockstepOptions {
  uint64_t first_cycle = 0;     ///< not 0: the target stands before this cycle of a run already, which goes on
  uint64_t max_cycles = 0;      ///< 0: to the end of the vector; else stop after so many cycles and judge as usual
  uint64_t max_mismatches = 1;  ///< differing elements listed before the run stops
  uint64_t full_compare_every = 65536;
  uint64_t no_progress_limit = 200000;
  double timeout_seconds = 0;  ///< 0: none
  std::vector<Fault> faults;
  bool state_faults_applied = false;                ///< the DUT is a recording: faults of its state are in it, only those of pins are still to be made
  std::function<void(uint64_t cycle)> on_progress;  ///< called about every 2^16 cycles
  std::function<bool()> interrupted;                ///< asked about every 2^16 cycles
  std::function<void(uint64_t cycle)> observe;      ///< called in each cycle instead of comparing, for a look at both sides
};

/// Something that differs, named as a person would look for it.
struct Mismatch {
  std::string kind;  ///< state | pin | assertion | functional | expect
  uint64_t cycle = 0;
  std::string block, field;
  std::vector<int64_t> index;
  int width = 0;
  std::string format;
  std::string rtl, model, xor_;  ///< hex
};

struct ClassCount {
  uint64_t planned = 0, done = 0, skipped = 0;
};

struct LockstepResult {
  Verdict verdict = Verdict::Error;
  std::string reason;  ///< why it is not a pass
  uint64_t cycles = 0;
  bool truncated = false, interrupted = false, timed_out = false;
  std::array<ClassCount, kFieldClasses> counts{};
  std::vector<Mismatch> mismatches;  ///< in the order found; the first one is the first divergence
  uint64_t full_compares = 0;
  std::string leftovers;
};

/// Runs a target's vector to its end, comparing everything in every cycle.
///
/// In cycle c: faults of c are injected and settle, the inputs of c are applied, everything observed is compared, then comes the edge.
/// Without a DUT only the outputs are judged.
LockstepResult run_lockstep(Target& target, const LockstepOptions& options);

/// The same run in steps, for a simulator that has its own loop and clocks the DUT itself. Calls come in this order:
/// begin, then per cycle next_cycle, drive, compare, clock, at the end conclude. Target and options must outlive it.
class LockstepSteps {
 public:
  LockstepSteps(Target& target, const LockstepOptions& options);
  ~LockstepSteps();

  void begin();
  /// Looks at what the last edge brought (assertions, watchdogs) and goes to the next cycle, at first to cycle 0. False: the run ends before it.
  bool next_cycle();
  /// This cycle's faults, then its inputs.
  void drive();
  /// Whether compare() will look at every word of every memory.
  bool memories_due() const;
  /// False: the run ends with this cycle.
  bool compare();
  void clock();
  /// Every memory a last time, then the verdict.
  LockstepResult conclude();

  uint64_t cycle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The bytes of one element as a hex string without prefix, most significant digit first.
std::string element_hex(const Field& field, const void* image, uint64_t element);

}  // namespace assay
