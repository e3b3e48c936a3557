// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::fuzz {

/// A parser of files under test. `accepts` gives the bytes to it as a file and says whether it took them; an InputError, or what else the parser promises for
/// bad input, is a no; everything else that comes out (another exception, a signal, a sanitizer's report) is a finding.
struct Target {
  const char* name;  ///< and of its folder in tests/fuzz/corpus
  bool (*accepts)(std::string_view bytes);
};

const std::vector<Target>& targets();

/// A file in memory with the bytes, for parsers that take paths.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

bool config(std::string_view bytes);
bool vector(std::string_view bytes);
bool npy(std::string_view bytes);
bool suite(std::string_view bytes);
bool manifest(std::string_view bytes);
bool chunk(std::string_view bytes);
bool recording(std::string_view bytes);
bool record(std::string_view bytes);

}  // namespace assay::fuzz
