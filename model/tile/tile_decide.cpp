// SPDX-License-Identifier: Apache-2.0
// What every unit of the tile does in a cycle, and the output pins: functions of the registers (spec sections 7 to 9, 12, 13).
#include "model/tile/tile_impl.hpp"

namespace assay {

template <class D>
void TileOf<D>::decide() {
  decision = Decision{};
  decision.idle = loads.empty() && matmuls.empty() && acts.empty() && !array.tags_valid() && !activation.stages_busy();
  if (!loads.empty()) decide_load();
  if (!matmuls.empty()) {
    const MatmulEntry& head = matmuls.front();
    decide_matmul(activation.returned(head.command.bank) == head.need_act);
  }
  if (!acts.empty()) {
    const ActEntry& head = acts.front();
    const bool bank_ready = head.command.op != Op::Activate || matmul_ret[head.command.bank] == head.need_matmul;
    decide_activation(activation.decide(&head.command, bank_ready));
  }
  if (!commands.empty()) decide_dispatch();
  outputs.flags = flags();
  drive_pins();
}

// Spec sections 8 and 17.6. With L > 1 the switch before this load walks down slower than rows are loaded, so each row waits for it; once the
// load's own switch has been issued, that one had passed the whole array (see decide_matmul).
bool Tile::Impl::row_permitted() const {
  const auto cols = static_cast<uint32_t>(config.cols);
  const bool before_own_switch = switch_issued == loads.front().need_switch;
  if (load_row == 0) return before_own_switch && switch_age >= cols;
  return config.pe_latency == 1 || !before_own_switch || switch_age >= cols + load_row * static_cast<uint32_t>(config.row_wait());
}

void Tile::Impl::decide_load() {
  const LoadEntry& head = loads.front();
  decision.load_permitted = row_permitted();
  decision.load_fire = decision.load_permitted && !weights.empty();
  decision.load_last = decision.load_fire && static_cast<int>(load_row) == head.k - 1;
  decision.load_counter = decision.load_fire ? kLoadBusy : decision.load_permitted ? kLoadData : kLoadHazard;
}

void Tile::Impl::decide_matmul(bool bank_ready) {
  const MatmulEntry& head = matmuls.front();
  const Command& c = head.command;
  decision.matmul_first = matmul_beat == 0;
  const bool bank_ok = !decision.matmul_first || bank_ready;
  // The last load is under way and its remaining rows wait in weight_fifo: they stay ahead of the wavefront.
  const auto load_in_time = [&] {
    const bool swept = config.pe_latency == 1 || switch_age == static_cast<uint32_t>(config.switch_age_limit());
    const bool next = ((load_done + 1) & kTicketMask) == head.need_load && decision.load_permitted && swept;
    return next && static_cast<uint32_t>(loads.front().k) - load_row <= weights.count();
  };
  const bool weights_ok = !decision.matmul_first || !c.switch_weights || load_done == head.need_load || load_in_time();
  decision.matmul_fire = bank_ok && weights_ok && !activations.empty();
  decision.matmul_last = decision.matmul_fire && static_cast<int>(matmul_beat) == c.m - 1;
  decision.matmul_counter = decision.matmul_fire ? kMatmulBusy : !bank_ok ? kMatmulBank : !weights_ok ? kMatmulWeights : kMatmulData;
}

void Tile::Impl::decide_activation(ActivationAction action) {
  decision.act = action;
  switch (action) {
    case ActivationAction::Beat:
    case ActivationAction::Parameter:
      decision.act_counter = kActBusy;
      break;
    case ActivationAction::StallBank:
      decision.act_counter = kActBank;
      break;
    case ActivationAction::StallOutput:
      decision.act_counter = kActOutput;
      break;
    default:
      decision.act_counter = kActDrain;
      break;
  }
}

void Tile::Impl::decide_dispatch() {
  const auto& [c, status] = commands.front();
  Counter stall = kNoCounter;  // the cause that holds the head back
  const auto require = [&](bool condition, Counter cause) {
    if (!condition && stall == kNoCounter) stall = cause;
  };
  if (status != Status::Ok) {
    require(!response.full(), kDispatchResponse);
  } else {
    switch (c.op) {
      case Op::LoadWeights:
        require(!loads.full(), kDispatchQueue);
        break;
      case Op::Matmul:
        require(!matmuls.full(), kDispatchQueue);
        break;
      case Op::Activate:
      case Op::LoadParam:
      case Op::LoadTable:
      case Op::LoadSeed:
        require(!acts.full(), kDispatchQueue);
        break;
      case Op::Clear:
        require(decision.idle, kDispatchIdle);
        break;
      case Op::Fence:
        require(decision.idle && output.empty(), kDispatchIdle), require(!response.full(), kDispatchResponse);
        break;
      case Op::ReadCounter:
        require(!response.full(), kDispatchResponse);
        break;
      default:
        break;
    }
  }
  decision.dispatch = stall == kNoCounter;
  decision.dispatch_counter = decision.dispatch ? kDispatchBusy : stall;
}

void Tile::Impl::drive_pins() {
  const auto bit = [](bool b, int at) { return static_cast<uint8_t>(b ? 1u << at : 0u); };
  outputs.cmd_ready = bit(!commands.full(), 0);
  outputs.weight_ready = bit(!weights.full(), 0);
  outputs.act_ready = bit(!activations.full(), 0);
  outputs.out_valid = bit(!output.empty(), 0);
  outputs.rsp_valid = bit(!response.empty(), 0);
  outputs.busy = bit(!(decision.idle && commands.empty() && output.empty() && response.empty()), 0);
  const uint8_t* out_head = output.head_data();
  out_data_offset = out_head - static_cast<const uint8_t*>(output.mem());
  outputs.out_data = reinterpret_cast<const uint32_t*>(out_head);
  std::memcpy(&outputs.rsp_data, response.head_data(), sizeof outputs.rsp_data);
}

// Spec sections 13 and 17.2.
template <class D>
uint16_t TileOf<D>::flags() const {
  return static_cast<uint16_t>(array.flags() | accumulators.flags() << array.kFlagBits | activation.flags() << (array.kFlagBits + accumulators.kFlagBits));
}

template void TileOf<IntegerDatapath>::decide();
template void TileOf<FloatingDatapath>::decide();

}  // namespace assay
