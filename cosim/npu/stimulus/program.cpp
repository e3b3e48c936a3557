// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/program.hpp"

#include "cosim/npu/stimulus/maker.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kStream = 0x5717AA1u * 0x100 + kStimulusVersion;

/// Work that a reset strikes in the middle. What a long phase did before is let finish, or the reset would wipe it out unseen.
void play_reset(Maker& maker, bool may_end_phase) {
  constexpr int kShort = 30;
  const int before = maker.emitted_in_phase(), rest = maker.pick(0, 8);
  if (may_end_phase && before > kShort) maker.end_by_idle(rest);
  scene_job(maker);
  if (maker.chance(0.5)) scene_handover(maker);
  const int after = maker.chance(0.25) ? maker.pick(0, 16) : maker.pick(16, 400), cycles = maker.pick(1, 4);
  maker.end_by_reset(after, cycles);
}

/// Every class of state is compared at least once in the last phase, whatever the scenes were and whenever the last reset struck.
void play_end(Maker& maker) {
  maker.begin(false);
  maker.add(maker.load(1));
  Command matmul = maker.matmul(2, 1, 1);
  matmul.switch_weights = true;
  maker.add(matmul);
  matmul.accumulate = true;
  matmul.switch_weights = false;
  maker.add(matmul);
  Command activate = maker.activate(2, 1);
  activate.bank = matmul.bank;
  activate.base = matmul.base;
  activate.stride = matmul.stride;
  maker.add(activate);
  maker.flush();
}

void play(Order order, Maker& maker, std::vector<uint16_t>& triples, bool may_end_phase) {
  switch (order) {
    case Order::Job:
      return scene_job(maker);
    case Order::Switch:
      return scene_switch(maker);
    case Order::Handover:
      return scene_handover(maker);
    case Order::Params:
      return scene_params(maker);
    case Order::Barrier:
      return scene_barrier(maker);
    case Order::Triples:
      return scene_triples(maker, triples);
    case Order::Random:
      return maker.add_random(maker.pick(8, 40));
    case Order::Directed:
      return scene_directed(maker);
    case Order::Overflow:
      scene_overflow(maker);
      if (may_end_phase && maker.chance(0.3)) {  // a reset finds the flag set
        maker.end_by_idle(0);
        maker.end_by_reset(maker.pick(1, 20), 1);
      }
      return;
    case Order::Reset:
      return play_reset(maker, may_end_phase);
    case Order::Idle:
      if (may_end_phase) maker.end_by_idle(maker.chance(0.5) ? maker.pick(0, 8) : maker.pick(8, 200));
      return scene_handover(maker);
  }
}

}  // namespace

StallProfile stall_profile(Stall stall, Random& random) {
  const auto lo = static_cast<int>(random.range(1, 8)), more = static_cast<int>(random.range(0, 40));
  const double share = static_cast<double>(random.range(1, 8));
  using Kind = StallProfile::Kind;
  switch (stall) {
    case Stall::None:
      break;
    case Stall::Light:
      return {Kind::Bubble, share * 0.03125, 0, 0};
    case Stall::Heavy:
      return {Kind::Bubble, 0.40625 + share * 0.0625, 0, 0};
    case Stall::Burst:
      return {Kind::Burst, 0.0, lo, lo + more};
    case Stall::PingPong:
      return {Kind::Burst, 0.0, 1, 1};
    case Stall::Long:
      return {Kind::Burst, 0.0, 32, 160 + more};
  }
  return {};
}

Program make_program(const HwConfig& config, uint64_t seed, const Dials& dials, int commands) {
  Planner planner(config, "program");
  Random random(seed, kStream);
  StallProfiles stall;
  if (random.chance(0.7) || dials.pinned(3))
    for (StallProfile* stream : {&stall.commands, &stall.weights, &stall.activations, &stall.output, &stall.response})
      *stream = stall_profile(dials.stall(random), random);
  Maker maker(planner, random, dials);
  std::vector<uint16_t> triples;
  int scenes = 0;
  while (maker.emitted() < commands) {
    play(dials.order(random), maker, triples, scenes > 0 && maker.emitted() < commands);
    ++scenes;
  }
  play_end(maker);
  return planner.finish(stall);
}

}  // namespace assay::npu
