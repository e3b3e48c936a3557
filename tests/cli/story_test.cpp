// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>
#include <string>

#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
namespace {

/// A failing run of random products on the 4×4 tile.
Json record_of(const Folder& here, const std::string& options, const std::string& config = "int8_4x4") {
  here.write("v.yaml", kProduct);
  const Answer answer =
      here.assay("run " + (options.find("--test") == std::string::npos ? "v.yaml" : std::string()) + " --json - --out kept --config " + config + " " + options);
  INFO(answer.err);
  CHECK(answer.code == 1);
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(schema_errors(here.json("kept/mismatch.json"), "mismatch") == "");
  return record;
}

}  // namespace

TEST_CASE("story: a flipped bit of a register that holds has moved, a counter that is ahead is early", "[cli]") {
  const Folder here;
  CHECK(record_of(here, "--fault 'activation.bias[2]:7@40'")["skew"]["verdict"] == "moved");
  const Json skew = record_of(here, "--fault 'tile.counter[0]:2@72'")["skew"];  // 72 is 1001000b: four more
  CHECK(skew["verdict"] == "early");
  CHECK(skew["cycles"] == -4);
  CHECK(skew["evidence"]["from"] == 72);
  CHECK(skew["evidence"]["matching"].get<int>() >= 16);
  CHECK(skew["text"].get<std::string>().find("the right value, 4 cycles early (") == 0);
  CHECK(here.read("kept/report.txt").find("skew        the right value, 4 cycles early (") != std::string::npos);
}

TEST_CASE("story: what is no register has no skew, and a pass no story", "[cli]") {
  const Folder here;
  here.write("e.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  const Json record = here.assay("run e.yaml --json - --config int8_4x4").json();
  CHECK(record["first"]["kind"] == "expect");
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["skew"]["verdict"] == "none");
  CHECK(here.read("assay-out/v-0x1-int8_4x4/report.txt").find("skew") == std::string::npos);
  here.write("v.yaml", kProduct);
  CHECK_FALSE(here.assay("run v.yaml --json - --config int8_4x4").json().contains("skew"));
  CHECK_FALSE(here.assay("run e.yaml --no-rtl --json - --config int8_4x4").json().contains("skew"));
}

TEST_CASE("story: the spread follows a wrong partial sum down its column into accumulator and activation unit", "[cli]") {
  const Folder here;
  const Json spread = record_of(here, "--fault 'pe.psum[1][2]:20@40' --max-mismatches 1")["spread"];
  CHECK(spread["from"] == 40);
  CHECK(spread["map_cycles"] == spread["to"].get<int>() - 40 + 1);
  REQUIRE(spread["fields"].size() == spread["field_count"]);
  const Json& psum = spread["fields"][0];
  CHECK(psum["field"] == "psum");
  CHECK(psum["shape"] == Json({4, 4}));
  CHECK(psum["count"] == 3);
  CHECK(psum["map"] == Json({{40, 1, 2}, {41, 2, 2}, {42, 3, 2}}));
  CHECK(psum["elements"][2]["index"] == Json({3, 2}));
  CHECK(spread["fields"][1]["field"] == "acc_new");
  CHECK(spread["fields"][1]["first"] == 43);
  CHECK(spread["fields"][1]["map"].is_null());
  int elements = 0;
  for (const Json& field : spread["fields"]) elements += field["count"].get<int>();
  CHECK(spread["elements"] == elements);
}

TEST_CASE("story: a spread over everything is cut at whole cycles and says so", "[cli]") {
  const Folder here;
  const Json spread = record_of(here, "--test dense --cycles 3000 --fault 'tile.weight_fifo_rptr:0@400'", "int8_16x16")["spread"];
  size_t cells = 0;
  for (const Json& field : spread["fields"]) {
    CHECK(field["elements"].size() <= 32);
    if (field["map"].is_null()) continue;
    cells += field["map"].size();
    for (const Json& cell : field["map"]) CHECK(cell[0].get<int>() < 400 + spread["map_cycles"].get<int>());
  }
  CHECK(cells <= 8192);
  CHECK(cells > 4000);
  CHECK(spread["map_cycles"].get<int>() < spread["to"].get<int>() - 400 + 1);
}

TEST_CASE("story: the history holds the element and its sources on both sides, with the differing bits", "[cli]") {
  const Folder here;
  const Json history = record_of(here, "--fault 'pe.psum[1][2]:20@40'")["history"];
  CHECK(history["from"] == 25);
  CHECK(history["cycle"] == 40);
  CHECK(history["to"] == 44);
  std::string names;
  for (const Json& element : history["elements"]) {
    names += element["name"].get<std::string>() + " ";
    for (const char* key : {"rtl", "model", "xor"}) CHECK(element[key].size() == 20);
  }
  CHECK(names.find("psum[1][2] psum[0][2] act[1][1] ") == 0);
  CHECK(names.find(" weight[1][2] ") != std::string::npos);
  CHECK(history["elements"][0]["xor"][15] == "00100000");
  CHECK(history["elements"][0]["xor"][14].is_null());
  CHECK(history["elements"][1]["xor"][15].is_null());
}

TEST_CASE("story: the history of a divergence in the first cycles begins with the run, and names pins", "[cli]") {
  const Folder here;
  const Json history = record_of(here, "--fault 'tile.weight_fifo_count:1@2'")["history"];
  CHECK(history["from"] == 0);
  CHECK(history["elements"][0]["rtl"].size() == 7);
  REQUIRE(history["pins"].size() == 2);
  CHECK(history["pins"][0]["name"] == "weight_valid_i");
  CHECK(history["pins"][0]["values"].size() == 7);
}

TEST_CASE("story: the operation is told in the record, of a recording as of the run", "[cli]") {
  const Folder here;
  const Json live = record_of(here, "--fault 'pe.psum[1][2]:20@40' --record run.rec")["operation"];
  CHECK(live["unit"] == "matmul");
  CHECK(live["command"]["op"] == "MATMUL");
  CHECK(live["tile"]["job"] == "p");
  CHECK(live["steps"].size() == 3);
  CHECK(live["steps"][0].get<std::string>().find("product  ") == 0);
  CHECK(live["operands"][0]["name"] == "act[1][1]");
  CHECK(live["reason"].is_null());
  CHECK(here.assay("check run.rec --json -").json()["operation"] == live);
}

TEST_CASE("story: floating point arithmetic is told with its rounding", "[cli]") {
  const Folder here;
  const Answer answer = here.assay("run --test gemm --config fp_4x4 --json - --fault 'pe.psum[1][2]:20@90'");
  const Json record = answer.json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["operation"]["command"]["op"] == "MATMUL");
  std::string steps;
  for (const Json& step : record["operation"]["steps"]) steps += step.get<std::string>() + "\n";
  CHECK(steps.find("product  ") != std::string::npos);
  CHECK(steps.find("flags    ") != std::string::npos);
}

TEST_CASE("story: with --resync two faults are two causes, and what follows from them is none", "[cli]") {
  const Folder here;
  const Json record = record_of(here, "--resync --fault 'pe.psum[1][2]:20@40' --fault 'activation.bias[1]:3@70' --max-mismatches 12");
  CHECK(record["options"]["resync"] == true);
  CHECK(record["mismatches"].size() == 12);
  const Json& causes = record["resync"]["causes"];
  REQUIRE(causes.size() == 2);
  CHECK_FALSE(record["resync"]["stopped"].get<bool>());
  CHECK(causes[0]["cycle"] == 40);
  CHECK(causes[0]["field"] == "psum");
  CHECK(causes[0]["index"] == Json({1, 2}));
  CHECK(causes[0]["cycles"] == 1);
  CHECK(causes[1]["cycle"] == 70);
  CHECK(causes[1]["field"] == "bias");
  CHECK(causes[1]["index"] == Json({1}));
  CHECK(causes[0]["rtl"] == record["first"]["rtl"]);
  CHECK(causes[0]["model"] == record["first"]["model"]);
  const std::string report = here.read("kept/report.txt");
  CHECK(report.find("MISMATCH  product on int8_4x4, seed 0x1, resync\n") == 0);
  CHECK(report.find("causes      2 in cycles ") != std::string::npos);
  CHECK(here.assay("replay kept --json -").json()["resync"] == record["resync"]);
  CHECK(record["token"].get<std::string>().find(";resync:") != std::string::npos);
}

TEST_CASE("story: with --resync an output pin that shows a wrong register is a consequence, one that shows a right one wrongly a cause", "[cli]") {
  const Folder here;
  const Json shown = record_of(here, "--resync --fault 'array.tag_valid[0]:0@1'")["resync"]["causes"];
  REQUIRE(shown.size() == 1);
  CHECK(shown[0]["field"] == "tag_valid");
  const Json pin = record_of(here, "--resync --fault 'tile.busy:0@1'")["resync"]["causes"];
  REQUIRE(pin.size() == 1);
  CHECK(pin[0]["field"] == "busy");
}

TEST_CASE("story: --resync lists as many causes as asked for and says when there are more", "[cli]") {
  const Folder here;
  const Json three = record_of(here, "--resync --max-mismatches 2 --fault pe.psum[1][2]:20@40 --fault pe.psum[0][0]:3@41 --fault pe.psum[2][2]:4@50");
  CHECK(three["resync"]["causes"].size() == 2);
  CHECK(three["resync"]["stopped"] == true);
  here.write("v.yaml", kProduct);
  CHECK_FALSE(here.assay("run v.yaml --resync --json - --config int8_4x4").json().contains("resync"));
  const Answer none = here.assay("run v.yaml --resync --no-rtl --config int8_4x4");
  CHECK(none.code == 2);
  CHECK(none.err.find("command line:1: --resync: stands beside --no-rtl") == 0);
  CHECK_FALSE(record_of(here, "--fault pe.psum[1][2]:20@40").contains("resync"));
}

TEST_CASE("story: --resync on a floating-point tile, and on a recording as on the run", "[cli]") {
  const Folder here;
  const std::string faults = " --fault 'pe.psum[1][2]:20@90' --fault 'activation.biased[1]:3@200'";
  const Json live = here.assay("run --test gemm --config fp_4x4 --json - --resync --record run.rec" + faults).json();
  CHECK(schema_errors(live, "result") == "");
  REQUIRE(live["resync"]["causes"].size() == 2);
  CHECK(live["resync"]["causes"][0]["cycle"] == 90);
  CHECK(live["resync"]["causes"][1]["cycle"] == 200);
  CHECK(here.assay("check run.rec --json -").json()["resync"] == live["resync"]);
}

TEST_CASE("story: the essentials of a mismatch fit a screen of 100 columns, the tables stand in report.txt", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const Answer answer = here.assay("run v.yaml --config int8_4x4 --fault 'pe.psum[1][2]:20@40'");
  CHECK(answer.out.find("  operation   MATMUL, command ") != std::string::npos);
  CHECK(answer.out.find("    steps           product  ") != std::string::npos);
  CHECK(answer.out.find("  spread      ") != std::string::npos);
  CHECK(answer.out.find("compared ") == std::string::npos);
  CHECK(std::count(answer.out.begin(), answer.out.end(), '\n') <= 40);
  std::string line;
  for (std::istringstream lines(answer.out); std::getline(lines, line);) {
    if (line.find("reproduce") == std::string::npos) CHECK(line.size() <= 100);
  }
  const std::string report = here.read("assay-out/product-0x1-int8_4x4/report.txt");
  CHECK(report.find(answer.out) == 0);
  CHECK(report.find("\n> 40 ") != std::string::npos);
  CHECK(report.find("  compared ") != std::string::npos);
}
