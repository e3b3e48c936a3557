// SPDX-License-Identifier: Apache-2.0
// Sources of the activation unit: spec sections 12 and 17.9.
#include <string>

#include "cosim/npu/upstream_rules.hpp"

namespace assay::npu {

/// A beat or a parameter leaves the unit's queue.
void UpstreamRules::activation_fires() {
  fifo_head("act_queue");
  add("act_beat");
  const auto bank = head_value("act_queue", 20, 4);
  if (bank) add("matmul_ret", {static_cast<int64_t>(*bank)});
  add("credit");
  add_all("stage_valid");
}

void UpstreamRules::control_word(int stage) {
  add("ctl_" + std::to_string(stage));
  add("stage_valid", {stage});
}

/// The last stage makes a beat of all lanes.
void UpstreamRules::output_pushed() {
  const char* data = floating() ? "converted" : "clamped";
  add_all(data);
  control_word(last_stage());
  if (floating()) return;
  const bool table = value("ctl_4", {}, 2, 1).value_or(0) != 0;
  for (int64_t c = 0; table && c < config_.cols; ++c) {
    const auto line = static_cast<int64_t>(value("clamped", {c}, 3, 5).value_or(0));
    add("table", {line});
    add("table_written", {line});
  }
}

bool UpstreamRules::activation_control(const std::string& name) {
  if (name == "stage_valid" && at(0) > 0) return add(name, {at(0) - 1}), true;
  if (name == "random") {
    control_word(1);
    activation_fires();
    return true;
  }
  if (name == "credit") {
    activation_fires();
    add("output_fifo_count");
    pin("out_ready_i");
    return true;
  }
  for (const char* field : {"act_beat", "act_addr", "act_ret", "stage_valid", "bias", "multiplier", "shift", "table", "table_written", "ctl_0"}) {
    if (name != field) continue;
    activation_fires();
    if (name == "table_written") cleared();
    return true;
  }
  return false;
}

bool UpstreamRules::activation_stages(const std::string& name) {
  if (name.starts_with("ctl_")) {
    control_word(std::stoi(name.substr(4)) - 1);
    return true;
  }
  if (name == "biased") {
    add("read", {at(0)});
    add("bias", {at(0)});
    control_word(0);
  } else if (name == "product") {
    for (const char* field : {"biased", "multiplier", "shift"}) add(field, {at(0)});
    control_word(1);
  } else if (name == "converted") {
    for (const char* field : {"biased", "random"}) add(field, {at(0)});
    control_word(1);
  } else if (name == "scaled") {
    for (const char* field : {"product", "shift"}) add(field, {at(0)});
    control_word(2);
  } else if (name == "clamped") {
    add("scaled", {at(0)});
    control_word(3);
  } else {
    return false;
  }
  return true;
}

/// A flag is raised by any lane of the stages that it watches.
bool UpstreamRules::activation_flags(const std::string& name) {
  if (name == "act_overflow" || name == "act_flags") {
    add_all("read"), add_all("bias");
    control_word(0);
  }
  if (name == "act_flags") {
    add_all("biased"), add_all("random");
    control_word(1);
  } else if (name == "act_saturated") {
    add_all("biased"), add_all("shift"), add_all("product"), add_all("scaled");
    control_word(1), control_word(2), control_word(3);
  } else if (name == "act_undefined") {
    output_pushed();
  } else if (name != "act_overflow") {
    return false;
  }
  cleared();
  return true;
}

}  // namespace assay::npu
