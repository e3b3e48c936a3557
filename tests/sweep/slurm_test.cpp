// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/slurm.hpp"

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using test::Answer;
using test::Folder;

namespace {

/// Runs the tasks of an array at once, one after the other, but for those that the file `lost` names; notes what it was asked for.
const char* const kSbatch = R"(#!/bin/bash
echo "$*" >> calls
for word in "$@"; do
  case $word in
    --array=*) tasks=${word#--array=} ;;
    --export=*) offset=${word##*=} ;;
  esac
done
script=${!#}
id=$((100 + $(wc -l < calls)))
echo "$id;cluster"
[ -n "$tasks" ] || { bash "$script" > report.log 2>&1; exit 0; }
for range in ${tasks//,/ }; do
  for task in $(seq ${range%-*} ${range#*-}); do
    grep -qx $((task + offset)) lost || SLURM_ARRAY_JOB_ID=$id SLURM_ARRAY_TASK_ID=$task ASSAY_SHARD_OFFSET=$offset bash "$script" > task.log 2>&1
  done
done
exit 0
)";

const char* const kScontrol = "#!/bin/bash\necho \"$*\" >> scontrol-calls\necho 'MaxArraySize            = 4'\n";

}  // namespace

TEST_CASE("slurm: shards become ranges of task numbers below the cluster's limit") {
  const auto arrays = sweep::slurm_arrays({0, 1, 2, 5, 7, 8, 9, 1000, 1001, 2500}, 1001);
  REQUIRE(arrays.size() == 3);
  CHECK(arrays[0].tasks == "0-2,5,7-9,1000");
  CHECK(arrays[1].offset == 1001);
  CHECK(arrays[1].tasks == "0");
  CHECK(arrays[2].offset == 2002);
  CHECK(arrays[2].tasks == "498");
  CHECK(sweep::max_array_size("MailProg = x\nMaxArraySize            = 20001\nMaxDBDMsgs = 3") == 20001);
  CHECK(sweep::max_array_size("nothing") == 1001);
}

TEST_CASE("slurm: tasks that were lost are submitted again, no others, and every vector is accounted for once") {
  const Folder folder;
  folder.write("s.yaml", "schema: assay/suite/1\ntests:\n  - {test: [minimal, gemm], configs: int8_4x4, seeds: 9}\n");
  std::filesystem::create_directory(folder.path() / "bin");
  folder.write("bin/sbatch", kSbatch);
  folder.write("bin/scontrol", kScontrol);
  folder.shell("chmod +x bin/sbatch bin/scontrol");
  folder.write("lost", "2\n5\n");
  const std::string path = "PATH=\"$PWD/bin:$PATH\"";
  const Answer first = folder.assay("sweep --suite s.yaml --out run --launcher slurm --shards 6", "", path);
  INFO(first.err);
  REQUIRE(first.code == 0);
  CHECK(folder.read("calls").find("--parsable --array=0-3 ") == 0);
  CHECK(folder.read("calls").find("--array=0-1 --export=ALL,ASSAY_SHARD_OFFSET=4 ") != std::string::npos);
  CHECK(folder.read("calls").find("--dependency=afterany:101:102 ") != std::string::npos);
  CHECK(folder.json("run/report.json")["missing"] == 6);
  folder.write("lost", "");
  folder.write("calls", "");
  REQUIRE(folder.assay("resume run --launcher slurm", "", path).code == 0);
  CHECK(folder.read("calls").find("--array=2 --export=ALL,ASSAY_SHARD_OFFSET=0 ") != std::string::npos);
  CHECK(folder.read("calls").find("--array=1 --export=ALL,ASSAY_SHARD_OFFSET=4 ") != std::string::npos);
  const auto report = folder.json("run/report.json");
  CHECK(report["missing"] == 0);
  CHECK(report["vectors"] == 18);
  CHECK(report["verdict"] == "pass");
  folder.write("calls", "");
  CHECK(folder.assay("resume run --launcher slurm", "", path).code == 0);
  CHECK(folder.read("calls").empty());
}

TEST_CASE("slurm: a task is requeued for infrastructure only, twice at most") {
  const Folder folder;
  std::filesystem::create_directory(folder.path() / "bin");
  folder.write("bin/scontrol", kScontrol);
  folder.write("bin/fake", "#!/bin/bash\nexit $CODE\n");
  folder.shell("chmod +x bin/scontrol bin/fake");
  folder.write("task.sh", sweep::slurm_task_script({"name", folder.path().string(), (folder.path() / "bin/fake").string(), "/", "/", 8}));
  const auto requeued = [&folder](const std::string& variables) {
    folder.write("scontrol-calls", "");
    folder.shell("env PATH=\"$PWD/bin:$PATH\" SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=3 " + variables + " bash task.sh");
    return folder.read("scontrol-calls");
  };
  CHECK(requeued("CODE=75") == "requeue 7_3\n");
  CHECK(requeued("CODE=75 SLURM_RESTART_COUNT=1") == "requeue 7_3\n");
  CHECK(requeued("CODE=75 SLURM_RESTART_COUNT=2").empty());
  CHECK(requeued("CODE=1").empty());
  CHECK(requeued("CODE=0").empty());
}

TEST_CASE("slurm: without sbatch the sweep says so and ends with 3") {
  const Folder folder;
  folder.write("s.yaml", "schema: assay/suite/1\ntests:\n  - {test: minimal, configs: int8_4x4}\n");
  std::filesystem::create_directory(folder.path() / "empty");
  const Answer answer = folder.assay("sweep --suite s.yaml --out run --launcher slurm", "", "PATH=\"$PWD/empty\"");
  CHECK(answer.code == 3);
  CHECK(answer.err.find("sbatch") != std::string::npos);
}
