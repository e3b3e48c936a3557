// SPDX-License-Identifier: Apache-2.0
// Spec sections 6 to 9 and 12: what the units do in a cycle.
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"
#include "model/common/command.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kTicket = 1023;

}  // namespace

bool RuleTile::is_idle() {
  bool tags = false, stages = false;
  for (int s = 0; s < tag_valid_.count; ++s) tags |= value(tag_valid_, s) != 0;
  for (int s = 0; s < limit(Site::IdleStageCount, stages_); ++s) stages |= value(stage_valid_, s) != 0;
  const bool loads = condition(Site::IdleLoads, fill(kLoad) == 0), matmuls = condition(Site::IdleMatmuls, fill(kMatmul) == 0);
  const bool acts = condition(Site::IdleActs, fill(kAct) == 0);
  const bool no_tags = condition(Site::IdleTags, !tags), no_stages = condition(Site::IdleStages, !stages);
  return loads && matmuls && acts && no_tags && no_stages;
}

void RuleTile::decide() {
  d_ = {};
  d_.idle = is_idle();
  d_.load_has = fill(kLoad) != 0, d_.matmul_has = fill(kMatmul) != 0, d_.act_has = fill(kAct) != 0, d_.dispatch_has = fill(kCommand) != 0;
  if (d_.load_has) decide_load();
  if (d_.matmul_has) decide_matmul();
  if (d_.act_has) decide_act();
  if (d_.dispatch_has) decide_dispatch();
}

// Sections 8 and 17.6
void RuleTile::decide_load() {
  const int row = static_cast<int>(value(load_row_, 0)), age = static_cast<int>(value(switch_age_, 0));
  const int k = static_cast<int>(head(Site::LoadK, kLoad, floating_ ? 4 : 1, 8));
  const bool own_ahead = condition(Site::LoadTicket, value(switch_issued_, 0) == head(Site::LoadNeed, kLoad, floating_ ? 12 : 9, 10));
  const int passed = limit(Site::LoadAgeLimit, hw_.cols + row * hw_.row_wait());
  const bool aged = condition(Site::LoadAge, age >= passed);
  const bool under_way = condition(Site::LoadContinues, row != 0);
  if (hw_.pe_latency == 1)
    d_.load_permitted = under_way || (own_ahead && aged);
  else
    d_.load_permitted = under_way ? !own_ahead || aged : own_ahead && aged;
  d_.load_fire = d_.load_permitted && condition(Site::LoadData, fill(kWeight) != 0);
  d_.load_last = d_.load_fire && row == limit(Site::LoadLast, k - 1);
}

// Sections 9 and 17.6
void RuleTile::decide_matmul() {
  const int after_flags = floating_ ? 4 : 0;
  const bool first = d_.first = value(matmul_beat_, 0) == 0;
  d_.bank = static_cast<int>(head_of(*now_, kMatmul, 3 + after_flags, 4));
  const int m = static_cast<int>(head_of(*now_, kMatmul, 7 + after_flags, 16));
  d_.k = static_cast<int>(head_of(*now_, kMatmul, 23 + after_flags, 8));
  d_.n = static_cast<int>(head(Site::MatmulColumns, kMatmul, 31 + after_flags, 8));
  d_.addr = first ? head(Site::MatmulBase, kMatmul, 39 + after_flags, 16) : number(Site::MatmulAddress, value(matmul_addr_, 0), 16);
  const uint64_t need_load = head(Site::MatmulNeedLoad, kMatmul, 71 + after_flags, 10);
  const uint64_t need_act = head(Site::MatmulNeedAct, kMatmul, 81 + after_flags, 10);
  const bool switches = head(Site::MatmulSwitch, kMatmul, floating_ ? 4 : 1, 1) != 0;
  const int entry_bits = clog2(hw_.entries());
  const uint64_t entry = static_cast<uint64_t>(d_.bank) * static_cast<uint64_t>(hw_.acc_depth) + d_.addr;
  d_.entry = static_cast<int>(number(Site::MatmulEntry, entry & low_mask(entry_bits), entry_bits));

  const uint64_t returned = value(act_ret_, static_cast<int>(number(Site::MatmulBankIndex, static_cast<uint64_t>(d_.bank), 4)));
  d_.bank_ok = condition(Site::MatmulBank, !first || returned == need_act, first);
  const int left = static_cast<int>(head_of(*now_, kLoad, floating_ ? 4 : 1, 8)) - static_cast<int>(value(load_row_, 0));
  const bool swept = hw_.pe_latency == 1 || static_cast<int>(value(switch_age_, 0)) == hw_.switch_age_limit();
  const bool in_time =
      ((value(load_done_, 0) + 1) & kTicket) == need_load && d_.load_permitted && swept && limit(Site::MatmulInTimeRows, left) <= fill(kWeight);
  const bool loaded = value(load_done_, 0) == need_load || condition(Site::MatmulInTime, in_time);
  d_.weights_ok = condition(Site::MatmulWeights, !first || !switches || loaded, first);
  const bool data = condition(Site::MatmulData, fill(kActivation) != 0, first);
  d_.fire = d_.bank_ok && d_.weights_ok && data;
  d_.last = d_.fire && static_cast<int>(value(matmul_beat_, 0)) == limit(Site::MatmulLast, m - 1);
  d_.switch_first = d_.fire && condition(Site::SwitchFirst, first && switches, first);
}

// Section 12
void RuleTile::decide_act() {
  d_.act_op = static_cast<int>(head_of(*now_, kAct, 0, 4));
  uint64_t valid = 0;
  for (int s = 0; s < stages_; ++s) valid |= value(stage_valid_, s) << s;
  d_.drained = condition(Site::ActDrain, number(Site::ActDrainStages, valid, stages_) == 0);
  if (d_.act_op != static_cast<int>(Op::Activate)) {
    d_.parameter = d_.drained;
    return;
  }
  const bool first = value(act_beat_, 0) == 0;
  const auto bank = head_of(*now_, kAct, 20, 4);
  const int m = static_cast<int>(head_of(*now_, kAct, 24, 16));
  d_.act_n = static_cast<int>(head_of(*now_, kAct, 48, 8));
  d_.act_addr = first ? head(Site::ActBase, kAct, 56, 16) : number(Site::ActAddress, value(act_addr_, 0), 16);
  const uint64_t returned = value(matmul_ret_, static_cast<int>(number(Site::ActBankIndex, bank, 4)));
  d_.act_bank_ok = condition(Site::ActBank, !first || returned == head(Site::ActNeed, kAct, 128, 10), first);
  d_.act_room = condition(Site::ActCredit, static_cast<int>(value(credit_, 0)) < limit(Site::ActCreditLimit, hw_.output_fifo_depth), first);
  d_.beat = d_.act_bank_ok && d_.act_room;
  d_.act_last = d_.beat && static_cast<int>(value(act_beat_, 0)) == limit(Site::ActLast, m - 1);
  const int entry_bits = clog2(hw_.entries());
  const uint64_t entry = bank * static_cast<uint64_t>(hw_.acc_depth) + d_.act_addr;
  d_.act_entry = static_cast<int>(number(Site::ActEntry, entry & low_mask(entry_bits), entry_bits));
}

// Section 7
void RuleTile::decide_dispatch() {
  d_.status = command_status();
  d_.op = static_cast<int>(head_of(*now_, kCommand, 0, 4));
  const auto require = [&](bool condition, int cause) {
    if (!condition && d_.stall == 0) d_.stall = cause;
  };
  const auto room = [&](FifoName fifo) {
    at(0, fifo);
    const int rule = choice(Site::FifoRule);
    const bool leaves = fifo == kLoad ? d_.load_last : fifo == kMatmul ? d_.last : d_.act_last || d_.parameter;
    const bool as_one_pops = leaves && (rule == kPushAsOnePops || rule == kPushAsOnePopsReady);
    const bool space = condition(Site::DispatchQueue, fill(fifo) != limit(Site::FifoFull, queues_[fifo].mem.count) || as_one_pops);
    at(0, 0);
    return space;
  };
  const bool response = condition(Site::DispatchResponse, fill(kResponse) != queues_[kResponse].mem.count);
  if (d_.status != 0) {
    require(response, 3);
  } else {
    switch (static_cast<Op>(d_.op)) {
      case Op::LoadWeights:
        require(room(kLoad), 1);
        break;
      case Op::Matmul:
        require(room(kMatmul), 1);
        break;
      case Op::Activate:
      case Op::LoadParam:
      case Op::LoadTable:
      case Op::LoadSeed:
        require(room(kAct), 1);
        break;
      case Op::Clear:
        require(condition(Site::DispatchIdle, d_.idle), 2);
        break;
      case Op::Fence:
        require(condition(Site::DispatchIdle, d_.idle) && condition(Site::DispatchOutput, fill(kOutput) == 0), 2), require(response, 3);
        break;
      case Op::ReadCounter:
        require(response, 3);
        break;
      default:
        break;
    }
  }
  d_.dispatch = d_.stall == 0;
}

}  // namespace assay::npu
