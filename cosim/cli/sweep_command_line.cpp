// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_command_line.hpp"

namespace assay::cli {
namespace {

template <class Options>
void add_outputs(CLI::App* command, Options& o) {
  command->add_option("--json", o.json, "write the report to a file, or with - to stdout (the summary then goes to stderr)")->type_name("FILE|-");
  command->add_option("--junit", o.junit, "write the report as JUnit XML")->type_name("FILE");
  command->add_option("--html", o.html, "write the report as one HTML page")->type_name("FILE");
  command
      ->add_option("--annotate", o.annotate, "github: the first causes on stderr as GitHub Actions shows them, and the step's summary (default there), or none")
      ->type_name("github|none");
}

template <class Options>
void add_work(CLI::App* command, Options& o) {
  command->add_option("-j,--jobs", o.jobs, "worker processes (default: as many as the machine has cores)")->type_name("N");
  command->add_option("--keep", o.keep, "failure directories kept of a bucket, 0 to 3 (default 1)")->type_name("N");
  command->add_option("--keep-size", o.keep_size, "bytes of all failure directories, like 500M (default 2G)")->type_name("SIZE");
}

}  // namespace

void add_sweep(CLI::App& app, SweepOptions& o, int& code) {
  CLI::App* sweep = app.add_subcommand("sweep", "run a suite: many vectors, sorted failures");
  sweep->add_option("--suite", o.suite, "name under vectors/suites/, or a file")->type_name("NAME|FILE");
  sweep->add_option("--out", o.out, "directory of the run")->type_name("DIR");
  sweep->add_option("--count", o.count, "vectors in all (default: the suite once)")->type_name("N");
  sweep->add_option("--time", o.time, "as many vectors as fit, like 90s, 10m, 8h")->type_name("T");
  sweep->add_option("--seed", o.seed, "what drawn seeds follow from (default: as the suite says)")->type_name("S");
  sweep->add_option("--shard", o.shard, "only every N-th vector from the i-th on; shards share --out (default: TEST_SHARD_INDEX/TEST_TOTAL_SHARDS)")
      ->type_name("i/N");
  sweep->add_option("--launcher", o.launcher, "local (default), or slurm: array jobs on a cluster")->type_name("NAME");
  sweep->add_option("--shards", o.shards, "with --launcher slurm: tasks (default 16)")->type_name("N");
  sweep->add_option("--coverage", o.coverage, "on (default) or off: functional coverage of every vector (docs/coverage.md)")->type_name("on|off");
  sweep->add_option("--rtl-coverage", o.rtl_coverage, "run this part of the vectors again for line and toggle coverage of the RTL, at most 0.05")
      ->type_name("PART");
  sweep->add_option("--database", o.database, "SQLite file of this and other runs (default: results.db in the run's directory)")->type_name("FILE");
  add_work(sweep, o);
  add_outputs(sweep, o);
  sweep->callback([&o, &code] { code = sweep_command(o); });
}

void add_resume(CLI::App& app, ResumeOptions& o, int& code) {
  CLI::App* resume = app.add_subcommand("resume", "run what a sweep has left over");
  resume->add_option("DIR", o.directory, "directory of the run")->required();
  resume->add_option("--shard", o.shard, "only this shard")->type_name("i/N");
  resume->add_option("--launcher", o.launcher, "local (default), or slurm: submit the unfinished shards")->type_name("NAME");
  add_work(resume, o);
  add_outputs(resume, o);
  resume->callback([&o, &code] { code = resume_command(o); });
}

}  // namespace assay::cli
