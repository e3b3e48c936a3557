// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace assay::npu {

/// rtl_map.yaml: where each field lies in the RTL, as paths below npu_tile with {r}, {c}, {i} and @{r} as that file explains them.
class RtlMap {
 public:
  /// Throws InputError naming file and line.
  explicit RtlMap(const std::filesystem::path& file);

  /// The path of "block.field", of the floating-point tile where that has one of its own; empty when the map has none. "datapath" is the label of
  /// the tile's generate branch.
  std::string path(const std::string& field, bool floating) const;

 private:
  std::string entry(const std::string& field, bool floating) const;

  std::map<std::string, std::string> paths_;
};

/// Where an element of a field stands in the RTL's sources.
struct RtlPlace {
  std::string file;    ///< below the project's root
  int line = 0;        ///< that gives the signal its next value, else its declaration
  std::string signal;  ///< hierarchical name below npu_tile
};

/// Follows the field's path through the instances of `root`/rtl. Nothing when the sources do not say, for instance when they are not there.
std::optional<RtlPlace> rtl_place(const std::filesystem::path& root, const std::string& field, const std::vector<int64_t>& index, bool floating);

}  // namespace assay::npu
