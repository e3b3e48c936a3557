// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace assay::cli {

/// `assay corpus` as it was typed.
struct CorpusOptions {
  std::vector<std::string> configs;
  std::string out, commands = "200000", seed = "1", json;
  bool compare = false;
};
int corpus_command(const CorpusOptions& options);

}  // namespace assay::cli
