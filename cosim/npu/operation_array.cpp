// SPDX-License-Identifier: Apache-2.0
// Fields that a beat of the matmul unit, or a row of the load unit, fills: docs/spec.md sections 10, 11, 17.7, 17.8.
#include "cosim/npu/operation_rules.hpp"

namespace assay::npu {
namespace {

/// The number behind a prefix, or nothing: "skew_high_12" after "skew_high_" is 12.
std::optional<int64_t> number_after(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix) || name.size() == prefix.size()) return std::nullopt;
  if (name.find_first_not_of("0123456789", prefix.size()) != std::string::npos) return std::nullopt;
  return std::stoll(name.substr(prefix.size()));
}

}  // namespace

bool OperationRules::skew(const std::string& name) {
  for (const char* prefix : {"skew_high_", "skew_low_", "skew_valid_", "skew_"}) {
    const auto row = number_after(name, prefix);
    if (!row) continue;
    const int64_t stage = element_.index[0];
    op_.row = static_cast<int>(*row);
    matmul_beat(before_ - stage);
    op_.rule = Rule::Copy;
    if (stage > 0) {
      use("source", name, before_, {stage - 1});
    } else if (op_.command && *row < op_.fields.k) {
      op_.rule = std::string(prefix) == "skew_valid_" ? Rule::None : Rule::Decode;
      use("code", "activation_fifo_mem", before_, {static_cast<int64_t>(value("activation_fifo_rptr", before_).value_or(0))});
    }
    return true;
  }
  return false;
}

bool OperationRules::tags(const std::string& name) {
  if (name.starts_with("tag_")) {
    const int64_t stage = element_.index[0];
    matmul_beat(before_ - stage);
    op_.rule = stage > 0 ? Rule::Copy : Rule::None;
    if (stage > 0) use("source", name, before_, {stage - 1});
    return true;
  }
  if (name != "switch" && name != "switch_line") return false;
  const bool line = name == "switch_line";
  const int64_t row = line ? 0 : element_.index[0], col = line ? 0 : element_.index[1];
  matmul_beat(before_ - (line ? element_.index[0] : row * latency() + col));
  op_.rule = Rule::Copy;
  if (line) {
    use("source", name, before_, {element_.index[0] - 1});
  } else if (col > 0) {
    use("source", name, before_, {row, col - 1});
  } else if (exists("switch_line")) {
    use("source", "switch_line", before_, {row * latency() - 1});
  } else {
    use("source", name, before_, {row - 1, 0});
  }
  return true;
}

bool OperationRules::weights(const std::string& name) {
  const bool shadow = name.starts_with("shadow");
  if (!shadow && !name.starts_with("weight") && name != "weight") return false;
  if (!shadow && name != "weight" && name != "weight_high" && name != "weight_low") return false;
  const int64_t row = element_.index[0], col = element_.index[1];
  op_.row = static_cast<int>(row);
  op_.column = static_cast<int>(col);
  if (shadow) {
    const bool fires = value("weight_fifo_rptr", before_) != value("weight_fifo_rptr", now_) && value("load_row", before_) == static_cast<uint64_t>(row);
    at_head("load", "load_queue", before_, {Op::LoadWeights});
    op_.rule = fires ? Rule::Decode : Rule::Hold;
    if (!fires) return true;
    op_.issued = static_cast<uint64_t>(before_);
    op_.beat = row;
    use("code", "weight_fifo_mem", before_, {static_cast<int64_t>(value("weight_fifo_rptr", before_).value_or(0))});
    return true;
  }
  const bool switches = value("switch", before_, {row, col}).value_or(0) != 0;
  op_.rule = switches ? Rule::Copy : Rule::Hold;
  if (switches) {
    matmul_beat(before_ - 1 - row * latency() - col);
    use("source", "shadow" + name.substr(6), before_, {row, col});
  } else {
    op_.unit = "matmul";
    no("no switch reaches the PE in cycle " + std::to_string(before_));
    use("source", name, before_, {row, col});
  }
  return true;
}

void OperationRules::use_partial_sum(const std::string& role, int64_t row, int64_t col, int64_t cycle) {
  const std::string name = latency() > 1 ? "psum_delay_" + std::to_string(latency() - 1) : "psum";
  use(role, name, cycle, {row, col});
}

/// What PE(row, col) computes with: in column 0 from the end of the row's skew registers.
void OperationRules::pe_operands(int64_t row, int64_t col, int64_t cycle) {
  const std::string line = std::to_string(row);
  const Index skew_end = {row * latency() + 1}, left = {row, col - 1};
  for (const char* part : {"", "_high", "_low", "_valid"}) {
    if (col > 0) {
      use(std::string("activation") + part, std::string("act") + part, cycle, left);
    } else {
      use(std::string("activation") + part, "skew" + std::string(part) + "_" + line, cycle, skew_end);
    }
  }
  for (const char* part : {"", "_high", "_low"}) use(std::string("weight") + part, std::string("weight") + part, cycle, {row, col});
  if (row > 0) use_partial_sum("psum", row - 1, col, cycle);
}

bool OperationRules::pe(const std::string& name) {
  const bool act = name == "act" || name == "act_high" || name == "act_low" || name == "act_valid";
  const bool psum = name == "psum" || name == "psum_valid";
  const auto delay = number_after(name, "psum_delay_"), valid_delay = number_after(name, "psum_valid_delay_");
  if (!act && !psum && !delay && !valid_delay) return false;
  const int64_t row = element_.index[0], col = element_.index[1];
  const int64_t behind = delay.value_or(valid_delay.value_or(0));
  op_.row = static_cast<int>(row);
  op_.column = static_cast<int>(col);
  matmul_beat(before_ - behind - 2 - row * latency() - col);
  if (name == "psum") {
    const auto valid = col > 0 ? value("act_valid", before_, {row, col - 1}) : value("skew_valid_" + std::to_string(row), before_, {row * latency() + 1});
    op_.rule = valid.value_or(1) != 0 ? Rule::Mac : Rule::Copy;  // the integer tile adds the product 0
    if (op_.rule == Rule::Mac) pe_operands(row, col, before_);
    if (op_.rule == Rule::Copy && row > 0) use_partial_sum("source", row - 1, col, before_);
    return true;
  }
  op_.rule = Rule::Copy;
  if (act) {
    if (col > 0) use("source", name, before_, {row, col - 1});
    if (col == 0) use("source", "skew" + name.substr(3) + "_" + std::to_string(row), before_, {row * latency() + 1});
  } else if (delay) {
    use("source", behind == 1 ? "psum" : "psum_delay_" + std::to_string(behind - 1), before_, {row, col});
  } else if (valid_delay) {
    use("source", behind == 1 ? "psum_valid" : "psum_valid_delay_" + std::to_string(behind - 1), before_, {row, col});
  } else {
    op_.rule = Rule::None;
  }
  return true;
}

bool OperationRules::accumulators(const std::string& name) {
  const bool stage1 = name == "acc_new" || name == "acc_old", entry = name == "mem" || name == "written";
  if (!stage1 && !entry) return false;
  const int64_t col = element_.index[0], stage = rows() * latency() + (stage1 ? 1 : 2) + col;
  op_.column = static_cast<int>(col);
  if (name == "acc_new") {
    matmul_beat(before_ - 1 - stage);
    op_.rule = Rule::Copy;
    use_partial_sum("source", rows() - 1, col, before_);
    return true;
  }
  const bool beat = value("tag_valid", before_, {stage}).value_or(0) != 0 && static_cast<uint64_t>(col) < value("tag_columns", before_, {stage}).value_or(0);
  if (name == "acc_old") {
    matmul_beat(before_ - 1 - stage);
    op_.rule = Rule::Copy;
    const auto e1 = value("tag_entry", before_, {stage});
    if (!beat || value("tag_accumulate", before_, {stage}).value_or(0) == 0 || !e1) return true;  // the neutral element
    const bool hit = value("tag_valid", before_, {stage + 1}).value_or(0) != 0 && value("tag_entry", before_, {stage + 1}) == e1 &&
                     static_cast<uint64_t>(col) < value("tag_columns", before_, {stage + 1}).value_or(0);
    if (hit) {
      op_.rule = Rule::Accumulate;  // of the beat before, still in the adder
      use("old", "acc_old", before_, {col});
      use("new", "acc_new", before_, {col});
    } else if (value("written", before_, {col, static_cast<int64_t>(*e1)}).value_or(0) != 0) {
      use("entry", "mem", before_, {col, static_cast<int64_t>(*e1)});
    }
    return true;
  }
  const bool written = beat && value("tag_entry", before_, {stage}) == static_cast<uint64_t>(element_.index[1]);
  op_.rule = Rule::Hold;
  op_.unit = "matmul";
  if (!written) {
    no("no beat writes the entry in cycle " + std::to_string(before_));
    return true;
  }
  matmul_beat(before_ - 1 - stage);
  op_.rule = name == "mem" ? Rule::Accumulate : Rule::None;
  if (name == "written") return true;
  use("old", "acc_old", before_, {col});
  use("new", "acc_new", before_, {col});
  return true;
}

}  // namespace assay::npu
