// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/run_directory.hpp"

#include <unistd.h>

#include "cosim/cli/host.hpp"
#include "cosim/cli/html_report.hpp"
#include "cosim/cli/log_book.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/report.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/cli/token.hpp"
#include "cosim/common/process.hpp"
#include "cosim/npu/dut_builder.hpp"
#include "cosim/npu/vector_writer.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// The commit that the project's sources stand at, and whether they were changed since; empty outside a repository.
std::string revision() {
  const std::string root = project_root().string();
  const ProcessResult commit = run_process({"git", "-C", root, "rev-parse", "HEAD"});
  if (commit.exit_code != 0) return "unknown, the sources stand in no repository";
  const ProcessResult changes = run_process({"git", "-C", root, "status", "--porcelain", "--untracked-files=no"});
  return first_line(commit.output) + (changes.output.empty() ? "" : " with local changes");
}

std::string headline(const Json& record) {
  const std::string reason = record["reason"];
  return record["test"].get<std::string>() + " on " + record["config"]["name"].get<std::string>() + ", seed " + record["seed"].get<std::string>() + ": " +
         record["verdict"].get<std::string>() + (reason.empty() ? "" : ", " + reason);
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

std::string tools_line(const Json& record) {
  std::string text = std::string("assay ") + assay_version();
  const Json& tools = record["host"]["tools"];
  if (!tools.is_object()) return text;
  for (const auto& [name, version] : tools.items()) text += "; " + (version.is_string() ? version.get<std::string>() : name);
  return text;
}

/// A script that runs the vector beside it; what it takes to do exactly the same again stands above.
std::string script(const RunOptions& options, const RunInput& input, const Json& record) {
  std::string typed;
  for (const std::string& word : options.command_line) typed += (typed.empty() ? "" : " ") + shell_quoted(word);
  std::string text = "#!/bin/sh\n";
  const auto comment = [&text](const std::string& label, const std::string& what) { text += "# " + pad_right(label, 11) + one_line(what) + "\n"; };
  text += "# " + one_line(headline(record)) + "\n#\n";
  comment("revision", revision());
  comment("RTL", "source hash " + npu::rtl_source_hash());
  comment("tools", tools_line(record));
  comment("command", typed);
  comment("in", fs::current_path().string());
  comment("reproduce", record["reproduce"].get<std::string>() + "   (from the project's root)");
  comment("token", record["token"].get<std::string>());
  text += "#\n# Runs the vector beside this script, wherever both stand. ASSAY names the command where it is not in the PATH.\n";
  RunOptions without_stall = options;
  without_stall.stall.clear();  // the vector holds the profiles as they were drawn
  text += "here=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd)\n";
  text += "exec \"${ASSAY:-assay}\" run \"$here/repro.yaml\" --config \"$here/config.yaml\"" + option_line(without_stall, input) + " \"$@\"\n";
  return text;
}

}  // namespace

DirectoryFiles input_files(const RunInput& input, const std::string& head) {
  DirectoryFiles files;
  npu::WrittenVector vector = npu::write_vector(input.program, input.config, head);
  files.emplace_back("repro.yaml", std::move(vector.yaml));
  for (auto& file : vector.files) files.push_back(std::move(file));
  for (const char* name : {"labels.npy", "split.npy"}) {  // what the accuracy is counted from
    const fs::path file = input.vector_file.parent_path() / name;
    if (!input.vector_file.empty() && fs::is_regular_file(file)) files.emplace_back(name, read_file(file));
  }
  files.emplace_back("config.yaml", read_file(input.config_path));
  return files;
}

Json run_identity(const RunOptions& options, const RunInput& input) {
  const auto or_null = [](const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); };
  Json json;
  json["target"] = "npu";
  json["config"] = {{"name", input.config.name}, {"hash", config_hash(input.config)}};
  json["test"] = input.test;
  json["vector_hash"] = or_null(input.vector_hash);
  json["seed"] = seed_text(input.seed);
  json["options"] = {{"stall", or_null(options.stall)},
                     {"cycles", input.lockstep.max_cycles == 0 ? Json(nullptr) : Json(input.lockstep.max_cycles)},
                     {"max_mismatches", input.lockstep.max_mismatches},
                     {"rtl", !options.no_rtl}};
  if (options.resync) json["options"]["resync"] = true;
  json["faults"] = options.faults;
  json["token"] = replay_token(options, input);
  json["reproduce"] = reproduce_line(options, input);
  return json;
}

DirectoryFiles directory_files(const RunOptions& options, const RunInput& input, const Json& record) {
  const bool mismatch = record["verdict"] == "mismatch";
  DirectoryFiles files;
  files.emplace_back(mismatch ? "mismatch.json" : "result.json", json_text(mismatch ? as_mismatch(record) : record));
  files.emplace_back("report.txt", render_report(record, {}));
  files.emplace_back("report.html", render_html(record));
  for (auto& file : input_files(input, input.vector_head.empty() ? one_line(headline(record)) : input.vector_head)) files.push_back(std::move(file));
  files.emplace_back("repro.sh", script(options, input, record));
  files.emplace_back("log.txt", log_text());
  return files;
}

}  // namespace assay::cli
