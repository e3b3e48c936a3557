// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/out_directory.hpp"

#include <unistd.h>

#include "cosim/common/process.hpp"
#include "model/common/config.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, const std::string& what) { throw InputError("command line:1: --out: '" + path.string() + "' " + what); }

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  write_file(file, bytes);
  if (file.extension() == ".sh") fs::permissions(file, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
}

}  // namespace

void OutDirectory::check() const {
  std::error_code error;
  const auto status = fs::status(path_, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status)) fail(path_, "is a file, expected a directory");
  const bool empty = fs::is_empty(path_, error);
  if (error) fail(path_, "cannot be read, expected a readable directory");
  if (empty || fs::exists(path_ / kMarker)) return;
  fail(path_, "holds files that assay did not write, expected a new or empty directory or one that assay wrote");
}

void OutDirectory::replace(const std::vector<std::pair<std::string, std::string>>& files) const {
  check();
  fs::path target = fs::absolute(path_).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  const std::string suffix = "." + std::to_string(getpid());
  const fs::path fresh = target.parent_path() / ("." + target.filename().string() + ".new" + suffix);
  const fs::path old = target.parent_path() / ("." + target.filename().string() + ".old" + suffix);
  try {
    fs::create_directories(fresh);
    write_file(fresh / kMarker, "assay/out/1\n");
    for (const auto& [name, bytes] : files) write(fresh / name, bytes);
    if (fs::exists(target)) fs::rename(target, old);
    fs::rename(fresh, target);
    fs::remove_all(old);
  } catch (const std::exception&) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    if (fs::exists(old, ignored) && !fs::exists(target, ignored)) fs::rename(old, target, ignored);
    fail(path_, "cannot be written, expected a writable place");
  }
}

}  // namespace assay::cli
