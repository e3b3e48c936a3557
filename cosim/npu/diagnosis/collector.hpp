// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cosim/npu/diagnosis/hypothesis.hpp"

namespace assay::npu {

/// Collects the hypotheses of sites and registers, each for all lanes and for those that the evidence shows.
class Collector {
 public:
  Collector(const HwConfig& hw, const StateLayout& layout, const std::vector<Field>& fields, const Evidence& evidence)
      : hw_(hw), layout_(layout), fields_(fields), evidence_(evidence) {
    masks_.push_back({});
    for (const auto& place : evidence.first) add_masks(place.field);
  }

  void site(Site site);
  void registers();
  std::vector<Hypothesis> take() { return std::move(all_); }

 private:
  void add_masks(size_t field);
  void add(Change change, double cost);
  void add_everywhere(const Change& change, double cost);
  void reads(Site site, int width, double cost);
  void whole_operand(Site site);
  void neighbours(Change change, bool rows, double cost);
  void bits(Change change, int width, double cost);
  void of_register(size_t field);
  int singles(Site site) const;

  const HwConfig& hw_;
  const StateLayout& layout_;
  const std::vector<Field>& fields_;
  const Evidence& evidence_;
  std::vector<Evidence::Lanes> masks_;
  std::vector<Hypothesis> all_;
};

}  // namespace assay::npu
