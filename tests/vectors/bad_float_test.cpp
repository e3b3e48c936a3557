// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::npu::test;

namespace {

/// The message for a vector's text on a floating-point tile, the scratch folder taken out of it; empty when it loads.
std::string message_of(const std::string& text, const HwConfig& config) {
  const ScratchFolder folder;
  write_npy(folder.path() / "int.npy", {{1, 1}, {1}}, DataType::Int32);
  write_npy(folder.path() / "codes8.npy", {{1, 1}, {0x38}}, DataType::UInt8);
  write_npy(folder.path() / "codes16.npy", {{1, 1}, {0x3F80}}, DataType::UInt16);
  write_npy(folder.path() / "thousand.npy", {{1, 2}, {0x3F800000, 0x447A0000}}, DataType::Float32);
  write_npy(folder.path() / "inf.npy", {{1, 1}, {0x7F800000}}, DataType::Float32);
  folder.write("data.bin", std::string(8, '\0'));
  try {
    load_vector(folder.write("v.yaml", text), config, {});
  } catch (const InputError& error) {
    std::string what = error.what();
    const std::string prefix = folder.path().string() + "/";
    for (size_t at; (at = what.find(prefix)) != std::string::npos;) what.erase(at, prefix.size());
    return what;
  }
  return "";
}

std::string gemm(const std::string& keys) { return with_header("  - gemm:\n" + keys); }
std::string cmd(const std::string& keys) { return with_header("  - cmd: {" + keys + "}\n"); }

struct Case {
  std::string text;
  const char* message;
};

void check_all(std::initializer_list<Case> cases, const HwConfig& config = float_config()) {
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(message_of(c.text, config) == c.message);
  }
}

const HwConfig kBf16Only = float_config(format_mask(Format::Bf16));

}  // namespace

TEST_CASE("vector: a floating-point product without a format, or with one the tile lacks, is refused and told the tile's") {
  check_all({{gemm("      a: [[1]]\n      b: [[1]]\n"),
              "v.yaml:4: program[0].gemm: names no format, expected format, or a_format and b_format: small_float has bf16"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      relu: true\n"),
              "v.yaml:4: program[0].gemm: names no format, expected format, or a_format and b_format: small_float has bf16"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      format: fp16\n"),
              "v.yaml:6: program[0].gemm.format: is 'fp16', expected a format of small_float (bf16), or any"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      format: fp32\n"),
              "v.yaml:6: program[0].gemm.format: is 'fp32', expected a format of small_float (bf16), or any"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      a_format: bf16\n"), "v.yaml:4: program[0].gemm: has no b_format, expected one"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      b_format: bf16\n"), "v.yaml:4: program[0].gemm: has no a_format, expected one"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      a_format: bf16\n      b_format: e4m3\n"),
              "v.yaml:7: program[0].gemm.b_format: is 'e4m3', expected a format of small_float (bf16), or any"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      a_format: bf16\n      format: bf16\n"),
              "v.yaml:6: program[0].gemm.a_format: stands beside format, expected format, or a_format and b_format"}},
            kBf16Only);
  CHECK(message_of(gemm("      a: [[1]]\n      b: [[1]]\n      format: any\n"), kBf16Only).empty());
}

TEST_CASE("vector: a product of integers on a floating-point tile, and the reverse, are refused as what they are") {
  check_all(
      {{gemm("      a: [[1]]\n      b: [[1]]\n      raw: true\n"),
        "v.yaml:6: program[0].gemm.raw: asks for integers, expected format, or a_format and b_format: small_float has bf16, fp16, e5m2, e4m3, e4m3fn"},
       {gemm("      a: [[1]]\n      b: [[1]]\n      requant: {shift: 1}\n"),
        "v.yaml:6: program[0].gemm.requant: asks for integers, expected format, or a_format and b_format: small_float has bf16, fp16, e5m2, e4m3, e4m3fn"},
       {gemm("      a: [[1]]\n      b: [[1]]\n      raw: true\n      format: bf16\n"),
        "v.yaml:6: program[0].gemm.raw: unknown key, expected name, a, b, format, a_format, b_format, entries, bias, relu, output, m_tile, expect or "
        "expect_rows"},
       {cmd("op: load_weights, data: 1"),
        "v.yaml:3: program[0].cmd: has no format, expected one: small_float is a floating-point tile (bf16, fp16, e5m2, e4m3, e4m3fn)"},
       {cmd("op: activate"),
        "v.yaml:3: program[0].cmd: has no format, expected one or raw: true: small_float is a floating-point tile (bf16, fp16, e5m2, e4m3, e4m3fn)"},
       {cmd("op: matmul, activation_unsigned: true, data: 1"),
        "v.yaml:3: program[0].cmd.activation_unsigned: asks for integers, expected a command of floating point: small_float is a floating-point tile "
        "(bf16, fp16, e5m2, e4m3, e4m3fn)"},
       {cmd("op: load_table"),
        "v.yaml:3: program[0].cmd.op: is 'load_table', expected one of nop, load_weights, matmul, activate, load_param, clear, fence, read_counter, "
        "load_seed"}});
  check_all({{gemm("      a: [[1]]\n      b: [[1]]\n      format: bf16\n"),
              "v.yaml:6: program[0].gemm.format: asks for floating point, expected a product of integers (requant, or raw: true): small is an integer tile"},
             {gemm("      a: [[1]]\n      b: [[1]]\n      raw: true\n      output: {format: bf16}\n"),
              "v.yaml:7: program[0].gemm.output: asks for floating point, expected a product of integers (requant, or raw: true): small is an integer tile"},
             {cmd("op: load_weights, format: bf16, data: 1"),
              "v.yaml:3: program[0].cmd.format: asks for floating point, expected a command of integers: small is an integer tile"},
             {cmd("op: load_seed, seed: 1"),
              "v.yaml:3: program[0].cmd.op: is 'load_seed', expected one of nop, load_weights, matmul, activate, load_param, load_table, clear, fence, "
              "read_counter"}},
            small_config());
}

TEST_CASE("vector: wrong keys of a floating-point product are refused with file, line and key") {
  const auto wrap = [](const std::string& keys) { return gemm("      a: [[1, 2]]\n      b: [[1], [2]]\n      format: bf16\n      " + keys + "\n"); };
  check_all(
      {{wrap("entries: fp16"), "v.yaml:7: program[0].gemm.entries: is 'fp16', expected fp32 or bf16"},
       {wrap("relu: 1"), "v.yaml:7: program[0].gemm.relu: is '1', expected false or true"},
       {wrap("bias: [1, 2]"), "v.yaml:7: program[0].gemm.bias: has shape [2], expected [1] or one value"},
       {wrap("bias: 1e39"), "v.yaml:7: program[0].gemm.bias: is '1e39', expected at most 3.4028234663852886e+38 in magnitude, the greatest number of fp32"},
       {wrap("output: bf16"), "v.yaml:7: program[0].gemm.output: is 'bf16', expected a mapping with format, saturate, round or seed"},
       {wrap("output: {form: bf16}"), "v.yaml:7: program[0].gemm.output.form: unknown key, expected format, saturate, round or seed"},
       {wrap("output: {format: fp8}"),
        "v.yaml:7: program[0].gemm.output.format: is 'fp8', expected int8, uint8, int32, fp32, bf16, fp16, e5m2, e4m3, e4m3fn or any"},
       {wrap("output: {format: int8, saturate: true}"),
        "v.yaml:7: program[0].gemm.output.saturate: is 'true', expected false with format int8: only bf16, fp16, e5m2, e4m3 and e4m3fn are narrowed to"},
       {wrap("output: {round: stochastic}"),
        "v.yaml:7: program[0].gemm.output.round: is 'stochastic', expected nearest with format fp32: only bf16, fp16, e5m2, e4m3 and e4m3fn are narrowed "
        "to"},
       {wrap("output: {format: bf16, round: up}"), "v.yaml:7: program[0].gemm.output.round: is 'up', expected nearest or stochastic"},
       {wrap("output: {format: bf16, seed: 1}"), "v.yaml:7: program[0].gemm.output.seed: stands without round: stochastic, expected only with it"},
       {wrap("output: {format: bf16, round: stochastic, seed: -1}"),
        "v.yaml:7: program[0].gemm.output.seed: is '-1', expected an integer from 0 to 4294967295"},
       {wrap("expect: [[1, 2]]"), "v.yaml:7: program[0].gemm.expect: has shape [1, 2], expected [1, 1]"},
       {wrap("expect_rows: 8"), "v.yaml:7: program[0].gemm.expect_rows: stands without expect, expected only with it"},
       {wrap("expect_rows: 0\n      expect: [[1]]"), "v.yaml:7: program[0].gemm.expect_rows: is '0', expected an integer from 1 to 128"},
       {wrap("output: {format: int8}\n      expect: [[128]]"), "v.yaml:8: program[0].gemm.expect: value at [0, 0] is 128, expected int8 (-128 to 127)"},
       {wrap("m_tile: 5000"), "v.yaml:7: program[0].gemm.m_tile: is '5000', expected an integer from 0 to 4096"},
       {gemm("      a: [[1, 2]]\n      b: [[1]]\n      format: bf16\n"),
        "v.yaml:5: program[0].gemm.b: has shape [1, 1], expected [2, N] to follow a of shape [1, 2]"}});
}

TEST_CASE("vector: numbers and codes a format cannot hold are refused with their place") {
  const auto a = [](const std::string& format, const std::string& operand) {
    return gemm("      a: " + operand + "\n      b: [[1]]\n      format: " + format + "\n");
  };
  check_all(
      {{a("bf16", "[[x]]"), "v.yaml:4: program[0].gemm.a[0][0]: is 'x', expected a number, .inf, .nan or a code of bf16 in hex (0x0 to 0xffff)"},
       {a("bf16", "[['1']]"), "v.yaml:4: program[0].gemm.a[0][0]: is '1', expected a number, .inf, .nan or a code of bf16 in hex (0x0 to 0xffff)"},
       {a("bf16", "[[inf]]"), "v.yaml:4: program[0].gemm.a[0][0]: is 'inf', expected a number, .inf, .nan or a code of bf16 in hex (0x0 to 0xffff)"},
       {a("e4m3fn", "[[0x100]]"), "v.yaml:4: program[0].gemm.a[0][0]: is '0x100', expected a number, .inf, .nan or a code of e4m3fn in hex (0x0 to 0xff)"},
       {a("e4m3fn", "[[1, 465]]"), "v.yaml:4: program[0].gemm.a[0][1]: is '465', expected at most 448 in magnitude, the greatest number of e4m3fn"},
       {a("e4m3fn", "[[-.inf]]"), "v.yaml:4: program[0].gemm.a[0][0]: is '-.inf', e4m3fn has no infinity: expected a number, .nan or a code in hex"},
       {a("fp16", "{file: thousand.npy, slice: {cols: [0, 1]}}"), ""},
       {a("e4m3", "{file: thousand.npy}"),
        "v.yaml:4: program[0].gemm.a: value at [0, 1] is 1000, expected at most 240 in magnitude, the greatest number of e4m3"},
       {a("e4m3fn", "{file: inf.npy}"),
        "v.yaml:4: program[0].gemm.a: value at [0, 0] is inf, e4m3fn has no infinity: expected a number, .nan or a code in hex"},
       {a("bf16", "{file: int.npy}"), "v.yaml:4: program[0].gemm.a.file: int.npy: dtype is '<i4', expected <u2, <f4 or <f8"},
       {a("bf16", "{file: codes8.npy}"), "v.yaml:4: program[0].gemm.a.file: codes8.npy: dtype is '|u1', expected <u2, <f4 or <f8"},
       {a("e5m2", "{file: codes16.npy}"), "v.yaml:4: program[0].gemm.a.file: codes16.npy: dtype is '<u2', expected |u1, <f4 or <f8"},
       {a("bf16", "{file: data.bin, dtype: int8, shape: [1, 1]}"), "v.yaml:4: program[0].gemm.a.dtype: is 'int8', expected uint16, float32 or float64"},
       {a("bf16", "{file: data.bin, dtype: float64, shape: [1, 2]}"),
        "v.yaml:4: program[0].gemm.a.file: data.bin: has 8 bytes, expected 16 from offset 0 for shape [1, 2] of float64"},
       {a("bf16", "{random: {class: extremes, shape: [1, 1]}}"),
        "v.yaml:4: program[0].gemm.a.random.class: is 'extremes', expected normal, uniform, corners, subnormal, specials, cancel, ties, powers, sparse, zeros, "
        "ones or small"}});
}

TEST_CASE("vector: wrong floating-point commands are refused with file, line and key") {
  check_all({{cmd("op: load_weights, format: int8, data: 1"),
              "v.yaml:3: program[0].cmd.format: is 'int8', expected a format of small_float (bf16, fp16, e5m2, e4m3, e4m3fn), or any"},
             {cmd("op: load_weights, format: 16, data: 1"), "v.yaml:3: program[0].cmd.format: is '16', expected an integer from 0 to 15"},
             {cmd("op: load_weights, format: 3, data: 1"),
              "v.yaml:3: program[0].cmd.data: stands beside an illegal command (status 5), expected none: it takes no stream data"},
             {cmd("op: activate, format: double"),
              "v.yaml:3: program[0].cmd.format: is 'double', expected int8, uint8, int32, fp32, bf16, fp16, e5m2, e4m3, e4m3fn or any"},
             {cmd("op: load_param, bias: zero"),
              "v.yaml:3: program[0].cmd.bias: is 'zero', expected a number, .inf, .nan or a code of fp32 in hex (0x0 to 0xffffffff)"},
             {cmd("op: load_param, multiplier: 1"),
              "v.yaml:3: program[0].cmd.multiplier: asks for integers, expected a command of floating point: small_float is a floating-point tile (bf16, fp16, "
              "e5m2, e4m3, e4m3fn)"},
             {cmd("op: load_seed, seed: 0x100000000"), "v.yaml:3: program[0].cmd.seed: is '0x100000000', expected an integer from 0 to 4294967295"},
             {cmd("op: matmul, format: bf16, m: 2, data: [[1, 2, 3, 4]]"), "v.yaml:3: program[0].cmd.data: has shape [1, 4], expected [2, 4]"}});
}
