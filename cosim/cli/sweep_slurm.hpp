// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

/// Writes the batch scripts of the run and submits its unfinished shards, and only those, as array jobs, and a job behind them that collects. Returns
/// the exit code of having done so. Throws BuildError when sbatch is missing or refuses.
int submit_to_slurm(const sweep::Manifest& manifest, const std::filesystem::path& directory);

}  // namespace assay::cli
