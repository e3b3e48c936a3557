// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::sweep {

/// The place where results go is full, gone or taken: what is finished stays, the same command later goes on (exit 75).
struct StorageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes all bytes to a descriptor. Throws StorageError naming `file`.
void write_all(int descriptor, std::string_view bytes, const std::filesystem::path& file);

/// Temporary file, fsync, rename, fsync of the folder: after a crash of the machine the file is whole or absent. Throws StorageError.
void write_durably(const std::filesystem::path& file, std::string_view bytes);

/// Whole file as bytes. Throws StorageError.
std::string read_whole(const std::filesystem::path& file);

/// An advisory lock on a file, held until the object goes; the system drops it with the process, however that ends.
class FolderLock {
 public:
  /// Throws StorageError that says `who` holds it already.
  FolderLock(const std::filesystem::path& file, const std::string& who);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace assay::sweep
