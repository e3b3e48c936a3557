// SPDX-License-Identifier: Apache-2.0
// Spec sections 6 to 9, 12 and 13: what the units do in a cycle, their registers, queues and counters.
#include <algorithm>

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

void RuleTile::step_control() {
  step_load();
  step_matmul();
  // Section 12: the activation unit's own registers
  if (d_.beat) {
    const int bank = static_cast<int>(head_of(*now_, kAct, 20, 4));
    set(act_beat_, 0) = d_.act_last ? 0 : (value(act_beat_, 0) + 1) & 0xFFFF;
    set(act_addr_, 0) = (d_.act_addr + head(Site::ActStride, kAct, 72, 16)) & 0xFFFF;
    const auto counted = static_cast<int>(number(Site::ActRetBank, static_cast<uint64_t>(bank), 4)) % act_ret_.count;
    if (d_.act_last) set(act_ret_, counted) = (value(act_ret_, counted) + 1) & kTicket;
  }
  transfers_[kAct].pop = d_.act_last || d_.parameter;
  const bool leaves = fill(kOutput) != 0 && pins_->out_ready;
  const bool taken = condition(Site::CreditTaken, d_.beat), returned = condition(Site::CreditReturned, leaves);
  const uint64_t credit = value(credit_, 0) + (taken ? 1 : 0) - (returned ? 1 : 0);
  set(credit_, 0) = credit & low_mask(credit_.width);
  transfers_[kOutput].pop = leaves;
  transfers_[kResponse].pop = fill(kResponse) != 0 && pins_->rsp_ready;
}

void RuleTile::step_load() {
  if (d_.load_fire) {
    set(load_row_, 0) = d_.load_last ? 0 : (value(load_row_, 0) + 1) & low_mask(load_row_.width);
    if (d_.load_last) set(load_done_, 0) = (value(load_done_, 0) + 1) & kTicket;
    transfers_[kWeight].pop = true;
    transfers_[kLoad].pop = d_.load_last;
  }
  const bool switched = condition(Site::SwitchCounts, d_.switch_first, d_.first);
  const uint64_t age = value(switch_age_, 0);
  if (switched) set(switch_issued_, 0) = (value(switch_issued_, 0) + 1) & kTicket;
  const auto top = static_cast<uint64_t>(limit(Site::SwitchAgeTop, hw_.switch_age_limit()));
  set(switch_age_, 0) = (switched ? static_cast<uint64_t>(limit(Site::SwitchAgeStart, 1)) : age < top ? age + 1 : age) & low_mask(switch_age_.width);
}

void RuleTile::step_matmul() {
  if (d_.fire) {
    set(matmul_beat_, 0) = d_.last ? 0 : (value(matmul_beat_, 0) + 1) & 0xFFFF;
    set(matmul_addr_, 0) = (d_.addr + head(Site::MatmulStride, kMatmul, floating_ ? 59 : 55, 16)) & 0xFFFF;
    transfers_[kActivation].pop = true;
    transfers_[kMatmul].pop = d_.last;
  }
  const int tail = static_cast<int>(number(Site::RetireStage, static_cast<uint64_t>(hw_.tag_stages() - 1), 16));
  const bool at_issue = tail < 0;
  const bool retires = at_issue ? d_.last : read(Site::RetireValid, tag_valid_, tail) != 0 && read(Site::RetireLast, tag_last_, tail) != 0;
  if (retires) {
    const uint64_t bank = at_issue ? static_cast<uint64_t>(d_.bank) : value(tag_entry_, tail) / static_cast<uint64_t>(hw_.acc_depth);
    const int counted = static_cast<int>(number(Site::RetireBank, bank, 4)) % matmul_ret_.count;
    set(matmul_ret_, counted) = (value(matmul_ret_, counted) + 1) & kTicket;
  }
}

void RuleTile::respond(uint64_t data, int status) {
  const uint64_t tag = head_of(*now_, kCommand, 8, 8);
  const uint64_t word = (data & 0xFFFFFFFF) | tag << 32 | (number(Site::ResponseStatus, static_cast<uint64_t>(status), 8) << 40);
  push(kResponse, &word);
}

// The queues' word layouts are those of sections 6 and 17.2; the head of the command FIFO is looked at.
void RuleTile::step_dispatch() {
  if (!d_.dispatch_has || !d_.dispatch) return;
  transfers_[kCommand].pop = true;
  if (d_.status != 0) return respond(0, d_.status);
  const auto field = [&](int lo, int n) { return head_of(*now_, kCommand, lo, n); };
  uint64_t word[3] = {};
  int top = 0;
  const auto add = [&](uint64_t v, int n) { put_word_bits(word, top, n, v), top += n; };
  const int bank = static_cast<int>(field(20, 4));
  const auto count = [&](const Slot& slot, int i) { set(slot, i) = (value(slot, i) + 1) & kTicket; };
  switch (static_cast<Op>(d_.op)) {
    case Op::LoadWeights:
      floating_ ? add(field(88, 4), 4) : add(field(16, 1), 1);
      add(field(40, 8), 8), add(read(Site::NeedSwitch, switch_disp_, 0), 10);
      push(kLoad, word);
      if (condition(Site::CountLoad, true)) count(load_disp_, 0);
      break;
    case Op::Matmul: {
      floating_ ? (add(field(88, 4), 4), add(field(17, 1), 1), add(field(18, 1), 1), add(field(19, 1), 1))
                : (add(field(16, 1), 1), add(field(17, 1), 1), add(field(18, 1), 1));
      add(field(20, 4), 4), add(field(24, 16), 16), add(field(40, 8), 8), add(field(48, 8), 8), add(field(56, 16), 16), add(field(72, 16), 16);
      add(read(Site::NeedLoad, load_disp_, 0), 10);
      add(read(Site::NeedAct, act_disp_, static_cast<int>(number(Site::NeedActBank, static_cast<uint64_t>(bank), 4))), 10);
      push(kMatmul, word);
      if (condition(Site::CountSwitch, field(17, 1) != 0)) count(switch_disp_, 0);
      count(matmul_disp_, static_cast<int>(number(Site::CountMatmulBank, static_cast<uint64_t>(bank), 4)) % matmul_disp_.count);
      break;
    }
    case Op::Activate:
    case Op::LoadParam:
    case Op::LoadTable:
    case Op::LoadSeed: {
      const bool waits = static_cast<Op>(d_.op) == Op::Activate;
      add(field(0, 64), 64), add(field(64, 64), 64);
      add(waits ? read(Site::NeedMatmul, matmul_disp_, static_cast<int>(number(Site::NeedMatmulBank, static_cast<uint64_t>(bank), 4))) : 0, 10);
      push(kAct, word);
      const int counted = static_cast<int>(number(Site::CountActBank, static_cast<uint64_t>(bank), 4)) % act_disp_.count;
      if (waits) count(act_disp_, counted);
      break;
    }
    case Op::Fence:
      respond(read(Site::ResponseFlags, flags_, 0), 0);
      break;
    case Op::ReadCounter: {
      const uint64_t counter = read(Site::ResponseCounter, counter_, static_cast<int>(field(24, 5)));
      respond(field(16, 1) != 0 ? counter >> 32 : counter, 0);
      break;
    }
    case Op::Clear:
      clear();
      break;
    default:
      break;
  }
}

// Sections 4 and 13; called after every other rule, which it wins over.
void RuleTile::clear() {
  const auto named = [&](int bit) { return head_of(*now_, kCommand, bit, 1) != 0; };
  if (named(16)) {
    const Slot* flags[] = {&array_flags_, &acc_overflow_, &acc_flags_, &acc_undefined_, &act_overflow_, &act_undefined_, &act_saturated_, &act_flags_};
    for (int i = 0; i < 8; ++i) {
      at(0, i);
      if (flags[i]->count != 0 && condition(Site::ClearFlag, true)) set(*flags[i], 0) = 0;
    }
  }
  for (int e = 0; named(18) && e < written_.count; ++e) {
    at(e % written_.lanes, e / written_.lanes);
    if (condition(Site::ClearWritten, true)) set(written_, e) = 0;
  }
  for (int line = 0; !floating_ && named(19) && line < table_written_.count; ++line) {
    at(0, line);
    if (condition(Site::ClearTable, true)) set(table_written_, line) = 0;
  }
  at(0, 0);
}

bool RuleTile::popping(FifoName fifo) {
  // The pins of a state are driven after its units have decided the step that led to it, so the pop is looked up anew.
  decide();
  return fifo == kCommand ? d_.dispatch_has && d_.dispatch : fifo == kWeight ? d_.load_fire : d_.fire;
}

void RuleTile::push(FifoName fifo, const uint64_t* data) {
  transfers_[fifo].push = true;
  std::copy_n(data, transfers_[fifo].data.size(), transfers_[fifo].data.begin());
}

// Section 6
void RuleTile::step_queues() {
  const auto stream = [&](FifoName fifo, bool valid, const uint8_t* data, size_t bytes) {
    Transfer& t = transfers_[fifo];
    at(0, fifo);
    const int rule = choice(Site::FifoRule);
    const bool space = fill(fifo) != limit(Site::FifoFull, queues_[fifo].mem.count);
    const bool as_one_pops = (rule == kPushAsOnePops || rule == kPushAsOnePopsReady) && t.pop;
    t.push = valid && (space || as_one_pops);
    if (!t.push) return;
    std::fill(t.data.begin(), t.data.end(), 0);
    std::memcpy(t.data.data(), data, bytes);
  };
  stream(kCommand, pins_->cmd_valid, pins_->cmd, 16);
  stream(kWeight, pins_->weight_valid, pins_->weight, static_cast<size_t>(hw_.cols * hw_.lane_bytes()));
  stream(kActivation, pins_->act_valid, pins_->act, static_cast<size_t>(hw_.rows * hw_.lane_bytes()));
  for (size_t i = 0; i < kFifos; ++i) {
    Transfer& t = transfers_[i];
    const Queue& q = queues_[i];
    at(0, static_cast<int>(i));
    const int depth = q.mem.count, rule = choice(Site::FifoRule);
    const bool fills = t.push && fill(static_cast<FifoName>(i)) == depth - 1;
    const bool dropped = fills && (rule == kDropFilling || (rule == kDropFillingUnlessPop && !t.pop));
    const bool lost = fills && rule == kCountFillingOnly;
    const bool pushed = condition(Site::FifoPush, t.push) && !dropped, popped = condition(Site::FifoPop, t.pop);
    const auto advance = [depth](uint64_t p) { return p + 1 >= static_cast<uint64_t>(depth) ? 0 : p + 1; };
    const uint64_t tail = value(q.wptr, 0) % static_cast<uint64_t>(depth);
    if (pushed && !lost) std::copy(t.data.begin(), t.data.end(), out_->begin() + static_cast<ptrdiff_t>(q.mem.at + tail * static_cast<size_t>(q.mem.words)));
    if (pushed) set(q.wptr, 0) = advance(value(q.wptr, 0));
    if (popped) set(q.rptr, 0) = advance(value(q.rptr, 0));
    set(q.count, 0) = (value(q.count, 0) + (pushed ? 1 : 0) - (popped ? 1 : 0)) & low_mask(q.count.width);
  }
  at(0, 0);
}

// Section 13
void RuleTile::step_counters() {
  const bool act_works = d_.beat || d_.parameter, activate = d_.act_op == static_cast<int>(Op::Activate);
  const bool counts[16] = {true,
                           d_.load_fire,
                           d_.load_has && !d_.load_permitted,
                           d_.load_has && d_.load_permitted && !d_.load_fire,
                           d_.fire,
                           d_.matmul_has && !d_.fire && !d_.bank_ok,
                           d_.matmul_has && !d_.fire && d_.bank_ok && !d_.weights_ok,
                           d_.matmul_has && !d_.fire && d_.bank_ok && d_.weights_ok,
                           act_works,
                           d_.act_has && activate && !d_.act_bank_ok,
                           d_.act_has && activate && d_.act_bank_ok && !d_.act_room,
                           d_.act_has && !activate && !d_.parameter,
                           d_.dispatch_has && d_.dispatch,
                           d_.dispatch_has && d_.stall == 1,
                           d_.dispatch_has && d_.stall == 2,
                           d_.dispatch_has && d_.stall == 3};
  const bool clears = d_.dispatch_has && d_.dispatch && d_.status == 0 && d_.op == static_cast<int>(Op::Clear) && head_of(*now_, kCommand, 17, 1) != 0;
  for (int i = 0; i < counter_.count; ++i) {
    at(0, i);
    const uint64_t next = value(counter_, i) + (condition(Site::CounterCounts, counts[i]) ? 1 : 0);
    set(counter_, i) = clears && condition(Site::ClearCounters, true) ? 0 : next & low_mask(48);
  }
  at(0, 0);
}

}  // namespace assay::npu
