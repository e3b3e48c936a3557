// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/coverage/space.hpp"
#include "cosim/npu/stimulus/dials.hpp"

namespace assay::npu {

/// A program that may reach a bin: what its dials are pinned to, and whether it must be a long one.
struct Leaning {
  Dials dials;
  bool is_long = false;
};

/// The leaning that a hole asks for by its name (POINT/LABELS) and the stimulus its point says it needs. Where several settings are likely one of them is
/// drawn; a hole that says nothing pins nothing.
Leaning leaning_for(const std::string& bin, const std::string& reach, Random& random);

}  // namespace assay::npu
