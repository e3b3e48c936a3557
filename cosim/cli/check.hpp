// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/cli/run_options.hpp"

namespace assay::cli {

/// The first line of a recording (docs/schemas/recording.schema.json).
std::string recording_header(const RunOptions& options, const RunInput& input);

}  // namespace assay::cli
