// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/sweep_slurm.hpp"

#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "cosim/cli/exit_code.hpp"
#include "cosim/cli/text.hpp"
#include "cosim/common/process.hpp"
#include "cosim/sweep/run_folder.hpp"
#include "cosim/sweep/slurm.hpp"
#include "cosim/sweep/storage.hpp"

namespace assay::cli {
namespace fs = std::filesystem;
namespace {

/// The job's number. Throws BuildError with what sbatch said.
std::string submit(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{"sbatch", "--parsable"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run_process(argv);
  if (result.exit_code != 0) throw BuildError("sbatch: " + result.output);
  const std::string line = first_line(result.output);
  return line.substr(0, line.find(';'));  // a cluster's name may follow
}

}  // namespace

int submit_to_slurm(const sweep::Manifest& manifest, const fs::path& directory) {
  if (find_program("sbatch").empty()) throw BuildError("sbatch is not in PATH, expected Slurm's client programs");
  const sweep::Plan plan = manifest.plan();
  const sweep::RunFolder folder(directory, manifest.hash());
  for (const std::string& problem : folder.set_aside_bad_chunks(plan)) std::fprintf(stderr, "assay: %s; set aside, its vectors run again\n", problem.c_str());
  std::set<uint32_t> unfinished;
  for (const sweep::Chunk chunk : folder.missing(plan, std::nullopt)) unfinished.insert(chunk.shard);
  if (unfinished.empty()) {
    std::printf("every shard is finished; `assay report %s` collects them\n", directory.c_str());
    return kPass;
  }
  const sweep::SlurmJob job{"assay-" + file_name_of(manifest.suite),
                            directory.string(),
                            fs::read_symlink("/proc/self/exe").string(),
                            fs::absolute(project_root()).lexically_normal().string(),
                            cache_directory().string(),
                            manifest.shards};
  sweep::write_durably(directory / "slurm-task.sh", sweep::slurm_task_script(job));
  sweep::write_durably(directory / "slurm-report.sh", sweep::slurm_report_script(job));
  const uint32_t most =
      find_program("scontrol").empty() ? sweep::max_array_size("") : sweep::max_array_size(run_process({"scontrol", "show", "config"}).output);
  std::string behind = "afterany";
  for (const sweep::SlurmArray& array : sweep::slurm_arrays({unfinished.begin(), unfinished.end()}, most)) {
    const std::string id =
        submit({"--array=" + array.tasks, "--export=ALL,ASSAY_SHARD_OFFSET=" + std::to_string(array.offset), (directory / "slurm-task.sh").string()});
    std::printf("job %s: shards %s%s\n", id.c_str(), array.tasks.c_str(), array.offset == 0 ? "" : (" from " + std::to_string(array.offset) + " on").c_str());
    behind += ":" + id;
  }
  const std::string id = submit({"--dependency=" + behind, (directory / "slurm-report.sh").string()});
  std::printf("job %s: the report, once they have ended; `assay resume --launcher slurm %s` submits what is missing then\n", id.c_str(), directory.c_str());
  return kPass;
}

}  // namespace assay::cli
