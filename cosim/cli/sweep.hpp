// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace assay::cli {

/// `assay sweep` as it was typed.
struct SweepOptions {
  std::string suite, out;
  std::string count, time, jobs, shard, shards, seed;
  std::string launcher = "local", coverage = "on", rtl_coverage;
  std::string database, keep = "1", keep_size = "2G";
  std::string json, junit, html, annotate;
  std::vector<std::string> command_line;
};
int sweep_command(const SweepOptions& options);

struct ResumeOptions {
  std::string directory, jobs, shard, launcher = "local", keep = "1", keep_size = "2G";
  std::string json, junit, html, annotate;
};
int resume_command(const ResumeOptions& options);

struct SweepReportOptions {
  std::string directory, json, junit, html, annotate;
};
/// `assay report` of a sweep's directory.
int report_sweep_directory(const SweepReportOptions& options);

/// A worker process of a sweep: directory, slot, the board's descriptor, and the ticket to go on with.
int sweep_worker_main(const std::vector<std::string>& arguments);

}  // namespace assay::cli
