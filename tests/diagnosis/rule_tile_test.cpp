// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/diagnosis/stepped.hpp"

using namespace assay;
using namespace assay::npu;
using namespace assay::test;

namespace {

/// Runs the golden model and the tile of rules side by side, the latter from the former's first state on: every field, every cycle.
void check_program(const HwConfig& hw, const Program& program, uint64_t seed, int bubbles, int resets) {
  Driver driver(hw, seed);
  driver.bubbles = bubbles, driver.output_bubbles = bubbles;
  driver.add(program);
  const StateLayout layout(driver.tile.fields());
  RuleTile plain(hw, layout);
  TileState now = state_of(driver.tile, layout), next;
  Random chance{seed};
  INFO(hw.name << " seed " << seed << " bubbles " << bubbles);
  for (int cycle = 0; cycle < 1500; ++cycle) {
    driver.reset_next = resets != 0 && chance.chance(resets);
    driver.cycle();
    const TileInputs& in = driver.last_inputs;
    const TilePins pins{in.rst_n,       in.cmd_valid, in.weight_valid, in.act_valid, in.out_ready, in.rsp_ready, reinterpret_cast<const uint8_t*>(in.cmd_data),
                        in.weight_data, in.act_data};
    StepView view;
    view.now = &now;
    plain.step(view, pins, Change{}, next);
    const TileState expected = state_of(driver.tile, layout);
    INFO("cycle " << cycle);
    REQUIRE(differences(driver.tile.fields(), layout, expected, next) == "");
    REQUIRE(differences(driver.tile.fields(), layout, next, expected) == "");
    now.swap(next);
  }
}

/// Commands of every kind and legality: one in so many has random bits turned over.
Program with_illegal(Program program, Random& random) {
  for (CommandWord& word : program.commands)
    if (random.chance(8)) word[static_cast<size_t>(random.below(4))] ^= 1u << random.below(32);
  Command read = read_counter(3);
  for (int i = 0; i < 16; ++i)
    read.index = i, read.high = i % 2 != 0, program.commands.insert(program.commands.begin() + i * 3, encode(read, program.datapath));
  return program;
}

}  // namespace

TEST_CASE("diagnosis: without a change the tile of rules is the golden model in every field of every cycle") {
  const std::pair<int, int> sizes[] = {{1, 1}, {4, 4}, {3, 5}, {8, 8}, {2, 9}};
  for (const auto& [rows, cols] : sizes) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      const HwConfig hw = small_config(rows, cols);
      Random random{seed};
      Program program = random_program(hw, random, 150);
      if (seed % 2 == 0) program = with_illegal(program, random);
      check_program(hw, program, seed, seed < 3 ? 10 : 50, seed == 3 ? 2 : 0);
    }
  }
}

TEST_CASE("diagnosis: without a change the floating-point tile of rules is the golden model in every field of every cycle") {
  const HwConfig tiles[] = {small_float_config(4, 4, {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn}, 2),
                            small_float_config(3, 5, {Format::Bf16}, 1), small_float_config(2, 3, {Format::E4m3, Format::E5m2}, 3)};
  for (const HwConfig& hw : tiles) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      Random random{seed};
      Program program = random_float_program(hw, random, 150, 20);
      if (seed % 2 == 0) program = with_illegal(program, random);
      check_program(hw, program, seed, seed < 3 ? 10 : 50, seed == 3 ? 2 : 0);
    }
  }
}
