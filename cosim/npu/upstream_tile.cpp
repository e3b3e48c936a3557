// SPDX-License-Identifier: Apache-2.0
// Sources of what the tile's control, queues, counters and pins show: spec sections 6 to 9 and 13.
#include "cosim/npu/upstream_rules.hpp"

namespace assay::npu {
namespace {

constexpr int kOpMatmul = 2, kOpActivate = 3, kOpClear = 6, kOpFence = 7;
constexpr int kBankOfCommand = 20;

}  // namespace

/// A command leaves the FIFO: its own place, then what the command waits for.
void UpstreamRules::dispatch() {
  fifo_head("command_fifo");
  const auto opcode = head_value("command_fifo", 0, 4);
  add_if(!opcode || *opcode == 1, "load_queue_count");
  add_if(!opcode || *opcode == kOpMatmul, "matmul_queue_count");
  add_if(!opcode || (*opcode >= kOpActivate && *opcode < kOpClear) || *opcode == 9, "act_queue_count");
  add("response_fifo_count");
  if (!opcode || (*opcode != kOpClear && *opcode != kOpFence)) return;
  add("output_fifo_count");
  idle();
}

/// What has to be gone before a CLEAR or a FENCE.
void UpstreamRules::idle() {
  for (const char* queue : {"load_queue_count", "matmul_queue_count", "act_queue_count"}) add(queue);
  add_all("tag_valid");
  add_all("stage_valid");
}

/// A CLEAR, seen only where the command is known.
void UpstreamRules::cleared() {
  if (head_value("command_fifo", 0, 4).value_or(0) == kOpClear) dispatch();
}

void UpstreamRules::load_permitted() {
  fifo_head("load_queue");
  for (const char* name : {"load_row", "switch_issued", "switch_age"}) add(name);
}

void UpstreamRules::load_fires() {
  load_permitted();
  add("weight_fifo_count");
}

/// The head's bank, and its load when it is a first beat with a switch that may wait for it.
void UpstreamRules::matmul_fires() {
  fifo_head("matmul_queue");
  add("matmul_beat");
  add("activation_fifo_count");
  const int shift = floating() ? 3 : 0;  // a format instead of a signedness bit
  const auto bank = head_value("matmul_queue", 3 + shift, 4);
  if (bank) add("act_ret", {static_cast<int64_t>(*bank)});
  const auto switches = head_value("matmul_queue", 1 + shift, 1);
  if (switches && *switches == 0) return;
  add("load_done");
  load_fires();
}

/// Which words: the pointer, and what fills them.
void UpstreamRules::push_of(const std::string& fifo) {
  if (fifo == "command_fifo") return pin("cmd_data_i"), pin("cmd_valid_i");
  if (fifo == "weight_fifo") return pin("weight_data_i"), pin("weight_valid_i");
  if (fifo == "activation_fifo") return pin("act_data_i"), pin("act_valid_i");
  if (fifo == "output_fifo") return output_pushed();
  dispatch();
}

void UpstreamRules::pop_of(const std::string& fifo) {
  if (fifo == "command_fifo") return dispatch();
  if (fifo == "output_fifo") return pin("out_ready_i");
  if (fifo == "response_fifo") return pin("rsp_ready_i");
  if (fifo == "load_queue" || fifo == "weight_fifo") return load_fires();
  if (fifo == "act_queue") return activation_fires();
  matmul_fires();
}

bool UpstreamRules::fifo(const std::string& name) {
  const size_t cut = name.rfind('_');
  if (cut == std::string::npos) return false;
  const std::string fifo = name.substr(0, cut), part = name.substr(cut + 1);
  if (table_.field(fifo + "_wptr") == table_.fields().size()) return false;
  const bool word = part == "mem";
  if (word && fifo == "response_fifo") {
    const auto opcode = head_value("command_fifo", 0, 4);
    if (!opcode || *opcode == kOpFence) sticky_flags();
    if (opcode == 8) add("counter", {static_cast<int64_t>(head_value("command_fifo", 24, 4).value_or(0))});
  }
  if (part != "rptr") push_of(fifo);
  if (word) {
    add_if(fifo == "load_queue", "switch_disp");
    add_if(fifo == "matmul_queue", "load_disp");
    const auto bank = static_cast<int64_t>(head_value("command_fifo", kBankOfCommand, 4).value_or(0));
    add_if(fifo == "matmul_queue", "act_disp", {bank});
    add_if(fifo == "act_queue", "matmul_disp", {bank});
  }
  if (part == "wptr" || word) add(fifo + "_wptr");
  if (part == "rptr" || part == "count") pop_of(fifo);
  add(fifo + "_count");
  return true;
}

bool UpstreamRules::dispatch_unit(const std::string& name) {
  if (name != "load_disp" && name != "switch_disp" && name != "matmul_disp" && name != "act_disp") return false;
  dispatch();
  return true;
}

bool UpstreamRules::load_unit(const std::string& name) {
  if (name != "load_row" && name != "load_done") return false;
  load_fires();
  return true;
}

bool UpstreamRules::matmul_unit(const std::string& name) {
  if (name == "matmul_ret") {
    for (const char* field : {"tag_valid", "tag_last", "tag_entry"}) tag(field, config_.tag_stages() - 1);
    return true;
  }
  if (name != "matmul_beat" && name != "matmul_addr" && name != "switch_issued" && name != "switch_age") return false;
  matmul_fires();
  return true;
}

/// The registers behind flags_o; each tile has its own.
void UpstreamRules::sticky_flags() {
  for (const char* flag : {"array_flags", "acc_flags", "acc_overflow", "acc_undefined", "act_flags", "act_overflow", "act_undefined", "act_saturated"}) {
    if (table_.field(flag) < table_.fields().size()) add(flag);
  }
}

bool UpstreamRules::output_pins(const std::string& name) {
  if (name == "cmd_ready") return add("command_fifo_count"), true;
  if (name == "weight_ready") return add("weight_fifo_count"), true;
  if (name == "act_ready") return add("activation_fifo_count"), true;
  if (name == "out_valid") return add("output_fifo_count"), true;
  if (name == "rsp_valid") return add("response_fifo_count"), true;
  if (name == "out_data") return fifo_head("output_fifo"), true;
  if (name == "rsp_data") return fifo_head("response_fifo"), true;
  if (name == "busy") {
    for (const char* fifo : {"command_fifo_count", "output_fifo_count", "response_fifo_count"}) add(fifo);
    return idle(), true;
  }
  if (name != "flags") return false;
  return sticky_flags(), true;
}

bool UpstreamRules::counters(const std::string& name) {
  if (name != "counter") return false;
  const int64_t first_of_unit[] = {1, 4, 8, 12, 16};
  if (at(0) >= first_of_unit[3]) {
    dispatch();
  } else if (at(0) >= first_of_unit[2]) {
    activation_fires();
  } else if (at(0) >= first_of_unit[1]) {
    matmul_fires();
  } else if (at(0) >= first_of_unit[0]) {
    load_fires();
  }
  cleared();
  return true;
}

}  // namespace assay::npu
