// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/engine/target.hpp"

namespace assay {

/// Another target as it is: what watches a run overrides the calls that it watches.
class ForwardingTarget : public Target {
 public:
  explicit ForwardingTarget(Target& inner) : inner_(inner) {}

  const std::vector<Field>& fields() const override { return inner_.fields(); }
  const std::vector<std::vector<void*>>& dut_parts() const override { return inner_.dut_parts(); }
  std::vector<PinImage> input_pins() const override { return inner_.input_pins(); }
  void begin() override { inner_.begin(); }
  Drive drive(uint64_t cycle) override { return inner_.drive(cycle); }
  void clock_dut() override { inner_.clock_dut(); }
  void clock_reference() override { inner_.clock_reference(); }
  void settle_dut() override { inner_.settle_dut(); }
  bool touched_words_differ(uint64_t* planned, uint64_t* done) override { return inner_.touched_words_differ(planned, done); }
  void touched_words(std::vector<WordRef>& out) const override { inner_.touched_words(out); }
  bool word_defined(const WordRef& word) const override { return inner_.word_defined(word); }
  bool full_compare_now() const override { return inner_.full_compare_now(); }
  uint64_t cycles_without_progress() const override { return inner_.cycles_without_progress(); }
  bool events_pending() const override { return inner_.events_pending(); }
  std::optional<OutputError> take_output_error() override { return inner_.take_output_error(); }
  std::vector<std::string> take_assertions() override { return inner_.take_assertions(); }
  uint64_t stimulus_position() const override { return inner_.stimulus_position(); }
  std::string leftovers() const override { return inner_.leftovers(); }

 protected:
  Target& inner_;
};

}  // namespace assay
