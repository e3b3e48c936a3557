// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cosim/engine/compare_plan.hpp"
#include "cosim/engine/element.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/engine/target.hpp"

namespace assay {

enum class Side : uint8_t { Rtl, Model };

/// Both sides of a target, whole, in each cycle of a stretch of a run: every field and every input pin as it was compared (faults of pins included).
/// It owns what it holds and outlives the target. An image that did not change since the cycle before is kept once.
class Trace {
 public:
  explicit Trace(const Target& target);

  /// Takes everything as it is now as the next cycle; cycles follow one another without a gap.
  void capture(uint64_t cycle);

  bool empty() const { return cycles_ == 0; }
  uint64_t first() const { return first_; }               ///< first cycle held
  uint64_t last() const { return first_ + cycles_ - 1; }  ///< last cycle held
  bool holds(uint64_t cycle) const { return cycle >= first_ && cycle < first_ + cycles_; }

  /// The field table; its parts carry no data.
  const std::vector<Field>& fields() const { return fields_; }
  struct Pin {
    std::string name;
    size_t bytes;
    int bits;
  };
  const std::vector<Pin>& pins() const { return pins_; }

  /// The packed image of a part (spec section 14) in a held cycle; a memory's words one after another.
  const uint8_t* image(Side side, uint64_t cycle, size_t field, size_t part) const;
  /// An input pin in a held cycle, the same for both sides.
  const uint8_t* pin(uint64_t cycle, size_t pin) const;

  /// Target::stimulus_position() in a held cycle.
  uint64_t position(uint64_t cycle) const;

  /// The element has a value in this cycle: no condition, or the condition holds, or the word is written.
  bool defined(uint64_t cycle, size_t field, const ElementPlace& place) const;
  /// What definedness rests on: an address that stays the same while nothing about it changes; null where all is always defined.
  const uint8_t* conditions(uint64_t cycle, size_t field, size_t part) const;
  /// Defined, and not the same on both sides.
  bool differs(uint64_t cycle, size_t field, const ElementPlace& place) const;
  /// The element as hex digits, most significant first.
  std::string hex(Side side, uint64_t cycle, size_t field, const ElementPlace& place) const;
  /// Its low 64 bits.
  uint64_t bits(Side side, uint64_t cycle, size_t field, const ElementPlace& place) const;
  /// The cycle in which an element that differs in `cycle` began to; an earlier one where a memory was compared late.
  uint64_t onset(uint64_t cycle, size_t field, const ElementPlace& place) const;

  /// Everything it holds, for another process; nothing when the bytes are cut short. The target is the same as the one that was traced.
  std::string bytes() const;
  static std::optional<Trace> from_bytes(const Target& target, const std::string& bytes);

 private:
  /// One image through time: its distinct versions and which of them each cycle has.
  struct Stream {
    size_t bytes = 0;
    std::vector<uint8_t> versions;
    std::vector<uint32_t> at;
    void take(const uint8_t* data);
    const uint8_t* in(uint64_t cycle) const { return versions.data() + at[cycle] * bytes; }
  };
  void take_defined(size_t field);
  template <class Self, class Use>
  static void each_stream(Self& self, Use use);

  const Target* target_;
  ComparePlan plan_;
  std::vector<Field> fields_;
  std::vector<Pin> pins_;
  std::vector<PinImage> pin_images_;
  std::vector<std::vector<Stream>> rtl_, model_;  ///< [field][part]
  std::vector<Stream> input_;                     ///< [pin]
  std::vector<uint64_t> positions_;
  std::vector<std::vector<Stream>> defined_;  ///< [field][part]: a byte per word of a memory; one byte for a conditional field; empty else
  uint64_t first_ = 0, cycles_ = 0;
};

/// Runs the target's vector again from its start and keeps cycles `from` to `to`, fewer when the run ends before. The options' faults are made again;
/// nothing is judged. The target must be one with a DUT.
Trace trace_run(Target& target, LockstepOptions options, uint64_t from, uint64_t to);

}  // namespace assay
