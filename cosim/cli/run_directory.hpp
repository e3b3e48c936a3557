// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cosim/cli/run_options.hpp"
#include "cosim/common/json.hpp"

namespace assay::cli {

/// What a run leaves in its directory: (name, bytes), by docs/cli.md, "The directory of a run".
using DirectoryFiles = std::vector<std::pair<std::string, std::string>>;

/// Record, report, the vector as resolved with its data, the config, the script that runs it again, the log.
DirectoryFiles directory_files(const RunOptions& options, const RunInput& input, const Json& record);

/// The part of them that a run starts from: vector, data, config.
DirectoryFiles input_files(const RunInput& input, const std::string& head);

/// What a run was asked for, in the record's own keys: with input_files() enough to do it again.
Json run_identity(const RunOptions& options, const RunInput& input);

/// A run read back from such a directory.
struct RecordedRun {
  RunOptions options;
  RunInput input;
  Json record;              ///< as it stands in mismatch.json or result.json
  std::string record_file;  ///< its name
};

/// Throws InputError naming file and key when the directory is none of ours or is damaged.
RecordedRun load_directory(const std::string& directory);

/// The same from a recording, whose files stand in `directory`; the token stays as it was recorded.
RecordedRun load_recorded(const Json& identity, const std::string& name, const std::filesystem::path& directory);

/// A record as it stands in a directory that a run left, or in a file of --json.
struct StoredRecord {
  std::string file;  ///< where it was read
  Json record;
};

/// Throws InputError naming file, line and key when it is none of ours, damaged, or not what its schema says.
StoredRecord load_record(const std::string& directory_or_file);

/// What differs between two records outside `host`, as JSON pointers with both values; empty when they are the same.
std::vector<std::string> record_differences(const Json& recorded, const Json& now);

}  // namespace assay::cli
