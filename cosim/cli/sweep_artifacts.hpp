// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/cli/sweep_run.hpp"
#include "cosim/sweep/database.hpp"

namespace assay::cli {

/// Runs the first failures of every open bucket again, each as `assay run` in a process of its own, and keeps the directories that they leave under
/// RUN/failures/: at most `keep` a bucket and `keep_bytes` in all. A failure that does not come back with the same record makes its bucket flaky.
void explain_failures(const sweep::Manifest& manifest, sweep::Database& database, const std::string& run, const SweepWork& work);

}  // namespace assay::cli
