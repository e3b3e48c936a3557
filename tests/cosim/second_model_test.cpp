// SPDX-License-Identifier: Apache-2.0
// A second cycle model of accumulators and activation unit, written by a hand that had seen the specification only, follows the RTL.
// What it is fed is read from the RTL's registers around it; what it computes is compared with the RTL's registers after each edge.
#include "tests/second_model/second_model.hpp"

#include <cstring>
#include <map>

#include "cosim/engine/element.hpp"
#include "model/common/command.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

/// Reads elements of the RTL by field name.
class RtlView {
 public:
  explicit RtlView(npu::NpuTarget& target) : target_(target) {
    for (size_t f = 0; f < target.fields().size(); ++f) index_[target.fields()[f].block + "." + target.fields()[f].name] = f;
  }
  uint64_t get(const std::string& name, size_t part = 0, uint64_t element = 0) const {
    const size_t f = index_.at(name);
    const Field& field = target_.fields()[f];
    const void* image = target_.dut_parts()[f][part];
    if (field.width == 32) {
      uint32_t word;
      std::memcpy(&word, static_cast<const uint8_t*>(image) + 4 * element, 4);
      return word;
    }
    uint64_t value = 0;
    for (int b = 0; b < field.width && b < 64; ++b) value |= static_cast<uint64_t>(get_bit(field, image, element, b)) << b;
    return value;
  }
  CommandWord command_at(const std::string& fifo, uint64_t slot) const {
    const size_t f = index_.at(fifo);
    const Field& field = target_.fields()[f];
    CommandWord word{};
    std::memcpy(word.data(), static_cast<const uint8_t*>(target_.dut_parts()[f][0]) + slot * image_bytes(field.width), 16);
    return word;
  }

 private:
  npu::NpuTarget& target_;
  std::map<std::string, size_t> index_;
};

class Follower {
 public:
  Follower(npu::NpuTarget& target, const HwConfig& config)
      : view_(target),
        target_(target),
        config_(config),
        params_{unsigned(config.rows), unsigned(config.cols), unsigned(config.acc_banks), unsigned(config.acc_depth), unsigned(config.output_fifo_depth)},
        acc_(params_),
        act_(params_),
        acc_in_(params_),
        act_in_(params_) {}

  /// Before the edge: everything the blocks see in this cycle.
  void before() {
    const auto cols = static_cast<size_t>(config_.cols), rows = static_cast<size_t>(config_.rows);
    for (size_t c = 0; c < cols; ++c) {
      acc_in_.psum[c] = static_cast<uint32_t>(view_.get("pe.psum", rows - 1, c));
      acc_in_.stage1[c] = tag(rows + 1 + c);
      acc_in_.stage2[c] = tag(rows + 2 + c);
      act_in_.read[c] = static_cast<uint32_t>(view_.get("accumulators.read", 0, c));
    }
    command_head_ = view_.command_at("tile.command_fifo_mem", view_.get("tile.command_fifo_rptr"));
    act_head_ = view_.command_at("tile.act_queue_mem", view_.get("tile.act_queue_rptr"));
    command_rptr_ = view_.get("tile.command_fifo_rptr");
    act_rptr_ = view_.get("tile.act_queue_rptr");
    beat_ = view_.get("activation.act_beat");
    addr_ = view_.get("activation.act_addr");
  }

  /// After the edge: what happened shows in the pointers; then both models take the same edge.
  void after() {
    const bool dispatched = view_.get("tile.command_fifo_rptr") != command_rptr_;
    const bool acted = view_.get("tile.act_queue_rptr") != act_rptr_;
    const Command clear = decode(command_head_), head = decode(act_head_);
    const bool clears = dispatched && clear.op == Op::Clear && check_command(command_head_, config_) == Status::Ok;
    acc_in_.clear_written = clears && clear.clear_written;
    acc_in_.clear_flags = act_in_.clear_flags = clears && clear.clear_flags;
    act_in_.clear_table = clears && clear.clear_table;
    const bool beat = view_.get("activation.stage_valid", 0, 0) != 0;
    act_in_.beat_fire = beat;
    acc_in_.read = {beat, 0, unsigned(head.n)};
    if (beat) {
      const int addr = beat_ == 0 ? head.base : static_cast<int>(addr_);
      acc_in_.read.entry = static_cast<unsigned>(head.bank * config_.acc_depth + addr);
      act_in_.control = {head.raw, head.single, head.table, head.output_unsigned, head.zero_point, head.clamp_lo, head.clamp_hi, unsigned(head.n)};
    }
    act_in_.load_param = {acted && head.op == Op::LoadParam, head.broadcast, unsigned(head.column), uint32_t(head.bias), head.multiplier, head.shift};
    uint64_t bytes = 0;
    std::memcpy(&bytes, head.table_bytes.data(), 8);
    act_in_.load_table = {acted && head.op == Op::LoadTable, unsigned(head.line), bytes};
    act_.step(act_in_);
    acc_.step(acc_in_);
  }

  std::string difference() const {
    const auto differs = [](const char* name, uint64_t rtl, uint64_t second) {
      return rtl == second ? std::string() : std::string(name) + ": rtl " + std::to_string(rtl) + ", second model " + std::to_string(second);
    };
    std::string d;
    for (size_t c = 0; c < static_cast<size_t>(config_.cols) && d.empty(); ++c) {
      d += differs("acc_new", view_.get("accumulators.acc_new", 0, c), acc_.acc_new[c]);
      d += differs("acc_old", view_.get("accumulators.acc_old", 0, c), acc_.acc_old[c]);
      d += differs("read", view_.get("accumulators.read", 0, c), acc_.read[c]);
      d += differs("biased", view_.get("activation.biased", 0, c), act_.biased[c]);
      d += differs("product", view_.get("activation.product", 0, c), act_.product[c]);
      d += differs("scaled", view_.get("activation.scaled", 0, c), act_.scaled[c]);
      d += differs("clamped", view_.get("activation.clamped", 0, c), act_.clamped[c]);
      d += differs("shift", view_.get("activation.shift", 0, c), act_.shift_bits(unsigned(c)));
    }
    for (size_t i = 0; i < 5; ++i) {
      const std::string name = "activation.ctl_" + std::to_string(i);
      d += differs("stage_valid", view_.get("activation.stage_valid", 0, i), act_.stage_valid[i]);
      d += differs(name.c_str(), view_.get(name), second::pack(act_.ctl[i]));
    }
    d += differs("acc_overflow", view_.get("accumulators.acc_overflow"), acc_.overflow);
    d += differs("acc_undefined", view_.get("accumulators.acc_undefined"), acc_.undefined);
    d += differs("act_overflow", view_.get("activation.act_overflow"), act_.overflow);
    d += differs("act_undefined", view_.get("activation.act_undefined"), act_.undefined);
    d += differs("act_saturated", view_.get("activation.act_saturated"), act_.saturated);
    return d;
  }

  /// Whole memories, where written.
  std::string memory_difference() const {
    for (size_t c = 0; c < static_cast<size_t>(config_.cols); ++c) {
      for (size_t e = 0; e < static_cast<size_t>(config_.entries()); ++e) {
        const bool written = view_.get("accumulators.written", c, e) != 0;
        if (written != acc_.written[c][e]) return "written[" + std::to_string(c) + "][" + std::to_string(e) + "]";
        if (written && view_.get("accumulators.mem", c, e) != acc_.mem[c][e]) return "mem[" + std::to_string(c) + "][" + std::to_string(e) + "]";
      }
    }
    return {};
  }

 private:
  second::Tag tag(size_t stage) const {
    return {view_.get("array.tag_valid", 0, stage) != 0, view_.get("array.tag_accumulate", 0, stage) != 0, unsigned(view_.get("array.tag_columns", 0, stage)),
            unsigned(view_.get("array.tag_entry", 0, stage))};
  }

  RtlView view_;
  npu::NpuTarget& target_;
  HwConfig config_;
  second::Params params_;
  second::Accumulators acc_;
  second::ActivationPipeline act_;
  second::Accumulators::Inputs acc_in_;
  second::ActivationPipeline::Inputs act_in_;
  CommandWord command_head_{}, act_head_{};
  uint64_t command_rptr_ = 0, act_rptr_ = 0, beat_ = 0, addr_ = 0;
};

uint64_t follow(npu::NpuTarget& target, uint64_t seed) {
  const npu::Program program = npu::make_random_program(target.config(), seed, 400);
  target.load(program, seed);
  target.begin();
  Follower follower(target, target.config());
  uint64_t cycle = 0;
  while (target.drive(cycle) == Target::Drive::Running) {
    follower.before();
    target.clock_dut();
    target.clock_reference();
    follower.after();
    const std::string difference = follower.difference();
    if (!difference.empty()) FAIL("seed " << seed << " cycle " << cycle + 1 << " " << difference);
    ++cycle;
  }
  const std::string memory = follower.memory_difference();
  if (!memory.empty()) FAIL("seed " << seed << " at the end " << memory);
  return cycle;
}

}  // namespace

TEST_CASE("cosim: a second model written from the specification alone follows the RTL for 10^6 cycles") {
  uint64_t cycles = 0;
  for (uint64_t seed = 1; cycles < 1000000; ++seed) cycles += follow(target_for("int8_4x4"), seed);
  CHECK(cycles >= 1000000);
}
