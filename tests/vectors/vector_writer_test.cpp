// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/vector_writer.hpp"

#include "cosim/npu/generated.hpp"
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using assay::npu::test::float_config;
using assay::npu::test::kAllFloats;
using assay::npu::test::ScratchFolder;
using assay::npu::test::small_config;
using assay::npu::test::with_header;

namespace {

HwConfig config_named(const std::string& name) { return load_config(std::string(ASSAY_PROJECT_DIR) + "/rtl/configs/" + name + ".yaml"); }

std::filesystem::path write(const ScratchFolder& folder, const WrittenVector& written) {
  std::filesystem::create_directories(folder.path() / "data");
  for (const auto& [name, bytes] : written.files) folder.write(name, bytes);
  return folder.write("repro.yaml", written.yaml);
}

void check_same_phase(const Phase& a, const Phase& b) {
  CHECK(a.commands == b.commands);
  CHECK(a.weights == b.weights);
  CHECK(a.activations == b.activations);
  CHECK(a.reset_after == b.reset_after);
  CHECK(a.reset_cycles == b.reset_cycles);
  CHECK(a.idle_after == b.idle_after);
  CHECK(a.responses.size() == b.responses.size());
  REQUIRE(a.beats.size() == b.beats.size());
  bool same = true;
  for (size_t i = 0; i < a.beats.size(); ++i) {
    const ExpectedBeat &x = a.beats[i], &y = b.beats[i];
    same &= x.lanes == y.lanes && x.job == y.job && x.row == y.row && x.col == y.col && x.cols == y.cols && x.checked == y.checked;
  }
  CHECK(same);
}

void check_same(const Program& a, const Program& b) {
  CHECK(a.name == b.name);
  CHECK(a.stall == b.stall);
  CHECK(a.macs == b.macs);
  REQUIRE(a.jobs.size() == b.jobs.size());
  for (size_t j = 0; j < a.jobs.size(); ++j) {
    const Job &x = a.jobs[j], &y = b.jobs[j];
    CHECK((x.name == y.name && x.rows == y.rows && x.cols == y.cols && x.format == y.format));
    CHECK(x.functional == y.functional);
    CHECK(x.expect == y.expect);
  }
  REQUIRE(a.phases.size() == b.phases.size());
  for (size_t p = 0; p < a.phases.size(); ++p) check_same_phase(a.phases[p], b.phases[p]);
}

/// Written down and read again, without data folder and with another seed: nothing may be left open.
void check_round_trip(const Program& program, const HwConfig& config) {
  const ScratchFolder folder;
  const auto file = write(folder, write_vector(program, config));
  LoadOptions options;
  options.seed = 987654321;
  options.data_root = folder.path() / "none";
  check_same(program, load_vector(file, config, options));
}

}  // namespace

TEST_CASE("vector writer: every shipped vector and generated test is the same program after writing and reading", "[vectors]") {
  LoadOptions options;
  options.seed = 7;
  options.project_root = ASSAY_PROJECT_DIR;
  for (const char* name : {"int8_4x4", "int8_8x16"}) {
    const HwConfig config = config_named(name);
    size_t tests = 0;
    for (const TestInfo& test : list_tests(options)) {
      if (test.name == "dense" || !test.needs.fit(config)) continue;  // dense: the same items as gemm, a million cycles of them
      INFO(name << " " << test.name);
      try {
        check_round_trip(make_test(test.name, config, options), config);
        ++tests;
      } catch (const DataMissing&) {
      }
    }
    CHECK(tests >= 40);
  }
}

TEST_CASE("vector writer: random programs survive with resets, illegal commands and drawn stalls", "[vectors]") {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    INFO("seed " << seed);
    const HwConfig config = small_config();
    Program program = make_random_program(config, seed, 120);
    program.stall = parse_stall("random", seed);
    check_round_trip(program, config);
    check_round_trip(make_reset_test(config, seed), config);
  }
}

TEST_CASE("vector writer: programs of floating-point tiles survive, in lanes of 8 and of 16 bits", "[vectors]") {
  LoadOptions options;
  options.project_root = ASSAY_PROJECT_DIR;
  constexpr uint16_t kEight = format_mask(Format::E5m2) | format_mask(Format::E4m3) | format_mask(Format::E4m3fn);
  for (const uint16_t formats : {kAllFloats, kEight, format_mask(Format::Bf16)}) {
    HwConfig config = float_config(formats);
    config.acc_depth = 32;  // what the directed vectors need
    size_t tests = 0;
    for (const TestInfo& test : list_tests(options)) {
      if (test.name == "dense" || !test.needs.fit(config)) continue;
      for (options.seed = 1; options.seed <= 3; ++options.seed) {
        INFO(test.name << ", formats " << formats << ", seed " << options.seed);
        check_round_trip(make_test(test.name, config, options), config);
      }
      ++tests;
    }
    CHECK(tests >= 5);
  }
}

TEST_CASE("vector writer: floating-point operands stand as codes, commands with their formats", "[vectors]") {
  const ScratchFolder folder;
  const auto file =
      folder.write("v.yaml", with_header("  - gemm: {a: [[1, -0.5]], b: [[.nan], [2]], a_format: e4m3fn, b_format: bf16, entries: bf16, bias: 1,\n"
                                         "           relu: true, output: {format: fp16, saturate: true, round: stochastic, seed: 7}}\n"
                                         "  - cmd: {op: load_weights, format: e5m2, data: 1}\n"
                                         "  - cmd: {op: activate, m: 1, format: int8, tag: 3}\n"
                                         "  - cmd: {op: load_param, column: 2, tag: 4}\n"
                                         "  - cmd: {op: load_param, bias: 2, tag: 4}\n"
                                         "  - cmd: {op: load_seed, seed: 9, tag: 5}\n"));
  const WrittenVector written = write_vector(load_vector(file, float_config(), {}), float_config());
  INFO(written.yaml);
  const char* const kLines[] = {"      a_format: e4m3fn\n      b_format: bf16\n      a: [[0x38, 0xb0]]\n      b: [[0x7fc0], [0x4000]]\n      entries: bf16\n",
                                "      bias: 0x3f800000\n      relu: true\n      output: {format: fp16, saturate: true, round: stochastic, seed: 7}\n",
                                "- cmd: {op: load_weights, tag: 1, format: e5m2, data: 0x3c}\n",
                                "- cmd: {op: activate, tag: 3, format: int8}\n",
                                "- cmd: {op: load_param, tag: 4, column: 2}\n",
                                "- cmd: {op: load_param, tag: 4, bias: 0x40000000}\n",
                                "- cmd: {op: load_seed, tag: 5, seed: 9}\n"};
  for (const char* lines : kLines) CHECK(written.yaml.find(lines) != std::string::npos);
}

TEST_CASE("vector writer: names that YAML would read as something else come back as they were", "[vectors]") {
  for (const std::string name : {"true", "12", "a: b", "quote\"and\\slash", " padded ", "new\nline", "-", "#x", "~"}) {
    const HwConfig config = small_config();
    Planner planner(config, name);
    GemmSpec spec;
    spec.name = name;
    spec.a = functional::Matrix(1, 1);
    spec.b = functional::Matrix(1, 1);
    spec.mode.raw = true;
    planner.gemm(spec);
    check_round_trip(planner.finish(), config);
  }
}

TEST_CASE("vector writer: small operands stand inline, large ones in files beside the vector", "[vectors]") {
  const ScratchFolder folder;
  const auto file =
      folder.write("v.yaml", with_header("  - gemm: {a: {random: {shape: [40, 20]}}, b: [[1], [2], [3], [4], [5], [6], [7], [8], [9], [10], [11], [12], [13], "
                                         "[14], [15], [16], [17], [18], [19], [20]], raw: true}\n"
                                         "  - cmd: {op: load_weights, data: 3}\n"
                                         "  - cmd: {op: nop, tag: 9, repeat: 5}\n"));
  const Program program = load_vector(file, small_config(), {});
  const WrittenVector written = write_vector(program, small_config(), "first\nsecond");
  CHECK(written.yaml.find("# first\n# second\nschema: assay/vector/1\nname: v\nprogram:\n") == 0);
  CHECK(written.files.size() == 1);
  CHECK(written.files[0].first == "data/0_a.npy");
  CHECK(written.yaml.find("    a: {file: data/0_a.npy}\n") != std::string::npos);
  CHECK(written.yaml.find("    b: [[1], [2], [3],") != std::string::npos);
  CHECK(written.yaml.find("- cmd: {op: load_weights, tag: 1, data: 3}\n") != std::string::npos);
  CHECK(written.yaml.find("- cmd: {op: nop, tag: 9, repeat: 5}\n") != std::string::npos);
}
