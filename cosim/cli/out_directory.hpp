// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace assay::cli {

/// A directory of results. It replaces one that assay wrote before (a marker file tells) and refuses any other that is not empty.
class OutDirectory {
 public:
  explicit OutDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  /// Throws InputError when the directory must not be replaced.
  void check() const;
  /// Writes all files (name, may lie in a folder; bytes) into a fresh directory beside it, which then takes its place; scripts may be run.
  /// Throws InputError.
  void replace(const std::vector<std::pair<std::string, std::string>>& files) const;

  static constexpr const char* kMarker = ".assay-out";

 private:
  std::filesystem::path path_;
};

}  // namespace assay::cli
