// SPDX-License-Identifier: Apache-2.0
// Activation units with random commands, accumulator values and output transfers: one line a cycle, whatever the unit does in it.
#include <array>

#include "model/activation/activation.hpp"
#include "model/activation/fp_activation.hpp"
#include "model/common/images.hpp"
#include "vectors/blocks/block_vectors.hpp"

namespace assay::blocks {
namespace {

constexpr int kTickets = 1024;

Command draw_activate(Draw& draw, const HwConfig& config) {
  Command c;
  c.op = Op::Activate;
  c.bank = draw.below(config.acc_banks);
  c.m = 1 + draw.below(3);
  c.stride = draw.below(3);
  c.base = draw.below(config.acc_depth - c.stride * (c.m - 1));
  c.n = 1 + draw.below(config.cols);
  c.raw = draw.chance(15);
  if (config.floating()) {
    c.relu = !c.raw && draw.chance(40);
    c.format = static_cast<uint8_t>(c.raw ? static_cast<int>(Format::Fp32) : draw.below(kFormats));
    const bool narrow = c.format > static_cast<uint8_t>(Format::Fp32);
    c.saturate = narrow && draw.chance(50);
    c.stochastic = narrow && draw.chance(50);
  } else if (!c.raw) {
    c.output_unsigned = draw.chance(50);
    c.single = draw.chance(50);
    c.table = draw.chance(30);
    const int low = c.output_unsigned ? 0 : -128;
    c.clamp_lo = draw.chance(50) ? low : low + draw.below(128);
    c.clamp_hi = draw.chance(50) ? low + 255 : low + 128 + draw.below(128);
    c.zero_point = low + draw.below(256);
  }
  return c;
}

Command draw_parameter(Draw& draw, const HwConfig& config) {
  Command c;
  c.op = draw.chance(60) ? Op::LoadParam : config.floating() ? Op::LoadSeed : Op::LoadTable;
  if (c.op == Op::LoadParam) {
    c.broadcast = draw.chance(20);
    c.column = c.broadcast ? 0 : draw.below(config.cols);
    c.bias = static_cast<int32_t>(corner32(draw));
    if (config.floating()) return c;
    c.multiplier = draw.chance(10) ? 0 : 1u << 30 | static_cast<uint32_t>(draw.next() & 0x3FFFFFFF);
    c.shift = draw.below(62) - 31;
  } else if (c.op == Op::LoadTable) {
    c.line = draw.below(32);
    for (uint8_t& byte : c.table_bytes) byte = static_cast<uint8_t>(draw.next());
  } else {
    c.seed = static_cast<uint32_t>(draw.next());
  }
  return c;
}

template <class Unit>
class ActivationBench {
 public:
  explicit ActivationBench(const HwConfig& config) : config_(config), unit_(config, best_isa()) {
    unit_.add_images(images_);
    images_.place();
    unit_.clear_memory();
    unit_.reset();
  }

  std::string run(int cycles, uint64_t seed) {
    Draw draw(seed);
    for (int cycle = 0; cycle < cycles; ++cycle) {
      if (!waiting_ && draw.chance(70)) next_command(draw);
      for (int b = 0; b < config_.acc_banks; ++b) matmul_ret_[static_cast<size_t>(b)] = static_cast<uint32_t>(draw.below(kTickets));
      if (draw.chance(70)) matmul_ret_[static_cast<size_t>(head_.bank)] = need_;
      for (int32_t& value : read_) value = draw_sum(draw);
      out_pop_ = held_ > 0 && draw.chance(40);
      clear_flags_ = draw.chance(3);
      clear_table_ = !config_.floating() && draw.chance(1);
      cycle_line();
    }
    return std::move(text_);
  }

 private:
  /// Sums that do not all saturate: whole words, and numbers of few bits (FP32: near 1).
  int32_t draw_sum(Draw& draw) const {
    const uint32_t word = corner32(draw);
    if (draw.chance(40)) return static_cast<int32_t>(word);
    if (config_.floating()) return static_cast<int32_t>((word & 0x807FFFFFu) | static_cast<uint32_t>(110 + draw.below(34)) << 23);
    return static_cast<int32_t>(word) >> 18;
  }

  void next_command(Draw& draw) {
    do {
      head_ = draw.chance(60) ? draw_activate(draw, config_) : draw_parameter(draw, config_);
      word_ = encode(head_, datapath(config_));
    } while (check_command(word_, config_) != Status::Ok);
    head_ = decode(word_, datapath(config_));
    need_ = static_cast<uint32_t>(draw.below(kTickets));
    waiting_ = true;
  }

  void cycle_line() {
    const bool bank_ready = head_.op != Op::Activate || matmul_ret_[static_cast<size_t>(head_.bank)] == need_;
    const ActivationAction action = unit_.decide(waiting_ ? &head_ : nullptr, bank_ready);
    const bool beat = action == ActivationAction::Beat, parameter = action == ActivationAction::Parameter;
    Line line;
    inputs(line);
    const uint32_t entry = static_cast<uint32_t>(head_.bank * config_.acc_depth) + unit_.address(head_);
    const bool drained = !unit_.stages_busy();
    const uint32_t flags = unit_.flags();
    const std::array<uint32_t, 2> returned = {unit_.returned(0), unit_.returned(1)};
    // the edge, in the tile's order
    std::array<int32_t, 16> lanes{};
    const bool pushed = unit_.step_stages(read_.data(), reinterpret_cast<uint8_t*>(lanes.data()));
    bool popped = parameter;
    if (beat) popped = unit_.fire_beat(head_);
    if (parameter) unit_.fire_parameter(head_);
    if (out_pop_) unit_.output_left();
    if (clear_flags_) unit_.clear_flags();
    if (clear_table_) unit_.clear_table_written();
    held_ += (pushed ? 1 : 0) - (out_pop_ ? 1 : 0);
    if (popped) waiting_ = false;
    // what the pins showed before it; an address counts with a beat only
    const auto bit = [&line](bool value) { line.number(value ? 1 : 0, 1); };
    bit(popped), line.number(returned[0] | returned[1] << 10, 20);
    bit(beat), line.number(beat ? entry : 0, 4).number(beat ? static_cast<uint64_t>(head_.n) : 0, 3);
    bit(pushed), line.bytes(reinterpret_cast<const uint8_t*>(lanes.data()), 16);
    bit(drained), bit(beat || parameter);
    bit(action == ActivationAction::StallBank), bit(action == ActivationAction::StallOutput), bit(action == ActivationAction::StallDrain);
    text_ += line.number(flags, config_.floating() ? 4 : 3).text();
  }

  void inputs(Line& line) const {
    line.number(clear_flags_ ? 1 : 0, 1);
    if (!config_.floating()) line.number(clear_table_ ? 1 : 0, 1);
    line.number(waiting_ ? 0 : 1, 1).number(need_, 10).bytes(reinterpret_cast<const uint8_t*>(word_.data()), 16);
    line.number(matmul_ret_[0] | matmul_ret_[1] << 10, 20).bytes(reinterpret_cast<const uint8_t*>(read_.data()), 16).number(out_pop_ ? 1 : 0, 1);
  }

  HwConfig config_;
  Unit unit_;
  ImageBlock images_;
  Command head_;
  CommandWord word_{};
  uint32_t need_ = 0;
  std::array<uint32_t, 2> matmul_ret_{};
  alignas(64) std::array<int32_t, 16> read_{};  // the model takes whole vectors
  int held_ = 0;                                ///< beats in the output FIFO
  bool waiting_ = false, out_pop_ = false, clear_flags_ = false, clear_table_ = false;
  std::string text_;
};

}  // namespace

std::string activation_vectors() { return ActivationBench<Activation>(small_config()).run(800, 7); }

std::string fp_activation_vectors() { return ActivationBench<FpActivation>(small_float_config()).run(800, 8); }

}  // namespace assay::blocks
