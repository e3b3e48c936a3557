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
using assay::test::kWaveFiles;
using assay::test::schema_errors;
using assay::test::without_host;
namespace {

const std::string kConfig = " --config int8_4x4 ";

}  // namespace

TEST_CASE("check: the record of a recording is the record of its run, whatever the verdict") {
  const std::pair<const char*, int> runs[] = {{"v.yaml --seed 3 --stall random", 0},
                                              {"--test stress --seed 2", 0},
                                              {"--test digits --cycles 4000", 0},
                                              {"v.yaml --fault 'pe.psum[1][2]:5@40'", 1},
                                              {"v.yaml --fault 'tile.cmd_ready:0@12' --max-mismatches 400", 1},
                                              {"v.yaml --fault 'tile.out_data[0]:3@5'", 4},
                                              {"v.yaml --stall output=heavy --fault tile.output_fifo_rptr:0@60 --max-mismatches 200", 1},
                                              {"v.yaml --stall output=heavy --fault tile.output_fifo_rptr:0@60 --max-mismatches 4", 1},
                                              {"v.yaml --stall output=heavy --fault tile.output_fifo_rptr:0@60 --max-mismatches 5", 1},
                                              {"v.yaml --stall output=heavy --fault tile.output_fifo_rptr:0@60 --max-mismatches 6", 1},
                                              {"e.yaml", 1}};
  const Folder here;
  here.write("v.yaml", kProduct);
  here.write("e.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  std::string kinds;
  for (const auto& [run, code] : runs) {
    INFO(run);
    const Answer live = here.assay("run " + (run + kConfig) + "--json - --record run.rec");
    CHECK(live.code == code);
    const Answer checked = here.assay("check run.rec --json -");
    CHECK(checked.code == code);
    const Json record = checked.json();
    CHECK(schema_errors(record, "result") == "");
    CHECK(record["host"]["rtl"] == "recorded");
    CHECK(record["host"]["build"].is_null());
    CHECK(without_host(record).dump(2) == without_host(live.json()).dump(2));
    for (const Json& m : record["mismatches"]) kinds += m["kind"].get<std::string>() + " ";
  }
  for (const char* kind : {"state ", "pin ", "assertion ", "functional ", "expect "}) {
    INFO(kind);
    CHECK(kinds.find(kind) != std::string::npos);
  }
  CHECK(here.assay("check run.rec").out.find("MISMATCH  v on int8_4x4, seed 0x1, RTL as recorded\n") == 0);
}

TEST_CASE("check: a recording needs neither vector nor config nor data where it was made") {
  const Folder here, there;
  here.write("v.yaml", kProduct);
  const Json live = here.assay("run v.yaml --json - --record run.rec --fault 'pe.weight[3][0]:7@33'" + kConfig).json();
  std::filesystem::copy(here.path() / "run.rec", there.path() / "moved.rec");
  std::filesystem::remove(here.path() / "v.yaml");
  const Answer checked = there.assay("check moved.rec --json - --out kept", "", "ASSAY_ROOT=/nonexistent");
  CHECK(checked.code == 1);
  CHECK(without_host(checked.json()).dump() == without_host(live).dump());
  CHECK(there.list("kept") == ".assay-out config.yaml log.txt mismatch.json report.html report.txt repro.sh repro.yaml " + kWaveFiles);
  CHECK(there.list() == "kept moved.rec");
  CHECK(there.assay("replay kept").code == 1);  // on the RTL of this tree
}

TEST_CASE("check: the header of a recording follows its schema and can be read with zstdcat") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --stall light --record run.rec" + kConfig).code == 0);
  const Answer head = here.shell("sh -c 'command -v zstdcat > /dev/null || exit 77; zstdcat run.rec | head -1'");
  if (head.code == 77) return;
  const Json header = head.json();
  CHECK(schema_errors(header, "recording") == "");
  CHECK(header["options"]["stall"] == "light");
}

TEST_CASE("check: what is no recording, or a damaged one, ends with exit 2 and says so") {
  const Folder here;
  here.write("v.yaml", kProduct);
  REQUIRE(here.assay("run v.yaml --record run.rec" + kConfig).code == 0);
  const std::string whole = here.read("run.rec");
  const auto error_of = [&](const std::string& name, const std::string& bytes) {
    here.write(name, bytes);
    const Answer answer = here.assay("check " + name);
    CHECK(answer.code == 2);
    CHECK(answer.out.empty());
    return answer.err;
  };
  CHECK(error_of("cut.rec", whole.substr(0, whole.size() / 2)).find("cut.rec:1: recording: is cut off or damaged at byte ") == 0);
  CHECK(error_of("empty.rec", "").find("empty.rec:1: recording: is empty") == 0);
  std::string damaged = whole;
  damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 4);
  CHECK(error_of("damaged.rec", damaged).find("damaged.rec:1: recording: is damaged at byte ") == 0);
  CHECK(error_of("text.rec", "hello").find("text.rec:1: recording: is no zstd file") == 0);
  CHECK(here.assay("check none.rec").err.find("none.rec:1: file: cannot be read") == 0);
}

TEST_CASE("check: --record is refused where it cannot be, and an unfinished run leaves no file") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer none = here.assay("run v.yaml --no-rtl --record run.rec" + kConfig);
  CHECK(none.code == 2);
  CHECK(none.err == "command line:1: --record: stands beside --no-rtl, expected RTL to be recorded\n");
  const Answer nowhere = here.assay("run v.yaml --record no/where.rec" + kConfig);
  CHECK(nowhere.code == 2);
  CHECK(nowhere.err.find("command line:1: --record: 'no/where.rec' cannot be written") == 0);
  CHECK(here.list() == "v.yaml");
}
