// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/storage.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace assay::sweep {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& file, const std::string& what) { throw StorageError(file.string() + ": " + what + ": " + std::strerror(errno)); }

class Descriptor {
 public:
  Descriptor(const fs::path& file, int flags) : number_(open(file.c_str(), flags | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

void write_all(int descriptor, std::string_view bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t n = write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(file, "cannot be written");
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

void write_durably(const fs::path& file, std::string_view bytes) {
  const fs::path temporary = file.string() + ".tmp" + std::to_string(getpid());
  try {
    const Descriptor out(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    if (out.number() < 0) fail(temporary, "cannot be written");
    write_all(out.number(), bytes, temporary);
    if (fsync(out.number()) != 0) fail(temporary, "cannot be written");
    if (rename(temporary.c_str(), file.c_str()) != 0) fail(file, "cannot be written");
  } catch (const StorageError&) {
    unlink(temporary.c_str());
    throw;
  }
  const Descriptor folder(file.parent_path(), O_RDONLY | O_DIRECTORY);
  if (folder.number() >= 0) fsync(folder.number());  // not every file system knows it for folders
}

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

FolderLock::FolderLock(const fs::path& file, const std::string& who) : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) fail(file, "cannot be written");
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const bool taken = errno == EWOULDBLOCK;
  close(descriptor_);
  if (taken) throw StorageError(file.parent_path().string() + ": " + who + " is at work on it, expected to be alone");
  fail(file, "cannot be locked");
}

FolderLock::~FolderLock() { close(descriptor_); }

}  // namespace assay::sweep
