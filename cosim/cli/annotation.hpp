// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/common/json.hpp"

namespace assay::cli {

/// One line that GitHub Actions shows at the file it names: an error for a mismatch, at the RTL that makes the value, else at the vector; a
/// warning for a run that judged nothing; empty for a pass.
std::string github_annotation(const Json& record);

/// One annotation that belongs to no file. `command`: error, warning or notice.
std::string annotation_line(const std::string& command, const std::string& title, const std::string& text);

/// Whether to annotate: `--annotate github`, or, when that is not given, GITHUB_ACTIONS=true. Throws InputError for any other word.
bool annotates_github(const std::string& option);

}  // namespace assay::cli
