// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "cosim/npu/stimulus/landing.hpp"
#include "cosim/npu/stimulus/maker.hpp"
#include "model/functional/float_numerics.hpp"

// Scenes around solved operands: the solved value itself in one beat, its neighbours in the others.
namespace assay::npu {
namespace {

constexpr int kColumns = 8;  ///< with parameters of their own

Command onto_entries(Maker& maker, const Command& load, int m, int k, int n) {
  Command matmul = maker.matmul(m, k, n);
  matmul.format = load.format;
  matmul.activation_unsigned = false;
  matmul.switch_weights = true;
  return matmul;
}

Command reading(Maker& maker, const Command& matmul) {
  Command activate = maker.activate(matmul.m, matmul.n);
  activate.bank = matmul.bank;
  activate.base = matmul.base;
  activate.stride = matmul.stride;
  return activate;
}

/// Entries −3 … 3 in every column; the solved values enter by the bias.
void integer_results(Maker& maker) {
  const HwConfig& config = maker.config();
  Command load = maker.load(1);
  load.weight_unsigned = false;
  maker.add(load, stream_bytes(config, load, 1, config.cols, std::vector<int32_t>(static_cast<size_t>(config.cols), 1)));
  const int m = std::min(7, config.acc_depth);
  Command matmul = onto_entries(maker, load, m, 1, maker.draw_n());
  matmul.base = 0;
  matmul.stride = 1;
  std::vector<int32_t> beats(static_cast<size_t>(m) * static_cast<size_t>(config.rows));
  for (int i = 0; i < m; ++i) beats[static_cast<size_t>(i) * static_cast<size_t>(config.rows)] = i - m / 2;
  maker.add(matmul, stream_bytes(config, matmul, m, config.rows, beats));

  for (int round = maker.pick(1, 3); round > 0; --round) {
    Command activate = reading(maker, matmul);
    if (activate.raw) continue;
    functional::OutputMode mode;
    mode.single = activate.single;
    mode.output_unsigned = activate.output_unsigned;
    mode.zero_point = activate.zero_point;
    mode.clamp_lo = activate.clamp_lo;
    mode.clamp_hi = activate.clamp_hi;
    const int first = maker.pick(0, std::max(0, matmul.n - kColumns));
    for (int c = first; c < std::min(matmul.n, first + kColumns); ++c) {
      const Requantisation solved = solve_requantisation(maker.dials().landing(maker.random()), mode, maker.random());
      Command param = maker.parameter(c);
      param.bias = solved.x;
      param.multiplier = solved.params.multiplier;
      param.shift = solved.params.shift;
      maker.add(param);
    }
    maker.add(activate);
  }
}

/// The activations of one solved sum, and what they become in further beats.
struct Rows {
  std::vector<uint32_t> activations, weights;
  int last = 0;  ///< row of the last term
};

Rows placed(Maker& maker, const std::vector<Term>& terms, size_t first, size_t count) {
  const auto rows = static_cast<size_t>(maker.config().rows);
  Rows out{std::vector<uint32_t>(rows), std::vector<uint32_t>(rows), 0};
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t slack = rows - at - (count - i);
    at += maker.random().below(std::min<size_t>(slack, 2) + 1);
    out.activations[at] = terms[first + i].activation;
    out.weights[at] = terms[first + i].weight;
    out.last = static_cast<int>(at++);
  }
  return out;
}

/// One K tile: beat 0 is the solved one; then mirrored, and with the last activation one code up, one down, negated. In columns beside the first of each
/// pair the last weight is negated.
Command sum_tile(Maker& maker, const Rows& rows, Command matmul, Format activation, Format weight) {
  const HwConfig& config = maker.config();
  const auto height = static_cast<size_t>(config.rows), width = static_cast<size_t>(config.cols);
  const auto sign_of = [](Format f) { return 1u << (format_bits(f) - 1); };
  Command load = maker.load(config.rows);
  load.format = static_cast<uint8_t>(weight);
  std::vector<int32_t> weights(height * width);
  for (size_t r = 0; r < height; ++r)
    for (size_t c = 0; c < width; ++c)
      weights[r * width + c] = static_cast<int32_t>(rows.weights[r] ^ (static_cast<int>(r) == rows.last && c % 2 != 0 ? sign_of(weight) : 0));
  maker.add(load, stream_bytes(config, load, config.rows, config.cols, weights));
  matmul.format = static_cast<uint8_t>(activation);
  std::vector<int32_t> beats(static_cast<size_t>(matmul.m) * height);
  for (size_t i = 0; i < static_cast<size_t>(matmul.m); ++i) {
    for (size_t r = 0; r < height; ++r) {
      uint32_t code = rows.activations[r];
      const bool is_last = static_cast<int>(r) == rows.last;
      if (i == 1) code ^= sign_of(activation);
      if (is_last && (i == 2 || i == 3) && (code & (sign_of(activation) - 1)) > 1) code += i == 2 ? 1 : ~0u;
      if (is_last && i == 4) code ^= sign_of(activation);
      beats[i * height + r] = static_cast<int32_t>(code);
    }
  }
  maker.add(matmul, stream_bytes(config, matmul, matmul.m, config.rows, beats));
  return matmul;
}

/// A sum that lands in a PE, in the accumulators (its last terms are another K tile), or with the bias.
void float_sum(Maker& maker) {
  const HwConfig& config = maker.config();
  const auto formats = operand_formats_of(config);
  const Format activation = formats[maker.random().below(formats.size())], weight = formats[maker.random().below(formats.size())];
  const auto solved = solve_sum(maker.dials().landing(maker.random()), activation, weight, maker.random());
  if (!solved) return scene_handover(maker);
  std::vector<Term> terms = *solved;
  const bool by_bias = maker.chance(0.25) && terms.size() > 1;
  uint32_t bias = 0;
  if (by_bias) {
    uint8_t flags = 0;
    bias = functional::fused(functional::decode(terms.back().activation, activation), functional::decode(terms.back().weight, weight), 0, flags);
    terms.pop_back();
  }
  const auto most = static_cast<size_t>(config.rows);
  const size_t split = maker.chance(0.6) ? most : static_cast<size_t>(maker.pick(1, config.rows));
  const int m = maker.chance(0.4) ? 1 : std::min(5, config.acc_depth);
  Command matmul = maker.matmul(m, config.rows, maker.chance(0.3) ? 1 : config.cols);
  matmul.switch_weights = true;
  matmul.base = 0;
  matmul.stride = 1;
  matmul.bf16_entries = maker.chance(0.15);
  for (size_t first = 0; first < terms.size();) {
    const size_t count = std::min({split, most, terms.size() - first});
    matmul.accumulate = first > 0;
    matmul = sum_tile(maker, placed(maker, terms, first, count), matmul, activation, weight);
    first += count;
  }
  Command activate = reading(maker, matmul);
  if (by_bias) {
    Command param = maker.parameter(-1);
    param.bias = static_cast<int32_t>(bias);
    maker.add(param);
    if (activate.raw) activate.raw = false, activate.format = static_cast<uint8_t>(Format::Fp32);
  }
  maker.add(activate);
}

/// Solved values for the conversion of results, by the bias of a column beside an entry that is zero.
void float_results(Maker& maker) {
  const HwConfig& config = maker.config();
  Command load = maker.load(1);
  maker.add(load, stream_bytes(config, load, 1, config.cols, operand_values(Values::Ones, config, load, 1, config.cols, maker.random())));
  const int m = std::min(maker.pick(1, 3), config.acc_depth);
  Command matmul = onto_entries(maker, load, m, 1, maker.draw_n());
  const std::vector<int32_t> nothing(static_cast<size_t>(m) * static_cast<size_t>(config.rows));
  maker.add(matmul, stream_bytes(config, matmul, m, config.rows, nothing));
  for (int round = maker.pick(1, 4); round > 0; --round) {
    Command activate = reading(maker, matmul);
    if (activate.raw) continue;
    const int first = maker.pick(0, std::max(0, matmul.n - kColumns));
    for (int c = first; c < std::min(matmul.n, first + kColumns); ++c) {
      Command param = maker.parameter(c);
      param.bias = static_cast<int32_t>(solve_conversion(maker.dials().landing(maker.random()), static_cast<Format>(activate.format), maker.random()));
      maker.add(param);
    }
    maker.add(activate);
  }
}

}  // namespace

void scene_directed(Maker& maker) {
  maker.begin(false);
  if (!maker.config().floating())
    integer_results(maker);
  else if (maker.chance(0.6))
    float_sum(maker);
  else
    float_results(maker);
  maker.flush();
}

}  // namespace assay::npu
