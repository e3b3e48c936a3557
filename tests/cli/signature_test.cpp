// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "cosim/cli/run_options.hpp"
#include "cosim/cli/signature.hpp"
#include "cosim/npu/operation_kind.hpp"
#include "tests/catch.hpp"
#include "tests/cli/command.hpp"

using namespace assay;
using assay::test::Folder;
using assay::test::kProduct;
using assay::test::schema_errors;
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
  CHECK(one["fine"].get<std::string>().find("npu/tile.load_disp/state/dispatch/uint/") == 0);
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

TEST_CASE("signature: the fine one tells operations and their formats apart, never their place or data", "[cli]") {
  const Folder here;
  const auto fine = [&](const std::string& gemm, const std::string& fault) {
    here.write("v.yaml", "schema: assay/vector/1\nname: v\nprogram:\n  - gemm: {name: p, raw: true, " + gemm + "}\n");
    const Json record = here.assay("run v.yaml --config int8_4x4 --json - --waves none --fault '" + fault + "'").json();
    REQUIRE(record["verdict"] == "mismatch");
    return record["signature"]["fine"].get<std::string>();
  };
  const std::string plain = "a: [[1, 2], [3, 4], [5, 6], [7, 8]], b: [[3], [4]]", other = "a: [[9, 2], [3, 3], [5, 1], [7, 7]], b: [[1], [4]]";
  const std::string one = fine(plain, "pe.psum[1][0]:5@7");
  CHECK(one.find("npu/pe.psum/state/matmul.mac:int8/int32/") == 0);
  CHECK(fine(other, "pe.psum[1][0]:5@9").find("npu/pe.psum/state/matmul.mac:int8/int32/") == 0);
  CHECK(fine(plain, "pe.psum[1][0]:5@15").find("npu/pe.psum/state/matmul.mac/int32/") == 0);  // no beat
  CHECK(fine(plain + ", a_unsigned: true", "pe.psum[1][0]:5@7").find("npu/pe.psum/state/matmul.mac:uint8/int32/") == 0);
}

TEST_CASE("signature: an operation's kind has the command's mode where the rule reads it, and only there", "[cli]") {
  HwConfig integer = load_config(cli::config_file("int8_4x4")), floating = load_config(cli::config_file("fp_4x4"));
  npu::Operation op;
  CHECK(npu::operation_kind(integer, op) == "none");
  op.unit = "matmul", op.rule = npu::Rule::Accumulate, op.command = 3;
  op.fields.op = Op::Matmul, op.fields.activation_unsigned = true;
  CHECK(npu::operation_kind(integer, op) == "matmul.overwrite");
  op.fields.accumulate = true;
  CHECK(npu::operation_kind(integer, op) == "matmul.accumulate");
  op.fields.bf16_entries = true, op.fields.format = 7;
  CHECK(npu::operation_kind(floating, op) == "matmul.accumulate:bf16");
  op.rule = npu::Rule::Mac;
  CHECK(npu::operation_kind(integer, op) == "matmul.mac:uint8");
  CHECK(npu::operation_kind(floating, op) == "matmul.mac:e4m3");
  op.rule = npu::Rule::Copy, op.beat = 7, op.row = 2, op.column = 1;
  CHECK(npu::operation_kind(integer, op) == "matmul.copy");
  op = {};
  op.unit = "activation", op.rule = npu::Rule::Scale, op.command = 5;
  op.fields.op = Op::Activate, op.fields.single = true;
  CHECK(npu::operation_kind(integer, op) == "activation.scale:single");
  op.rule = npu::Rule::Convert, op.fields.relu = true, op.fields.format = 15;  // of a vector with an illegal command
  CHECK(npu::operation_kind(floating, op) == "activation.relu");
  op.rule = npu::Rule::None;
  CHECK(npu::operation_kind(integer, op) == "activation");
}
