// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/npu/stimulus/maker.hpp"
#include "model/common/command_table.hpp"

namespace assay::npu {
namespace {

/// One output tile of a job: its sums over all K tiles, then what its results need.
struct Tile {
  Command matmul, activate;
};

void load_parameters(Maker& maker, int n) {
  const int count = maker.chance(0.5) ? 1 : std::min(n, maker.pick(1, 4));
  if (count == 1 && maker.chance(0.7)) return maker.add(maker.parameter(-1));
  for (int i = 0; i < count; ++i) maker.add(maker.parameter(maker.pick(0, n - 1)));
}

void load_lines(Maker& maker) {
  if (maker.config().floating()) return;
  const int count = maker.chance(0.2) ? 32 : maker.pick(1, 6), first = maker.pick(0, 31);
  for (int i = 0; i < count; ++i) {
    Command line = maker.table_line();
    line.line = (first + i) % 32;
    maker.add(line);
  }
}

void finish_tile(Maker& maker, const Tile& tile) {
  if (!tile.activate.raw && maker.chance(0.6)) load_parameters(maker, tile.activate.n);
  if (tile.activate.table && maker.chance(0.7)) load_lines(maker);
  if (tile.activate.stochastic && maker.chance(0.7)) maker.add(maker.seed());
  maker.add(tile.activate);
}

Command reading(Maker& maker, const Command& matmul) {
  Command activate = maker.activate(matmul.m, matmul.n);
  activate.bank = matmul.bank;
  activate.base = matmul.base;
  activate.stride = matmul.stride;
  return activate;
}

}  // namespace

/// A product of logical size M, K, N cut into tiles: K tiles accumulate, N tiles take turns over the banks, results leave late or at once; weights of the
/// next tile are loaded before or behind the results of this one.
void scene_job(Maker& maker) {
  maker.begin(maker.chance(0.6));
  const HwConfig& config = maker.config();
  const Dials& dials = maker.dials();
  const int K = draw_size(dials.shape(maker.random()), config.rows, 3 * config.rows, maker.random());
  const int N = draw_size(dials.shape(maker.random()), config.cols, 2 * config.cols, maker.random());
  const int m = maker.draw_m(maker.chance(0.8) ? 12 : 64);
  const int lag = maker.pick(0, 2);
  const bool load_ahead = maker.chance(0.5), weights_stay = K <= config.rows && maker.chance(0.2);
  int bank = maker.pick(0, config.acc_banks - 1);
  std::vector<Tile> waiting;
  for (int col = 0; col < N; col += config.cols) {
    const int n = std::min(config.cols, N - col);
    Command matmul = maker.matmul(m, 1, n);
    matmul.bank = bank;
    bank = (bank + 1) % config.acc_banks;
    for (int k0 = 0; k0 < K; k0 += config.rows) {
      const int k = std::min(config.rows, K - k0);
      const bool stay = weights_stay && col > 0;
      if (!load_ahead || (k0 == 0 && col == 0)) {
        if (!stay) maker.add(maker.load(k));
      }
      matmul.k = k;
      matmul.accumulate = k0 > 0;
      matmul.switch_weights = !stay;
      maker.add(matmul);
      if (load_ahead && (k0 + config.rows < K || col + config.cols < N)) maker.add(maker.load(std::min(config.rows, std::max(1, K - k0 - config.rows))));
    }
    waiting.push_back({matmul, reading(maker, matmul)});
    while (static_cast<int>(waiting.size()) > lag) {
      finish_tile(maker, waiting.front());
      waiting.erase(waiting.begin());
    }
  }
  for (const Tile& tile : waiting) finish_tile(maker, tile);
  maker.flush();
}

/// Loads and switches crowd each other: a load meets the switch before it in every phase of its way through the array, weights are loaded and never used,
/// used twice, switched without a load in between.
void scene_switch(Maker& maker) {
  maker.begin(maker.chance(0.3));
  const HwConfig& config = maker.config();
  const int way = config.rows * config.pe_latency + config.cols;
  const int count = maker.pick(4, 14);
  for (int i = 0; i < count; ++i) {
    const int k = maker.chance(0.5) ? config.rows : maker.draw_k();
    const int loads = maker.chance(0.75) ? 1 : maker.pick(0, 2);
    for (int j = 0; j < loads; ++j) maker.add(maker.load(j == 0 ? k : maker.draw_k()));
    const int most = std::min(config.acc_depth, maker.chance(0.8) ? 4 : way + 2);
    const int m = maker.chance(0.5) ? maker.pick(1, most) : std::clamp(maker.pick(config.rows - 1, config.rows + 1), 1, config.acc_depth);
    Command matmul = maker.matmul(m, k, maker.draw_n());
    matmul.switch_weights = maker.chance(0.85);
    matmul.accumulate = maker.chance(0.3);
    maker.add(matmul);
    if (maker.chance(0.2)) {  // the new weights again, or the old ones for a beat
      Command more = matmul;
      more.switch_weights = maker.chance(0.3);
      more.m = 1;
      maker.add(more);
    }
  }
  maker.flush();
}

/// Banks go to and fro between products and results: the same entries written, accumulated onto while their sum is still in the adder, read at once.
void scene_handover(Maker& maker) {
  maker.begin(maker.chance(0.3));
  const int count = maker.pick(4, 16);
  maker.add(maker.load(maker.draw_k()));
  Command matmul = maker.any_matmul(8);
  matmul.switch_weights = true;
  for (int i = 0; i < count; ++i) {
    switch (maker.random().below(6)) {
      case 0:
      case 1:
        maker.add(matmul);
        matmul.switch_weights = false;
        matmul.accumulate = maker.chance(0.7);
        break;
      case 2:
        maker.add(reading(maker, matmul));
        break;
      case 3: {  // other entries of the same bank, or the same of another
        Command moved = matmul;
        maker.place(moved);
        if (maker.chance(0.5)) moved.base = matmul.base, moved.stride = matmul.stride;
        if (maker.chance(0.5)) matmul = moved;
        moved.m = std::min(moved.m, 4);
        maker.add(moved);
        break;
      }
      case 4: {  // an entry again after one, two, three beats
        Command again = maker.matmul(maker.pick(1, std::min(4, maker.config().acc_depth)), matmul.k, matmul.n);
        again.bank = matmul.bank;
        again.base = std::min(matmul.base, maker.config().acc_depth - again.m);
        again.stride = maker.chance(0.4) ? 0 : 1;
        again.accumulate = true;
        maker.add(again);
        maker.add(again);
        break;
      }
      default:
        if (maker.chance(0.5)) maker.add(maker.load(matmul.k));
        matmul = maker.any_matmul(8);
        matmul.switch_weights = maker.chance(0.5);
        maker.add(matmul);
    }
  }
  maker.flush();
}

/// Parameters, table lines and seeds between results that are on their way.
void scene_params(Maker& maker) {
  maker.begin(maker.chance(0.3));
  maker.add(maker.load(maker.draw_k()));
  Command matmul = maker.any_matmul(8);
  matmul.switch_weights = true;
  maker.add(matmul);
  Command activate = reading(maker, matmul);
  const int count = maker.pick(4, 14);
  for (int i = 0; i < count; ++i) {
    switch (maker.random().below(5)) {
      case 0:
        load_parameters(maker, matmul.n);
        break;
      case 1:
        if (maker.config().floating())
          maker.add(maker.seed());
        else
          maker.add(maker.table_line());
        break;
      case 2: {  // the same results in another mode
        activate = reading(maker, matmul);
        activate.m = maker.pick(1, activate.m);
        if (maker.chance(0.3)) activate.n = maker.draw_n();
        maker.add(activate);
        break;
      }
      default:
        maker.add(activate);
    }
  }
  maker.flush();
}

void scene_barrier(Maker& maker) {
  maker.begin(true);
  const int count = maker.pick(4, 14);
  for (int i = 0; i < count; ++i) {
    maker.add(maker.barrier());
    const auto what = maker.random().below(6);
    if (what == 0) maker.add(maker.load(maker.draw_k()));
    if (what == 1 || what == 2) maker.add(maker.any_matmul(4));
    if (what == 3) maker.add(maker.any_activate(12));
    if (what == 4) maker.add(maker.parameter(maker.chance(0.5) ? -1 : 0));
  }
  maker.flush();
}

/// The command that followed the last two least often in this program so far: all triples come up soon.
void scene_triples(Maker& maker, std::vector<uint16_t>& counts) {
  const auto table = command_table(datapath(maker.config()));
  const size_t kinds = table.size();
  counts.resize(kinds * kinds * kinds);
  maker.begin(false);
  auto one = maker.random().below(kinds), two = maker.random().below(kinds);
  for (int i = 0; i < 40; ++i) {
    size_t best = 0;
    uint64_t least = UINT64_MAX;
    for (size_t kind = 0; kind < kinds; ++kind) {
      if (command_fields(static_cast<Op>(kind), datapath(maker.config())).empty() && static_cast<Op>(kind) != Op::Nop && static_cast<Op>(kind) != Op::Fence)
        continue;
      const uint64_t rank = uint64_t{counts[(one * kinds + two) * kinds + kind]} << 8 | maker.random().below(256);
      if (rank < least) least = rank, best = kind;
    }
    ++counts[(one * kinds + two) * kinds + best];
    maker.add(maker.of_kind(table[best].op));
    one = two;
    two = best;
  }
  maker.flush();
}

}  // namespace assay::npu
