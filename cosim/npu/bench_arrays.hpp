// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "model/common/config.hpp"

namespace assay::npu {

/// Three arrays without any tile around them, as programs of their own: the yardstick's row style and module-per-PE style, and our npu_array.
/// Same compiler, same flags; ours has mixed signedness, tags and the diagonal switch on top.
class ArrayBench {
 public:
  ArrayBench(const HwConfig& config, const std::filesystem::path& yardstick, const std::function<void(const std::string&)>& say);
  ~ArrayBench();
  ArrayBench(const ArrayBench&) = delete;
  ArrayBench& operator=(const ArrayBench&) = delete;

  double yardstick_row() const { return run("row_style"); }  ///< cycles per CPU second
  double yardstick_pe() const { return run("module_per_pe"); }
  double array_alone() const { return run("npu_array"); }

 private:
  double run(const std::string& style) const;
  void build(const std::string& style, const HwConfig& config, const std::filesystem::path& yardstick) const;

  std::filesystem::path work_;
  std::string cycles_;
};

}  // namespace assay::npu
