// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace assay::cli {

/// `assay prove`: becomes scripts/prove with these arguments; its exit code is the command's. Throws BuildError when that cannot be started.
int prove_main(const std::vector<std::string>& arguments);

}  // namespace assay::cli
