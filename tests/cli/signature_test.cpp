// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "cosim/cli/signature.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
using Json = nlohmann::ordered_json;

namespace {

Mismatch at(const std::string& kind, const std::string& block, const std::string& field) {
  Mismatch m;
  m.kind = kind;
  m.block = block;
  m.field = field;
  m.index = {3, 1};
  m.cycle = 77;
  return m;
}

}  // namespace

TEST_CASE("signature: the coarse one names block, field and kind, never index, cycle or job", "[cli]") {
  CHECK(cli::coarse_signature(at("state", "pe", "psum")) == "npu/pe.psum/state");
  CHECK(cli::coarse_signature(at("pin", "tile", "out_valid")) == "npu/tile.out_valid/pin");
  CHECK(cli::coarse_signature(at("functional", "activation", "layer one")) == "npu/activation.out_data/functional");
  CHECK(cli::coarse_signature(at("expect", "activation", "p_7")) == "npu/activation.out_data/expect");
  CHECK(cli::coarse_signature(at("functional", "tile", "rsp_data")) == "npu/tile.rsp_data/functional");
  CHECK(cli::coarse_signature(at("assertion", "tile", "fifo_overflow")) == "npu/tile.fifo_overflow/assertion");
}

TEST_CASE("signature: rows and stages of one register count as one", "[cli]") {
  CHECK(cli::coarse_signature(at("state", "array", "skew_12")) == "npu/array.skew/state");
  CHECK(cli::coarse_signature(at("state", "array", "skew_high_3")) == "npu/array.skew_high/state");
  CHECK(cli::coarse_signature(at("state", "activation", "ctl_0")) == "npu/activation.ctl/state");
}

TEST_CASE("signature: faults in one field have one signature under other seeds, places and cycles; other fields have others", "[cli]") {
  const Folder here;
  here.write("v.yaml", kProduct);
  const auto signature = [&](const std::string& options) {
    const Json record = here.assay("run v.yaml --config int8_4x4 --json - " + options).json();
    REQUIRE(record["verdict"] == "mismatch");
    CHECK(schema_errors(record, "result") == "");
    return record["signature"];
  };
  const Json one = signature("--seed 1 --fault 'tile.load_disp:5@40'");
  CHECK(one["coarse"] == "npu/tile.load_disp/state");
  CHECK(one["fine"].get<std::string>().find("npu/tile.load_disp/state/uint/") == 0);
  CHECK(signature("--seed 2 --fault 'tile.load_disp:7@40'") == one);
  CHECK(signature("--seed 3 --fault 'pe.psum[1][2]:5@40'")["coarse"] == signature("--seed 4 --fault 'pe.psum[3][0]:31@61'")["coarse"]);
  CHECK(signature("--fault 'pe.psum[1][2]:5@40'")["coarse"] != one["coarse"]);
}

TEST_CASE("signature: the model alone has a coarse one only, a pass has none", "[cli]") {
  const Folder here;
  here.write("w.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, a: [[1, 2]], b: [[3], [4]], raw: true, expect: [[12]]}\n");
  here.write("v.yaml", kProduct);
  const Json failed = here.assay("run w.yaml --no-rtl --config int8_4x4 --json -").json();
  CHECK(schema_errors(failed, "result") == "");
  CHECK(failed["signature"] == Json{{"coarse", "npu/activation.out_data/expect"}, {"fine", nullptr}});
  CHECK_FALSE(here.assay("run v.yaml --no-rtl --config int8_4x4 --json -").json().contains("signature"));
}
