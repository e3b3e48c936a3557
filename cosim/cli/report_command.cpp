// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>

#include "cosim/cli/annotation.hpp"
#include "cosim/cli/commands.hpp"
#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/html_report.hpp"
#include "cosim/cli/junit.hpp"
#include "cosim/cli/report.hpp"
#include "cosim/cli/run.hpp"
#include "cosim/cli/run_directory.hpp"
#include "cosim/common/process.hpp"

namespace assay::cli {

int report_command(const ReportOptions& options) {
  RunOptions destinations;
  destinations.html = options.html;
  destinations.junit = options.junit;
  destinations.annotate = options.annotate;
  check_destinations(destinations);
  const nlohmann::ordered_json record = load_record(options.what).record;
  if (!options.html.empty()) write_file(options.html, render_html(record));
  if (!options.junit.empty()) write_file(options.junit, render_junit(record));
  std::fputs(render_report(record, style_for(STDOUT_FILENO), terminal_extent(record)).c_str(), stdout);
  if (annotates_github(options.annotate)) std::fputs(github_annotation(record).c_str(), stderr);
  return kPass;
}

}  // namespace assay::cli
