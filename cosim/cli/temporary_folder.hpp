// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace assay::cli {

/// A folder that is there as long as the object.
class TemporaryFolder {
 public:
  /// Throws InputError where no folder can be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace assay::cli
