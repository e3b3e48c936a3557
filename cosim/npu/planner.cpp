// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/planner.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "cosim/npu/lanes.hpp"
#include "cosim/npu/recipe.hpp"

namespace assay::npu {
namespace {

void check(bool ok, const char* what) {
  if (!ok) throw std::logic_error(std::string("planner: ") + what);
}

functional::Table full_table(const GemmSpec& spec) {
  functional::Table table;
  if (spec.table) table.entries = *spec.table;
  table.written.fill(spec.table.has_value());
  return table;
}

/// The job's parameters with the activation zero point folded into the bias.
std::vector<functional::ColumnParams> folded_params(const GemmSpec& spec) {
  std::vector<int32_t> bias;
  for (const auto& p : spec.params) bias.push_back(p.bias);
  bias = functional::fold_zero_point(bias, spec.a_zero_point, spec.b);
  std::vector<functional::ColumnParams> out = spec.params;
  for (size_t i = 0; i < out.size(); ++i) out[i].bias = bias[i];
  return out;
}

}  // namespace

Planner::Planner(const HwConfig& config, std::string name) : config_(config), recipe_(std::make_shared<Recipe>()), tile_(config) {
  program_.name = std::move(name);
  program_.phases.emplace_back();
}

int Planner::gemm(const GemmSpec& spec) {
  const int M = spec.a.rows, K = spec.a.cols, N = spec.b.cols;
  check(!config_.floating(), "an integer product on a floating-point tile");
  check(M > 0 && K > 0 && N > 0 && spec.b.rows == K, "shapes of a and b");
  check(spec.mode.raw ? spec.a_zero_point == 0 : spec.params.size() == static_cast<size_t>(N), "parameters");
  check(spec.expect.empty() || spec.expect.size() == static_cast<size_t>(M) * static_cast<size_t>(N), "shape of expect");

  recipe_->items.emplace_back(spec);
  functional::OutputMode mode = spec.mode;
  mode.table = spec.table.has_value();
  Product product{spec.a, spec.b, {}, {}, {}, {}, spec.m_tile};
  if (!mode.raw) product.parameters.columns = folded_params(spec);
  functional::Flags flags;
  const functional::Matrix result = functional::activate(functional::gemm(spec.a, spec.b), product.parameters.columns, mode, full_table(spec), flags);
  const Format format = mode.raw ? Format::Int32 : mode.output_unsigned ? Format::Uint8 : Format::Int8;
  program_.jobs.push_back({spec.name, M, N, format, result.data, spec.expect});

  product.load.weight_unsigned = spec.b_unsigned;
  product.matmul.activation_unsigned = spec.a_unsigned;
  product.activate.raw = mode.raw;
  if (mode.raw) return add_product(product);
  product.activate.single = mode.single;
  product.activate.table = mode.table;
  product.activate.output_unsigned = mode.output_unsigned;
  product.activate.zero_point = mode.zero_point;
  product.activate.clamp_lo = mode.clamp_lo;
  product.activate.clamp_hi = mode.clamp_hi;
  if (spec.table) product.parameters.table = std::make_shared<const std::array<uint8_t, 256>>(*spec.table);
  return add_product(product);
}

int Planner::gemm(const FloatSpec& spec) {
  const functional::FloatGemm& p = spec.product;
  const int M = p.a.rows, K = p.a.cols, N = p.b.cols;
  check(config_.has(p.a_format) && config_.has(p.b_format), "operand formats the tile does not have");
  check(M > 0 && K > 0 && N > 0 && p.b.rows == K, "shapes of a and b");
  check(p.raw || p.bias.size() == static_cast<size_t>(N), "bias");
  check(spec.expect.empty() || spec.expect.size() == static_cast<size_t>(M) * static_cast<size_t>(N), "shape of expect");
  recipe_->items.emplace_back(spec);
  const functional::Matrix result = functional::float_gemm(p, config_.rows, config_.cols);
  program_.jobs.push_back({spec.name, M, N, p.raw ? Format::Fp32 : p.format, result.data, spec.expect});

  Product product{p.a, p.b, {}, {}, {}, {}, spec.m_tile};
  product.load.format = static_cast<uint8_t>(p.b_format);
  product.matmul.format = static_cast<uint8_t>(p.a_format);
  product.matmul.bf16_entries = p.bf16_entries;
  product.activate.raw = p.raw;
  if (p.raw) return add_product(product);
  product.activate.relu = p.relu;
  product.activate.format = static_cast<uint8_t>(p.format);
  product.activate.saturate = p.saturate;
  product.activate.stochastic = p.stochastic;
  product.parameters.bias = p.bias;
  if (p.stochastic) product.parameters.seed = p.seed;
  return add_product(product);
}

int Planner::add_product(const Product& product) {
  const int M = product.a.rows, K = product.a.cols, N = product.b.cols;
  const int m_tile = std::min(product.m_tile > 0 ? product.m_tile : config_.acc_depth, config_.acc_depth);
  // With a single K tile the weights of an N tile stay for all chunks of M.
  const bool single_k = K <= config_.rows;
  for (int col = 0; col < N; col += config_.cols)
    for (int row = 0; row < M; row += m_tile) output_tile(product, row, col, std::min(m_tile, M - row), std::min(config_.cols, N - col), single_k && row > 0);
  return static_cast<int>(program_.jobs.size()) - 1;
}

void Planner::output_tile(const Product& product, int row, int col, int m, int n, bool weights_stay) {
  release_bank(bank_);
  for (int k0 = 0; k0 < product.a.cols; k0 += config_.rows) {
    Command matmul = product.matmul;
    matmul.op = Op::Matmul;
    matmul.tag = tag_++;
    matmul.switch_weights = !weights_stay;
    matmul.accumulate = k0 > 0;
    matmul.bank = bank_;
    matmul.m = m;
    matmul.k = std::min(config_.rows, product.a.cols - k0);
    matmul.n = n;
    matmul.stride = 1;
    if (!weights_stay) emit_load(product, k0, matmul.k, col, n);
    emit_matmul(product, matmul, row, k0, col);
    ++step_;
    while (!pending_.empty() && pending_.front().due <= step_) emit_pending();
  }
  Pending done;
  done.activate = product.activate;
  done.activate.op = Op::Activate;
  done.activate.bank = bank_;
  done.activate.m = m;
  done.activate.n = n;
  done.activate.stride = 1;
  const auto part = [col, n](const auto& columns) {
    return columns.empty() ? columns : std::decay_t<decltype(columns)>(columns.begin() + col, columns.begin() + col + n);
  };
  done.parameters = {part(product.parameters.columns), product.parameters.table, part(product.parameters.bias), std::nullopt};
  if (row == 0 && col == 0) done.parameters.seed = product.parameters.seed;
  done.due = step_ + kLag;
  done.job = static_cast<int>(program_.jobs.size()) - 1;
  done.row = row;
  done.col = col;
  pending_.push_back(std::move(done));
  bank_ = (bank_ + 1) % config_.acc_banks;
}

void Planner::emit_load(const Product& product, int k0, int k, int col, int n) {
  Command load = product.load;
  load.op = Op::LoadWeights;
  load.tag = tag_++;
  load.k = k;
  LaneRows rows(config_, k, config_.cols, code_bits(load));
  for (int r = 0; r < k; ++r)
    for (int c = 0; c < n; ++c) rows.put(r, c, product.b.at(k0 + r, col + c));
  emit(encode(load, datapath(config_)), rows.take(), {}, {newest_job(), 0, col, k0});
}

void Planner::emit_matmul(const Product& product, Command command, int row, int k0, int col) {
  LaneRows beats(config_, command.m, config_.rows, code_bits(command));
  for (int i = 0; i < command.m; ++i)
    for (int r = 0; r < command.k; ++r) beats.put(i, r, product.a.at(row + i, k0 + r));
  emit(encode(command, datapath(config_)), {}, beats.take(), {newest_job(), row, col, k0});
}

/// Bits of a code of the operands a command takes.
int Planner::code_bits(const Command& command) const { return config_.floating() ? format_bits(static_cast<Format>(command.format)) : 8; }

void Planner::release_bank(int bank) {
  const auto uses = [&](const Pending& p) { return p.activate.bank == bank; };
  while (std::any_of(pending_.begin(), pending_.end(), uses)) emit_pending();
}

void Planner::emit_pending() {
  const Pending pending = std::move(pending_.front());
  pending_.pop_front();
  const Parameters& parameters = pending.parameters;
  if (!parameters.columns.empty()) emit_params(parameters.columns);
  if (parameters.table) emit_table(*parameters.table);
  if (!parameters.bias.empty()) emit_bias(parameters.bias);
  if (parameters.seed) {
    Command load;
    load.op = Op::LoadSeed;
    load.seed = *parameters.seed;
    emit(load);
  }
  emit(pending.activate, {pending.job, pending.row, pending.col, 0});
  take_results(pending.job, pending.row, pending.col, pending.activate.n);
}

void Planner::emit(Command command, const CommandOrigin& origin) {
  command.tag = tag_++;
  emit(encode(command, datapath(config_)), {}, {}, origin);
}

void Planner::emit_params(const std::vector<functional::ColumnParams>& want) {
  const auto& have = tile_.integer().params();
  if (std::equal(want.begin(), want.end(), have.begin())) return;
  const bool uniform = std::all_of(want.begin(), want.end(), [&](const auto& p) { return p == want.front(); });
  for (size_t c = 0; c < want.size(); ++c) {
    if (!uniform && want[c] == have[c]) continue;
    Command load;
    load.op = Op::LoadParam;
    load.broadcast = uniform;
    load.column = uniform ? 0 : static_cast<int>(c);
    load.bias = want[c].bias;
    load.multiplier = want[c].multiplier;
    load.shift = want[c].shift;
    emit(load);
    if (uniform) return;
  }
}

void Planner::emit_bias(const std::vector<uint32_t>& want) {
  const auto& have = tile_.floating().bias();
  if (std::equal(want.begin(), want.end(), have.begin())) return;
  const bool uniform = std::all_of(want.begin(), want.end(), [&](uint32_t bias) { return bias == want.front(); });
  for (size_t c = 0; c < want.size(); ++c) {
    if (!uniform && want[c] == have[c]) continue;
    Command load;
    load.op = Op::LoadParam;
    load.broadcast = uniform;
    load.column = uniform ? 0 : static_cast<int>(c);
    load.bias = static_cast<int32_t>(want[c]);
    emit(load);
    if (uniform) return;
  }
}

void Planner::emit_table(const std::array<uint8_t, 256>& table) {
  for (int line = 0; line < 32; ++line) {
    const auto* const first = table.begin() + 8 * line;
    const auto& have = tile_.integer().table();
    if (have.written[static_cast<size_t>(line)] && std::equal(first, first + 8, have.entries.begin() + 8 * line)) continue;
    Command load;
    load.op = Op::LoadTable;
    load.line = line;
    std::copy(first, first + 8, load.table_bytes.begin());
    emit(load);
  }
}

void Planner::command(const CommandWord& word, std::span<const uint8_t> weights, std::span<const uint8_t> activations) {
  recipe_->items.emplace_back(Recipe::Raw{word, {weights.begin(), weights.end()}, {activations.begin(), activations.end()}});
  flush();
  emit(word, weights, activations);
  take_results(-1, 0, 0, 0);
}

void Planner::emit(const CommandWord& word, std::span<const uint8_t> weights, std::span<const uint8_t> activations, const CommandOrigin& origin) {
  Phase& now = phase();
  now.commands.push_back(word);
  now.origins.push_back(origin);
  now.weights.insert(now.weights.end(), weights.begin(), weights.end());
  now.activations.insert(now.activations.end(), activations.begin(), activations.end());
  tile_.push_weights(weights);
  tile_.push_activations(activations);
  tile_.execute(word);
  check(tile_.weights_left() == 0 && tile_.activations_left() == 0, "a command came with more data than it takes");
  for (const auto& r : tile_.take_responses()) now.responses.push_back({r.status, r.tag, r.data_known, r.data});
  const Command command = decode(word, datapath(config_));
  if (command.op == Op::Matmul && !activations.empty())
    program_.macs += static_cast<uint64_t>(command.m) * static_cast<uint64_t>(command.k) * static_cast<uint64_t>(command.n);
}

void Planner::take_results(int job, int row, int col, int cols) {
  const std::vector<uint32_t> lanes = tile_.take_beats();
  const auto width = static_cast<size_t>(config_.cols);
  for (size_t i = 0; i * width < lanes.size(); ++i) {
    ExpectedBeat beat;
    const auto first = lanes.begin() + static_cast<ptrdiff_t>(i * width);
    beat.lanes.assign(first, first + static_cast<ptrdiff_t>(width));
    beat.job = job;
    beat.row = job < 0 ? 0 : row + static_cast<int>(i);
    beat.col = col;
    beat.cols = cols;
    phase().beats.push_back(std::move(beat));
  }
}

void Planner::end_phase() {
  flush();
  Phase& now = phase();
  const bool fenced =
      !now.commands.empty() && check_command(now.commands.back(), config_) == Status::Ok && decode(now.commands.back(), datapath(config_)).op == Op::Fence;
  if (fenced) return;
  Command fence;
  fence.op = Op::Fence;
  emit(fence);
}

void Planner::reset(int64_t after, int cycles) {
  recipe_->items.emplace_back(Recipe::Reset{after, cycles});
  end_phase();
  phase().reset_after = after;
  phase().reset_cycles = cycles;
  tile_.reset();
  program_.phases.emplace_back();
}

void Planner::idle(int64_t cycles) {
  recipe_->items.emplace_back(Recipe::Idle{cycles});
  end_phase();
  phase().idle_after = cycles;
  program_.phases.emplace_back();
}

Program Planner::finish(const StallProfiles& stall) {
  // A last phase without commands says nothing, except after a reset: then it shows that the tile comes up again.
  const size_t count = program_.phases.size();
  const bool drop = count > 1 && phase().commands.empty() && pending_.empty() && program_.phases[count - 2].reset_after < 0;
  if (drop)
    program_.phases.pop_back();
  else
    end_phase();
  program_.stall = stall;
  program_.recipe = std::move(recipe_);
  return std::move(program_);
}

}  // namespace assay::npu
