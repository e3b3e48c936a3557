// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cosim/npu/stimulus/maker.hpp"

// Sums at the ends of INT32: one entry takes greatest products until it stands exactly at INT32_MAX (or INT32_MIN), in all columns; then every column by
// itself is pushed over the end and back.
namespace assay::npu {
namespace {

constexpr int kSeparate = 8;  ///< columns that overflow alone

struct Entry {
  int bank, base;
};

Command onto(const Entry& entry, int m, int k, int n) {
  Command command;
  command.op = Op::Matmul;
  command.m = m;
  command.k = k;
  command.n = n;
  command.bank = entry.bank;
  command.base = entry.base;
  command.accumulate = true;
  command.activation_unsigned = true;
  return command;
}

void load_filled(Maker& maker, int32_t weight, bool is_unsigned, int only_column) {
  const HwConfig& config = maker.config();
  Command load;
  load.op = Op::LoadWeights;
  load.k = config.rows;
  load.weight_unsigned = is_unsigned;
  std::vector<int32_t> values(static_cast<size_t>(config.rows) * static_cast<size_t>(config.cols));
  for (int r = 0; r < config.rows; ++r)
    for (int c = 0; c < config.cols; ++c)
      if (only_column < 0 || c == only_column) values[static_cast<size_t>(r) * static_cast<size_t>(config.cols) + static_cast<size_t>(c)] = weight;
  maker.add(load, stream_bytes(config, load, config.rows, config.cols, values));
}

/// Beats whose activations sum to `sum` each time one weight is the same in all rows; the first one takes the loaded weights over.
void push(Maker& maker, const Entry& entry, int64_t sum, int64_t beats, bool switches) {
  const HwConfig& config = maker.config();
  while (beats > 0) {
    const auto m = static_cast<int>(std::min<int64_t>(beats, config.acc_depth));
    Command matmul = onto(entry, m, config.rows, config.cols);
    matmul.switch_weights = switches;
    switches = false;
    std::vector<int32_t> values(static_cast<size_t>(m) * static_cast<size_t>(config.rows));
    for (int i = 0; i < m; ++i) {
      int64_t left = sum;
      for (int r = 0; r < config.rows; ++r) {
        const int64_t part = std::min<int64_t>(left, 255);
        values[static_cast<size_t>(i) * static_cast<size_t>(config.rows) + static_cast<size_t>(r)] = static_cast<int32_t>(part);
        left -= part;
      }
    }
    maker.add(matmul, stream_bytes(config, matmul, m, config.rows, values));
    beats -= m;
  }
}

}  // namespace

void scene_overflow(Maker& maker) {
  const HwConfig& config = maker.config();
  if (config.floating()) return scene_directed(maker);
  maker.begin(false);
  const Entry entry{maker.pick(0, config.acc_banks - 1), maker.pick(0, config.acc_depth - 1)};
  const bool up = maker.chance(0.6);
  const int64_t weight = up ? 255 : -128, target = up ? INT32_MAX : -int64_t{INT32_MIN};
  const int64_t size = std::abs(weight), beat = 255 * size * config.rows;
  Command clear;
  clear.op = Op::Clear;
  clear.clear_flags = clear.clear_written = true;
  maker.add(clear);

  load_filled(maker, static_cast<int32_t>(weight), up, -1);
  const int64_t full = target / beat, rest = target % beat;
  push(maker, entry, int64_t{255} * config.rows, full, true);
  push(maker, entry, rest / size, 1, false);
  load_filled(maker, up ? 1 : -1, false, -1);
  push(maker, entry, rest % size, 1, true);  // stands at the end exactly

  const int columns = std::min(config.cols, kSeparate), first = maker.chance(0.5) ? 0 : config.cols - columns;
  clear.clear_written = false;
  for (int c = first; c < first + columns; ++c) {
    load_filled(maker, up ? 1 : -1, false, c);
    const int64_t over = maker.chance(0.5) ? 1 : maker.pick(2, 255 * config.rows);
    push(maker, entry, over, 1, true);  // over the end, in this column alone
    clear.clear_flags = maker.chance(0.85);
    clear.clear_counters = !clear.clear_flags;
    maker.add(clear);
    if (maker.chance(0.3)) push(maker, entry, maker.pick(0, 255), 1, false);
  }
  // Biases that wrap the sum, too: to the other end, to zero, to what lies near it.
  for (int i = maker.pick(1, 4); i > 0; --i) {
    Command param = maker.parameter(-1);
    const auto near = static_cast<int32_t>(maker.pick(-2, 2));
    param.bias = maker.chance(0.2) ? param.bias : maker.chance(0.5) ? INT32_MAX - std::abs(near) : INT32_MIN + std::abs(near);
    maker.add(param);
    Command activate = maker.activate(1, config.cols);
    activate.bank = entry.bank;
    activate.base = entry.base;
    maker.add(activate);
  }
  maker.flush();
}

}  // namespace assay::npu
