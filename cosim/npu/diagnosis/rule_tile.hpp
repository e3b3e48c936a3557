// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "cosim/npu/diagnosis/change.hpp"
#include "cosim/npu/diagnosis/state.hpp"
#include "model/common/config.hpp"

namespace assay::npu {

/// Input pins of one cycle; data little-endian, lanes of HwConfig::lane_bytes().
struct TilePins {
  bool rst_n = true, cmd_valid = false, weight_valid = false, act_valid = false, out_ready = false, rsp_ready = false;
  const uint8_t *cmd = nullptr, *weight = nullptr, *act = nullptr;
};

/// How each condition came out in a cycle, before any change: 1 where it held.
using Conditions = std::array<uint8_t, static_cast<size_t>(Site::Count)>;

/// What a step looks at. What a How needs beyond `now` may be missing; then it changes nothing.
struct StepView {
  const TileState* now = nullptr;
  const TileState* before = nullptr;
  const TileState* next = nullptr;
  const Conditions* before_conditions = nullptr;
  const TileState* ruled = nullptr;  ///< what the rules gave for `now`, How::Late
  const TileState* early = nullptr;  ///< what follows `next`, How::Early
  uint64_t cycle = 0;                ///< of the state that the step makes, How::FlipOnce
  TileState* ruled_out = nullptr;    ///< where to put what the rules give, before a register is overridden
};

/// The tile as the rules of docs/spec.md stand there, one after the other: from all registers and pins of a cycle to all registers and pins of the
/// next. Every rule asks its `Change` first; without one it is the specification, which a test holds against the golden model in every field.
class RuleTile {
 public:
  RuleTile(const HwConfig& hw, const StateLayout& layout);

  /// One rising edge. `out` may have any content; it must not be one of the view's states. Reading any state is safe, whatever it holds.
  void step(const StepView& view, const TilePins& pins, const Change& change, TileState& out);
  /// The output pins that belong to the registers of `state`.
  void drive_pins(const Change& change, TileState& state);
  /// Of the last step.
  const Conditions& conditions() const { return conditions_; }

 private:
  enum FifoName { kCommand, kWeight, kActivation, kLoad, kMatmul, kAct, kOutput, kResponse, kFifos };
  struct Queue {
    Slot wptr, rptr, count, mem;
  };

  // Reading through a site; the destination is that of the last at().
  void at(int row, int col) { row_ = row, col_ = col; }
  bool here(Site site) const { return (site == change_->site || site == change_->also) && change_->in(row_, col_); }
  uint64_t value(const Slot& slot, int element) const { return value_in(*now_, slot, element); }
  uint64_t value_in(const TileState& s, const Slot& slot, int element) const;
  uint64_t read(Site site, const Slot& slot, int element) { return here(site) ? changed_read(slot, element) : value(slot, element); }
  uint64_t changed_read(const Slot& slot, int element) const;
  bool condition(Site site, bool holds, bool first = true);
  int limit(Site site, int n) const { return here(site) && change_->how == How::Plus ? n + change_->a : n; }
  uint64_t number(Site site, uint64_t n, int width) const;
  int choice(Site site) const { return here(site) && change_->how == How::Choice ? change_->a : 0; }
  int sum_rule(Site site) const { return choice(site) != 0 ? choice(site) : choice(Site::FusedAdd); }
  uint64_t head(Site site, FifoName fifo, int lo, int n) const;
  uint64_t head_of(const TileState& s, FifoName fifo, int lo, int n) const;
  int fill(FifoName fifo) const { return static_cast<int>(value(queues_[fifo].count, 0)); }
  uint64_t& set(const Slot& slot, int element) { return (*out_)[slot.at + static_cast<size_t>(element) * static_cast<size_t>(slot.words)]; }

  // Sections 6 to 9, 13: what the units do in this cycle, then the registers.
  void decide();
  void decide_load();
  void decide_matmul();
  void decide_act();
  void decide_dispatch();
  int command_status();
  int size_status(int op);
  bool bad_value(int op);
  bool is_idle();
  void step_control();
  void step_load();
  void step_matmul();
  void step_dispatch();
  void respond(uint64_t data, int status);
  void push(FifoName fifo, const uint64_t* data);
  void step_queues();
  void step_counters();
  void clear();
  void reset();
  void override_register(const Slot& slot, const StepView& view);
  uint64_t overridden(const Slot& slot, int element, size_t word, const TileState& ruled, const StepView& view) const;
  bool popping(FifoName fifo);

  // Sections 10 and 17.7
  void step_tags();
  void step_skew();
  void step_switch();
  void step_shadow();
  void step_pes();
  int stream_format(Site site, FifoName queue, FifoName other, bool other_moves);
  uint64_t act_in(Site site, const std::vector<Slot>& skew, const Slot& act, int r, int c);
  uint64_t head_lane(Site site, FifoName fifo, int i, int n, int bits) const;
  uint64_t product(int r, int c);
  uint64_t float_pe(int r, int c);
  // Sections 11 and 17.8
  void step_accumulators();
  struct Stage {
    bool valid, accumulate, bf16;
    int entry;
  };
  bool lane_in(Site site, int lane, int lanes) const;
  Stage stage_1(int c);
  Stage stage_2(int c);
  uint32_t adder(int c, bool bf16, bool valid);
  void step_reads();
  // Sections 12 and 17.9
  void step_activation();
  void step_parameters();
  void stage_bias();
  void stage_multiply();
  void stage_scale();
  void stage_clamp();
  void stage_table();
  void stage_convert();
  void push_lanes(const std::vector<uint64_t>& lanes);
  uint64_t mode(Site site, int stage, int lo, int n) const;
  bool stage(Site hold, int number);
  void saturated(int c, int stage, bool flag, int not_counted);

  HwConfig hw_;
  const StateLayout* layout_;
  bool floating_;
  int stages_;  ///< of the activation unit's valid bits

  const TileState *now_ = nullptr, *before_ = nullptr, *next_ = nullptr;
  const Conditions* before_conditions_ = nullptr;
  const Change* change_ = nullptr;
  const TilePins* pins_ = nullptr;
  TileState* out_ = nullptr;
  Conditions conditions_{};
  int row_ = 0, col_ = 0;

  struct Decision {
    bool load_permitted, load_fire, load_last, load_has;
    bool fire, first, last, matmul_has, bank_ok, weights_ok, switch_first;
    uint64_t addr;
    int k, n, entry, bank;
    bool beat, parameter, act_has, act_last, act_bank_ok, act_room, drained;
    int act_op, act_entry, act_n;
    uint64_t act_addr;
    bool idle, dispatch, dispatch_has;
    int op, status, stall;  ///< stall: 0 none, 1 queue, 2 idle, 3 response
  } d_{};
  struct Transfer {
    bool push, pop;
    std::vector<uint64_t> data;
  };
  std::array<Transfer, kFifos> transfers_;

  std::array<Queue, kFifos> queues_;
  Slot load_disp_, switch_disp_, matmul_disp_, act_disp_, load_row_, load_done_, switch_issued_, switch_age_, matmul_beat_, matmul_addr_, matmul_ret_;
  std::vector<Slot> skew_, skew_high_, skew_low_, skew_valid_;
  Slot switch_line_, switch_, tag_valid_, tag_last_, tag_accumulate_, tag_bf16_, tag_columns_, tag_entry_;
  Slot shadow_, shadow_high_, shadow_low_, weight_, weight_high_, weight_low_, act_, act_high_, act_low_, act_valid_, psum_, psum_valid_;
  std::vector<Slot> psum_delay_, psum_valid_delay_;
  Slot pe_flags_, array_flags_;
  Slot acc_new_, acc_old_, mem_, written_, read_, acc_overflow_, acc_undefined_, acc_flags_;
  Slot act_beat_, act_addr_, act_ret_, credit_, stage_valid_, bias_, multiplier_, shift_, table_, table_written_, random_;
  std::vector<Slot> ctl_;
  Slot biased_, product_, scaled_, clamped_, converted_, act_overflow_, act_undefined_, act_saturated_, act_flags_;
  Slot counter_, cmd_ready_, weight_ready_, act_ready_, out_valid_, out_data_, rsp_valid_, rsp_data_, busy_, flags_;
};

}  // namespace assay::npu
