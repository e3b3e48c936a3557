// SPDX-License-Identifier: Apache-2.0
// Spec sections 6 to 9, 12 and 13: registers, queues and counters of the units.
#include <algorithm>

#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"
#include "model/common/command.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kTicket = 1023;

}  // namespace

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
