// SPDX-License-Identifier: Apache-2.0
#include "model/functional/tile.hpp"
#include "tests/catch.hpp"
#include "tests/tile/plain_float_tile.hpp"

using namespace assay;
using namespace assay::test;

namespace {

constexpr std::initializer_list<Format> kBf16{Format::Bf16}, kFp16{Format::Fp16}, kFp8{Format::E5m2, Format::E4m3, Format::E4m3fn};
constexpr std::initializer_list<Format> kAll{Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

// What the untimed model, whose arithmetic is its own, says of the same stream.
void check_functional(const HwConfig& hw, const Program& program, const PlainFloatTile& plain) {
  functional::FunctionalTile tile(hw);
  for (const auto& row : program.weights) tile.push_weights(row);
  for (const auto& beat : program.beats) tile.push_activations(beat);
  for (const CommandWord& word : program.commands) tile.execute(word);
  std::vector<uint32_t> lanes;
  for (const auto& beat : plain.outputs) lanes.insert(lanes.end(), beat.begin(), beat.end());
  REQUIRE(tile.take_beats() == lanes);
  REQUIRE(tile.flags() == plain.flags());
}

void check_random(const HwConfig& hw, uint64_t seed, int bubbles, int wild_percent, Isa isa = best_isa()) {
  Random random{seed};
  const Program program = random_float_program(hw, random, 120, wild_percent);
  for (const CommandWord& word : program.commands) REQUIRE(check_command(word, hw) == Status::Ok);
  INFO(hw.name << " formats " << hw.formats << " seed " << seed << " bubbles " << bubbles << " wild " << wild_percent << " isa " << static_cast<int>(isa));
  PlainFloatTile plain(hw);
  plain.run(program);
  check_functional(hw, program, plain);
  Driver driver(hw, seed, isa);
  driver.bubbles = bubbles, driver.output_bubbles = bubbles;
  driver.add(program);
  REQUIRE(driver.drain());
  const bool same = driver.outputs == plain.outputs;  // not expanded by the framework: megabytes
  REQUIRE(same);
  REQUIRE(driver.tile.outputs().flags == plain.flags());
}

}  // namespace

TEST_CASE("float tile: random command streams give the results and flags of plain loops and of the untimed model, on every size and latency") {
  const std::pair<int, int> sizes[] = {{1, 1}, {4, 4}, {3, 5}, {8, 16}, {40, 1}, {1, 40}, {2, 3}, {17, 33}, {16, 16}};
  for (const auto& [rows, cols] : sizes)
    for (const int latency : {1, 2, 3})
      for (const auto& formats : {kAll, kBf16, kFp16, kFp8})
        for (const int bubbles : {0, 40})
          for (const int wild : {0, 3, 60})
            check_random(small_float_config(rows, cols, formats, latency), static_cast<uint64_t>(1 + bubbles + wild), bubbles, wild);
}

TEST_CASE("float tile: the largest sizes and latencies, many seeds") {
  check_random(small_float_config(128, 128, kAll, 2), 1, 10, 2);
  check_random(small_float_config(70, 66, kAll, 8), 2, 0, 1);
  for (uint64_t seed = 10; seed < 40; ++seed)
    check_random(small_float_config(4, 4, kAll, 2), seed, static_cast<int>(seed % 4) * 20, static_cast<int>(seed % 3) * 20);
}
