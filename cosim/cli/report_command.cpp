// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "cosim/cli/annotation.hpp"
#include "cosim/cli/commands.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/html_report.hpp"
#include "cosim/cli/junit.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/report.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/cli/sweep.hpp"
#include "cosim/common/process.hpp"
#include "cosim/sweep/manifest.hpp"

namespace assay::cli {

int report_command(const ReportOptions& options) {
  if (std::filesystem::is_regular_file(std::filesystem::path(options.what) / sweep::kManifestName)) {
    return report_sweep_directory({options.what, options.json, options.junit, options.html, options.annotate});
  }
  RunOptions destinations;
  destinations.json = options.json;
  destinations.html = options.html;
  destinations.junit = options.junit;
  destinations.annotate = options.annotate;
  check_destinations(destinations);
  const Json record = load_record(options.what).record;
  if (!options.json.empty() && options.json != "-") write_file(options.json, json_text(record));
  if (!options.html.empty()) write_file(options.html, render_html(record));
  if (!options.junit.empty()) write_file(options.junit, render_junit(record));
  if (options.json == "-") std::fputs(json_text(record).c_str(), stdout);
  std::FILE* terminal = options.json == "-" ? stderr : stdout;
  std::fputs(render_report(record, style_for(fileno(terminal)), terminal_extent(record)).c_str(), terminal);
  if (annotates_github(options.annotate)) std::fputs(github_annotation(record).c_str(), stderr);
  return kPass;
}

}  // namespace assay::cli
