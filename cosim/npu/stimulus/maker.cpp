// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/maker.hpp"

#include <algorithm>
#include <utility>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/stimulus/words.hpp"

namespace assay::npu {
namespace {

constexpr int kLongest = 64;  ///< beats of a command that only stands between others; longer ones are for scenes that ask for them

}  // namespace

void Maker::begin(bool disturbed) {
  flush();
  values_ = dials_.values(random_);
  mixed_values_ = chance(0.35);
  unsigned_mood_ = chance(0.5);
  const Illegal share = dials_.illegal(random_);
  illegal_ = !disturbed || share == Illegal::None ? 0 : share == Illegal::Some ? 0.05 : 0.4;
  edge_ = disturbed && chance(0.3) ? 0.1 : 0;
  disorder_ = disturbed && chance(0.4) ? 0.12 : 0;
  between_ = disturbed && chance(0.4) ? 0.1 : 0;
  banks_ = chance(0.4) ? 1 : chance(0.6) ? 2 : config_.acc_banks;
  span_ = chance(0.3) ? 1 : chance(0.5) ? 4 : config_.acc_depth;
  format_ = random_.below(operand_formats_of(config_).size());
}

Values Maker::values() {
  const Values drawn = dials_.values(random_);
  return mixed_values_ ? drawn : values_;
}

void Maker::add(const Command& command) { add(command, operands(command)); }

void Maker::add(const Command& command, std::vector<uint8_t> bytes) {
  intersperse();
  Held now{command, std::move(bytes)};
  now.command.tag = static_cast<uint8_t>(random_.below(256));
  if (chance(disorder_)) {
    switch (random_.below(3)) {
      case 0:
        return;  // left out
      case 1:    // twice
        emit(now.command, now.bytes);
        break;
      default:  // behind the next one
        if (!held_.empty()) break;
        held_.push_back(std::move(now));
        return;
    }
  }
  emit(now.command, now.bytes);
  flush();
}

void Maker::flush() {
  for (const Held& held : std::exchange(held_, {})) emit(held.command, held.bytes);
}

void Maker::add_word(const CommandWord& word) {
  planner_.command(word);
  ++emitted_;
}

void Maker::end_by_idle(int cycles) {
  flush();
  planner_.idle(cycles);
  phase_begin_ = emitted_;
}

void Maker::end_by_reset(int after, int cycles) {
  flush();
  planner_.reset(after, cycles);
  phase_begin_ = emitted_;
}

void Maker::add_random(int count) {
  flush();
  add_random_commands(planner_, random_, count);
  emitted_ += count;
}

/// What may stand between any two commands.
void Maker::intersperse() {
  if (illegal_ > 0 && chance(illegal_)) {
    CommandWord near = last_;
    if (chance(0.6)) near = encode(any_command(), datapath(config_));
    add_word(illegal_word(near, config_, random_));
  }
  if (between_ > 0 && chance(between_)) emit(barrier(), {});
  if (edge_ > 0 && chance(edge_)) {
    const Command command = decode(edge_word(last_, config_, random_), datapath(config_));
    if (command.op != Op::Matmul || command.m <= kLongest) emit(command, operands(command));
  }
}

/// Stream bytes that the command takes, of the stretch's class; none for most.
std::vector<uint8_t> Maker::operands(const Command& command) {
  const bool weights = command.op == Op::LoadWeights;
  if (!weights && command.op != Op::Matmul) return {};
  const int rows = weights ? command.k : command.m, cols = weights ? config_.cols : config_.rows;
  return stream_bytes(config_, command, rows, cols, operand_values(values(), config_, command, rows, cols, random_));
}

void Maker::emit(const Command& command, const std::vector<uint8_t>& bytes) {
  last_ = encode(command, datapath(config_));
  const bool weights = command.op == Op::LoadWeights;
  planner_.command(last_, weights ? bytes : std::vector<uint8_t>{}, weights ? std::vector<uint8_t>{} : bytes);
  ++emitted_;
}

}  // namespace assay::npu
