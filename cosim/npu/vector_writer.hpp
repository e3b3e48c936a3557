// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cosim/npu/recipe.hpp"

namespace assay::npu {

/// A vector file with the data files it names beside it.
struct WrittenVector {
  std::string yaml;
  std::vector<std::pair<std::string, std::string>> files;  ///< (name, bytes), under data/
};

/// The program as a vector in which nothing is left open: no random operands, no files elsewhere, no named stall profiles. Loading it on the
/// same config gives the same program. `head` stands above it as comment lines. Small operands are inline, larger ones .npy files.
WrittenVector write_vector(const Program& program, const HwConfig& config, const std::string& head = {});

/// One command as a flow mapping without its data: op and fields that are not at their defaults, or the word where that is not all of it.
std::string command_text(const CommandWord& word, const HwConfig& config);

}  // namespace assay::npu
