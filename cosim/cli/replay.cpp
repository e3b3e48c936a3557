// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>

#include "cosim/cli/commands.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/token.hpp"

namespace assay::cli {
namespace {

constexpr size_t kShown = 12;

/// Says on stderr whether the record is the recorded one, or what differs.
void tell_differences(const RecordedRun& run, const std::string& directory, const Json& record) {
  const auto different = record_differences(run.record, record);
  const std::string file = directory + "/" + run.record_file;
  if (different.empty()) {
    std::fprintf(stderr, "replay: the same record as %s\n", file.c_str());
    return;
  }
  std::fprintf(stderr, "replay: %zu differences from %s:\n", different.size(), file.c_str());
  for (size_t i = 0; i < different.size() && i < kShown; ++i) std::fprintf(stderr, "  %s\n", different[i].c_str());
  if (different.size() > kShown) std::fprintf(stderr, "  and %zu more\n", different.size() - kShown);
}

/// What was asked for besides the run itself.
void take_over(RunOptions& to, RunInput& input, const ReplayOptions& from) {
  to.out = from.out;
  to.json = from.json;
  to.html = from.html;
  to.junit = from.junit;
  to.annotate = from.annotate;
  to.record = from.record;
  to.waves = from.waves;
  to.command_line = from.command_line;
  if (!from.timeout.empty()) input.lockstep.timeout_seconds = parse_seconds(from.timeout);
}

int replay_token_run(const ReplayOptions& replay) {
  TokenRun run = prepare_token_run(replay.what);
  take_over(run.options, run.input, replay);
  check_destinations(run.options);
  for (const std::string& note : run.notes) std::fprintf(stderr, "replay: %s\n", note.c_str());
  return execute_run(run.options, run.input).code;
}

int replay_directory(const ReplayOptions& replay) {
  RecordedRun run = load_directory(replay.what);
  take_over(run.options, run.input, replay);
  run.options.default_directory = false;
  check_destinations(run.options);
  const auto origin = run.record.find("shrunk_from");  // a vector keeps its past
  const FinishedRun done = execute_run(run.options, run.input, [&](Json& record) {
    if (origin != run.record.end()) record["shrunk_from"] = *origin;
  });
  tell_differences(run, replay.what, done.record);
  return done.code;
}

}  // namespace

int replay_command(const ReplayOptions& options) {
  if (is_token(options.what)) return replay_token_run(options);
  return replay_directory(options);
}

}  // namespace assay::cli
