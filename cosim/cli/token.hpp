// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/cli/run_options.hpp"

namespace assay::cli {

/// v1:npu:CONFIG:CONFIG_HASH:TEST:SEED:OPTIONS:SOURCE_HASH; TEST is test=NAME or vector=HASH, OPTIONS is key=value joined with ';'.
/// Inside a part ':', ';', '%' and blanks are percent-encoded.
std::string replay_token(const RunOptions& options, const RunInput& input);

/// The command line that does the same run again from the project's root.
std::string reproduce_line(const RunOptions& options, const RunInput& input);

}  // namespace assay::cli
