// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/planner.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace assay::npu {
namespace {

uint8_t byte_of(int32_t value) { return static_cast<uint8_t>(static_cast<uint32_t>(value) & 0xFFu); }

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

Planner::Planner(const HwConfig& config, std::string name) : config_(config), tile_(config) {
  program_.name = std::move(name);
  program_.phases.emplace_back();
}

int Planner::gemm(const GemmSpec& spec) {
  const int M = spec.a.rows, K = spec.a.cols, N = spec.b.cols;
  check(M > 0 && K > 0 && N > 0 && spec.b.rows == K, "shapes of a and b");
  check(spec.mode.raw ? spec.a_zero_point == 0 : spec.params.size() == static_cast<size_t>(N), "parameters");
  check(spec.expect.empty() || spec.expect.size() == static_cast<size_t>(M) * static_cast<size_t>(N), "shape of expect");

  functional::Flags flags;
  GemmSpec job = spec;
  job.mode.table = spec.table.has_value();
  if (!job.mode.raw) job.params = folded_params(spec);
  const functional::Matrix result = functional::activate(functional::gemm(job.a, job.b), job.params, job.mode, full_table(job), flags);
  program_.jobs.push_back({job.name, M, N, job.mode.raw, job.mode.output_unsigned, result.data, job.expect});

  const int m_tile = std::min(spec.m_tile > 0 ? spec.m_tile : config_.acc_depth, config_.acc_depth);
  // With a single K tile the weights of an N tile stay for all chunks of M.
  const bool single_k = K <= config_.rows;
  for (int col = 0; col < N; col += config_.cols)
    for (int row = 0; row < M; row += m_tile) output_tile(job, row, col, std::min(m_tile, M - row), std::min(config_.cols, N - col), single_k && row > 0);
  return static_cast<int>(program_.jobs.size()) - 1;
}

void Planner::output_tile(const GemmSpec& spec, int row, int col, int m, int n, bool weights_stay) {
  release_bank(bank_);
  for (int k0 = 0; k0 < spec.a.cols; k0 += config_.rows) {
    Command matmul;
    matmul.op = Op::Matmul;
    matmul.tag = tag_++;
    matmul.activation_unsigned = spec.a_unsigned;
    matmul.switch_weights = !weights_stay;
    matmul.accumulate = k0 > 0;
    matmul.bank = bank_;
    matmul.m = m;
    matmul.k = std::min(config_.rows, spec.a.cols - k0);
    matmul.n = n;
    matmul.stride = 1;
    if (!weights_stay) emit_load(spec, k0, matmul.k, col, n);
    emit_matmul(spec, matmul, row, k0);
    ++step_;
    while (!pending_.empty() && pending_.front().due <= step_) emit_pending();
  }
  Pending done;
  done.activate.op = Op::Activate;
  done.activate.raw = spec.mode.raw;
  done.activate.bank = bank_;
  done.activate.m = m;
  done.activate.n = n;
  done.activate.stride = 1;
  if (!spec.mode.raw) {
    done.activate.single = spec.mode.single;
    done.activate.table = spec.mode.table;
    done.activate.output_unsigned = spec.mode.output_unsigned;
    done.activate.zero_point = spec.mode.zero_point;
    done.activate.clamp_lo = spec.mode.clamp_lo;
    done.activate.clamp_hi = spec.mode.clamp_hi;
    done.params.assign(spec.params.begin() + col, spec.params.begin() + col + n);
    if (spec.table) done.table = std::make_shared<const std::array<uint8_t, 256>>(*spec.table);
  }
  done.due = step_ + kLag;
  done.job = static_cast<int>(program_.jobs.size()) - 1;
  done.row = row;
  done.col = col;
  pending_.push_back(std::move(done));
  bank_ = (bank_ + 1) % config_.acc_banks;
}

void Planner::emit_load(const GemmSpec& spec, int k0, int k, int col, int n) {
  Command load;
  load.op = Op::LoadWeights;
  load.tag = tag_++;
  load.weight_unsigned = spec.b_unsigned;
  load.k = k;
  const auto width = static_cast<size_t>(config_.cols);
  std::vector<uint8_t> rows(static_cast<size_t>(k) * width);
  for (int r = 0; r < k; ++r)
    for (int c = 0; c < n; ++c) rows[static_cast<size_t>(r) * width + static_cast<size_t>(c)] = byte_of(spec.b.at(k0 + r, col + c));
  emit(encode(load), rows, {});
}

void Planner::emit_matmul(const GemmSpec& spec, Command command, int row, int k0) {
  const auto width = static_cast<size_t>(config_.rows);
  std::vector<uint8_t> beats(static_cast<size_t>(command.m) * width);
  for (int i = 0; i < command.m; ++i)
    for (int r = 0; r < command.k; ++r) beats[static_cast<size_t>(i) * width + static_cast<size_t>(r)] = byte_of(spec.a.at(row + i, k0 + r));
  emit(encode(command), {}, beats);
}

void Planner::release_bank(int bank) {
  const auto uses = [&](const Pending& p) { return p.activate.bank == bank; };
  while (std::any_of(pending_.begin(), pending_.end(), uses)) emit_pending();
}

void Planner::emit_pending() {
  Pending pending = std::move(pending_.front());
  pending_.pop_front();
  if (!pending.activate.raw) emit_params(pending);
  if (pending.table) emit_table(pending);
  pending.activate.tag = tag_++;
  emit(encode(pending.activate), {}, {});
  take_results(pending.job, pending.row, pending.col, pending.activate.n);
}

void Planner::emit_params(const Pending& pending) {
  const auto& have = tile_.integer().params();
  const auto& want = pending.params;
  if (std::equal(want.begin(), want.end(), have.begin())) return;
  const bool uniform = std::all_of(want.begin(), want.end(), [&](const auto& p) { return p == want.front(); });
  for (size_t c = 0; c < want.size(); ++c) {
    if (!uniform && want[c] == have[c]) continue;
    Command load;
    load.op = Op::LoadParam;
    load.tag = tag_++;
    load.broadcast = uniform;
    load.column = uniform ? 0 : static_cast<int>(c);
    load.bias = want[c].bias;
    load.multiplier = want[c].multiplier;
    load.shift = want[c].shift;
    emit(encode(load), {}, {});
    if (uniform) return;
  }
}

void Planner::emit_table(const Pending& pending) {
  for (int line = 0; line < 32; ++line) {
    const auto first = pending.table->begin() + 8 * line;
    const auto& have = tile_.integer().table();
    if (have.written[static_cast<size_t>(line)] && std::equal(first, first + 8, have.entries.begin() + 8 * line)) continue;
    Command load;
    load.op = Op::LoadTable;
    load.tag = tag_++;
    load.line = line;
    std::copy(first, first + 8, load.table_bytes.begin());
    emit(encode(load), {}, {});
  }
}

void Planner::command(const CommandWord& word, std::span<const uint8_t> weights, std::span<const uint8_t> activations) {
  flush();
  emit(word, weights, activations);
  take_results(-1, 0, 0, 0);
}

void Planner::emit(const CommandWord& word, std::span<const uint8_t> weights, std::span<const uint8_t> activations) {
  Phase& now = phase();
  now.commands.push_back(word);
  now.weights.insert(now.weights.end(), weights.begin(), weights.end());
  now.activations.insert(now.activations.end(), activations.begin(), activations.end());
  tile_.push_weights(weights);
  tile_.push_activations(activations);
  tile_.execute(word);
  check(tile_.weights_left() == 0 && tile_.activations_left() == 0, "a command came with more data than it takes");
  for (const auto& r : tile_.take_responses()) now.responses.push_back({r.status, r.tag, r.data_known, r.data});
  const Command command = decode(word);
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
  const bool fenced = !now.commands.empty() && check_command(now.commands.back(), config_) == Status::Ok && decode(now.commands.back()).op == Op::Fence;
  if (fenced) return;
  Command fence;
  fence.op = Op::Fence;
  fence.tag = tag_++;
  emit(encode(fence), {}, {});
}

void Planner::reset(int64_t after, int cycles) {
  end_phase();
  phase().reset_after = after;
  phase().reset_cycles = cycles;
  tile_.reset();
  program_.phases.emplace_back();
}

void Planner::idle(int64_t cycles) {
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
  return std::move(program_);
}

}  // namespace assay::npu
