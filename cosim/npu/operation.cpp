// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/operation.hpp"

#include "cosim/npu/operation_rules.hpp"

namespace assay::npu {

Operation find_operation(const HwConfig& config, const Program& program, const Trace& trace, const ElementRef& element, uint64_t cycle) {
  OperationRules rules(config, program, trace, element, cycle);
  return rules.find();
}

// ---- what the rules read

std::optional<uint64_t> OperationRules::value(const std::string& name, int64_t cycle, Index index) const {
  const auto it = names_.find(name);
  if (it == names_.end() || !holds(cycle)) return std::nullopt;
  const Field& field = trace_.fields()[it->second];
  for (size_t d = 0; d < index.size(); ++d)
    if (index[d] < 0 || index[d] >= field.shape[d]) return std::nullopt;
  return trace_.bits(Side::Model, static_cast<uint64_t>(cycle), it->second, place_of(field, index));
}

bool OperationRules::pin(const std::string& name, int64_t cycle) const {
  for (size_t p = 0; p < trace_.pins().size(); ++p)
    if (trace_.pins()[p].name == name) return holds(cycle) && *trace_.pin(static_cast<uint64_t>(cycle), p) != 0;
  return false;
}

void OperationRules::use(const std::string& role, const std::string& name, int64_t cycle, Index index) {
  if (!value(name, cycle, index)) return;
  op_.operands.push_back({role, {names_.at(name), std::move(index)}, static_cast<uint64_t>(cycle)});
}

/// Commands of the stream that were dispatched before this cycle; nothing around a reset, where the stream begins anew.
std::optional<size_t> OperationRules::dispatched(int64_t cycle) const {
  if (!holds(cycle) || !pin("rst_ni", cycle)) return std::nullopt;
  uint64_t sent = trace_.position(static_cast<uint64_t>(cycle)) & ((uint64_t{1} << NpuTarget::kPhaseShift) - 1);
  if (pin("cmd_valid_i", cycle) && value("cmd_ready", cycle).value_or(0) != 0) --sent;  // not in the FIFO yet
  const uint64_t waiting = value("command_fifo_count", cycle).value_or(0);
  if (sent > (uint64_t{1} << NpuTarget::kPhaseShift) || waiting > sent) return std::nullopt;
  return sent - waiting;
}

void OperationRules::name_command(size_t phase, size_t command) {
  const Phase& p = program_.phases[phase];
  op_.phase = phase;
  op_.command = command;
  op_.fields = decode(p.commands[command], datapath(config_));
  if (command < p.origins.size()) op_.origin = p.origins[command];
}

/// The command at the head of a unit's queue: of those dispatched to it so many are still there.
bool OperationRules::name_head(const std::string& queue, int64_t cycle, std::initializer_list<Op> ops) {
  const auto before = dispatched(cycle);
  uint64_t waiting = value(queue + "_count", cycle).value_or(0);
  if (!before || waiting == 0) return no("the unit has no command in that cycle");
  const size_t phase = static_cast<size_t>(trace_.position(static_cast<uint64_t>(cycle)) >> NpuTarget::kPhaseShift);
  if (phase >= program_.phases.size() || *before > program_.phases[phase].commands.size()) return no("the command stream is not the program's");
  const auto& commands = program_.phases[phase].commands;
  for (size_t i = *before; i-- > 0;) {
    const Op op = decode(commands[i], datapath(config_)).op;
    if (std::find(ops.begin(), ops.end(), op) == ops.end() || check_command(commands[i], config_) != Status::Ok) continue;
    if (--waiting != 0) continue;
    name_command(phase, i);
    return true;
  }
  return no("the command stream is not the program's");
}

bool OperationRules::no(const std::string& reason) {
  if (op_.reason.empty()) op_.reason = reason;
  return false;
}

/// The beat that the matmul unit issued in this cycle.
bool OperationRules::matmul_beat(int64_t issued) {
  op_.unit = "matmul";
  if (!holds(issued)) return no("the beat was issued before the cycles that are kept");
  if (value("tag_valid", issued + 1, {0}).value_or(0) == 0) return no("no beat: the matmul unit issued none in cycle " + std::to_string(issued));
  op_.issued = static_cast<uint64_t>(issued);
  op_.beat = value("matmul_beat", issued);
  return name_head("matmul_queue", issued, {Op::Matmul});
}

/// The beat that the activation unit fired in this cycle.
bool OperationRules::activation_beat(int64_t fired) {
  op_.unit = "activation";
  if (!holds(fired)) return no("the beat was fired before the cycles that are kept");
  if (value("stage_valid", fired + 1, {0}).value_or(0) == 0) return no("no beat: the activation unit fired none in cycle " + std::to_string(fired));
  op_.issued = static_cast<uint64_t>(fired);
  op_.beat = value("act_beat", fired);
  return name_head("act_queue", fired, {Op::Activate, Op::LoadParam, Op::LoadTable, Op::LoadSeed});
}

/// The head of a unit's queue, whether or not it fired.
bool OperationRules::at_head(const std::string& unit, const std::string& queue, int64_t cycle, std::initializer_list<Op> ops) {
  op_.unit = unit;
  if (!holds(cycle)) return no("nothing is known of the cycle before");
  return name_head(queue, cycle, ops);
}

bool OperationRules::dispatch_head(int64_t cycle) {
  op_.unit = "dispatch";
  if (!holds(cycle)) return no("nothing is known of the cycle before");
  const auto before = dispatched(cycle);
  if (!before || value("command_fifo_count", cycle).value_or(0) == 0) return no("no command waits for dispatch in that cycle");
  const size_t phase = static_cast<size_t>(trace_.position(static_cast<uint64_t>(cycle)) >> NpuTarget::kPhaseShift);
  if (phase >= program_.phases.size() || *before >= program_.phases[phase].commands.size()) return no("the command stream is not the program's");
  if (value("command_fifo_rptr", cycle) != value("command_fifo_rptr", cycle + 1)) op_.issued = static_cast<uint64_t>(cycle);
  name_command(phase, *before);
  return true;
}

}  // namespace assay::npu
