// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cosim/cli/report.hpp"
#include "cosim/cli/sweep_run.hpp"
#include "cosim/common/json.hpp"
#include "cosim/sweep/coverage_tally.hpp"
#include "cosim/sweep/database.hpp"
#include "cosim/sweep/manifest.hpp"
#include "cosim/sweep/run_folder.hpp"

namespace assay::cli {

/// Sorts and explains the failures of a run whose results are in, writes RUN/report.json, report.txt, junit.xml, report.html and regress.yaml
/// and what else was asked for, prints the summary. `explain`: also run the first failures again, for their directories. Returns the exit code.
/// `tally`: the coverage of the run's chunks.
int report_sweep(const sweep::Manifest& manifest, const sweep::RunFolder& folder, sweep::Database& database, const sweep::CoverageTally& tally,
                 const SweepWork& work, bool explain);

/// What one shard gave, from its chunk files; the run's gates are left to the whole. Returns the exit code.
int report_shard(const sweep::Manifest& manifest, const sweep::RunFolder& folder, uint32_t shard);

/// The summary for a terminal, from the report alone.
std::string render_sweep(const Json& report, const std::string& directory);

/// JUnit XML: a case per test and config, one more for each new bucket.
std::string render_sweep_junit(const Json& report);

/// One HTML page that opens from disk.
std::string render_sweep_html(const Json& report);

/// The part of the page on the last runs of the suite: `trend` is host.trend of the report.
std::string render_trend(const Json& trend);

/// Markdown for the summary of a CI job: verdict, gates that are not met, new causes first, at most 1 MiB.
std::string render_sweep_markdown(const Json& report);

/// One GitHub annotation for each of the first ten causes, new ones first; empty when nothing failed.
std::string sweep_annotations(const Json& report);

/// A suite of the failures' seeds: what vectors/suites/regress.yaml takes.
std::string render_regress(const Json& report);

}  // namespace assay::cli
