// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cosim/npu/npy.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using assay::Json;
using assay::test::Answer;
using assay::test::Folder;
using assay::test::schema_errors;
using assay::test::without_host;
namespace {

const std::string kRun = "run v.yaml --config fp_4x4 ";

const char* const kFloatProduct = R"(schema: assay/vector/1
name: product
program:
  - gemm:
      name: p
      format: bf16
      a: {random: {class: normal, shape: [12, 9]}}
      b: {random: {class: normal, shape: [9, 6]}}
      output: {format: e4m3fn}
)";

struct FaultCase {
  std::string fault, format, bit;
  int cycle;
  std::string distance;  ///< in the report; "" when the field is no number
};

std::string vector_of(const std::string& gemm) { return "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, " + gemm + "}\n"; }

}  // namespace

TEST_CASE("cli: a fault in a float field is reported with value, class and distance in ulp", "[cli]") {
  const Folder here;
  here.write("v.yaml", kFloatProduct);
  const std::vector<FaultCase> cases = {{"pe.psum[1][2]:5", "fp32", "00000020", 40, "32 ulp"},
                                        {"pe.weight[1][2]:6", "bf16", "0040", 60, "64 ulp"},
                                        {"accumulators.acc_new[2]:30", "fp32", "40000000", 55, "1,073,741,824 ulp"},
                                        {"activation.bias[3]:31", "fp32", "80000000", 9, "0 ulp"},
                                        {"activation.bias[3]:0", "fp32", "00000001", 9, "1 ulp"},
                                        {"pe.weight_low[0][1]:2", "bits", "4", 30, ""},
                                        {"tile.flags:7", "bits", "0080", 70, ""}};
  for (const FaultCase& c : cases) {
    const std::string fault = c.fault + "@" + std::to_string(c.cycle);
    INFO(fault);
    const Answer answer = here.assay(kRun + "--json - --fault '" + fault + "'");
    REQUIRE(answer.code == 1);
    const Json record = answer.json(), first = record["first"];
    CHECK(schema_errors(record, "result") == "");
    CHECK(first["cycle"] == c.cycle);
    CHECK(first["format"] == c.format);
    CHECK(first["xor"] == c.bit);
    CHECK(first["decoded"].is_null() == c.distance.empty());
    if (c.distance.empty()) {
      CHECK(answer.err.find("    distance") == std::string::npos);
      continue;
    }
    CHECK(answer.err.find("    distance        " + c.distance + "\n") != std::string::npos);
    for (const auto& [side, label] : {std::pair{"rtl", "    RTL             0x"}, std::pair{"model", "    model           0x"}}) {
      const Json& decoded = first["decoded"][side];
      const std::string text =
          first[side].get<std::string>() + "  =  " + decoded["value"].get<std::string>() + ", " + decoded["class"].get<std::string>() + "\n";
      CHECK(answer.err.find(label + text) != std::string::npos);
    }
  }
}

TEST_CASE("cli: the failure directory of a floating-point tile replays to the same record", "[cli]") {
  const Folder here;
  here.write("v.yaml", kFloatProduct);
  const Json first = here.assay(kRun + "--out o --json - --fault 'pe.psum[1][2]:5@40'").json();
  const Answer again = here.assay("replay o --json -");
  CHECK(again.code == 1);
  CHECK(again.json()["first"] == first["first"]);
}

TEST_CASE("cli: the sticky flags of a floating-point run stand by name, per engine, also of the model alone", "[cli]") {
  const Folder here;
  // 3e38 · 3e38 overflows, 1 + 2^-7 is no e4m3fn number, a signalling NaN is invalid.
  here.write("v.yaml", vector_of("format: bf16, a: [[3.0e+38, 1.0]], b: [[3.0e+38], [1.0]]"));
  here.write("w.yaml", vector_of("format: bf16, a: [[1.0078125]], b: [[1.0]], output: {format: e4m3fn}"));
  here.write("x.yaml", vector_of("format: bf16, a: [[0x7f81]], b: [[1.0]]"));
  const std::vector<std::pair<std::string, std::string>> cases = {{"v.yaml", "array: inexact, overflow; accumulators: none; activation: none"},
                                                                  {"w.yaml", "array: none; accumulators: none; activation: inexact"},
                                                                  {"x.yaml", "array: invalid; accumulators: none; activation: none"}};
  for (const auto& [file, flags] : cases) {
    for (const char* how : {"", " --no-rtl"}) {
      INFO(file << how);
      const Answer answer = here.assay("run " + file + " --config fp_4x4" + how);
      CHECK(answer.code == 0);
      CHECK(answer.out.find("  flags       " + flags + "\n") != std::string::npos);
    }
  }
  const Json record = here.assay("run v.yaml --config fp_4x4 --no-rtl --json -").json();
  CHECK(schema_errors(record, "result") == "");
  CHECK(record["flags"]["array"] == Json::array({"inexact", "overflow"}));
  CHECK(record["config"]["formats"] == Json::array({"bf16", "fp16", "e5m2", "e4m3", "e4m3fn"}));
  CHECK(record["config"]["pe_latency"] == 2);
}

TEST_CASE("cli: an expectation in a narrow float format that does not hold is decoded in that format", "[cli]") {
  const Folder here;
  here.write("v.yaml", vector_of("format: bf16, a: [[1.5]], b: [[2.0]], output: {format: e4m3fn}, expect: [[2.5]]"));
  const Json first = here.assay(kRun + "--no-rtl --json -").json()["first"];
  CHECK(first["kind"] == "expect");
  CHECK(first["format"] == "e4m3fn");
  CHECK(first["rtl"] == "00000044");
  CHECK(first["model"] == "00000042");
  CHECK(first["decoded"] ==
        Json({{"rtl", {{"value", "3"}, {"class", "normal"}}}, {"model", {{"value", "2.5"}, {"class", "normal"}}}, {"ulp", 2}, {"ulp_reason", nullptr}}));
}

TEST_CASE("cli: the accuracy of float outputs compares numbers, negative ones and NaN too", "[cli]") {
  const Folder here;
  here.write("v.yaml", vector_of("format: bf16, a: [[1.0], [-1.0], [.inf]], b: [[-1.0, -2.0, 0.0]]"));
  assay::npu::write_npy(here.path() / "labels.npy", {{3}, {2, 1, 0}}, assay::npu::DataType::Int8);
  const Json accuracy = here.assay(kRun + "--no-rtl --json -").json()["outputs"]["accuracy"];
  CHECK(accuracy["images"] == 3);
  CHECK(accuracy["right"] == 3);  // 0 of -1, -2, 0; 2 of 1, 2, -0; -inf, -inf, NaN: the first
}
