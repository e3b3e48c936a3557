// SPDX-License-Identifier: Apache-2.0
// Steps the golden model of a config: a NOP goes into the command FIFO and comes out again.
#include <array>
#include <cstdio>

#include "model/common/config.hpp"
#include "model/tile/tile.hpp"

int main(int, char** argv) {
  assay::Tile tile(assay::load_config(argv[1]));
  const std::array<uint32_t, 4> nop{};
  const std::array<uint8_t, 512> beat{};
  assay::TileInputs in;
  in.cmd_data = nop.data();
  in.weight_data = in.act_data = beat.data();
  int busy = 0;
  for (int cycle = 0; cycle < 10; ++cycle) {
    in.cmd_valid = cycle == 2;
    busy += tile.outputs().busy;
    tile.step(in);
  }
  std::printf("busy in %d of 10 cycles\n", busy);
  return busy == 1 ? 0 : 1;
}
