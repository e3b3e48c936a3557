// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "model/common/config.hpp"
#include "model/common/fields.hpp"

namespace assay::npu {

/// How many memory and FIFO words a run must compare, counted from what the reference's registers show: FIFO pointers, tags, written bits and
/// stage valids. The compare itself walks the model's record of accesses, so that a hole in the record shows as fewer comparisons than planned.
///
/// A word that is certain to be touched counts once its access lies behind: a beat's accumulator words when its last column is done, a popped word
/// in the cycle after the pop. Until then a reset may still come in between, so the plan never runs ahead of the compare; at the end of a vector,
/// with nothing in flight, both are equal.
class PlannedWords {
 public:
  /// `fields`: the reference's; they must outlive this.
  PlannedWords(const HwConfig& config, const std::vector<Field>& fields);

  /// Right after a reset, memories undefined.
  void restart();

  /// The cycle whose registers the fields show now. `reset`: the edge that began it was a reset edge.
  void count(bool reset, uint64_t& memory_words, uint64_t& fifo_words);

 private:
  /// Some bits of a field, wherever the model has it in this cycle.
  struct Probe {
    const uint8_t* at = nullptr;
    const ptrdiff_t* slide = nullptr;
    uint8_t bytes = 1, shift = 0;  ///< of the load: 1, 2, 4 or 8
    uint64_t mask = 1;
    uint32_t now() const {
      const uint8_t* from = slide == nullptr ? at : at + *slide;
      uint64_t value = *from;
      if (bytes == 8)
        std::memcpy(&value, from, 8);
      else if (bytes == 4)
        value = load<uint32_t>(from);
      else if (bytes == 2)
        value = load<uint16_t>(from);
      return static_cast<uint32_t>(value >> shift & mask);
    }
    template <class Number>
    static Number load(const uint8_t* from) {
      Number value;
      std::memcpy(&value, from, sizeof value);
      return value;
    }
  };
  struct Beat {
    bool valid = false;
    uint32_t entry = 0, columns = 0;
  };
  /// Write pointer, read pointer and count, as they were before the edge.
  struct FifoState {
    uint32_t wptr = 0, rptr = 0, count = 0;
    bool pushed = false;
  };
  struct FifoProbes {
    Probe wptr, rptr, count;
  };

  Probe probe(const std::string& block, const std::string& name, size_t from_bit, uint32_t bits) const;
  Probe whole(const std::string& block, const std::string& name) const;
  FifoProbes fifo(const std::string& name) const;
  bool written(uint32_t entry) const { return (written_.at[entry / 8] >> (entry % 8) & 1) != 0; }  ///< of column 0
  uint64_t count_queues();
  uint64_t count_stream(const FifoProbes& probes, FifoState& state);
  uint32_t count_beat();
  uint32_t count_activation_beat() const;
  uint32_t count_table_lines() const;
  uint32_t act_command(size_t from_bit, uint32_t bits) const;

  static constexpr size_t kQueues = 6, kAct = 3;  ///< those whose head is looked at in every cycle; act_queue among them

  HwConfig config_;
  const std::vector<Field>& fields_;
  std::array<const uint8_t*, kQueues> queue_wptr_{}, queue_count_{};
  std::array<uint8_t, kQueues> before_wptr_{};
  FifoProbes weights_, activations_;
  FifoState weight_state_, activation_state_;
  Probe tag_valid_, tag_columns_, tag_entry_, tag_accumulate_, written_;
  Probe stage_first_, stage_last_, ctl_columns_, act_addr_, act_words_, act_rptr_, ctl_table_, ctl_last_columns_, table_written_, clamped_;
  uint32_t act_slot_ = 0;  ///< head of act_queue before the edge
  bool act_popped_ = false;
  Beat ahead_;                    ///< the beat that stood where the next one stands now
  std::vector<uint32_t> prefix_;  ///< [E] columns below which an entry has been written, since whenever
  std::vector<uint32_t> later_;   ///< ring: words of the beats between the first and the last column
  size_t now_ = 0;                ///< its place of this cycle
};

}  // namespace assay::npu
