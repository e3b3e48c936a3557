// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/slurm.hpp"

#include <algorithm>
#include <charconv>

namespace assay::sweep {
namespace {

constexpr uint32_t kDefaultArraySize = 1001;

/// In single quotes, as a shell takes it literally.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string head(const SlurmJob& job, const char* what, const char* log) {
  return "#!/bin/bash\n# " + std::string(what) + "\n#SBATCH --job-name=" + job.name + "\n#SBATCH --output=" + job.directory + "/" + log +
         "\n#SBATCH --open-mode=append\n#SBATCH --cpus-per-task=1\n#SBATCH --requeue\nexport ASSAY_ROOT=" + quoted(job.root) +
         " ASSAY_CACHE_DIR=" + quoted(job.cache) + "\n";
}

}  // namespace

std::vector<SlurmArray> slurm_arrays(const std::vector<uint32_t>& shards, uint32_t most) {
  std::vector<SlurmArray> out;
  const uint32_t size = std::max<uint32_t>(most, 1);
  for (size_t i = 0; i < shards.size();) {
    const uint32_t offset = shards[i] / size * size;
    SlurmArray array{offset, {}};
    while (i < shards.size() && shards[i] / size * size == offset) {
      const uint32_t from = shards[i];
      uint32_t to = from;
      for (++i; i < shards.size() && shards[i] == to + 1 && shards[i] / size * size == offset; ++i) ++to;
      array.tasks += (array.tasks.empty() ? "" : ",") + std::to_string(from - offset) + (to > from ? "-" + std::to_string(to - offset) : "");
    }
    out.push_back(array);
  }
  return out;
}

std::string slurm_task_script(const SlurmJob& job) {
  return head(job, "One shard of a sweep; the task number and ASSAY_SHARD_OFFSET name it.", "slurm-%A_%a.log") +
         "shard=$((SLURM_ARRAY_TASK_ID + ${ASSAY_SHARD_OFFSET:-0}))\n" + quoted(job.program) + " resume " + quoted(job.directory) + " -j 1 --shard \"$shard/" +
         std::to_string(job.shards) +
         "\"\ncode=$?\n"
         "# 75 is infrastructure: again, but not for ever. A mismatch is a result.\n"
         "if [ $code -eq 75 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt 2 ]; then\n"
         "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"\n"
         "fi\n"
         "exit $code\n";
}

std::string slurm_report_script(const SlurmJob& job) {
  return head(job, "Collects the shards of a sweep.", "slurm-report-%j.log") + "exec " + quoted(job.program) + " report " + quoted(job.directory) + "\n";
}

uint32_t max_array_size(const std::string& text) {
  const size_t at = text.find("MaxArraySize");
  const size_t digits = at == std::string::npos ? at : text.find_first_of("0123456789", at);
  uint32_t value = 0;
  if (digits == std::string::npos) return kDefaultArraySize;
  std::from_chars(text.data() + digits, text.data() + text.size(), value);
  return value == 0 ? kDefaultArraySize : value;
}

}  // namespace assay::sweep
