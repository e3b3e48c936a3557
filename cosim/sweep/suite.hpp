// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cosim/common/yaml_node.hpp"

namespace assay::sweep {

/// One entry of a suite's `tests`: names × configs × stall profiles, and the seeds of each of them. Names mean nothing here yet.
struct SuiteEntry {
  enum class Kind : uint8_t { Test, Folder, File, Corpus };
  Kind kind = Kind::Test;
  std::vector<std::string> names;
  std::vector<std::string> configs;                   ///< empty: every one that the test fits
  std::vector<std::string> stalls;                    ///< "": as the vector says
  std::vector<std::pair<uint64_t, uint64_t>> listed;  ///< seeds from … to, both of them included
  uint64_t drawn = 0;                                 ///< seeds drawn from the suite's own
  uint64_t commands = 0;                              ///< Corpus: stimulus that it is chosen from; what it holds are listed seeds
  std::string stage;
  std::vector<std::string> tags;
  double timeout = 0;  ///< seconds of one vector
  YamlNode where;
  std::filesystem::path folder;  ///< of the suite file
};

/// A gate is the least (vectors, cycles, comparisons) or the most (mismatches, errors, inconclusive, skipped) of its kind.
using Gates = std::map<std::string, uint64_t>;

struct Suite {
  std::string name, description;
  uint64_t seed = 1;  ///< what drawn seeds follow from
  Gates gates;
  std::vector<SuiteEntry> first;  ///< entries of the suites under `first`: they run before everything else
  std::vector<SuiteEntry> tests;
};

/// Whether a gate bounds its count from below.
bool is_least(const std::string& gate);

/// Reads `schema: assay/suite/1` and the suites it names under `first`. Throws InputError as file:line: key.
Suite load_suite(const std::filesystem::path& file);

}  // namespace assay::sweep
