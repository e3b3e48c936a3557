// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <unordered_set>
#include <utility>
#include <variant>

#include "cosim/npu/shrink.hpp"

// Internal to shrink: the search for smaller cases, and its stages.
namespace assay::npu {

class Search {
 public:
  Search(const ShrinkCase& start, const HwConfig& config, const ShrinkSteps& steps);

  const ShrinkCase& best() const { return best_; }
  const HwConfig& config() const { return config_; }
  uint64_t tried() const { return tried_; }
  bool stopped() const { return stopped_; }
  void stage(const char* name) { stage_ = name; }

  /// Runs a candidate that was not run before; it becomes the best when it fails as the best does.
  bool attempt(ShrinkCase candidate);

  /// The best with a change that answers whether it changed anything.
  template <class Change>
  bool attempt_change(Change change) {
    if (stopped_) return false;
    ShrinkCase candidate = best_;
    return change(candidate) && attempt(std::move(candidate));
  }

  /// The same for one item of the type that the change takes.
  template <class Item, class Change>
  bool attempt_item(size_t at, Change change) {
    return attempt_change([&](ShrinkCase& candidate) { return change(std::get<Item>(candidate.recipe.items[at])); });
  }

 private:
  const HwConfig& config_;
  const ShrinkSteps& steps_;
  ShrinkCase best_;
  std::unordered_set<uint64_t> seen_;
  uint64_t tried_ = 0;
  bool stopped_ = false;
  const char* stage_ = "";
};

/// The stream data of a command as lanes, written as a vector file would: codes of the command's format in all lanes up to the last one in use.
class CommandData {
 public:
  CommandData(const HwConfig& config, const Command& command, bool weights);

  size_t lanes(const Recipe::Raw& raw) const { return bytes_of(raw).size() / lane_bytes_; }
  int64_t get(const Recipe::Raw& raw, size_t lane) const;
  void put(Recipe::Raw& raw, size_t lane, int64_t value) const;
  /// Brings the bytes into the form that a vector file gives them.
  void settle(Recipe::Raw& raw) const;

 private:
  const std::vector<uint8_t>& bytes_of(const Recipe::Raw& raw) const { return weights_ ? raw.weights : raw.activations; }
  std::vector<uint8_t>& bytes_of(Recipe::Raw& raw) const { return weights_ ? raw.weights : raw.activations; }
  void store(uint8_t* at, int64_t value) const;

  bool weights_, is_signed_ = true;
  size_t lane_bytes_, width_, least_;  ///< least_: lanes of a row that the command looks at
  int code_bits_ = 8;
};

void shrink_items(Search& search);
void shrink_products(Search& search);  ///< sizes of gemm items
void shrink_commands(Search& search);  ///< sizes and fields of commands
void shrink_modes(Search& search);     ///< of gemm items
void shrink_data(Search& search);
void shrink_stimulus(Search& search);
void shrink_faults(Search& search);

}  // namespace assay::npu
