// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosim/npu/upstream.hpp"

namespace assay::npu {

/// Collects the sources of one element: a function per unit of the spec, and the conditions that they share. Names are those of the field table.
class UpstreamRules {
 public:
  UpstreamRules(const Upstream& table, const ElementRef& element, const Upstream::Values& values)
      : table_(table), config_(table.config()), element_(element), values_(values) {}

  Sources collect();

 private:
  using Index = std::vector<int64_t>;

  // Where a rule stands: true when the field is one of the unit's.
  bool fifo(const std::string& name);
  bool dispatch_unit(const std::string& name);
  bool load_unit(const std::string& name);
  bool matmul_unit(const std::string& name);
  bool skew(const std::string& name);
  bool array(const std::string& name);
  bool pe(const std::string& name);
  bool accumulators(const std::string& name);
  bool activation_control(const std::string& name);
  bool activation_stages(const std::string& name);
  bool activation_flags(const std::string& name);
  bool output_pins(const std::string& name);
  bool counters(const std::string& name);

  // Why something happens in a cycle.
  void dispatch();
  void load_permitted();
  void load_fires();
  void matmul_fires();
  void activation_fires();
  void output_pushed();
  void idle();
  void cleared();
  void sticky_flags();
  void push_of(const std::string& fifo);
  void pop_of(const std::string& fifo);

  // Registers by their meaning, on either tile.
  void operand_in(int64_t row, int64_t column);
  void weight(int64_t row, int64_t column);
  void psum_in(int64_t row, int64_t column, bool valid);
  void pe_operands();
  void tag(const char* name, int64_t stage);
  void tags(int64_t stage);
  void entry_read(int64_t column, uint64_t entry);
  std::optional<uint64_t> beat_entry() const;
  void control_word(int stage);
  void fifo_head(const std::string& fifo);

  void add(const std::string& name, Index index = {});
  void add_if(bool condition, const std::string& name, Index index = {});
  void add_all(const std::string& name);
  void pin(const std::string& name) { sources_.pins.push_back(name); }
  std::optional<uint64_t> value(const std::string& name, const Index& index = {}, int low = 0, int count = 64) const;
  /// A bit field of the word at a FIFO's head, when values are known and there is a word.
  std::optional<uint64_t> head_value(const std::string& fifo, int low, int count) const;

  bool low() const { return config_.has_low(); }
  bool floating() const { return config_.floating(); }
  int last_stage() const { return floating() ? 2 : 4; }  ///< of the activation unit's control words and valid bits
  int64_t first_tag() const { return int64_t{config_.rows} * config_.pe_latency + 1; }
  int64_t at(size_t dimension) const { return element_.index[dimension]; }

  const Upstream& table_;
  const HwConfig& config_;
  const ElementRef& element_;
  const Upstream::Values& values_;
  Sources sources_;
};

}  // namespace assay::npu
