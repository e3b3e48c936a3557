// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::sweep {

/// Shards that one array job runs: task t is shard offset + t.
struct SlurmArray {
  uint32_t offset = 0;
  std::string tasks;  ///< as --array takes it: 0-3,7,9-10
};

/// Array jobs for these shards (rising), whose task numbers stay below the cluster's MaxArraySize.
std::vector<SlurmArray> slurm_arrays(const std::vector<uint32_t>& shards, uint32_t max_array_size);

/// What the script needs to know.
struct SlurmJob {
  std::string name, directory;
  std::string program, root, cache;  ///< the command, the project's root, where Verilated libraries are kept
  uint32_t shards = 1;
};

/// The batch script of a task: its shard, requeued twice at most and only for infrastructure (exit 75).
std::string slurm_task_script(const SlurmJob& job);
/// The batch script that collects once all tasks have ended, however they did.
std::string slurm_report_script(const SlurmJob& job);

/// MaxArraySize out of `scontrol show config`; Slurm's default of 1001 when it is not there.
uint32_t max_array_size(const std::string& show_config);

}  // namespace assay::sweep
