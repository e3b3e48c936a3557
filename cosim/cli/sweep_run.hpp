// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

/// How a run is worked on; nothing of it changes a result.
struct SweepWork {
  std::filesystem::path directory;
  int workers = 1;
  std::optional<uint32_t> shard;  ///< only this one, and its results are left to be collected
  uint64_t keep = 1;              ///< failure directories of a bucket
  uint64_t keep_bytes = uint64_t{2} << 30;
  std::string json, junit, html;  ///< destinations of the report, or empty
  bool github = false;            ///< annotations on stderr, and the summary of the step
};

/// Runs what the run in the directory lacks, collects it and reports. Returns the exit code.
int work_on_sweep(const sweep::Manifest& manifest, const SweepWork& work);

/// RUN/results.db, or where the manifest says.
std::filesystem::path database_of(const sweep::Manifest& manifest, const std::filesystem::path& directory);

/// The run's name in the database: its date and hash.
std::string run_name(const sweep::Manifest& manifest);

}  // namespace assay::cli
