// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>

#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/operation.hpp"

namespace assay::npu {

/// The rules of find_operation, one group of fields after another; each returns false for a field that is not its own.
class OperationRules {
 public:
  OperationRules(const HwConfig& config, const Program& program, const Trace& trace, const ElementRef& element, uint64_t cycle)
      : config_(config), program_(program), trace_(trace), element_(element), now_(static_cast<int64_t>(cycle)), before_(now_ - 1) {
    for (size_t f = 0; f < trace.fields().size(); ++f) names_.emplace(trace.fields()[f].name, f);
  }

  Operation find();

 private:
  using Index = std::vector<int64_t>;

  // what the rules read; a cycle outside the trace or an index outside the shape gives nothing
  bool holds(int64_t cycle) const { return cycle >= 0 && trace_.holds(static_cast<uint64_t>(cycle)); }
  std::optional<uint64_t> value(const std::string& name, int64_t cycle, Index index = {}) const;
  bool pin(const std::string& name, int64_t cycle) const;
  std::optional<size_t> dispatched(int64_t cycle) const;
  bool exists(const std::string& name) const { return names_.contains(name); }

  // what they write
  void use(const std::string& role, const std::string& name, int64_t cycle, Index index = {});
  void name_command(size_t phase, size_t command);
  bool name_head(const std::string& queue, int64_t cycle, std::initializer_list<Op> ops);
  bool no(const std::string& reason);
  bool matmul_beat(int64_t issued);
  bool activation_beat(int64_t fired);
  bool at_head(const std::string& unit, const std::string& queue, int64_t cycle, std::initializer_list<Op> ops);
  bool dispatch_head(int64_t cycle);

  // groups of fields
  bool skew(const std::string& name);
  bool tags(const std::string& name);
  bool weights(const std::string& name);
  bool pe(const std::string& name);
  bool accumulators(const std::string& name);
  bool stages(const std::string& name);
  bool parameters(const std::string& name);
  bool outputs(const std::string& name);
  bool control(const std::string& name);

  void use_partial_sum(const std::string& role, int64_t row, int64_t col, int64_t cycle);
  void pe_operands(int64_t row, int64_t col, int64_t cycle);
  bool output_beat(int64_t slot);
  void output_lane(const std::string& from, const std::string& control, int64_t c);

  int64_t latency() const { return config_.pe_latency; }
  int64_t rows() const { return config_.rows; }

  const HwConfig& config_;
  const Program& program_;
  const Trace& trace_;
  const ElementRef& element_;
  const int64_t now_, before_;  ///< the cycle in which the value shows, and the one whose values the rule reads
  std::map<std::string, size_t> names_;
  Operation op_;
};

}  // namespace assay::npu
