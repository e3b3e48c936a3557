// SPDX-License-Identifier: Apache-2.0
// Fields, the order of a step, whole registers, pins.
#include "cosim/npu/diagnosis/rule_tile.hpp"

#include <algorithm>

#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"
#include "model/common/stochastic.hpp"

namespace assay::npu {

RuleTile::RuleTile(const HwConfig& hw, const StateLayout& layout) : hw_(hw), layout_(&layout), floating_(hw.floating()), stages_(floating_ ? 3 : 5) {
  const auto find = [&](const std::string& name) { return layout.find(name, false); };
  const auto rows = [&](const std::string& name) {
    std::vector<Slot> slots;
    for (int r = 0; r < hw.rows; ++r) slots.push_back(find(name + std::to_string(r)));
    return slots;
  };
  const char* fifos[] = {"command_fifo", "weight_fifo", "activation_fifo", "load_queue", "matmul_queue", "act_queue", "output_fifo", "response_fifo"};
  for (size_t i = 0; i < kFifos; ++i) {
    const std::string name = fifos[i];
    queues_[i] = {find(name + "_wptr"), find(name + "_rptr"), find(name + "_count"), find(name + "_mem")};
    transfers_[i].data.resize(static_cast<size_t>(queues_[i].mem.words));
  }
  skew_ = rows("skew_"), skew_high_ = rows("skew_high_"), skew_low_ = rows("skew_low_"), skew_valid_ = rows("skew_valid_");
  for (int i = 1; i < hw.pe_latency; ++i) {
    psum_delay_.push_back(find("psum_delay_" + std::to_string(i)));
    psum_valid_delay_.push_back(find("psum_valid_delay_" + std::to_string(i)));
  }
  for (int i = 0; i < stages_; ++i) ctl_.push_back(find("ctl_" + std::to_string(i)));
  const std::pair<Slot*, const char*> registers[] = {{&load_disp_, "load_disp"},
                                                     {&switch_disp_, "switch_disp"},
                                                     {&matmul_disp_, "matmul_disp"},
                                                     {&act_disp_, "act_disp"},
                                                     {&load_row_, "load_row"},
                                                     {&load_done_, "load_done"},
                                                     {&switch_issued_, "switch_issued"},
                                                     {&switch_age_, "switch_age"},
                                                     {&matmul_beat_, "matmul_beat"},
                                                     {&matmul_addr_, "matmul_addr"},
                                                     {&matmul_ret_, "matmul_ret"},
                                                     {&switch_line_, "switch_line"},
                                                     {&switch_, "switch"},
                                                     {&tag_valid_, "tag_valid"},
                                                     {&tag_last_, "tag_last"},
                                                     {&tag_accumulate_, "tag_accumulate"},
                                                     {&tag_bf16_, "tag_bf16"},
                                                     {&tag_columns_, "tag_columns"},
                                                     {&tag_entry_, "tag_entry"},
                                                     {&shadow_, "shadow"},
                                                     {&shadow_high_, "shadow_high"},
                                                     {&shadow_low_, "shadow_low"},
                                                     {&weight_, "weight"},
                                                     {&weight_high_, "weight_high"},
                                                     {&weight_low_, "weight_low"},
                                                     {&act_, "act"},
                                                     {&act_high_, "act_high"},
                                                     {&act_low_, "act_low"},
                                                     {&act_valid_, "act_valid"},
                                                     {&psum_, "psum"},
                                                     {&psum_valid_, "psum_valid"},
                                                     {&pe_flags_, "pe_flags"},
                                                     {&array_flags_, "array_flags"},
                                                     {&acc_new_, "acc_new"},
                                                     {&acc_old_, "acc_old"},
                                                     {&mem_, "mem"},
                                                     {&written_, "written"},
                                                     {&read_, "read"},
                                                     {&acc_overflow_, "acc_overflow"},
                                                     {&acc_undefined_, "acc_undefined"},
                                                     {&acc_flags_, "acc_flags"},
                                                     {&act_beat_, "act_beat"},
                                                     {&act_addr_, "act_addr"},
                                                     {&act_ret_, "act_ret"},
                                                     {&credit_, "credit"},
                                                     {&stage_valid_, "stage_valid"},
                                                     {&bias_, "bias"},
                                                     {&multiplier_, "multiplier"},
                                                     {&shift_, "shift"},
                                                     {&table_, "table"},
                                                     {&table_written_, "table_written"},
                                                     {&random_, "random"},
                                                     {&biased_, "biased"},
                                                     {&product_, "product"},
                                                     {&scaled_, "scaled"},
                                                     {&clamped_, "clamped"},
                                                     {&converted_, "converted"},
                                                     {&act_overflow_, "act_overflow"},
                                                     {&act_undefined_, "act_undefined"},
                                                     {&act_saturated_, "act_saturated"},
                                                     {&act_flags_, "act_flags"},
                                                     {&counter_, "counter"},
                                                     {&cmd_ready_, "cmd_ready"},
                                                     {&weight_ready_, "weight_ready"},
                                                     {&act_ready_, "act_ready"},
                                                     {&out_valid_, "out_valid"},
                                                     {&out_data_, "out_data"},
                                                     {&rsp_valid_, "rsp_valid"},
                                                     {&rsp_data_, "rsp_data"},
                                                     {&busy_, "busy"},
                                                     {&flags_, "flags"}};
  for (const auto& [slot, name] : registers) *slot = find(name);
}

void RuleTile::step(const StepView& view, const TilePins& pins, const Change& change, TileState& out) {
  now_ = view.now, before_ = view.before, next_ = view.next, before_conditions_ = view.before_conditions;
  change_ = &change, pins_ = &pins, out_ = &out;
  out = *view.now;
  at(0, 0);
  if (pins.rst_n) {
    decide();
    for (Transfer& t : transfers_) t.push = t.pop = false;
    step_control();
    step_tags(), step_skew(), step_switch(), step_shadow(), step_pes();
    step_accumulators();
    step_reads();
    step_activation();
    at(0, 0);
    step_dispatch();
    step_queues();
    step_counters();
  } else {
    reset();
  }
  if (view.ruled_out != nullptr) *view.ruled_out = out;
  const Conditions taken = conditions_;
  const bool of_pin = change.site == Site::Register && change.field >= cmd_ready_.field;
  if (change.site == Site::Register && !of_pin) override_register(layout_->slot(change.field), view);
  drive_pins(change, out);
  if (of_pin) override_register(layout_->slot(change.field), view);
  conditions_ = taken;
}

void RuleTile::reset() {
  TileState& out = *out_;
  for (const Slot& slot : layout_->slots())
    if (!slot.memory) std::fill_n(out.begin() + static_cast<ptrdiff_t>(slot.at), slot.count * slot.words, 0);
  set(switch_age_, 0) = static_cast<uint64_t>(hw_.switch_age_limit());
  if (!floating_) return;
  for (int c = 0; c < hw_.cols; ++c) set(bias_, c) = 0x80000000u, set(random_, c) = seeded(0, c);
}

void RuleTile::override_register(const Slot& slot, const StepView& view) {
  const TileState ruled = *out_;
  const size_t words = static_cast<size_t>(slot.words);
  for (int e = 0; e < slot.count; ++e) {
    at(slot.row_of(e), slot.col_of(e));
    if (!change_->in(row_, col_)) continue;
    for (size_t w = 0; w < words; ++w) {
      uint64_t& x = (*out_)[slot.at + static_cast<size_t>(e) * words + w];
      x = overridden(slot, e, w, ruled, view);
    }
  }
}

uint64_t RuleTile::overridden(const Slot& slot, int e, size_t w, const TileState& ruled, const StepView& view) const {
  const size_t index = slot.at + static_cast<size_t>(e) * static_cast<size_t>(slot.words) + w;
  const int row = e / slot.lanes, lane = e % slot.lanes, rows = slot.count / slot.lanes;
  const auto from = [&](int element) { return element < 0 ? 0 : ruled[slot.at + static_cast<size_t>(element) * static_cast<size_t>(slot.words) + w]; };
  const uint64_t x = ruled[index];
  switch (change_->how) {
    case How::StuckBit:
      return static_cast<size_t>(change_->a / 64) != w ? x : change_->b != 0 ? x | uint64_t{1} << (change_->a % 64) : x & ~(uint64_t{1} << (change_->a % 64));
    case How::Late:
      return view.ruled == nullptr ? x : (*view.ruled)[index];
    case How::Early:
      return view.early == nullptr ? x : (*view.early)[index];
    case How::Frozen:
      return (*now_)[index];
    case How::NoReset:
      return pins_->rst_n ? x : (*now_)[index];
    case How::ResetValue:
      return pins_->rst_n ? x : change_->value;
    case How::Lane: {
      const int to = neighbour(lane, slot.lanes, *change_);
      return from(to < 0 ? -1 : row * slot.lanes + to);
    }
    case How::Row: {
      const int to = neighbour(row, rows, *change_);
      return from(to < 0 ? -1 : to * slot.lanes + lane);
    }
    case How::FirstLane:
      return from(row * slot.lanes);
    case How::FirstRow:
      return from(lane);
    case How::Reversed:
      return change_->a == 0 ? from(row * slot.lanes + slot.lanes - 1 - lane) : __builtin_bswap64(x) >> (64 - std::min(slot.width, 64));
    case How::FlipOnce:
      return view.cycle == static_cast<uint64_t>(change_->a) && w == 0 && e == change_->b ? x ^ change_->value : x;
    default:
      return x;
  }
}

void RuleTile::drive_pins(const Change& change, TileState& state) {
  now_ = &state, change_ = &change, out_ = &state;
  before_ = next_ = nullptr, before_conditions_ = nullptr;
  at(0, 0);
  const auto ready = [&](FifoName fifo) -> uint64_t {
    at(0, fifo);
    const int depth = queues_[fifo].mem.count;
    const bool space = fill(fifo) != limit(Site::FifoFull, depth) || (choice(Site::FifoRule) == kPushAsOnePopsReady && popping(fifo));
    return condition(Site::PinReady, space) ? 1 : 0;
  };
  const uint64_t ready_pins[] = {ready(kCommand), ready(kWeight), ready(kActivation)};
  set(cmd_ready_, 0) = ready_pins[0], set(weight_ready_, 0) = ready_pins[1], set(act_ready_, 0) = ready_pins[2];
  at(0, 0);
  set(out_valid_, 0) = fill(kOutput) != 0, set(rsp_valid_, 0) = fill(kResponse) != 0;
  for (int c = 0; c < hw_.cols; ++c) set(out_data_, c) = head_of(state, kOutput, 32 * c, 32);
  set(rsp_data_, 0) = head_of(state, kResponse, 0, 48);
  const bool idle = is_idle() && condition(Site::PinBusyCommand, fill(kCommand) == 0) && condition(Site::PinBusyOutput, fill(kOutput) == 0) &&
                    condition(Site::PinBusyResponse, fill(kResponse) == 0);
  set(busy_, 0) = idle ? 0 : 1;
  if (floating_)
    set(flags_, 0) = value(array_flags_, 0) | value(acc_flags_, 0) << 4 | value(acc_undefined_, 0) << 8 | value(act_flags_, 0) << 9;
  else
    set(flags_, 0) =
        value(acc_overflow_, 0) | value(acc_undefined_, 0) << 1 | value(act_overflow_, 0) << 2 | value(act_undefined_, 0) << 3 | value(act_saturated_, 0) << 4;
}

}  // namespace assay::npu
