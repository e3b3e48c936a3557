// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/tile/plain_tile.hpp"

using namespace assay;
using namespace assay::test;

namespace {

void check_random(const HwConfig& hw, uint64_t seed, int bubbles, Isa isa = best_isa()) {
  Random random{seed};
  const Program program = random_program(hw, random, 150);
  for (const CommandWord& word : program.commands) REQUIRE(check_command(word, hw) == Status::Ok);
  PlainTile plain(hw);
  plain.run(program);
  Driver driver(hw, seed, isa);
  driver.bubbles = bubbles, driver.output_bubbles = bubbles;
  driver.add(program);
  INFO(hw.name << " seed " << seed << " bubbles " << bubbles << " isa " << static_cast<int>(isa));
  REQUIRE(driver.drain());
  REQUIRE(driver.outputs == plain.outputs);
  REQUIRE(static_cast<unsigned>(driver.tile.outputs().flags) == plain.flags);
}

}  // namespace

TEST_CASE("tile: random command streams give the results and flags of plain loops on every size") {
  const std::pair<int, int> sizes[] = {{1, 1}, {4, 4}, {3, 5}, {8, 16}, {128, 1}, {1, 128}, {2, 3}, {33, 17}, {16, 16}, {70, 66}, {128, 128}};
  for (const auto& [rows, cols] : sizes)
    for (const int bubbles : {0, 30, 80})
      for (uint64_t seed = 1; seed <= (rows * cols > 2000 ? 2u : 8u); ++seed) check_random(small_config(rows, cols), seed, bubbles);
}

TEST_CASE("tile: x86-64-v2, v3 and v4 give the same state bytes in every cycle") {
  const std::pair<int, int> sizes[] = {{1, 1}, {4, 4}, {3, 5}, {8, 16}, {33, 17}, {66, 70}};
  for (const auto& [rows, cols] : sizes) {
    const HwConfig hw = small_config(rows, cols);
    Random random{7};
    const Program program = random_program(hw, random, 60);
    Driver v2(hw, 3, Isa::V2), v3(hw, 3, Isa::V3), v4(hw, 3, Isa::V4);
    for (Driver* d : {&v2, &v3, &v4}) d->bubbles = d->output_bubbles = 20, d->add(program);
    int cycles = 0;
    while ((v2.tile.outputs().busy || cycles < 200) && cycles < 3000) {
      for (Driver* d : {&v2, &v3, &v4}) d->cycle();
      const auto expected = snapshot(v2.tile, cycles % 64 == 0);
      REQUIRE(snapshot(v3.tile, cycles % 64 == 0) == expected);
      REQUIRE(snapshot(v4.tile, cycles % 64 == 0) == expected);
      ++cycles;
    }
  }
}
