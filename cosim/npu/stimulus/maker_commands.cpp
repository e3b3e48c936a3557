// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cosim/npu/stimulus/maker.hpp"
#include "model/common/command_table.hpp"

// The commands a scene asks for, in the stretch's mood.
namespace assay::npu {

Command Maker::load(int k) {
  Command command;
  command.op = Op::LoadWeights;
  command.k = k;
  if (config_.floating()) {
    const auto formats = operand_formats_of(config_);
    command.format = static_cast<uint8_t>(formats[chance(0.7) ? format_ : random_.below(formats.size())]);
  } else {
    command.weight_unsigned = chance(0.7) ? unsigned_mood_ : !unsigned_mood_;
  }
  return command;
}

Command Maker::matmul(int m, int k, int n) {
  Command command;
  command.op = Op::Matmul;
  command.m = m;
  command.k = k;
  command.n = n;
  place(command);
  if (config_.floating()) {
    const auto formats = operand_formats_of(config_);
    command.format = static_cast<uint8_t>(formats[chance(0.7) ? format_ : random_.below(formats.size())]);
    command.bf16_entries = chance(0.25);
  } else {
    command.activation_unsigned = chance(0.7) ? unsigned_mood_ : !unsigned_mood_;
  }
  return command;
}

void Maker::place(Command& command) {
  command.bank = pick(0, std::min(banks_, config_.acc_banks) - 1);
  const int depth = config_.acc_depth;
  command.base = chance(0.08) ? depth - 1 : pick(0, std::min(span_, depth) - 1);
  if (command.m == 1) {
    command.stride = chance(0.5) ? 1 : pick(0, 65535);  // not used, yet allowed to be anything
    return;
  }
  const int most = (depth - 1 - command.base) / (command.m - 1);
  if (most > 0 && chance(0.6))
    command.stride = 1;
  else
    command.stride = chance(0.5) ? most : pick(0, most);
  if (chance(0.12)) command.stride = 0;
}

void Maker::output_mode(Command& command) {
  command.raw = chance(0.2);
  if (command.raw) return;
  if (config_.floating()) {
    command.relu = chance(0.3);
    const bool narrow = chance(0.75);
    command.format = static_cast<uint8_t>(narrow ? pick(static_cast<int>(Format::Bf16), kFormats - 1) : pick(0, static_cast<int>(Format::Fp32)));
    command.saturate = narrow && chance(0.4);
    command.stochastic = narrow && chance(0.35);
    return;
  }
  command.single = chance(0.5);
  command.table = chance(0.25);
  command.output_unsigned = chance(0.4);
  const int lo = command.output_unsigned ? 0 : -128;
  command.zero_point = chance(0.3) ? lo + 255 * pick(0, 1) : chance(0.2) ? 0 : pick(lo, lo + 255);
  command.clamp_lo = chance(0.5) ? lo : pick(lo, lo + 255);
  command.clamp_hi = chance(0.5) ? lo + 255 : pick(command.clamp_lo, lo + 255);
}

Command Maker::activate(int m, int n) {
  Command command;
  command.op = Op::Activate;
  command.m = m;
  command.n = n;
  output_mode(command);
  place(command);
  return command;
}

Command Maker::any_matmul(int most) {
  const int m = draw_m(most), k = draw_k(), n = draw_n();
  return matmul(m, k, n);
}

Command Maker::any_activate(int most) {
  const int m = draw_m(most), n = draw_n();
  return activate(m, n);
}

Command Maker::any_command() {
  const auto table = command_table(datapath(config_));
  return of_kind(table[random_.below(table.size())].op);
}

Command Maker::of_kind(Op op) {
  Command command;
  switch (op) {
    case Op::LoadWeights:
      return load(draw_k());
    case Op::Matmul:
      command = any_matmul(5);
      command.switch_weights = chance(0.6);
      command.accumulate = chance(0.5);
      return command;
    case Op::Activate:
      return any_activate(5);
    case Op::LoadParam:
      return parameter(chance(0.5) ? -1 : pick(0, config_.cols - 1));
    case Op::LoadTable:
      return table_line();
    case Op::LoadSeed:
      return seed();
    default:
      do command = barrier();
      while (command.op != op);
      return command;
  }
}

Command Maker::parameter(int column) {
  Command command;
  command.op = Op::LoadParam;
  command.broadcast = column < 0;
  command.column = std::max(column, 0);
  if (config_.floating()) {
    const Values cls = chance(0.5) ? Values::Network : chance(0.4) ? Values::Uniform : values();
    command.bias = static_cast<int32_t>(float_parameter(cls == Values::Storm && chance(0.7) ? Values::Corners : cls, random_));
    return command;
  }
  constexpr std::array<int32_t, 4> ends{INT32_MIN, INT32_MIN + 1, INT32_MAX - 1, INT32_MAX};
  constexpr std::array<uint32_t, 4> corners{0, 1u << 30, (1u << 31) - 1, (1u << 30) + 1};
  command.bias = chance(0.15) ? ends[random_.below(4)] : chance(0.3) ? pick(-4, 4) : pick(-200000, 200000);
  command.multiplier = chance(0.3) ? corners[random_.below(4)] : static_cast<uint32_t>(random_.range(1 << 30, INT32_MAX));
  command.shift = chance(0.7) ? pick(-14, 1) : pick(-31, 30);
  return command;
}

Command Maker::table_line() {
  Command command;
  command.op = Op::LoadTable;
  command.line = pick(0, 31);
  for (uint8_t& byte : command.table_bytes) byte = static_cast<uint8_t>(random_.below(256));
  return command;
}

Command Maker::seed() {
  Command command;
  command.op = Op::LoadSeed;
  command.seed = static_cast<uint32_t>(random_.next());
  // Seeds that give one lane the state 0, which the generator must not be in.
  const auto lane = static_cast<uint32_t>(random_.below(static_cast<uint64_t>(config_.cols)));
  if (chance(0.3)) command.seed = (lane + 1) * 0x9E3779B9u;
  return command;
}

Command Maker::barrier() {
  Command command;
  switch (random_.below(4)) {
    case 0:
      command.op = Op::Clear;
      command.clear_flags = chance(0.6);
      command.clear_counters = chance(0.2);
      command.clear_written = chance(0.25);
      command.clear_table = !config_.floating() && chance(0.25);
      break;
    case 1:
      command.op = Op::Fence;
      break;
    case 2:
      command.op = Op::ReadCounter;
      command.high = chance(0.3);
      command.index = pick(0, 15);
      break;
    default:
      command.op = Op::Nop;
      break;
  }
  return command;
}

}  // namespace assay::npu
