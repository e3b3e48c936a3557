// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace assay::cli {

/// Makes the default logger: messages from level info on go to stderr, all of them with their time into memory.
void start_log();

/// Everything logged so far, one line each; what log.txt holds.
std::string log_text();

}  // namespace assay::cli
