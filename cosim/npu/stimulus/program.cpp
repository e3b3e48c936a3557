// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/program.hpp"

#include "cosim/npu/stimulus/maker.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kStream = 0x5717AA1u * 0x100 + kStimulusVersion;

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
      return scene_overflow(maker);
    case Order::Reset: {  // what is under way is what the scenes before left, and one more
      scene_job(maker);
      const int after = maker.chance(0.2) ? maker.pick(0, 12) : maker.pick(12, 900), cycles = maker.pick(1, 4);
      if (may_end_phase) maker.planner().reset(after, cycles);
      return;
    }
    case Order::Idle:
      if (may_end_phase) maker.planner().idle(maker.chance(0.5) ? maker.pick(0, 8) : maker.pick(8, 200));
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
  return planner.finish(stall);
}

}  // namespace assay::npu
