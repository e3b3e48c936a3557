// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_report.hpp"

#include "cosim/cli/coverage_export.hpp"
#include "cosim/cli/coverage_summary.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/host.hpp"
#include "cosim/cli/record.hpp"
#include "cosim/cli/sweep_artifacts.hpp"
#include "cosim/cli/sweep_vector.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/sweep/storage.hpp"
#include "cosim/sweep/summary.hpp"

namespace assay::cli {
namespace {

void write_reports(const Json& report, const SweepWork& work) {
  const std::string json = json_text(report), junit = render_sweep_junit(report), html = render_sweep_html(report);
  sweep::write_durably(work.directory / "report.json", json);
  sweep::write_durably(work.directory / "report.txt", render_sweep(report, work.directory.string()));
  sweep::write_durably(work.directory / "report.md", render_sweep_markdown(report));
  sweep::write_durably(work.directory / "junit.xml", junit);
  sweep::write_durably(work.directory / "report.html", html);
  sweep::write_durably(work.directory / "regress.yaml", render_regress(report));
  if (!work.json.empty() && work.json != "-") write_file(work.json, json);
  if (!work.junit.empty()) write_file(work.junit, junit);
  if (!work.html.empty()) write_file(work.html, html);
}

/// Where GitHub shows what a step found: annotations on stderr, a page behind the step.
void tell_github(const Json& report) {
  std::fputs(sweep_annotations(report).c_str(), stderr);
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary == nullptr) return;
  std::ofstream file(summary, std::ios::app);  // steps of a job share the file
  file << render_sweep_markdown(report);
  if (!file.flush()) std::fprintf(stderr, "assay: %s cannot be written\n", summary);
}

/// Writes RUN/coverage.json and the database's bins; what the report says of them, null when coverage was off.
Json report_coverage(const sweep::Manifest& manifest, sweep::Database& database, const std::string& run, const sweep::CoverageTally& tally,
                     const SweepWork& work) {
  const CoverageSpaces spaces = coverage_spaces(manifest);
  if (spaces.empty()) return nullptr;
  const coverage::Results results = coverage_results(manifest, spaces, tally);
  sweep::write_durably(work.directory / "coverage.json", json_text(results.json()));
  sweep::store_coverage(database, run, tally, [&](const std::string& config, uint32_t bin) { return spaces.at(config)->name(bin); });
  const auto waivers = waivers_of(default_waivers());
  Json summary = coverage_summary(results, coverage::judge(results, waivers, coverage_day(manifest)));
  sweep::write_durably(work.directory / "coverage.html", render_coverage_html(results, summary));
  return summary;
}

}  // namespace

int report_sweep(const sweep::Manifest& manifest, const sweep::RunFolder& folder, sweep::Database& database, const sweep::CoverageTally& tally,
                 const SweepWork& work, bool explain) {
  const sweep::Plan plan = manifest.plan();
  sweep::SummaryFacts facts;
  facts.run = run_name(manifest);
  facts.reproduce = reproduce_of;
  const auto promised = plan.endless() ? folder.promised(manifest.shards) : plan.size();
  sweep::Statement count = database.prepare("SELECT count(*) FROM results WHERE run=?");
  count.bind(facts.run).step();
  const auto there = static_cast<uint64_t>(count.integer(0));
  count.run();
  // An endless run whose time is not over promised at least one more than there is.
  facts.planned = promised ? *promised : there + 1;
  sweep::sort_buckets(database, manifest, facts.run, there >= facts.planned);
  if (explain) explain_failures(manifest, database, facts.run, work);
  facts.coverage = report_coverage(manifest, database, facts.run, tally, work);
  const Json report = sweep::summarise(database, manifest, facts);
  write_reports(report, work);
  if (work.github) tell_github(report);
  if (work.json == "-") std::fputs(json_text(report).c_str(), stdout);
  std::fputs(render_sweep(report, work.directory.string()).c_str(), work.json == "-" ? stderr : stdout);
  return report.at("exit").get<int>();
}

int report_shard(const sweep::Manifest& manifest, const sweep::RunFolder& folder, uint32_t shard) {
  const sweep::Plan plan = manifest.plan();
  uint64_t vectors = 0, failed = 0, mismatches = 0, errors = 0;
  for (const sweep::Chunk chunk : folder.chunks().present(false)) {
    if (chunk.shard != shard) continue;
    const auto lines = folder.chunks().read(chunk, plan, nullptr);
    if (!lines) continue;
    for (const auto& [index, line] : *lines) {
      const Json json = parse_json(line);
      const Json& verdict = json.at("verdict");
      ++vectors;
      if (verdict == "pass" || verdict == "skipped") continue;
      ++failed, mismatches += verdict == "mismatch", errors += verdict == "error";
      if (failed <= 10)
        std::printf("%s: %s\n  %s\n", verdict.get<std::string>().c_str(), json.value("reason", "").c_str(), json.value("reproduce", "").c_str());
    }
  }
  const size_t missing = folder.missing(plan, shard).size();
  std::printf("shard %u of %u: %s vectors, %s failed%s; `assay resume` or `assay report` on %s collects all shards\n", shard, manifest.shards,
              grouped(vectors).c_str(), grouped(failed).c_str(), missing == 0 ? "" : ", chunks are missing", folder.path().c_str());
  if (missing > 0) return kInconclusive;
  return errors > 0 ? kBuild : mismatches > 0 ? kMismatch : failed > 0 ? kInconclusive : kPass;
}

}  // namespace assay::cli
