// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/common/fields.hpp"

namespace assay {

/// A word of a memory field that this cycle's compare must look at.
struct WordRef {
  size_t field, part, word;
};

/// An input pin of the DUT; its bits stay at their place for the life of the target.
struct PinImage {
  std::string name;
  const void* data = nullptr;
  size_t bytes = 0;
  int bits = 0;  ///< its width; 0: all of its bytes
};

/// What a target found wrong besides the observed state: outputs that are not what the operation must give.
struct OutputError {
  enum class Kind : uint8_t { Functional, Expect } kind = Kind::Functional;
  std::string block, field;
  std::vector<int64_t> index;
  std::string got, want;  ///< hex
};

/// A device under test with its reference, seen by the lockstep engine: fields on both sides, stimulus, clock. The engine owns the order of
/// calls in a cycle: `drive` (inputs of this cycle on both sides), compare, `clock` (the edge on both sides).
class Target {
 public:
  virtual ~Target() = default;

  /// The field table; `parts[i].data` is the reference's image.
  virtual const std::vector<Field>& fields() const = 0;
  /// The DUT's image of every part, in the order of fields() and their parts; empty when running without a DUT.
  virtual const std::vector<std::vector<void*>>& dut_parts() const = 0;

  /// The DUT's input pins, for recordings; empty when running without a DUT.
  virtual std::vector<PinImage> input_pins() const { return {}; }

  /// Fresh reference, random DUT memories from the seed, reset applied: afterwards both sides stand in cycle 0.
  virtual void begin() = 0;

  enum class Drive : uint8_t { Running, Finished };
  /// Applies the input pins of this cycle to both sides. Finished: the vector is complete and every queue empty.
  virtual Drive drive(uint64_t cycle) = 0;
  virtual void clock_dut() = 0;
  virtual void clock_reference() = 0;
  /// Recomputes the DUT's combinational logic after its state was changed from outside.
  virtual void settle_dut() = 0;

  /// Compares the memory words touched in this cycle; adds to `planned[class]` how many were due, by a count of its own, and to `done[class]` how
  /// many were compared. Returns true when one differs.
  virtual bool touched_words_differ(uint64_t* planned, uint64_t* done) = 0;
  /// The same words as a list in table order, for the report.
  virtual void touched_words(std::vector<WordRef>& out) const = 0;
  virtual bool word_defined(const WordRef& word) const = 0;
  /// The reference passes a point at which every memory is to be compared in full.
  virtual bool full_compare_now() const = 0;

  /// Cycles since the last handshake on any stream or change of busy: the watchdog's clock.
  virtual uint64_t cycles_without_progress() const = 0;
  /// Whether take_output_error or take_assertions has something: asked in every cycle, so it costs nothing.
  virtual bool events_pending() const = 0;
  /// The first output that was wrong in this cycle's handshakes, if any.
  virtual std::optional<OutputError> take_output_error() = 0;
  /// Names of assertions that fired at the last edge.
  virtual std::vector<std::string> take_assertions() = 0;
  /// Where the stimulus stands after drive() of this cycle, in the target's own terms; kept in traces.
  virtual uint64_t stimulus_position() const { return 0; }
  /// What is missing at the end (outputs not received, data not taken): empty when the counts are as planned.
  virtual std::string leftovers() const = 0;
};

}  // namespace assay
