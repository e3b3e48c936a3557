// SPDX-License-Identifier: Apache-2.0
#include "cosim/common/process.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "model/common/config.hpp"

#ifndef ASSAY_SOURCE_DIR
#define ASSAY_SOURCE_DIR "."
#endif

namespace assay {
namespace fs = std::filesystem;

ProcessResult run_process(const std::vector<std::string>& argv, const fs::path& directory) {
  std::vector<char*> args;
  for (const std::string& arg : argv) args.push_back(const_cast<char*>(arg.c_str()));
  args.push_back(nullptr);
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw BuildError(std::string("pipe: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) throw BuildError(std::string("fork: ") + std::strerror(errno));
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
    const int null = open("/dev/null", O_RDONLY);
    if (null >= 0) dup2(null, STDIN_FILENO);
    if (!directory.empty() && chdir(directory.c_str()) != 0) _exit(127);
    execvp(args[0], args.data());
    _exit(127);
  }
  close(pipe_ends[1]);
  ProcessResult result;
  char buffer[4096];
  for (ssize_t n; (n = read(pipe_ends[0], buffer, sizeof buffer)) != 0;) {
    if (n > 0) result.output.append(buffer, static_cast<size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  close(pipe_ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

namespace {

/// An installed program or library stands in PREFIX/bin or PREFIX/lib, the sources it works with in PREFIX/share/assay.
fs::path installed_root() {
  Dl_info info{};
  std::error_code error;
  std::vector<fs::path> files = {fs::read_symlink("/proc/self/exe", error)};
  if (dladdr(reinterpret_cast<void*>(&installed_root), &info) != 0 && info.dli_fname != nullptr) files.emplace_back(info.dli_fname);
  for (const fs::path& file : files) {
    fs::path folder = file.parent_path();
    for (int level = 0; level < 3; ++level, folder = folder.parent_path()) {  // bin, lib or lib/TRIPLET below the prefix
      if (fs::is_directory(folder / "share/assay/rtl", error)) return folder / "share/assay";
    }
  }
  return {};
}

}  // namespace

fs::path project_root() {
  const char* root = std::getenv("ASSAY_ROOT");
  if (root != nullptr && *root != 0) return root;
  static const fs::path kInstalled = installed_root();
  return kInstalled.empty() ? fs::path(ASSAY_SOURCE_DIR) : kInstalled;
}

fs::path cache_directory() {
  const auto from = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? fs::path() : fs::path(value);
  };
  if (fs::path dir = from("ASSAY_CACHE_DIR"); !dir.empty()) return dir;
  if (fs::path dir = from("XDG_CACHE_HOME"); !dir.empty()) return dir / "assay";
  if (fs::path dir = from("HOME"); !dir.empty()) return dir / ".cache" / "assay";
  return fs::temp_directory_path() / "assay-cache";
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file)) throw InputError(file.string() + ":1: file: cannot be read, expected a readable file");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

void write_file(const fs::path& file, const std::string& bytes) {
  const fs::path temporary = file.string() + ".tmp" + std::to_string(getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << bytes;
    out.flush();
    if (!out) {
      std::error_code ignored;
      fs::remove(temporary, ignored);
      throw InputError(file.string() + ":1: file: cannot be written, expected a writable folder with space left");
    }
  }
  fs::rename(temporary, file);
}

std::string hex64(uint64_t value) {
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace assay
