// SPDX-License-Identifier: Apache-2.0
#include "model/common/command_table.hpp"

namespace assay {
namespace {

using enum CommandUnit;

CommandInfo row(Op op, std::string_view name, CommandUnit unit, std::vector<CommandFlag> flags) {
  CommandInfo info{op, name, unit};
  info.flags = std::move(flags);
  info.responds = op == Op::Fence || op == Op::ReadCounter;
  info.waits_idle = op == Op::Clear || op == Op::Fence;
  info.waits_output = op == Op::Fence;
  info.has_k = op == Op::LoadWeights || op == Op::Matmul;
  info.has_rows = op == Op::Matmul || op == Op::Activate;
  info.has_column = op == Op::LoadParam;
  info.has_index = op == Op::ReadCounter;
  return info;
}

std::vector<CommandInfo> integer_table() {
  using C = Command;
  return {
      row(Op::Nop, "NOP", None, {}),
      row(Op::LoadWeights, "LOAD_WEIGHTS", Load, {{"weight_unsigned", &C::weight_unsigned}}),
      row(Op::Matmul, "MATMUL", Matmul, {{"activation_unsigned", &C::activation_unsigned}, {"switch", &C::switch_weights}, {"accumulate", &C::accumulate}}),
      row(Op::Activate, "ACTIVATE", Activation, {{"output_unsigned", &C::output_unsigned}, {"raw", &C::raw}, {"single", &C::single}, {"table", &C::table}}),
      row(Op::LoadParam, "LOAD_PARAM", Activation, {{"broadcast", &C::broadcast}}),
      row(Op::LoadTable, "LOAD_TABLE", Activation, {}),
      row(Op::Clear, "CLEAR", None, {{"flags", &C::clear_flags}, {"counters", &C::clear_counters}, {"written", &C::clear_written}, {"table", &C::clear_table}}),
      row(Op::Fence, "FENCE", None, {}),
      row(Op::ReadCounter, "READ_COUNTER", None, {{"high", &C::high}}),
  };
}

std::vector<CommandInfo> floating_table() {
  using C = Command;
  std::vector<CommandInfo> table{
      row(Op::Nop, "NOP", None, {}),
      row(Op::LoadWeights, "LOAD_WEIGHTS", Load, {}),
      row(Op::Matmul, "MATMUL", Matmul, {{"switch", &C::switch_weights}, {"accumulate", &C::accumulate}, {"bf16_entries", &C::bf16_entries}}),
      row(Op::Activate, "ACTIVATE", Activation, {{"raw", &C::raw}, {"relu", &C::relu}, {"saturate", &C::saturate}, {"stochastic", &C::stochastic}}),
      row(Op::LoadParam, "LOAD_PARAM", Activation, {{"broadcast", &C::broadcast}}),
      row(Op::Clear, "CLEAR", None, {{"flags", &C::clear_flags}, {"counters", &C::clear_counters}, {"written", &C::clear_written}}),
      row(Op::Fence, "FENCE", None, {}),
      row(Op::ReadCounter, "READ_COUNTER", None, {{"high", &C::high}}),
      row(Op::LoadSeed, "LOAD_SEED", Activation, {}),
  };
  for (CommandInfo& info : table) info.has_format = info.op == Op::LoadWeights || info.op == Op::Matmul || info.op == Op::Activate;
  return table;
}

}  // namespace

std::span<const CommandInfo> command_table(Datapath datapath) {
  static const std::vector<CommandInfo> kInteger = integer_table(), kFloating = floating_table();
  return datapath == Datapath::Floating ? kFloating : kInteger;
}

const CommandInfo* command_info(Op op, Datapath datapath) {
  for (const CommandInfo& info : command_table(datapath))
    if (info.op == op) return &info;
  return nullptr;
}

}  // namespace assay
