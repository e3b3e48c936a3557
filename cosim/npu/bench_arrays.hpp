// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/common/config.hpp"

namespace assay::npu {

/// Arrays without any tile around them, as programs of their own, with the same compiler and flags. Integer config: the yardstick's row style and
/// module-per-PE style, and our npu_array, which has mixed signedness, tags and the diagonal switch on top. Floating-point config: our npu_fp_array under
/// random codes of its first format, and npu_array of the same size.
class ArrayBench {
 public:
  ArrayBench(const HwConfig& config, const std::filesystem::path& yardstick, const std::function<void(const std::string&)>& say);
  ~ArrayBench();
  ArrayBench(const ArrayBench&) = delete;
  ArrayBench& operator=(const ArrayBench&) = delete;

  double yardstick_row() const { return run("row_style"); }  ///< cycles per CPU second
  double yardstick_pe() const { return run("module_per_pe"); }
  double array_alone() const { return run(floating_ ? "npu_fp_array" : "npu_array"); }
  double integer_array() const { return run("npu_array"); }

 private:
  double run(const std::string& style) const;
  void build(const std::string& style, const HwConfig& config, const std::filesystem::path& yardstick) const;
  std::vector<std::string> own_array(const std::string& style, const HwConfig& config) const;

  std::filesystem::path work_;
  std::string cycles_;
  bool floating_;
};

}  // namespace assay::npu
