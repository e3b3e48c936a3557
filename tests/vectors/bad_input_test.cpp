// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::npu::test;

namespace {

/// The message for a vector's text, the scratch folder taken out of it; empty when it loads.
std::string message_of(const std::string& text) {
  const ScratchFolder folder;
  write_npy(folder.path() / "two.npy", {{2, 2}, {1, 2, 3, 4}}, DataType::Int8);
  write_npy(folder.path() / "wide.npy", {{1, 2}, {300, 4}}, DataType::Int32);
  std::string bytes = read_bytes(folder.path() / "two.npy");
  folder.write("short.npy", bytes.substr(0, bytes.size() - 1));
  folder.write("long.npy", bytes + "x");
  folder.write("cut.npy", bytes.substr(0, 40));
  folder.write("text.npy", "hello");
  folder.write("data.bin", std::string(10, '\1'));
  std::string other = bytes;
  other.replace(other.find("|i1"), 3, "<f4");
  folder.write("float.npy", other);
  other = bytes;
  other.replace(other.find("False"), 5, "True ");
  folder.write("fortran.npy", other);
  LoadOptions options;
  options.data_root = folder.path();
  try {
    load_vector(folder.write("v.yaml", text), small_config(), options);
  } catch (const InputError& error) {
    std::string what = error.what();
    const std::string prefix = folder.path().string() + "/";
    for (size_t at; (at = what.find(prefix)) != std::string::npos;) what.erase(at, prefix.size());
    return what;
  } catch (const DataMissing& error) {
    return std::string("DataMissing: ") + error.what();
  }
  return "";
}

struct Case {
  const char* program;
  const char* message;
};

std::string gemm(const std::string& keys) { return with_header("  - gemm:\n" + keys); }

void check_all(std::initializer_list<Case> cases, std::string (*wrap)(const std::string&)) {
  for (const Case& c : cases) {
    INFO(c.program);
    CHECK(message_of(wrap(c.program)) == c.message);
  }
}

std::string as_is(const std::string& text) { return text; }

}  // namespace

TEST_CASE("vector: a wrong document is refused with file, line and key") {
  check_all(
      {{"schema: assay/vector/1\nprogram: [", "v.yaml:2: yaml: end of sequence flow not found, expected well-formed YAML"},
       {"- a", "v.yaml:1: vector: is a list, expected a mapping with schema, name, description, stall or program"},
       {"", "v.yaml:1: vector: is empty, expected a mapping with schema, name, description, stall or program"},
       {"program: []", "v.yaml:1: vector: has no schema, expected one"},
       {"schema: assay/vector/2\nprogram: []", "v.yaml:1: schema: is 'assay/vector/2', expected assay/vector/1"},
       {"schema: assay/vector/1", "v.yaml:1: vector: has no program, expected one"},
       {"schema: assay/vector/1\nprogram: []", "v.yaml:2: program: is empty, expected at least one of gemm, cmd, reset or idle"},
       {"schema: assay/vector/1\nprogram: 3", "v.yaml:2: program: is '3', expected a list"},
       {"schema: assay/vector/1\nprogramm: []", "v.yaml:2: programm: unknown key, expected schema, name, description, stall or program"},
       {"schema: assay/vector/1\nname: a\nname: b\nprogram: []", "v.yaml:3: name: stands twice, expected once"},
       {"schema: assay/vector/1\nstall: slow\nprogram: []", "v.yaml:2: stall: is 'slow', expected none, light, heavy, burst, {bubble: p} or {burst: [lo, hi]}"},
       {"schema: assay/vector/1\nstall: {weight: none}\nprogram: []",
        "v.yaml:2: stall.weight: unknown key, expected commands, weights, activations, output or response"},
       {"schema: assay/vector/1\nstall: {output: {bubble: 1.5}}\nprogram: []", "v.yaml:2: stall.output.bubble: is '1.5', expected a number from 0 to 0.99"},
       {"schema: assay/vector/1\nstall: {output: {burst: [9, 3]}}\nprogram: []",
        "v.yaml:2: stall.output.burst[1]: is '3', expected an integer from 9 to 100000"},
       {"schema: assay/vector/1\nstall: {output: {burst: [9]}}\nprogram: []", "v.yaml:2: stall.output.burst: has 1 values, expected [lo, hi]"}},
      as_is);
}

TEST_CASE("vector: a wrong program item is refused with file, line and key") {
  check_all({{"  - gem: {}\n", "v.yaml:3: program[0].gem: unknown key, expected gemm, cmd, reset or idle"},
             {"  - {idle: 1, reset: {after: 3}}\n", "v.yaml:3: program[0]: has 2 keys, expected one of gemm, cmd, reset or idle"},
             {"  - idle: soon\n", "v.yaml:3: program[0].idle: is 'soon', expected an integer from 0 to 1099511627776"},
             {"  - reset: {}\n", "v.yaml:3: program[0].reset: has no after, expected one"},
             {"  - reset: {after: 5, cycles: 0}\n", "v.yaml:3: program[0].reset.cycles: is '0', expected an integer from 1 to 1000000"},
             {"  - idle: 1\n  - idle: 2\n  - cmd: 3\n", "v.yaml:5: program[2].cmd: is '3', expected a mapping with op or word"}},
            with_header);
}

TEST_CASE("vector: a wrong gemm is refused with file, line and key") {
  check_all(
      {{"      a: [[1]]\n      b: [[1]]\n", "v.yaml:4: program[0].gemm: has neither requant nor raw: true, expected one of them"},
       {"      a: [[1]]\n      b: [[1]]\n      raw: true\n      requant: {}\n", "v.yaml:4: program[0].gemm: has requant and raw: true, expected one of them"},
       {"      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm: has no a, expected one"},
       {"      a: [[1, 2]]\n      b: [[1, 2]]\n      raw: true\n",
        "v.yaml:5: program[0].gemm.b: has shape [1, 2], expected [2, N] to follow a of shape [1, 2]"},
       {"      a: [[1, 2], [3]]\n      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm.a[1]: has 1 values, expected 2 as in the first row"},
       {"      a: [1, 2]\n      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm.a: has shape [2], expected two dimensions"},
       {"      a: [[128]]\n      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm.a: value at [0, 0] is 128, expected int8 (-128 to 127)"},
       {"      a: [[-1]]\n      a_unsigned: true\n      b: [[1]]\n      raw: true\n",
        "v.yaml:4: program[0].gemm.a: value at [0, 0] is -1, expected uint8 (0 to 255)"},
       {"      a: [[x]]\n      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm.a[0][0]: is 'x', expected an integer from -2147483648 to 2147483647"},
       {"      a: 5\n      b: [[1]]\n      raw: true\n", "v.yaml:4: program[0].gemm.a: is '5', expected an operand: file, inline, random or from"},
       {"      a: [[1]]\n      b: [[1]]\n      raw: yes\n", "v.yaml:6: program[0].gemm.raw: is 'yes', expected false or true"},
       {"      a: [[1]]\n      b: [[1]]\n      b_zero_point: 3\n      raw: true\n",
        "v.yaml:6: program[0].gemm.b_zero_point: is '3', expected 0: the tile has no weight zero point, weights must be symmetric"},
       {"      a: [[1]]\n      b: [[1]]\n      a_zero_point: 3\n      raw: true\n",
        "v.yaml:6: program[0].gemm.a_zero_point: is '3', expected 0 with raw: true, which has no bias to fold it into"},
       {"      a: [[1]]\n      b: [[1]]\n      raw: true\n      expect: [[1, 2]]\n", "v.yaml:7: program[0].gemm.expect: has shape [1, 2], expected [1, 1]"},
       {"      a: [[1]]\n      b: [[1]]\n      raw: true\n      m_tile: -1\n", "v.yaml:7: program[0].gemm.m_tile: is '-1', expected an integer from 0 to 4096"},
       {"      a: {from: other}\n      b: [[1]]\n      raw: true\n",
        "v.yaml:4: program[0].gemm.a.from: no gemm named 'other' stands before, expected an earlier gemm with a name"},
       {"      a: [[1]]\n      b: [[1]]\n      raw: true\n  - gemm: {name: gemm0, a: [[1]], b: [[1]], raw: true}\n",
        "v.yaml:7: program[1].gemm.name: 'gemm0' stands twice, expected a name of its own"}},
      gemm);
}

TEST_CASE("vector: a wrong requant is refused with file, line and key") {
  const auto wrap = [](const std::string& keys) { return gemm("      a: [[1]]\n      b: [[1, 2]]\n      requant: {" + keys + "}\n"); };
  check_all({{"scale: 3",
              "v.yaml:6: program[0].gemm.requant.scale: unknown key, expected bias, multiplier, shift, zero_point, clamp, mode, output_unsigned or table"},
             {"shift: 31", "v.yaml:6: program[0].gemm.requant.shift: value at [0] is 31, expected a shift (-31 to 30)"},
             {"shift: [1, 2, 3]", "v.yaml:6: program[0].gemm.requant.shift: has shape [3], expected [2] or one value"},
             {"multiplier: 5", "v.yaml:6: program[0].gemm.requant.multiplier: value at [0] is 5, expected a multiplier (0, or 2^30 to 2^31 - 1)"},
             {"multiplier: 0x80000000", "v.yaml:6: program[0].gemm.requant.multiplier: is '0x80000000', expected an integer from -2147483648 to 2147483647"},
             {"zero_point: 128", "v.yaml:6: program[0].gemm.requant.zero_point: is '128', expected an integer from -128 to 127"},
             {"clamp: [5, 4]", "v.yaml:6: program[0].gemm.requant.clamp[1]: is '4', expected an integer from 5 to 127"},
             {"clamp: [5]", "v.yaml:6: program[0].gemm.requant.clamp: has 1 values, expected [lo, hi]"},
             {"mode: triple", "v.yaml:6: program[0].gemm.requant.mode: is 'triple', expected double or single"},
             {"table: [1, 2]", "v.yaml:6: program[0].gemm.requant.table: has shape [2], expected [256] or one value"}},
            wrap);
}

TEST_CASE("vector: wrong data files are refused with the bytes they have") {
  const auto wrap = [](const std::string& a) { return gemm("      a: {" + a + "}\n      b: [[1], [1]]\n      raw: true\n"); };
  check_all({{"file: none.npy", "v.yaml:4: program[0].gemm.a.file: no file 'none.npy', expected one beside the vector"},
             {"file: '${ASSAY_DATA}/none.npy'", "DataMissing: test data '${ASSAY_DATA}/none.npy' are not there: set ASSAY_DATA to the folder that holds them"},
             {"file: '${HOME}/none.npy'", "v.yaml:4: program[0].gemm.a.file: is '${HOME}/none.npy', expected a path, or ${ASSAY_DATA}/ in front of one"},
             {"file: short.npy", "v.yaml:4: program[0].gemm.a.file: short.npy: has 3 bytes of data, expected 4 for shape [2, 2] of int8"},
             {"file: long.npy", "v.yaml:4: program[0].gemm.a.file: long.npy: has 5 bytes of data, expected 4 for shape [2, 2] of int8"},
             {"file: cut.npy", "v.yaml:4: program[0].gemm.a.file: cut.npy: file has 40 bytes, expected a header of 128"},
             {"file: text.npy", "v.yaml:4: program[0].gemm.a.file: text.npy: does not begin with the npy magic, expected a NumPy .npy file"},
             {"file: float.npy", "v.yaml:4: program[0].gemm.a.file: float.npy: dtype is '<f4', expected |i1, |u1, <i4 or <i8"},
             {"file: fortran.npy", "v.yaml:4: program[0].gemm.a.file: fortran.npy: fortran_order is not False, expected C order"},
             {"file: wide.npy", "v.yaml:4: program[0].gemm.a: value at [0, 0] is 300, expected int8 (-128 to 127)"},
             {"file: two.npy, dtype: int8", "v.yaml:4: program[0].gemm.a.dtype: stands beside a .npy file, expected only for raw binary files"},
             {"file: data.bin, shape: [2, 2]", "v.yaml:4: program[0].gemm.a: has no dtype, expected one"},
             {"file: data.bin, dtype: int8", "v.yaml:4: program[0].gemm.a: has no shape, expected one"},
             {"file: data.bin, dtype: int16, shape: [2]", "v.yaml:4: program[0].gemm.a.dtype: is 'int16', expected int8, uint8 or int32"},
             {"file: data.bin, dtype: int32, offset: 4, shape: [1, 2]",
              "v.yaml:4: program[0].gemm.a.file: data.bin: has 10 bytes, expected 8 from offset 4 for shape [1, 2] of int32"},
             {"file: two.npy, reshape: [3, 1]", "v.yaml:4: program[0].gemm.a.reshape: [3, 1] does not hold 4 values, expected a reshape of [2, 2]"},
             {"file: two.npy, slice: {rows: [1, 3]}", "v.yaml:4: program[0].gemm.a.slice.rows[1]: is '3', expected an integer from 2 to 2"},
             {"inline: [1, 2], transpose: true", "v.yaml:4: program[0].gemm.a.transpose: operand has shape [2], expected two dimensions to transpose"},
             {"random: {class: odd, shape: [1, 2]}",
              "v.yaml:4: program[0].gemm.a.random.class: is 'odd', expected uniform, zeros, ones, extremes, corners, sparse or small"},
             {"random: {class: ones}", "v.yaml:4: program[0].gemm.a.random: has no shape, expected one"},
             {"random: {shape: [0, 2]}", "v.yaml:4: program[0].gemm.a.random.shape[0]: is '0', expected an integer from 1 to 16777216"},
             {"file: two.npy, inline: [1]", "v.yaml:4: program[0].gemm.a: names 2 sources, expected one of file, inline, random or from"},
             {"inline: [[1, 2]], shape: [1, 2]", "v.yaml:4: program[0].gemm.a.shape: unknown key, expected inline, slice, reshape or transpose"}},
            wrap);
}

TEST_CASE("vector: a wrong command is refused with file, line and key") {
  const auto wrap = [](const std::string& keys) { return with_header("  - cmd: {" + keys + "}\n"); };
  check_all(
      {{"op: jump",
        "v.yaml:3: program[0].cmd.op: is 'jump', expected one of nop, load_weights, matmul, activate, load_param, load_table, clear, fence, read_counter"},
       {"tag: 3", "v.yaml:3: program[0].cmd: has no op, expected one"},
       {"op: fence, m: 3", "v.yaml:3: program[0].cmd.m: unknown key, expected op, tag or repeat"},
       {"op: load_weights, k: 256, data: 1", "v.yaml:3: program[0].cmd.k: is '256', expected an integer from 0 to 255"},
       {"op: load_weights", "v.yaml:3: program[0].cmd: has no data, expected one"},
       {"op: load_weights, k: 2, data: [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]", "v.yaml:3: program[0].cmd.data: has shape [2, 5], expected [2, 1 to 4]"},
       {"op: load_weights, k: 5, data: 1",
        "v.yaml:3: program[0].cmd.data: stands beside an illegal command (status 3), expected none: it takes no stream data"},
       {"op: matmul, data: 1", "v.yaml:3: program[0].cmd.data: is one value, expected m beside it"},
       {"op: matmul, m: 2, data: [[1, 2, 3, 4]]", "v.yaml:3: program[0].cmd.data: has shape [1, 4], expected [2, 4]"},
       {"op: matmul, k: 2, data: [[1]]", "v.yaml:3: program[0].cmd.data: has shape [1, 1], expected [1, 2 to 4]"},
       {"op: load_table, bytes: [1, 2]", "v.yaml:3: program[0].cmd.bytes: has 2 values, expected 8"},
       {"op: nop, repeat: '3'", "v.yaml:3: program[0].cmd.repeat: is '3', expected an integer from 1 to 100000"},
       {"op: nop, repeat: 0", "v.yaml:3: program[0].cmd.repeat: is '0', expected an integer from 1 to 100000"},
       {"word: [1, 2, 3]", "v.yaml:3: program[0].cmd.word: has 3 values, expected 4 (bits 31:0 first)"},
       {"word: [0x100000000, 0, 0, 0]", "v.yaml:3: program[0].cmd.word[0]: is '0x100000000', expected an integer from 0 to 4294967295"},
       {"word: [0, 0, 0, 0], data: 1", "v.yaml:3: program[0].cmd.data: stands beside a command that takes none, expected only for load_weights and matmul"}},
      wrap);
}

TEST_CASE("vector: a file that is not there is refused") {
  CHECK_THROWS_WITH(load_vector("no/such.yaml", small_config(), {}), "no/such.yaml:1: vector: cannot read 'no/such.yaml', expected a file");
}

TEST_CASE("vector: a wrong stall option is refused with the known ones") {
  CHECK_THROWS_WITH(parse_stall("slow", 1), "--stall: profile is 'slow', expected none, light, heavy, burst or random");
  CHECK_THROWS_WITH(parse_stall("weight=none", 1),
                    "--stall: 'weight=none' names no stream, expected stream=profile with commands, weights, activations, output or response");
  CHECK_THROWS_WITH(parse_stall("weights=slow,output=none", 1), "--stall: profile is 'slow', expected none, light, heavy, burst or random");
}
