// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/shrink.hpp"

#include <algorithm>

#include "cosim/npu/generated.hpp"
#include "cosim/npu/program_hash.hpp"
#include "cosim/npu/vector_writer.hpp"
#include "tests/catch.hpp"
#include "tests/vectors/scratch_folder.hpp"

using namespace assay;
using namespace assay::npu;
using assay::npu::test::float_config;
using assay::npu::test::ScratchFolder;
using assay::npu::test::small_config;

namespace {

ShrinkCase case_of(const Program& program) { return {*program.recipe, program.stall, 7, {}}; }

Shrunk shrink_for(const ShrinkCase& start, const HwConfig& config, const std::function<bool(const Program&)>& fails) {
  ShrinkSteps steps;
  steps.fails = [&](const ShrinkCase&, const Program& program) { return fails(program); };
  steps.stop = [] { return false; };
  return shrink(start, config, steps);
}

bool any_command(const Program& program, const HwConfig& config, const std::function<bool(const Command&)>& is) {
  for (const Phase& phase : program.phases)
    for (const CommandWord& word : phase.commands)
      if (check_command(word, config) == Status::Ok && is(decode(word, datapath(config)))) return true;
  return false;
}

bool has_weight(const Program& program, uint8_t byte) {
  return std::any_of(program.phases.begin(), program.phases.end(), [byte](const Phase& p) { return std::count(p.weights.begin(), p.weights.end(), byte) > 0; });
}

uint64_t number_of(const Program& program) { return std::stoull(program_hash(program), nullptr, 16); }

/// The program that a vector file of it gives.
Program read_again(const Program& program, const HwConfig& config) {
  const ScratchFolder folder;
  const WrittenVector written = write_vector(program, config);
  std::filesystem::create_directories(folder.path() / "data");
  for (const auto& [name, bytes] : written.files) folder.write(name, bytes);
  return load_vector(folder.write("v.yaml", written.yaml), config, {});
}

GemmSpec product(int m, int k, int n) {
  GemmSpec spec;
  spec.name = "p";
  spec.a = functional::Matrix(m, k);
  spec.b = functional::Matrix(k, n);
  for (size_t i = 0; i < spec.a.data.size(); ++i) spec.a.data[i] = static_cast<int32_t>(i % 60) - 30;
  for (size_t i = 0; i < spec.b.data.size(); ++i) spec.b.data[i] = static_cast<int32_t>(i % 50) - 25;
  spec.mode.raw = true;
  return spec;
}

}  // namespace

TEST_CASE("shrink: of many products the one that matters is left, as one row, column and step", "[vectors]") {
  const HwConfig config = small_config();
  ShrinkCase start;
  for (int i = 0; i < 5; ++i) start.recipe.items.emplace_back(product(20 + i, 13, 11));
  std::get<GemmSpec>(start.recipe.items[3]).b.at(7, 6) = 99;
  start.stall = parse_stall("heavy", 1);
  start.seed = 7;
  const Shrunk shrunk = shrink_for(start, config, [](const Program& p) { return has_weight(p, 99); });
  CHECK(shrunk.complete);
  REQUIRE(shrunk.best.recipe.items.size() == 1);
  const auto& left = std::get<GemmSpec>(shrunk.best.recipe.items[0]);
  CHECK(left.a == functional::Matrix(1, 1));
  CHECK(left.b.data == std::vector<int32_t>{99});
  CHECK(shrunk.best.stall == StallProfiles{});
  CHECK(shrunk.best.seed == 1);
  const VectorSize size = vector_size(plan(shrunk.best.recipe, config, "", {}), config);
  CHECK(size == VectorSize{1, 4, 1, 1, 1});  // load, matmul, activate and the fence at the end
}

TEST_CASE("shrink: what a product is expected to give follows its rows and columns", "[vectors]") {
  const HwConfig config = small_config();
  ShrinkCase start;
  GemmSpec spec = product(6, 3, 5);
  spec.expect = functional::gemm(spec.a, spec.b).data;
  spec.expect[4 * 5 + 2] += 1;
  start.recipe.items.emplace_back(spec);
  const Shrunk shrunk = shrink_for(start, config, [](const Program& p) { return !p.jobs[0].expect.empty() && p.jobs[0].expect != p.jobs[0].functional; });
  const auto& left = std::get<GemmSpec>(shrunk.best.recipe.items[0]);
  CHECK(left.a.rows == 1);
  CHECK(left.b.cols == 1);
  CHECK(left.expect == std::vector<int32_t>{spec.expect[4 * 5 + 2]});
}

TEST_CASE("shrink: of random commands the one that matters is left with plain fields", "[vectors]") {
  const HwConfig config = small_config();
  const auto fails = [&](const Program& p) {
    return any_command(p, config, [](const Command& c) { return c.op == Op::Activate && !c.raw && c.output_unsigned && c.zero_point != 0; });
  };
  const Program program = make_random_program(config, 5, 300);
  REQUIRE(fails(program));
  const Shrunk shrunk = shrink_for(case_of(program), config, fails);
  REQUIRE(shrunk.best.recipe.items.size() == 1);
  const Command left = decode(std::get<Recipe::Raw>(shrunk.best.recipe.items[0]).word, Datapath::Integer);
  CHECK((left.m == 1 && left.n == 1 && left.bank == 0 && left.base == 0 && left.stride == 1));
  CHECK((left.output_unsigned && left.zero_point != 0 && !left.single && !left.table && left.clamp_lo == 0 && left.clamp_hi == 255));
}

TEST_CASE("shrink: beats that matter stay, the data of the others goes", "[vectors]") {
  const HwConfig config = small_config();
  const auto fails = [&](const Program& p) { return any_command(p, config, [](const Command& c) { return c.op == Op::Matmul && c.m >= 3 && c.k >= 2; }); };
  const Shrunk shrunk = shrink_for(case_of(make_random_program(config, 2, 200)), config, fails);
  REQUIRE(shrunk.best.recipe.items.size() == 1);
  const auto& raw = std::get<Recipe::Raw>(shrunk.best.recipe.items[0]);
  CHECK(decode(raw.word, Datapath::Integer).m == 3);
  CHECK(decode(raw.word, Datapath::Integer).k == 2);
  CHECK(raw.activations == std::vector<uint8_t>(3 * 4));
}

TEST_CASE("shrink: every smaller program is one that a vector file can say, for integers and floats", "[vectors]") {
  for (const HwConfig& config : {small_config(), float_config()}) {
    for (uint64_t seed = 0; seed < 6; ++seed) {
      INFO(config.name << ", seed " << seed);
      const Program program = seed % 2 == 0 ? make_random_program(config, seed, 60) : make_gemm_test(config, seed);
      const uint64_t start = number_of(program);
      bool same = true;
      const Shrunk shrunk = shrink_for(case_of(program), config, [&](const Program& p) {
        const bool keeps = (number_of(p) ^ start) % 3 == 0;  // an arbitrary third of the candidates
        if (keeps && same) same = program_hash(read_again(p, config)) == program_hash(p);
        return keeps;
      });
      CHECK(same);
      CHECK(shrunk.tried > 10);
    }
  }
}

TEST_CASE("shrink: stopped early it gives the best so far and says so; the same input gives the same output", "[vectors]") {
  const HwConfig config = small_config();
  const ShrinkCase start = case_of(make_random_program(config, 9, 200));
  const auto fails = [&](const Program& p) { return any_command(p, config, [](const Command& c) { return c.op == Op::Matmul; }); };
  const auto run = [&](int most) {
    ShrinkSteps steps;
    int left = most;
    steps.fails = [&](const ShrinkCase&, const Program& p) { return fails(p); };
    steps.stop = [&] { return left-- == 0; };
    return shrink(start, config, steps);
  };
  const Shrunk some = run(4), all = run(-1), again = run(-1);
  CHECK_FALSE(some.complete);
  CHECK(some.best.recipe.items.size() < start.recipe.items.size());
  CHECK(fails(plan(some.best.recipe, config, "", {})));
  CHECK(all.complete);
  CHECK(all.best.recipe.items.size() == 1);
  CHECK(all.tried == again.tried);
  const auto text = [&](const Shrunk& s) { return write_vector(plan(s.best.recipe, config, "v", s.best.stall), config).yaml; };
  CHECK(text(all) == text(again));
}

TEST_CASE("shrink: a program writes a memory with a legal matmul or table line that no reset may cut off", "[vectors]") {
  const HwConfig config = small_config();
  const auto writes = [&](const std::function<void(Planner&)>& add) {
    Planner planner(config, "v");
    add(planner);
    return writes_memory(planner.finish(), config);
  };
  Command line, nop, illegal;
  line.op = Op::LoadTable;
  illegal.op = Op::Matmul;
  illegal.k = 99;
  CHECK(writes([&](Planner& p) { p.gemm(product(1, 1, 1)); }));
  CHECK(writes([&](Planner& p) { p.command(encode(line)); }));
  CHECK_FALSE(writes([&](Planner& p) { p.command(encode(nop)); }));
  CHECK_FALSE(writes([&](Planner& p) { p.command(encode(illegal)); }));
  CHECK_FALSE(writes([&](Planner& p) {
    p.gemm(product(1, 1, 1));
    p.reset(3, 2);
  }));
}
