// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// Build or infrastructure failed (exit 3).
struct BuildError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ProcessResult {
  int exit_code = 0;   ///< 127 when the program could not be started
  std::string output;  ///< stdout and stderr
};

/// Runs a program found in PATH with its arguments, no shell in between.
ProcessResult run_process(const std::vector<std::string>& argv, const std::filesystem::path& directory = {});

/// Full path of a program in PATH, empty when there is none.
std::string find_program(const std::string& name);

/// The project's sources: ${ASSAY_ROOT}, else where this binary was built from.
std::filesystem::path project_root();

/// ${ASSAY_CACHE_DIR}, ${XDG_CACHE_HOME}/assay or ~/.cache/assay.
std::filesystem::path cache_directory();

/// Whole file as bytes. Throws InputError when it cannot be read.
std::string read_file(const std::filesystem::path& file);

/// Writes through a temporary file and rename: never half-written. Throws InputError.
void write_file(const std::filesystem::path& file, const std::string& bytes);

/// FNV-1a, 64 bits, continued from `hash`.
constexpr uint64_t kFnvStart = 0xCBF29CE484222325u;
constexpr uint64_t fnv1a(std::string_view bytes, uint64_t hash = kFnvStart) {
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}
std::string hex64(uint64_t value);

}  // namespace assay
