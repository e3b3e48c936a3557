// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstring>

#include "cosim/npu/planner.hpp"
#include "cosim/npu/random_values.hpp"
#include "model/functional/float_numerics.hpp"
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::npu::test;

namespace {

using Values = std::vector<int32_t>;

Program load(const ScratchFolder& folder, const std::string& text, const HwConfig& config = float_config(), uint64_t seed = 1) {
  LoadOptions options;
  options.seed = seed;
  return load_vector(folder.write("v.yaml", text), config, options);
}

Program load(const std::string& program, const HwConfig& config = float_config(), uint64_t seed = 1) {
  return load(ScratchFolder(), with_header(program), config, seed);
}

int32_t single(float x) { return std::bit_cast<int32_t>(x); }

/// The codes an operand becomes: each times 1 in a row of its own, so that the FP32 results are the values.
Values values_of(const std::string& operand, const std::string& format) {
  return load("  - gemm: {a: " + operand + ", b: [[1]], format: " + format + "}\n").jobs.at(0).functional;
}

}  // namespace

TEST_CASE("vector: a floating-point product by hand loads, raw without output") {
  const Program program = load(R"(
  - gemm: {name: p, a: [[1.5, -2], [.inf, 0x3F80]], b: [[2, 0.5], [1, -1e0]], format: bf16, expect: [[1, 2.75], [.inf, .inf]]}
)");
  REQUIRE(program.jobs.size() == 1);
  CHECK(program.jobs[0].format == Format::Fp32);
  CHECK(program.jobs[0].functional == Values{single(1), single(2.75f), single(INFINITY), single(INFINITY)});
  CHECK(program.jobs[0].expect == program.jobs[0].functional);
  CHECK(program.macs == 8);
}

TEST_CASE("vector: numbers become codes by one rounding to nearest even, hex is a code, signs of zero stay") {
  CHECK(values_of("[[0.1]]", "bf16") == Values{single(0.10009765625f)});
  CHECK(values_of("[[-0.0]]", "fp16") == Values{0});  // +0 + (−0)·1
  CHECK(values_of("[[464], [465e-1], [-.1]]", "e4m3fn") == Values{single(448), single(48), single(-0.1015625f)});
  CHECK(values_of("[[0x7F], [0x01]]", "e4m3fn") == Values{static_cast<int32_t>(functional::kNanFp32), single(0x1p-9f)});
  CHECK(values_of("[[.nan], [-.inf], [+1.25e1]]", "e5m2") == Values{static_cast<int32_t>(functional::kNanFp32), single(-INFINITY), single(12)});
}

TEST_CASE("vector: files of floats are rounded, files of unsigned integers are codes") {
  const ScratchFolder folder;
  write_npy(folder.path() / "f4.npy", {{1, 2}, {single(1.01f), single(-3)}}, DataType::Float32);
  write_npy(folder.path() / "u2.npy", {{1, 2}, {0x3C00, 0xC200}}, DataType::UInt16);
  write_npy(folder.path() / "u1.npy", {{1, 2}, {0x38, 0xC4}}, DataType::UInt8);
  std::string doubles(16, '\0');
  const double values[] = {1 + 0x1p-8 + 0x1p-40, -3};
  std::memcpy(doubles.data(), values, sizeof values);
  folder.write("d.bin", doubles);
  const Program program = load(folder, with_header(R"(
  - gemm: {a: {file: f4.npy}, b: [[1, 0], [0, 1]], format: bf16}
  - gemm: {a: {file: u2.npy}, b: [[1, 0], [0, 1]], format: fp16}
  - gemm: {a: {file: u1.npy}, b: [[1, 0], [0, 1]], format: e4m3fn}
  - gemm: {a: {file: d.bin, dtype: float64, shape: [1, 2]}, b: [[1, 0], [0, 1]], format: bf16}
)"));
  CHECK(program.jobs[0].functional == Values{single(1.0078125f), single(-3)});
  CHECK(program.jobs[1].functional == Values{single(1), single(-3)});
  CHECK(program.jobs[2].functional == Values{single(1), single(-3)});
  CHECK(program.jobs[3].functional == Values{single(1.0078125f), single(-3)});  // a tie in FP32, above it in double
}

TEST_CASE("vector: bias, relu and every output format go through the activation unit once") {
  const Program program = load(R"(
  - gemm: {a: [[3]], b: [[1, -1]], format: bf16, bias: 0.25}
  - gemm: {a: [[3]], b: [[1, -1]], format: bf16, bias: [0.25, 0x40000000], relu: true, output: {format: e5m2}}
  - gemm: {a: [[3]], b: [[1, -1]], format: bf16, bias: 0.25, output: {format: int8}, expect: [[3, -3]]}
  - gemm: {a: [[300]], b: [[1, -1]], format: bf16, output: {format: e4m3fn}}
  - gemm: {a: [[480]], b: [[1, -1]], format: bf16, output: {format: e4m3fn, saturate: true}, expect: [[448, -448]]}
  - gemm: {a: [[3]], b: [[1, -1]], format: fp16, output: {format: any}}
)");
  CHECK(program.jobs[0].functional == Values{single(3.25), single(-2.75)});
  CHECK(program.jobs[0].format == Format::Fp32);
  CHECK(program.jobs[1].functional == Values{0x42, 0});  // 3.25 is nearer to 3 than to 3.5; 2 − 3 < 0
  CHECK(program.jobs[2].functional == program.jobs[2].expect);
  CHECK(program.jobs[3].functional == Values{0x79, 0xF9});  // 300 → 288
  CHECK(program.jobs[4].functional == program.jobs[4].expect);
  CHECK(program.jobs[5].format == Format::Bf16);
  for (const CommandWord& word : program.phases[0].commands) CHECK(check_command(word, float_config()) == Status::Ok);
}

TEST_CASE("vector: results of an earlier product are converted to the operand's format") {
  const Program chain = load(R"(
  - gemm: {name: wide, a: [[1.3, 300]], b: [[1, 0], [0, 1]], format: fp16}
  - gemm: {name: same, a: {from: wide}, b: [[1, 0], [0, 1]], format: bf16, output: {format: bf16}}
  - gemm: {name: small, a: {from: wide, slice: {cols: [0, 1]}}, b: [[1]], format: e4m3}
  - gemm: {name: ints, a: {from: wide}, b: [[1, 0], [0, 1]], format: bf16, output: {format: int32}}
  - gemm: {a: {from: ints}, b: [[1, 0], [0, 1]], format: bf16}
  - gemm: {a: {from: same}, b: [[1, 0], [0, 1]], format: bf16}
  - gemm: {a: {from: wide}, b: [[1, 0], [0, 1]], format: e4m3}
)");
  CHECK(chain.jobs[1].functional == Values{0x3FA6, 0x4396});
  CHECK(chain.jobs[2].functional == Values{single(1.25)});
  CHECK(chain.jobs[4].functional == Values{single(1), single(300)});
  CHECK(chain.jobs[5].functional == Values{single(1.296875f), single(300)});
  CHECK(chain.jobs[6].functional == Values{static_cast<int32_t>(functional::kNanFp32), single(INFINITY)});  // 300 is infinite in e4m3, times 0
}

TEST_CASE("vector: expected values that hold for one number of rows are used on such a tile only") {
  const std::string text = "  - gemm: {a: [[1, 1, 1, 1, 1]], b: [[1], [1], [1], [1], [1]], format: bf16, expect: [[5]], expect_rows: 4}\n";
  CHECK(load(text).jobs[0].expect == Values{single(5)});
  HwConfig config = float_config();
  config.rows = 3;
  CHECK(load(text, config).jobs[0].expect.empty());
}

TEST_CASE("vector: stochastic rounding replays from its seed and differs with another") {
  const auto results = [](const std::string& seed) {
    return load(
               "  - gemm: {a: {random: {shape: [30, 5], seed: 1}}, b: {random: {shape: [5, 9], seed: 2}}, format: bf16, output: {format: e4m3fn, round: "
               "stochastic" +
               seed + "}}\n")
        .jobs[0]
        .functional;
  };
  CHECK(results(", seed: 7") == results(", seed: 7"));
  CHECK(results(", seed: 7") != results(", seed: 8"));
  CHECK(results("") == results(", seed: 0"));
}

TEST_CASE("vector: floating-point commands take their fields by name, illegal codes too") {
  const Program program = load(R"(
  - cmd: {op: load_weights, format: e4m3fn, k: 2, data: [[1, 2], [0x7F, -0.0]]}
  - cmd: {op: matmul, format: fp16, switch: true, accumulate: true, bf16_entries: true, k: 2, n: 2, data: [[1, 0], [2, 0], [3, 0]]}
  - cmd: {op: load_seed, seed: 0xFFFFFFFF}
  - cmd: {op: load_param, column: 1, bias: -1.5}
  - cmd: {op: load_param}
  - cmd: {op: activate, m: 3, n: 2, format: e5m2, relu: true, saturate: true, stochastic: true}
  - cmd: {op: load_weights, format: 3}
  - cmd: {op: activate, format: 9}
  - cmd: {op: activate, raw: true, format: 1}
  - cmd: {op: activate, format: fp32, saturate: true}
)");
  const Phase& phase = program.phases[0];
  const auto at = [&](size_t i) { return decode(phase.commands[i], Datapath::Floating); };
  CHECK(at(0).format == static_cast<int>(Format::E4m3fn));
  CHECK(at(1).m == 3);
  CHECK((at(1).bf16_entries && at(1).accumulate && at(1).switch_weights));
  CHECK(at(2).seed == 0xFFFFFFFF);
  CHECK(at(3).bias == single(-1.5));
  CHECK(at(4).bias == static_cast<int32_t>(0x80000000));
  CHECK((at(5).relu && at(5).saturate && at(5).stochastic));
  CHECK(phase.weights.size() == 2 * 4 * 2);
  CHECK(phase.weights[0] == 0x38);  // an 8-bit code in a 16-bit lane: the upper byte is anything
  CHECK(phase.activations.size() == 3 * 4 * 2);
  CHECK((phase.activations[0] == 0x00 && phase.activations[1] == 0x3C));
  std::vector<int> statuses;
  for (const auto& response : phase.responses) statuses.push_back(response.status);
  CHECK(statuses == std::vector<int>{5, 5, 2, 5, 0});
}

TEST_CASE("vector: random codes follow the seed and are what their class says") {
  const auto codes = [](FloatClass cls, Format f, KAxis axis = KAxis::Columns) {
    Random random(5, 5);
    return random_codes(cls, f, 40, 60, axis, random);
  };
  for (const Format f : {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn, Format::Fp32}) {
    INFO(format_name(f));
    const functional::FloatLayout& l = functional::layout_of(f);
    CHECK(codes(FloatClass::Uniform, f) == codes(FloatClass::Uniform, f));
    size_t nan = 0, infinite = 0, zero = 0;
    for (const FloatClass cls : {FloatClass::Normal, FloatClass::Corners, FloatClass::Subnormal, FloatClass::Cancel, FloatClass::Ties, FloatClass::Powers,
                                 FloatClass::Sparse, FloatClass::Zeros, FloatClass::Ones, FloatClass::Small})
      for (const int32_t code : codes(cls, f)) REQUIRE(std::isfinite(functional::value_of(static_cast<uint32_t>(code), f)));
    for (const int32_t code : codes(FloatClass::Specials, f)) {
      nan += functional::is_nan(static_cast<uint32_t>(code), f);
      infinite += functional::is_infinite(static_cast<uint32_t>(code), f);
      zero += functional::value_of(static_cast<uint32_t>(code), f) == 0;
    }
    CHECK(nan > 20);
    CHECK((infinite > 10) == l.infinity);
    CHECK(zero > 20);
    for (const int32_t code : codes(FloatClass::Subnormal, f)) REQUIRE(std::fabs(functional::value_of(static_cast<uint32_t>(code), f)) <= l.least_normal * 2);
    for (const int32_t code : codes(FloatClass::Small, f)) REQUIRE(std::fabs(functional::value_of(static_cast<uint32_t>(code), f)) <= 4);
    const auto pairs = codes(FloatClass::Cancel, f);
    double worst = 0;
    for (size_t i = 0; i < pairs.size(); i += 2) {
      const double first = functional::value_of(static_cast<uint32_t>(pairs[i]), f), second = functional::value_of(static_cast<uint32_t>(pairs[i + 1]), f);
      worst = std::max(worst, std::fabs(first + second) / std::max(std::fabs(first), l.least_normal));
    }
    CHECK(worst <= std::ldexp(1, -l.mantissa_bits));
    CHECK(worst > 0);
  }
}

TEST_CASE("vector: what a vector needs is derived from what its program says") {
  const ScratchFolder folder;
  const auto needs = [&](const std::string& program) { return vector_needs(folder.write("v.yaml", with_header(program))); };
  const HwConfig integer = small_config(), bf16 = float_config(format_mask(Format::Bf16)), all = float_config();
  const auto fits = [&](const std::string& program) {
    const Needs n = needs(program);
    return (n.fit(integer) ? 4 : 0) + (n.fit(bf16) ? 2 : 0) + (n.fit(all) ? 1 : 0);
  };
  CHECK(fits("  - cmd: {op: fence}\n  - idle: 3\n  - cmd: {word: [0, 0, 0, 1]}\n") == 7);
  CHECK(fits("  - cmd: {op: activate, raw: true}\n") == 7);
  CHECK(fits("  - gemm: {a: [[1]], b: [[1]], raw: true}\n") == 4);
  CHECK(fits("  - cmd: {op: load_weights, data: 1}\n") == 4);
  CHECK(fits("  - cmd: {op: matmul, bank: 15}\n") == 4);
  CHECK(fits("  - cmd: {op: activate}\n") == 4);
  CHECK(fits("  - cmd: {op: clear, table: true}\n") == 4);
  CHECK(fits("  - gemm: {a: [[1]], b: [[1]], format: any}\n") == 3);
  CHECK(fits("  - gemm: {a: [[1]], b: [[1]], a_format: bf16, b_format: e4m3}\n") == 1);
  CHECK(fits("  - cmd: {op: load_seed}\n") == 3);
  CHECK(fits("  - cmd: {op: matmul, format: fp16, bank: 15}\n") == 1);
  CHECK(fits("  - cmd: {op: activate, format: e5m2}\n") == 3);  // results may have any format
  CHECK(fits("  - cmd: {op: load_weights, data: 1}\n  - cmd: {op: load_seed}\n") == 0);
}

TEST_CASE("vector: inline data of a command say how large an array must be") {
  const ScratchFolder folder;
  const auto fits = [&](const std::string& program, const char* config) {
    const HwConfig hw = load_config(std::string(ASSAY_PROJECT_DIR) + "/rtl/configs/" + config + ".yaml");
    return vector_needs(folder.write("v.yaml", with_header("  - cmd: " + program + "\n"))).fit(hw);
  };
  CHECK(fits("{op: matmul, m: 1, data: [[0, 0, 0, 1]]}", "int8_4x4"));
  CHECK_FALSE(fits("{op: matmul, m: 1, data: [[0, 0, 0, 1]]}", "int8_8x8"));  // all rows
  CHECK(fits("{op: matmul, m: 1, k: 2, data: [[0, 0, 0, 1]]}", "int8_8x8"));
  CHECK_FALSE(fits("{op: matmul, m: 1, k: 2, data: [[0, 0, 0, 1, 1]]}", "int8_4x4"));
  CHECK(fits("{op: load_weights, k: 1, data: [[0, 0, 0, 0, 1]]}", "int8_8x8"));
  CHECK_FALSE(fits("{op: load_weights, k: 1, data: [[0, 0, 0, 0, 1]]}", "int8_4x4"));
}
