// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::npu::test;

namespace {

Program load(const ScratchFolder& folder, const std::string& text, uint64_t seed = 1) {
  LoadOptions options;
  options.seed = seed;
  options.data_root = folder.path();
  return load_vector(folder.write("v.yaml", text), small_config(), options);
}

Program load(const std::string& text, uint64_t seed = 1) { return load(ScratchFolder(), text, seed); }

using Values = std::vector<int32_t>;

}  // namespace

TEST_CASE("vector: the example of the documentation loads") {
  const ScratchFolder folder;
  write_npy(folder.path() / "images.npy", {{3, 5}, Values(15, 2)}, DataType::Int8);
  write_npy(folder.path() / "weights.npy", {{5, 2}, Values(10, 3)}, DataType::Int8);
  write_npy(folder.path() / "b.npy", {{2}, {10, -10}}, DataType::Int32);
  write_npy(folder.path() / "m.npy", {{2}, {1 << 30, 1 << 30}}, DataType::Int64);
  write_npy(folder.path() / "s.npy", {{2}, {1, 0}}, DataType::Int8);
  const Program program = load(folder, R"(schema: assay/vector/1
stall: {weights: none, activations: {bubble: 0.2}, output: {burst: [3, 9]}}
program:
  - gemm:
      a: {file: images.npy}
      b: {file: weights.npy}
      a_zero_point: -3
      requant: {bias: {file: b.npy}, multiplier: {file: m.npy}, shift: {file: s.npy}, zero_point: 4, clamp: [-128, 50], mode: double}
  - cmd: {op: fence}
)");
  CHECK(program.name == "v");
  REQUIRE(program.jobs.size() == 1);
  // (2 + 3) · 3 · 5 = 75; column 0: 75 + 10 + 4 = 89, clamped; column 1: (75 − 10) / 2 + 4 = 32.5 + 4, ties up.
  CHECK(program.jobs[0].functional == Values{50, 37, 50, 37, 50, 37});
  CHECK(program.stall.activations == StallProfile{StallProfile::Kind::Bubble, 0.2, 0, 0});
  CHECK(program.stall.output == StallProfile{StallProfile::Kind::Burst, 0.0, 3, 9});
  CHECK(program.stall.commands == StallProfile{});
  CHECK(program.phases[0].responses.size() == 1);
  CHECK(program.macs == 30);
}

TEST_CASE("vector: operands are sliced, reshaped and transposed in this order") {
  const ScratchFolder folder;
  folder.write("d.bin", std::string("\x00\x00\x01\x02\x03\x04\x05\x06\xFF", 9));
  const Program program = load(folder, with_header(R"(
  - gemm: {name: one, a: {file: d.bin, dtype: int8, offset: 2, shape: [2, 3]}, b: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], raw: true}
  - gemm: {name: two, a: {from: one, slice: {cols: [1, 3]}, transpose: true}, b: [[1, 0], [0, 1]], raw: true}
  - gemm: {name: three, a: {from: one, reshape: [3, 2]}, b: [[1, 0], [0, 1]], raw: true, expect: [[1, 2], [3, 4], [5, 6]]}
  - gemm: {name: four, a: {file: d.bin, dtype: uint8, offset: 8, shape: [1, 1]}, a_unsigned: true, b: [[1]], raw: true}
)"));
  REQUIRE(program.jobs.size() == 4);
  CHECK(program.jobs[0].functional == Values{1, 2, 3, 4, 5, 6});
  CHECK(program.jobs[1].functional == Values{2, 5, 3, 6});
  CHECK(program.jobs[2].functional == program.jobs[2].expect);
  CHECK(program.jobs[3].functional == Values{255});
}

TEST_CASE("vector: random operands follow the seed of the run, unless they name their own") {
  const std::string free = with_header("  - gemm: {a: {random: {shape: [3, 3]}}, b: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], raw: true}\n");
  const std::string fixed = with_header("  - gemm: {a: {random: {shape: [3, 3], seed: 4}}, b: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], raw: true}\n");
  CHECK(load(free, 1).jobs[0].functional == load(free, 1).jobs[0].functional);
  CHECK(load(free, 1).jobs[0].functional != load(free, 2).jobs[0].functional);
  CHECK(load(fixed, 1).jobs[0].functional == load(fixed, 2).jobs[0].functional);
}

TEST_CASE("vector: commands take defaults from the config and tags from their place") {
  const Program program = load(with_header(R"(
  - cmd: {op: load_weights, data: 1}
  - cmd: {op: matmul, switch: true, m: 2, data: 1}
  - cmd: {op: activate, m: 2}
  - cmd: {op: activate, m: 2, raw: true, tag: 99}
  - cmd: {op: load_param, multiplier: 3}
  - cmd: {word: [0x70F, 0, 0, 0]}
)"));
  const Phase& phase = program.phases[0];
  REQUIRE(phase.commands.size() == 7);
  Command matmul = decode(phase.commands[1]);
  CHECK(matmul.k == 4);
  CHECK(matmul.n == 4);
  CHECK(matmul.stride == 1);
  CHECK(matmul.tag == 1);
  CHECK(decode(phase.commands[3]).tag == 99);
  REQUIRE(phase.beats.size() == 4);
  CHECK(phase.beats[0].lanes == std::vector<uint32_t>(4, 0));  // multiplier still 0: LOAD_PARAM never happened
  CHECK(phase.beats[2].lanes == std::vector<uint32_t>(4, 4));
  REQUIRE(phase.responses.size() == 3);
  CHECK(phase.responses[0].status == 5);
  CHECK(phase.responses[0].tag == 4);
  CHECK(phase.responses[1].status == 1);
  CHECK(phase.responses[1].tag == 7);
  CHECK(phase.responses[2].status == 0);
  CHECK(phase.responses[2].data_known);
}

TEST_CASE("vector: resets and idles make phases") {
  const Program program = load(with_header(R"(
  - cmd: {op: nop}
  - reset: {after: 40, cycles: 3}
  - cmd: {op: nop}
  - idle: 12
)"));
  REQUIRE(program.phases.size() == 2);
  CHECK(program.phases[0].reset_after == 40);
  CHECK(program.phases[0].reset_cycles == 3);
  CHECK(program.phases[1].reset_after == -1);
  CHECK(program.phases[1].idle_after == 12);
}

TEST_CASE("vector: the hash covers the vector and its data") {
  const ScratchFolder folder;
  write_npy(folder.path() / "a.npy", {{1, 1}, {1}}, DataType::Int8);
  const auto file = folder.write("v.yaml", with_header("  - gemm: {a: {file: a.npy}, b: [[1]], raw: true}\n"));
  const std::string first = vector_hash(file, {});
  CHECK(first.size() == 16);
  CHECK(vector_hash(file, {}) == first);
  write_npy(folder.path() / "a.npy", {{1, 1}, {2}}, DataType::Int8);
  const std::string second = vector_hash(file, {});
  CHECK(second != first);
  folder.write("v.yaml", with_header("  - gemm: {a: {file: a.npy}, b: [[2]], raw: true}\n"));
  CHECK(vector_hash(file, {}) != second);
}

TEST_CASE("vector: npy files survive writing and reading in every type") {
  const ScratchFolder folder;
  for (const DataType type : {DataType::Int8, DataType::UInt8, DataType::Int32, DataType::Int64}) {
    const Tensor tensor{{2, 3}, type == DataType::UInt8 ? Values{0, 1, 2, 128, 254, 255} : Values{0, 1, -1, 127, -128, 5}};
    write_npy(folder.path() / "t.npy", tensor, type);
    const std::string bytes = read_bytes(folder.path() / "t.npy");
    CHECK((bytes.size() - 6 * data_size(type)) % 64 == 0);
    const Tensor back = parse_npy(bytes);
    CHECK(back.shape == tensor.shape);
    CHECK(back.data == tensor.data);
  }
  std::string v2 = read_bytes(folder.path() / "t.npy");
  v2[6] = '\2';
  v2.insert(10, std::string(2, '\0'));  // version 2 has four bytes of header length
  CHECK(parse_npy(v2).shape == std::vector<int>{2, 3});
}

TEST_CASE("vector: an INT64 value beyond INT32 is refused") {
  const ScratchFolder folder;
  write_npy(folder.path() / "t.npy", {{1}, {1}}, DataType::Int64);
  std::string bytes = read_bytes(folder.path() / "t.npy");
  bytes[bytes.size() - 1] = '\x01';
  CHECK_THROWS_WITH(parse_npy(bytes), "element 0 is 72057594037927937, expected INT32 values");
}

TEST_CASE("vector: stall options name one profile or one per stream") {
  CHECK(parse_stall("none", 1) == StallProfiles{});
  const StallProfiles heavy = parse_stall("heavy", 1);
  CHECK(heavy.commands == StallProfile{StallProfile::Kind::Bubble, 0.6, 0, 0});
  CHECK(heavy.response == heavy.commands);
  const StallProfiles mixed = parse_stall("output=burst,weights=light", 1);
  CHECK(mixed.output == StallProfile{StallProfile::Kind::Burst, 0.0, 1, 24});
  CHECK(mixed.weights == StallProfile{StallProfile::Kind::Bubble, 0.1, 0, 0});
  CHECK(mixed.commands == StallProfile{});
  CHECK(parse_stall("random", 3) == parse_stall("random", 3));
  CHECK_FALSE(parse_stall("random", 3) == parse_stall("random", 4));
}

TEST_CASE("vector: every vector of the tree loads for every config that fits, and its expectations hold") {
  const std::filesystem::path root(ASSAY_PROJECT_DIR);
  LoadOptions options;
  options.project_root = root;
  size_t vectors = 0;
  for (const auto& test : list_tests(options)) {
    CHECK_FALSE(test.description.empty());
    if (test.name == "dense") continue;
    for (const auto& entry : std::filesystem::directory_iterator(root / "rtl/configs")) {
      INFO(test.name << " on " << entry.path().filename());
      const HwConfig config = load_config(entry.path());
      if (!test.needs.fit(config)) continue;
      try {
        const Program program = make_test(test.name, config, options);
        for (const Job& job : program.jobs)
          if (!job.expect.empty()) CHECK(job.expect == job.functional);
        ++vectors;
      } catch (const DataMissing& missing) {
        WARN(missing.what());
      }
    }
  }
  CHECK(vectors > 0);
}
