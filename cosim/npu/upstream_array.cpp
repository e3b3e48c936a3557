// SPDX-License-Identifier: Apache-2.0
// Sources of the array, its PEs and the accumulators: spec sections 10 and 11, 17.7 and 17.8.
#include <string>

#include "cosim/npu/upstream_rules.hpp"

namespace assay::npu {

/// act_in(r, c): the last skew register of the row, or the neighbour to the left.
void UpstreamRules::operand_in(int64_t row, int64_t column) {
  const int64_t last = row * config_.pe_latency + 1;
  const std::string in_row = "_" + std::to_string(row);
  const auto take = [&](const char* left, const char* skew) { column > 0 ? add(left, {row, column - 1}) : add(skew + in_row, {last}); };
  take("act", "skew");
  if (!floating()) return take("act_high", "skew_high");
  if (low()) take("act_low", "skew_low");
  take("act_valid", "skew_valid");
}

void UpstreamRules::weight(int64_t row, int64_t column) {
  add("weight", {row, column});
  add_if(!floating(), "weight_high", {row, column});
  add_if(low(), "weight_low", {row, column});
}

/// psum_in(r, c), or valid_in(r, c): the output of the PE above, behind its delay registers.
void UpstreamRules::psum_in(int64_t row, int64_t column, bool valid) {
  if (row > 0) {
    const std::string delay = config_.pe_latency == 1 ? "" : "_delay_" + std::to_string(config_.pe_latency - 1);
    return add((valid ? "psum_valid" : "psum") + delay, {row - 1, column});
  }
  if (!valid) return;
  tag("tag_valid", column + 1);
  tag("tag_columns", column + 1);
}

void UpstreamRules::tag(const char* name, int64_t stage) { add(name, {stage}); }

void UpstreamRules::tags(int64_t stage) {
  for (const char* name : {"tag_valid", "tag_columns", "tag_entry"}) tag(name, stage);
}

bool UpstreamRules::skew(const std::string& name) {
  if (!name.starts_with("skew_")) return false;
  if (at(0) > 0) return add(name, {at(0) - 1}), true;
  const std::string kind = name.substr(0, name.rfind('_'));
  if (kind != "skew_valid") fifo_head("activation_fifo");
  matmul_fires();
  return true;
}

bool UpstreamRules::array(const std::string& name) {
  if (name.starts_with("tag_") || name == "switch_line") {
    if (at(0) > 0) return add(name, {at(0) - 1}), true;
    matmul_fires();
    add_if(name == "tag_entry", "matmul_addr");
    return true;
  }
  if (name == "switch") {
    const int64_t r = at(0), c = at(1);
    if (c > 0) return add("switch", {r, c - 1}), true;
    if (r == 0) return matmul_fires(), true;
    floating() ? add("switch_line", {r * config_.pe_latency - 1}) : add("switch", {r - 1, 0});
    return true;
  }
  if (name == "pe_flags") return pe_operands(), true;
  if (name == "array_flags") return add("pe_flags"), cleared(), true;
  return false;
}

/// Everything that a product can be made from, for the flags that all PEs raise together.
void UpstreamRules::pe_operands() {
  for (int64_t r = 0; r < config_.rows; ++r) {
    for (int64_t c = 0; c < config_.cols; ++c) psum_in(r, c, false), operand_in(r, c), weight(r, c), psum_in(r, c, true);
  }
}

bool UpstreamRules::pe(const std::string& name) {
  if (table_.fields()[element_.field].block != "pe") return false;
  const int64_t r = at(0), c = at(1);
  if (name.starts_with("shadow")) {
    fifo_head("weight_fifo");
    load_fires();
  } else if (name.starts_with("weight")) {
    add("shadow" + name.substr(6), {r, c});
    add("switch", {r, c});
  } else if (name.starts_with("act")) {
    const std::string kind = name.substr(3);  // "", "_high", "_low", "_valid"
    c > 0 ? add(name, {r, c - 1}) : add("skew" + kind + "_" + std::to_string(r), {r * config_.pe_latency + 1});
  } else if (name == "psum") {
    psum_in(r, c, false);
    operand_in(r, c);
    weight(r, c);
  } else if (name == "psum_valid") {
    psum_in(r, c, true);
  } else {  // delay i comes from delay i − 1, the first from the result
    const size_t cut = name.find("_delay_");
    const int i = std::stoi(name.substr(cut + 7));
    add(name.substr(0, cut) + (i == 1 ? "" : "_delay_" + std::to_string(i - 1)), {r, c});
  }
  return true;
}

bool UpstreamRules::accumulators(const std::string& name) {
  if (table_.fields()[element_.field].block != "accumulators") return false;
  const auto adder = [this](int64_t c) { add("acc_old", {c}), add("acc_new", {c}), tags(first_tag() + 1 + c); };
  if (name == "acc_new") {
    psum_in(config_.rows, at(0), false);
  } else if (name == "acc_old") {
    const int64_t c = at(0), stage = first_tag() + c;
    if (const auto entry = value("tag_entry", {stage})) entry_read(c, *entry);
    if (floating()) psum_in(config_.rows, c, true);
    tags(stage);
    tag("tag_accumulate", stage);
    adder(c);
    if (floating()) tag("tag_bf16", stage + 1);
  } else if (name == "mem" || name == "written") {
    adder(at(0));
    if (floating()) tag("tag_bf16", first_tag() + 1 + at(0));
    if (name == "written") cleared();
  } else if (name == "read") {
    if (const auto entry = beat_entry()) entry_read(at(0), *entry);
    activation_fires();
    add("act_addr");
  } else if (name == "acc_overflow" || name == "acc_flags") {
    for (int64_t c = 0; c < config_.cols; ++c) {
      adder(c);
      if (floating()) tag("tag_bf16", first_tag() + 1 + c);
    }
    cleared();
  } else {  // acc_undefined
    for (int64_t c = 0; c < config_.cols; ++c) {
      const int64_t stage = first_tag() + c;
      if (const auto entry = value("tag_entry", {stage})) add("written", {c, static_cast<int64_t>(*entry)});
      if (floating()) psum_in(config_.rows, c, true);
      tags(stage), tag("tag_accumulate", stage), tags(stage + 1);
      if (const auto entry = beat_entry()) add("written", {c, static_cast<int64_t>(*entry)});
    }
    activation_fires();
    add("act_addr");
    cleared();
  }
  return true;
}

/// The entry that the activation unit's beat reads, when there is one.
std::optional<uint64_t> UpstreamRules::beat_entry() const {
  const auto bank = head_value("act_queue", 20, 4);
  if (!bank) return std::nullopt;
  const bool first = value("act_beat") == 0;
  const uint64_t address = first ? head_value("act_queue", 56, 16).value_or(0) : value("act_addr").value_or(0);
  return *bank * static_cast<uint64_t>(config_.acc_depth) + address;
}

void UpstreamRules::entry_read(int64_t column, uint64_t entry) {
  add("mem", {column, static_cast<int64_t>(entry)});
  add("written", {column, static_cast<int64_t>(entry)});
}

}  // namespace assay::npu
