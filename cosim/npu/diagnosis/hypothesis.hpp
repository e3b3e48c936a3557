// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/change.hpp"
#include "cosim/npu/diagnosis/state.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

/// A single change with what a person calls it.
struct Hypothesis {
  Change change;
  std::string kind;  ///< its family, docs/diagnosis.md
  std::string text;  ///< where and what
  double cost = 0;   ///< bits it takes to say which of its family it is: of two that explain the same, the simpler one comes first
};

/// What the first cycle in which the RTL left the rules shows, to direct the search.
struct Evidence {
  struct Place {
    size_t field;
    int element;
    uint64_t rtl, rules;  ///< low 64 bits
  };
  std::vector<Place> first;  ///< what the RTL did otherwise in that cycle
  uint64_t cycle = 0;        ///< the cycle that shows it
  bool in_reset = false;     ///< the edge before it was one of a reset
  /// Rows and columns in which each field left the rules, in all cycles that are kept.
  struct Lanes {
    std::bitset<128> rows, cols;
  };
  std::map<size_t, Lanes> lanes;
};

/// Every hypothesis that is tried, in a fixed order.
std::vector<Hypothesis> hypotheses(const HwConfig& hw, const StateLayout& layout, const std::vector<Field>& fields, const Evidence& evidence);

/// The family of a change.
std::string kind_of(const Change& change, const HwConfig& hw, const std::vector<Field>& fields);
/// What it changes, in words.
std::string text_of(const Change& change, const HwConfig& hw, const std::vector<Field>& fields);
/// What stands at the site is the number of a bank.
bool is_bank(Site site);
/// Bits of a register or of what a site reads.
int site_width(Site site, const HwConfig& hw);

}  // namespace assay::npu
