// SPDX-License-Identifier: Apache-2.0
// Fields that a beat of the activation unit fills, and control state: docs/spec.md sections 7 to 9, 12, 13, 17.9.
#include "cosim/npu/operation_rules.hpp"

namespace assay::npu {
namespace {

constexpr std::initializer_list<Op> kActivationOps = {Op::Activate, Op::LoadParam, Op::LoadTable, Op::LoadSeed};

}  // namespace

bool OperationRules::stages(const std::string& name) {
  const bool floating = config_.floating();
  int64_t age = 0;  // cycles from the beat's fire to the cycle whose values the rule reads
  if (name == "read") {
    age = 0;
  } else if (name == "biased") {
    age = 1;
  } else if (name == "product" || name == "converted") {
    age = 2;
  } else if (name == "scaled") {
    age = 3;
  } else if (name == "clamped") {
    age = 4;
  } else if (name.starts_with("ctl_")) {
    age = name.back() - '0';
  } else if (name == "stage_valid") {
    age = element_.index[0];
  } else {
    return false;
  }
  op_.rule = Rule::None;
  const bool beat = activation_beat(before_ - age);
  const bool control = name.starts_with("ctl_"), valid = name == "stage_valid";
  if (valid) {
    op_.rule = age > 0 ? Rule::Copy : Rule::None;
    if (age > 0) use("source", name, before_, {age - 1});
    return true;
  }
  const bool works = age == 0 ? value("stage_valid", now_, {0}).value_or(0) != 0 : value("stage_valid", before_, {age - 1}).value_or(0) != 0;
  if (!works) {
    op_.rule = Rule::Hold;
    use("source", name, before_, element_.index);
    return true;
  }
  if (control) {
    op_.rule = age > 0 ? Rule::Copy : Rule::None;
    if (age > 0) use("source", "ctl_" + std::to_string(age - 1), before_);
    return true;
  }
  const int64_t col = element_.index[0];
  op_.column = static_cast<int>(col);
  if (name == "read") {
    op_.rule = Rule::Copy;
    if (!beat || op_.fields.op != Op::Activate || col >= op_.fields.n) return true;
    const int64_t address = op_.beat.value_or(0) == 0 ? op_.fields.base : static_cast<int64_t>(value("act_addr", before_).value_or(0));
    const int64_t entry = static_cast<int64_t>(op_.fields.bank) * config_.acc_depth + address;
    if (value("written", before_, {col, entry}).value_or(0) != 0) use("entry", "mem", before_, {col, entry});
    return true;
  }
  const std::string ctl = "ctl_" + std::to_string(age - 1);
  const bool raw = (value(ctl, before_).value_or(0) & 1) != 0;
  static const std::map<std::string, std::pair<const char*, Rule>> kStages = {{"biased", {"read", Rule::Bias}},
                                                                              {"product", {"biased", Rule::Multiply}},
                                                                              {"scaled", {"product", Rule::Scale}},
                                                                              {"clamped", {"scaled", Rule::Clamp}},
                                                                              {"converted", {"biased", Rule::Convert}}};
  const auto& [from, rule] = kStages.at(name);
  op_.rule = raw ? Rule::Copy : rule;
  use(raw ? "source" : "x", from, before_, {col});
  if (!raw && rule == Rule::Bias) use("bias", "bias", before_, {col});
  if (!raw && rule == Rule::Multiply) use("multiplier", "multiplier", before_, {col});
  if (!raw && (rule == Rule::Multiply || rule == Rule::Scale)) use("shift", "shift", before_, {col});
  if (!raw && floating && rule == Rule::Convert) use("random", "random", before_, {col});
  use("control", ctl, before_);
  return true;
}

bool OperationRules::parameters(const std::string& name) {
  if (name != "bias" && name != "multiplier" && name != "shift" && name != "table" && name != "table_written" && name != "random") return false;
  at_head("activation", "act_queue", before_, kActivationOps);
  const bool fires = value("act_queue_rptr", before_) != value("act_queue_rptr", now_) && op_.command && op_.fields.op != Op::Activate;
  op_.rule = fires ? Rule::None : Rule::Hold;
  if (fires) op_.issued = static_cast<uint64_t>(before_);
  if (!fires && !trace_.fields()[element_.field].memory) use("source", name, before_, element_.index);
  if (name != "table" && name != "table_written") op_.column = static_cast<int>(element_.index[0]);
  return true;
}

/// A lane as the last stage gives it in cycle c: 0 beyond the command's columns, the table's entry, or the stage before.
void OperationRules::output_lane(const std::string& from, const std::string& control, int64_t c) {
  const int64_t col = element_.index[0];
  const uint64_t ctl = value(control, c).value_or(0);
  if (static_cast<uint64_t>(col) >= ctl >> (config_.floating() ? 8 : 31)) return;
  const bool table = !config_.floating() && (ctl & 1) == 0 && (ctl >> 2 & 1) != 0;
  use(table ? "x" : "source", from, c, {col});
  if (!table) return;
  op_.rule = Rule::Table;
  const auto line = static_cast<int64_t>(value(from, c, {col}).value_or(0) >> 3 & 31);
  if (value("table_written", c, {line}).value_or(0) != 0) use("line", "table", c, {line});
}

/// The beat that stands in this slot of the output FIFO: pushed by the last stage when the slot was next.
bool OperationRules::output_beat(int64_t slot) {
  op_.unit = "activation";
  const int64_t last = config_.floating() ? 2 : 4;
  for (int64_t c = before_; holds(c); --c) {
    if (value("stage_valid", c, {last}).value_or(0) == 0 || value("output_fifo_wptr", c) != static_cast<uint64_t>(slot)) continue;
    op_.rule = Rule::Copy;
    activation_beat(c - last - 1);
    const std::string from = config_.floating() ? "converted" : "clamped", control = config_.floating() ? "ctl_2" : "ctl_4";
    if (element_.index.size() == 1 && trace_.fields()[element_.field].cls == FieldClass::Pin) {
      op_.column = static_cast<int>(element_.index[0]);
      output_lane(from, control, c);
    }
    use("control", control, c);
    return true;
  }
  return no("the beat was pushed before the cycles that are kept");
}

bool OperationRules::outputs(const std::string& name) {
  if (name == "output_fifo_mem") {
    output_beat(element_.index[0]);
    return true;
  }
  if (name != "out_data") return false;
  output_beat(static_cast<int64_t>(value("output_fifo_rptr", now_).value_or(0)));
  return true;
}

/// Everything else is control: the command its unit looks at.
bool OperationRules::control(const std::string& name) {
  const auto begins = [&name](std::initializer_list<const char*> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&name](const char* p) { return name.starts_with(p); });
  };
  op_.rule = Rule::None;
  if (begins({"command_fifo", "load_disp", "switch_disp", "matmul_disp", "act_disp", "response_fifo", "rsp_"})) {
    dispatch_head(before_);
  } else if (begins({"load_queue_wptr", "load_queue_count", "load_queue_mem", "matmul_queue_wptr", "matmul_queue_count", "matmul_queue_mem", "act_queue_wptr",
                     "act_queue_count", "act_queue_mem"})) {
    dispatch_head(before_);
  } else if (begins({"load_", "switch_issued", "switch_age", "weight_fifo"})) {
    at_head("load", "load_queue", before_, {Op::LoadWeights});
    op_.beat = value("load_row", before_);
  } else if (begins({"matmul_", "activation_fifo", "array_flags", "pe_flags", "acc_"})) {
    at_head("matmul", "matmul_queue", before_, {Op::Matmul});
    op_.beat = value("matmul_beat", before_);
  } else if (begins({"act_", "credit", "output_fifo"})) {
    at_head("activation", "act_queue", before_, kActivationOps);
    op_.beat = value("act_beat", before_);
  } else {
    return false;
  }
  if (!op_.command) op_.beat.reset();
  return true;
}

Operation OperationRules::find() {
  const std::string& name = trace_.fields()[element_.field].name;
  const bool known =
      skew(name) || tags(name) || weights(name) || pe(name) || accumulators(name) || stages(name) || parameters(name) || outputs(name) || control(name);
  if (!known) no("the field belongs to no command");
  if (op_.command) op_.reason.clear();
  if (!op_.command) op_.beat.reset();
  return std::move(op_);
}

}  // namespace assay::npu
