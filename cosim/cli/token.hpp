// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/cli/run_options.hpp"

namespace assay::cli {

/// v1:npu:CONFIG:CONFIG_HASH:TEST:SEED:OPTIONS:SOURCE_HASH; TEST is test=NAME@HASH or vector=HASH, OPTIONS is key=value joined with ';'.
/// Inside a part ':', ';', '%' and blanks are percent-encoded. HASH is over the vector and its data, or over a generated test's stimulus.
std::string replay_token(const RunOptions& options, const RunInput& input);

/// The command line that does the same run again from the project's root.
std::string reproduce_line(const RunOptions& options, const RunInput& input);

/// The options of a run, without vector and config, as a command line takes them; begins with a blank.
std::string option_line(const RunOptions& options, const RunInput& input);

/// A token taken apart.
struct Token {
  std::string config, config_hash;
  std::string test;       ///< name, or empty
  std::string test_hash;  ///< of the vector or the generated stimulus
  std::string source_hash;
  RunOptions options;  ///< seed and run options; config, vector and test are not set
};

bool is_token(const std::string& text);
/// Throws InputError that names the part which is wrong.
Token parse_token(const std::string& text);

/// The run that a token names, found in this tree. Throws InputError that says exactly which of config, config hash, test or vector and its
/// hash differ. `notes`: what differs without keeping the run from being done (the RTL's source hash).
struct TokenRun {
  RunOptions options;
  RunInput input;
  std::vector<std::string> notes;
};
TokenRun prepare_token_run(const std::string& text);

}  // namespace assay::cli
