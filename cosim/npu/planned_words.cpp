// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/planned_words.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "cosim/engine/compare_plan.hpp"
#include "model/common/assert.hpp"
#include "model/common/command.hpp"

namespace assay::npu {
namespace {

constexpr std::array<const char*, 6> kQueueNames{"command_fifo", "load_queue", "matmul_queue", "act_queue", "output_fifo", "response_fifo"};

const Field& find(const std::vector<Field>& fields, const std::string& block, const std::string& name) {
  for (const Field& field : fields)
    if (field.block == block && field.name == name) return field;
  throw AssertionError("no field " + block + "." + name);
}

}  // namespace

/// An image has 1, 2, 4, 8 or more bytes (spec section 14): of a longer one the eight bytes that hold the bits.
PlannedWords::Probe PlannedWords::probe(const std::string& block, const std::string& name, size_t from_bit, uint32_t bits) const {
  const Field& field = find(fields_, block, name);
  const size_t size = image_bytes(static_cast<int>(part_elements(field)) * field.width);
  const size_t first = size <= 8 ? 0 : std::min(from_bit / 8, size - 8);
  ASSAY_ASSERT(from_bit + bits <= size * 8 && from_bit - 8 * first + bits <= 64);
  Probe out;
  out.at = static_cast<const uint8_t*>(field.parts[0].data) + first;
  out.slide = field.parts[0].slide;
  out.bytes = static_cast<uint8_t>(std::min<size_t>(size, 8));
  out.shift = static_cast<uint8_t>(from_bit - 8 * first);
  out.mask = (uint64_t{1} << bits) - 1;
  return out;
}

PlannedWords::Probe PlannedWords::whole(const std::string& block, const std::string& name) const {
  return probe(block, name, 0, static_cast<uint32_t>(std::min(find(fields_, block, name).width, 32)));
}

PlannedWords::FifoProbes PlannedWords::fifo(const std::string& name) const {
  return {whole("tile", name + "_wptr"), whole("tile", name + "_rptr"), whole("tile", name + "_count")};
}

PlannedWords::PlannedWords(const HwConfig& config, const std::vector<Field>& fields) : config_(config), fields_(fields) {
  for (size_t i = 0; i < kQueues; ++i) {
    const FifoProbes probes = fifo(kQueueNames[i]);
    ASSAY_ASSERT(probes.wptr.bytes == 1 && probes.count.bytes == 1 && probes.wptr.slide == nullptr && probes.count.slide == nullptr);  // depth ≤ 64
    queue_wptr_[i] = probes.wptr.at, queue_count_[i] = probes.count.at;
  }
  weights_ = fifo("weight_fifo"), activations_ = fifo("activation_fifo");
  // The tag stage that stage 1 of column 0 looks at (spec sections 11 and 17.8).
  const auto stage = static_cast<size_t>(config.rows * config.pe_latency + 1);
  const auto tag = [&](const char* name) {
    const auto width = static_cast<uint32_t>(find(fields, "array", name).width);
    return probe("array", name, stage * width, width);
  };
  tag_valid_ = tag("tag_valid"), tag_columns_ = tag("tag_columns"), tag_entry_ = tag("tag_entry"), tag_accumulate_ = tag("tag_accumulate");
  written_ = probe("accumulators", "written", 0, 1);
  ASSAY_ASSERT(written_.slide == nullptr);
  // Columns are the last field of a control word (spec sections 12 and 17.9).
  const auto width = static_cast<uint32_t>(clog2(config.cols + 1));
  stage_first_ = probe("activation", "stage_valid", 0, 1), act_addr_ = whole("activation", "act_addr");
  ctl_columns_ = probe("activation", "ctl_0", config.floating() ? 8 : 31, width);
  act_words_ = probe("tile", "act_queue_mem", 0, 1), act_rptr_ = whole("tile", "act_queue_rptr");
  if (!config.floating()) {
    stage_last_ = probe("activation", "stage_valid", 4, 1);
    ctl_table_ = probe("activation", "ctl_4", 2, 1), ctl_last_columns_ = probe("activation", "ctl_4", 31, width);
    table_written_ = probe("activation", "table_written", 0, 32), clamped_ = probe("activation", "clamped", 0, 32);
  }
  prefix_.resize(static_cast<size_t>(config.entries()));
  later_.resize(static_cast<size_t>(config.cols) + 1);
  restart();
}

void PlannedWords::restart() {
  before_wptr_.fill(0);
  weight_state_ = activation_state_ = FifoState{};
  act_slot_ = 0;
  ahead_ = Beat{};
  std::fill(later_.begin(), later_.end(), 0);
  std::fill(prefix_.begin(), prefix_.end(), 0);
}

void PlannedWords::count(bool reset, uint64_t& memory_words, uint64_t& fifo_words) {
  if (reset) restart();
  fifo_words += count_queues() + count_stream(weights_, weight_state_) + count_stream(activations_, activation_state_);
  const uint32_t head = act_rptr_.now();
  act_popped_ = head != act_slot_;
  // What a beat does from its first column on is over when the last column's word has been written, cols + 1 cycles later.
  memory_words += later_[now_];
  later_[now_] = count_beat();
  now_ = now_ + 1 == later_.size() ? 0 : now_ + 1;
  if (stage_first_.now() != 0) memory_words += count_activation_beat();
  if (!config_.floating() && (act_popped_ || stage_last_.now() != 0)) memory_words += count_table_lines();
  act_slot_ = head;
}

/// A word when it is pushed, and the head in every cycle, but not twice in one.
uint64_t PlannedWords::count_queues() {
  uint32_t words = 0;
  for (size_t i = 0; i < kQueues; ++i) {
    const uint8_t wptr = *queue_wptr_[i], count = *queue_count_[i];
    const bool pushed = wptr != before_wptr_[i];
    words += static_cast<uint32_t>(pushed) + static_cast<uint32_t>(count != 0 && !(pushed && count == 1));
    before_wptr_[i] = wptr;
  }
  return words;
}

/// A word when it is pushed, and when it is popped unless that was in the very next cycle.
uint64_t PlannedWords::count_stream(const FifoProbes& probes, FifoState& state) {
  const uint32_t wptr = probes.wptr.now(), rptr = probes.rptr.now();
  const bool fresh = state.pushed && state.count == 1, pushed = wptr != state.wptr, popped = rptr != state.rptr;
  state = {wptr, rptr, probes.count.now(), pushed};
  return static_cast<uint64_t>(pushed) + static_cast<uint64_t>(popped && !fresh);
}

/// Accumulator words of the beat at stage 1 of column 0: one written per column, one read per column that accumulates onto an entry written before and
/// not still in the adder. Beats write columns from 0 on, so an entry's written columns are those below a number; that of column 0 shows whether the
/// number is of before a CLEAR.
uint32_t PlannedWords::count_beat() {
  if (tag_valid_.now() == 0) {
    ahead_.valid = false;
    return 0;
  }
  const Beat beat{true, tag_entry_.now(), tag_columns_.now()};
  const bool hit = ahead_.valid && ahead_.entry == beat.entry;
  uint32_t& prefix = prefix_[beat.entry];
  if (!hit && !written(beat.entry)) prefix = 0;
  const uint32_t before = std::min(beat.columns, prefix), in_adder = hit ? ahead_.columns : 0;
  prefix = std::max(prefix, beat.columns);
  ahead_ = beat;
  return beat.columns + (tag_accumulate_.now() != 0 && before > in_adder ? before - in_adder : 0);
}

/// Bits of the command that was at the head of act_queue before the edge; its slot keeps them.
uint32_t PlannedWords::act_command(size_t from_bit, uint32_t bits) const {
  constexpr size_t kSlotBytes = 20;  // 138 bits in 32-bit words
  const uint8_t* slot = act_words_.at + act_slot_ * kSlotBytes;
  return static_cast<uint32_t>(Probe::load<uint32_t>(slot + from_bit / 8) >> (from_bit % 8) & ((uint64_t{1} << bits) - 1));
}

/// Accumulator words of the activation beat fired at the edge that began this cycle: its control word stands in ctl_0, its address one stride before
/// act_addr, modulo 2^16.
uint32_t PlannedWords::count_activation_beat() const {
  const uint32_t bank = act_command(20, 4), stride = act_command(72, 16);
  const uint32_t entry = bank * static_cast<uint32_t>(config_.acc_depth) + ((act_addr_.now() - stride) & 0xFFFF);
  return written(entry) ? std::min(ctl_columns_.now(), prefix_[entry]) : 0;
}

/// Table lines of the integer tile: those the beat in the last stage looks up, and the one written by the edge that began this cycle.
uint32_t PlannedWords::count_table_lines() const {
  uint32_t lines = 0;
  if (stage_last_.now() != 0 && ctl_table_.now() != 0) {
    for (uint32_t c = 0; c < ctl_last_columns_.now(); ++c) lines |= 1u << (Probe::load<uint32_t>(clamped_.at + 4 * c) >> 3 & 31);
    lines &= table_written_.now();
  }
  if (act_popped_ && act_command(0, 4) == static_cast<uint32_t>(Op::LoadTable)) lines |= 1u << act_command(24, 5);
  return static_cast<uint32_t>(std::popcount(lines));
}

}  // namespace assay::npu
