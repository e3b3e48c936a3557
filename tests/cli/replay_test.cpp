// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
using assay::test::without_host;
namespace fs = std::filesystem;

namespace {

const std::string kConfig = " --config int8_4x4 ";

/// What a run needs of the project, copied: a second clone.
void copy_tree(const fs::path& to) {
  const fs::path from = ASSAY_PROJECT_DIR;
  for (const char* part : {"rtl", "tb", "vectors/directed"}) {
    fs::create_directories((to / part).parent_path());
    fs::copy(from / part, to / part, fs::copy_options::recursive);
  }
  fs::create_directories(to / "cosim/npu");
  for (const char* file : {"cosim/npu/rtl_map.yaml", "cosim/npu/dut_abi.h"}) fs::copy(from / file, to / file);
}

std::string clone_root(const Folder& there) { return "ASSAY_ROOT='" + (there.path() / "clone").string() + "'"; }

void append(const Folder& folder, const std::string& file, const std::string& text) { folder.write(file, folder.read(file) + text); }

const char* const kWrongExpectation = "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n";

struct Case {
  const char *name, *run, *directory;
};

}  // namespace

TEST_CASE("replay: a directory replayed in a second clone by another process gives the same record byte for byte", "[cli]") {
  const std::vector<Case> cases = {
      {"a generated test with drawn stalls", "--test gemm --seed 3 --stall random --fault 'pe.psum[1][2]:5@140'", "gemm-0x3-int8_4x4"},
      {"a vector with data files", "v.yaml --seed 9 --fault 'accumulators.acc_new[3]:31@51'", "product-0x9-int8_4x4"},
      {"a directed vector stopped early, two faults",
       "--test hand_example --cycles 90 --max-mismatches 3 --fault 'pe.act[0][0]:1@20' --fault 'pe.act[1][1]:2@21'", "hand_example-0x1-int8_4x4"},
      {"the model alone", "w.yaml --no-rtl", "v-0x1-int8_4x4"}};
  for (const Case& c : cases) {
    INFO(c.name);
    const Folder here, there;
    here.write("v.yaml", kProduct);
    here.write("w.yaml", kWrongExpectation);
    REQUIRE(here.assay("run " + (c.run + kConfig)).code == 1);
    fs::copy(here.path() / "assay-out" / c.directory, there.path() / "failure", fs::copy_options::recursive);
    fs::remove_all(here.path() / "v.yaml");
    copy_tree(there.path() / "clone");
    const Answer answer = there.assay("replay failure --json -", "", clone_root(there));
    CHECK(answer.code == 1);
    CHECK(answer.err.find("replay: the same record as failure/mismatch.json\n") != std::string::npos);
    const Json again = answer.json();
    CHECK(schema_errors(again, "result") == "");
    Json recorded = there.json("failure/mismatch.json");
    CHECK(again["host"]["paths"]["root"] != recorded["host"]["paths"]["root"]);
    recorded["schema"] = again["schema"];
    CHECK(without_host(again).dump(2) == without_host(recorded).dump(2));
    CHECK(there.list() == "clone failure");
  }
}

TEST_CASE("replay: repro.sh runs the vector beside it from anywhere", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --stall burst --seed 5 --fault 'pe.psum[1][2]:5@40'" + kConfig).code == 1);
  fs::rename(here.path() / "assay-out/product-0x5-int8_4x4", here.path() / "moved here");
  const std::string script = here.read("moved here/repro.sh");
  for (const char* said : {"\n# revision   ", "\n# tools      assay ", "; Verilator ", "\n# RTL        source hash ", "\n# reproduce  build/bin/assay run ",
                           "\n# token      v1:npu:int8_4x4:", "\n# command    "}) {
    INFO(said);
    CHECK(script.find(said) != std::string::npos);
  }
  const Answer answer = here.shell("ASSAY='" ASSAY_BINARY "' 'moved here/repro.sh' --json again.json");
  CHECK(answer.code == 1);
  Json recorded = here.json("moved here/mismatch.json"), again = here.json("again.json");
  for (const char* key : {"first", "mismatches", "cycles", "comparisons", "counters", "outputs"}) CHECK(recorded[key] == again[key]);
}

TEST_CASE("replay: other RTL sources are named, and nothing else differs", "[cli]") {
  const Folder here;
  here.write("w.yaml", kWrongExpectation);
  REQUIRE(here.assay("run w.yaml --no-rtl --out failure" + kConfig).code == 1);
  copy_tree(here.path() / "clone");
  append(here, "clone/rtl/pe/npu_pe.sv", "// another revision\n");
  const Answer answer = here.assay("replay failure", "", clone_root(here));
  CHECK(answer.code == 1);
  CHECK(answer.err.find("replay: 1 differences from failure/mismatch.json:\n  /token: \"v1:npu:") != std::string::npos);
}

TEST_CASE("replay: a token runs again in a second clone", "[cli]") {
  const Folder here;
  copy_tree(here.path() / "clone");
  for (const char* run : {"--test stress --seed 4 --stall output=heavy,response=burst --fault 'array.switch[2][1]:0@200'",
                          "clone/vectors/directed/partial_tiles.yaml --max-mismatches 2 --fault 'pe.psum[0][0]:4@60'"}) {
    INFO(run);
    const Json first = here.assay("run " + (run + kConfig) + "--json -", "", clone_root(here)).json();
    REQUIRE(first["verdict"] == "mismatch");
    const Answer again = here.assay("replay '" + first["token"].get<std::string>() + "' --json -", "", clone_root(here));
    CHECK(again.code == 1);
    CHECK(without_host(again.json()).dump() == without_host(first).dump());
  }
}

TEST_CASE("replay: a token that does not fit the tree is refused with exactly what differs", "[cli]") {
  const Folder here;
  copy_tree(here.path() / "clone");
  const std::string root = clone_root(here);
  const auto token_of = [&](const std::string& run) {
    return here.assay("run " + run + kConfig + "--no-rtl --json -", "", root).json()["token"].get<std::string>();
  };
  const std::string named = token_of("--test hand_example"), by_file = token_of("clone/vectors/directed/hand_example.yaml");
  const std::string generated = token_of("--test minimal");
  const auto replay = [&](const std::string& token) { return here.assay("replay '" + token + "'", "", root); };
  REQUIRE(replay(named).code == 0);
  REQUIRE(replay(by_file).code == 0);
  REQUIRE(replay(generated).code == 0);
  const auto refused = [&](const std::string& token, const std::vector<std::string>& said, const std::vector<std::string>& unsaid) {
    const Answer answer = replay(token);
    INFO(token << "\n" << answer.err);
    CHECK(answer.code == 2);
    for (const std::string& text : said) CHECK(answer.err.find(text) != std::string::npos);
    for (const std::string& text : unsaid) CHECK(answer.err.find(text) == std::string::npos);
  };
  append(here, "clone/vectors/directed/hand_example.yaml", "# changed\n");
  refused(named, {"test hash: hand_example is "}, {"config", "vector hash"});
  refused(by_file, {"vector hash: no vector below vectors/ has the hash "}, {"config", "test hash"});
  std::string config = here.read("clone/rtl/configs/int8_4x4.yaml");
  config.replace(config.find("queue_depth: 4"), 14, "queue_depth: 2");
  here.write("clone/rtl/configs/int8_4x4.yaml", config);
  refused(generated, {"config hash: int8_4x4 is "}, {"test hash", "vector hash", "config name"});
  refused(by_file, {"config hash: int8_4x4 is ", "vector hash: no vector"}, {"test hash"});
  fs::remove(here.path() / "clone/rtl/configs/int8_4x4.yaml");
  refused(generated, {"config name: the tree has no config 'int8_4x4', only "}, {"config hash", "test hash"});
}

TEST_CASE("replay: a token with other RTL sources runs and says so", "[cli]") {
  const Folder here;
  copy_tree(here.path() / "clone");
  const std::string token = here.assay("run --test minimal --no-rtl --json -" + kConfig, "", clone_root(here)).json()["token"];
  CHECK(here.assay("replay '" + token + "'", "", clone_root(here)).err.find("source hash") == std::string::npos);
  append(here, "clone/rtl/tile/npu_tile.sv", "// changed\n");
  const Answer answer = here.assay("replay '" + token + "'", "", clone_root(here));
  CHECK(answer.code == 0);
  CHECK(answer.err.find("replay: source hash: the RTL is ") == 0);
}

TEST_CASE("replay: a damaged token names the part that is wrong", "[cli]") {
  const Folder here;
  const std::string hash = "0123456789abcdef";
  const std::pair<std::string, std::string> cases[] = {
      {"v1:npu:c:" + hash, "TOKEN: token: has 4 parts, expected 8"},
      {"v1:gpu:c:" + hash + ":test=x@" + hash + ":0x1::" + hash, "TOKEN: target: is 'gpu', expected npu"},
      {"v1:npu:c:12:test=x@" + hash + ":0x1::" + hash, "TOKEN: config hash: is '12', expected 16 hex digits"},
      {"v1:npu:c:" + hash + ":test=x:0x1::" + hash, "TOKEN: test: is 'test=x', expected test=NAME@HASH or vector=HASH"},
      {"v1:npu:c:" + hash + ":test=x@" + hash + ":seven::" + hash, "TOKEN: seed: is 'seven', expected a whole number"},
      {"v1:npu:c:" + hash + ":test=x@" + hash + ":0x1:speed=9:" + hash, "TOKEN: run options: 'speed=9' is unknown"},
      {"v1:npu:%2:" + hash + ":test=x@" + hash + ":0x1::" + hash, "TOKEN: config: is '%2', expected % before two digits"},
      {"v1:npu:c:" + hash + ":test=x@" + hash + ":0x1::xyz", "TOKEN: source hash: is 'xyz', expected 16 hex digits"}};
  for (const auto& [token, said] : cases) {
    INFO(token);
    const Answer answer = here.assay("replay '" + token + "'");
    CHECK(answer.code == 2);
    CHECK(answer.err.find("command line:1: " + said) == 0);
  }
}

TEST_CASE("replay: a directory that is none, or damaged, is an error with its place", "[cli]") {
  const Folder here;
  here.write("w.yaml", kWrongExpectation);
  REQUIRE(here.assay("run w.yaml --no-rtl --out good" + kConfig).code == 1);
  const auto broken = [&](const std::string& name) { fs::copy(here.path() / "good", here.path() / name, fs::copy_options::recursive); };
  const auto error_of = [&](const std::string& name) {
    const Answer answer = here.assay("replay " + name);
    CHECK(answer.code == 2);
    return answer.err;
  };
  CHECK(error_of("nowhere").find("command line:1: DIR: 'nowhere' holds no mismatch.json") == 0);
  broken("cut");
  here.write("cut/mismatch.json", here.read("cut/mismatch.json").substr(0, 700));
  CHECK(error_of("cut").find("cut/mismatch.json:") == 0);
  CHECK(error_of("cut").find(": json: damaged") != std::string::npos);
  broken("typed");
  std::string record = here.read("typed/mismatch.json");
  record.replace(record.find("\"seed\": \"0x1\""), 13, "\"seed\": [1]");
  here.write("typed/mismatch.json", record);
  CHECK(error_of("typed").find("typed/mismatch.json:1: seed: missing or of another type") == 0);
  broken("gone");
  fs::remove(here.path() / "gone/repro.yaml");
  CHECK(error_of("gone").find("gone/repro.yaml:1: file: missing") == 0);
  broken("other");
  std::string config = here.read("other/config.yaml");
  config.replace(config.find("queue_depth: 4"), 14, "queue_depth: 2");
  here.write("other/config.yaml", config);
  CHECK(error_of("other").find("other/config.yaml:1: config: hash is ") == 0);
}

TEST_CASE("cli: a command killed while it explains a mismatch leaves the directory that it wrote before", "[cli]") {
  const Folder here;
  const std::string run = "'" + std::string(ASSAY_BINARY) + "' run --test dense --config int8_16x16 --cycles 3000 --fault 'pe.psum[3][2]:5@1000' --out kept";
  Json record;
  for (int attempt = 0; attempt < 10; ++attempt) {  // on a crowded machine the signal may come when all is done
    here.shell("rm -rf kept; " + run +
               " >/dev/null 2>&1 & p=$!; n=0; until [ -f kept/mismatch.json ] || [ $n -gt 6000 ]; do sleep 0.01; n=$((n+1)); done; kill -9 $p; wait $p");
    record = here.json("kept/mismatch.json");
    if (!record.contains("diagnosis")) break;
  }
  CHECK_FALSE(record.contains("diagnosis"));
  CHECK(record["first"]["cycle"] == 1000);
  CHECK(schema_errors(record, "mismatch").empty());
  CHECK(here.assay("report kept").out.find("pe.psum[3][2]") != std::string::npos);
}
