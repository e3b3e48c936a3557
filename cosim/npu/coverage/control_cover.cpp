// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/control_cover.hpp"

#include <algorithm>

namespace assay::npu {
namespace {

using coverage::Axis;
using coverage::Mark;

using Labels = std::span<const size_t>;

const Axis kLoadAxis{"load", {"none", "fires", "hazard", "data"}};
const Axis kMatmulAxis{"matmul", {"none", "fires", "bank", "weights", "data"}};
const Axis kActAxis{"activation", {"none", "beat", "parameter", "bank", "output", "drain"}};
const Axis kDispatchAxis{"dispatch", {"none", "dispatches", "queue", "idle", "response"}};

constexpr std::array<const char*, 8> kFifoNames{"command_fifo", "weight_fifo", "activation_fifo", "load_queue",
                                                "matmul_queue", "act_queue",   "output_fifo",     "response_fifo"};
constexpr std::array<const char*, 5> kStreamNames{"cmd", "weight", "act", "out", "rsp"};

/// Numbers on the axes above by counter of spec section 13: load, matmul (activation), dispatch.
constexpr std::array<uint8_t, kCounterBins> kCode{0, 1, 2, 3, 1, 2, 3, 4, 0, 0, 0, 0, 1, 2, 3, 4, 0};

/// Pairs of states of two units that the rules of sections 8, 9 and 12 exclude.
Mark pair_mark(const std::string& first, const std::string& second, const std::string& axes) {
  if (axes == "load matmul" && first == "none" && second == "weights") return illegal("a load that a matmul waits for is in the load queue");
  if (axes == "matmul activation" && first == "bank" && second == "none") return illegal("an ACTIVATE that a matmul waits for is in the activation queue");
  return {};
}

}  // namespace

ControlCover::ControlCover(coverage::Space& space, const Tile& model)
    : stage_valid_(model.fields(), "activation", "stage_valid"), act_beat_(model.fields(), "activation", "act_beat") {
  last_stage_bit_ = model.config().floating() ? 4 : 16;
  add_units(space);
  add_fifos(space, model.config());
  add_streams(space);
  add_reset(space);
}

void ControlCover::add_units(coverage::Space& space) {
  const auto pair = [&](const Axis& a, const Axis& b, const char* section, const char* field) {
    return space.add(
        {"units." + a.name + "_" + b.name,
         section,
         "what two units do in the same cycle",
         "programs in which " + a.name + " ({" + a.name + "}) and " + b.name + " ({" + b.name + "}) overlap: long, with stalls on the streams they wait for",
         field,
         {a, b},
         [a, b](Labels l) { return pair_mark(a.labels[l[0]], b.labels[l[1]], a.name + " " + b.name); }});
  };
  pairs_ = {pair(kLoadAxis, kMatmulAxis, "9", "tile.matmul_beat"),     pair(kLoadAxis, kActAxis, "8", "tile.load_row"),
            pair(kMatmulAxis, kActAxis, "12", "activation.act_beat"),  pair(kDispatchAxis, kLoadAxis, "7", "tile.load_disp"),
            pair(kDispatchAxis, kMatmulAxis, "7", "tile.matmul_disp"), pair(kDispatchAxis, kActAxis, "7", "tile.act_disp")};
  const int width = last_stage_bit_ == 4 ? 3 : 5;
  std::vector<std::string> patterns;
  for (int v = 0; v < 1 << width; ++v) {
    std::string text;
    for (int i = 0; i < width; ++i) text += (v >> i & 1) != 0 ? '1' : '0';
    patterns.push_back(text);
  }
  stages_ = space.add({width == 3 ? "float.activate.stages" : "int.activate.stages",
                       width == 3 ? "17.9" : "12",
                       "which stages of the activation unit hold a beat, stage 0 first",
                       "ACTIVATE beats with gaps that leave the pattern {stages}: output stalls of one or two cycles",
                       "activation.stage_valid",
                       {{"stages", patterns}}});
}

void ControlCover::add_fifos(coverage::Space& space, const HwConfig& config) {
  const std::array<int, kFifos> depths{config.command_fifo_depth, config.weight_fifo_depth, config.activation_fifo_depth, config.queue_depth,
                                       config.queue_depth,        config.queue_depth,       config.output_fifo_depth,     config.response_fifo_depth};
  const Axis level{"level", {"empty", "1", "mid", "full-1", "full"}}, move{"move", {"none", "push", "pop", "both"}};
  for (size_t f = 0; f < kFifos; ++f) {
    const int depth = depths[f];
    const auto level_of = [depth](int n) { return n == 0 ? 0 : n == depth ? 4 : n == depth - 1 ? 3 : n == 1 ? 1 : 2; };
    const auto mark = [=](Labels l) -> Mark {
      if (l[0] == 4 && (l[1] & 1) != 0) return illegal("a push needs a FIFO that is not full");
      if (l[0] == 0 && (l[1] & 2) != 0) return illegal("a pop needs a FIFO that is not empty");
      if ((l[0] == 1 && depth < 3) || (l[0] == 2 && depth < 4)) return never("a FIFO of this depth has no such level");
      return {};
    };
    const std::string name = kFifoNames[f];
    const coverage::Bins bins = space.add({"fifo." + name,
                                           "6",
                                           "level of " + name + " and what happens to it in the cycle",
                                           "a stall profile that keeps " + name + " at {level} while it sees {move}",
                                           "tile." + name + "_count",
                                           {level, move},
                                           mark});
    level_at_[f] = static_cast<uint32_t>(levels_.size());
    levels_.resize(levels_.size() + 4 * static_cast<size_t>(depth + 1));
    for (int n = 0; n <= depth; ++n) level_bins_[f].push_back(bins(level_of(n), 0));
  }
}

void ControlCover::add_streams(coverage::Space& space) {
  const std::vector<std::string> now{"quiet", "valid", "ready", "transfer"};
  std::vector<std::string> before = now;
  before.push_back("reset");
  for (size_t s = 0; s < kStreams; ++s) {
    const bool input = s < 3;
    const auto mark = [input](Labels l) -> Mark {
      const bool valid = (l[1] & 1) != 0, ready = (l[1] & 2) != 0;
      if (l[0] == 1 && !valid) return illegal("valid, once raised, stays until the transfer");
      if (input && (l[0] == 2 || l[0] == kResetCode) && !ready) return illegal("a FIFO with room fills only by a transfer");
      if (!input && l[0] == kResetCode && valid) return illegal("nothing is there to send behind a reset");
      return {};
    };
    const std::string name = kStreamNames[s];
    stream_first_[s] = space
                           .add({"handshake." + name,
                                 "3",
                                 "valid and ready of stream " + name + " in a cycle and the one before",
                                 "stall profiles of " + name + " and of what drains it, so that {now} follows {before}",
                                 input ? "tile." + name + "_ready" : "tile." + name + "_valid",
                                 {{"before", before}, {"now", now}},
                                 mark})
                           .first;
  }
}

void ControlCover::add_reset(coverage::Space& space) {
  reset_during_ = space.add({"reset.during",
                             "1",
                             "what was under way when reset struck",
                             "a reset in the middle of a stream, while {what}",
                             "tile.load_row",
                             {{"what",
                               {"nothing", "load", "load waits", "matmul", "matmul waits", "a beat in the array", "a weight switch", "activation",
                                "activation waits", "a dispatch waits", "output waits", "a response waits", "weights wait", "activations wait"}}}});
  reset_pins_ = space.add({"reset.pins",
                           "1",
                           "handshake pins of the inputs while reset is low",
                           "resets of several cycles with random pins: {pin} {value}",
                           "tile.command_fifo_count",
                           {{"pin", {"cmd_valid", "weight_valid", "act_valid", "out_ready", "rsp_ready"}}, {"value", {"0", "1"}}}});
  reset_length_ = space.add(
      {"reset.length", "1", "cycles of a reset", "a phase that ends with a reset of {cycles} cycles", "tile.counter", {{"cycles", {"1", "2", "3", "more"}}}});
}

void ControlCover::begin() {
  states_.fill(0), stage_values_.fill(0), stream_before_.fill(kResetCode);
  levels_.assign(levels_.size(), 0);
  for (auto& stream : handshakes_) stream.fill(0);
  in_reset_ = 0;
}

inline uint32_t ControlCover::pushes(const CycleView& view, uint32_t stages) const {
  const Tile::Impl& t = view.tile;
  uint32_t mask = (view.in.cmd_valid && t.outputs.cmd_ready ? 1u : 0u) | (view.in.weight_valid && t.outputs.weight_ready ? 2u : 0u) |
                  (view.in.act_valid && t.outputs.act_ready ? 4u : 0u) | ((stages & last_stage_bit_) != 0 ? 64u : 0u);
  if (!t.decision.dispatch) return mask;
  const auto& [c, status] = t.commands.front();
  if (status != Status::Ok || c.op == Op::Fence || c.op == Op::ReadCounter) return mask | 128u;
  if (c.op == Op::LoadWeights) return mask | 8u;
  if (c.op == Op::Matmul) return mask | 16u;
  return c.op == Op::Nop || c.op == Op::Clear ? mask : mask | 32u;
}

inline uint32_t ControlCover::pops(const CycleView& view) const {
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  const auto bit = [](bool set, int at) { return set ? 1u << at : 0u; };
  const bool act_done =
      d.act == ActivationAction::Parameter || (d.act == ActivationAction::Beat && static_cast<int>(act_beat_.half()) == t.acts.front().command.m - 1);
  return bit(d.dispatch, 0) | bit(d.load_fire, 1) | bit(d.matmul_fire, 2) | bit(d.load_last, 3) | bit(d.matmul_last, 4) | bit(act_done, 5) |
         bit(view.in.out_ready && t.outputs.out_valid, 6) | bit(view.in.rsp_ready && t.outputs.rsp_valid, 7);
}

void ControlCover::cycle(const CycleView& view, HitBytes& hits) {
  if (!view.in.rst_n) return reset_cycle(view, hits);
  if (in_reset_ != 0) end_reset(hits);
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  const auto act = static_cast<size_t>(d.act);
  states_[((kCode[d.load_counter] * kMatmul + kCode[d.matmul_counter]) * kAct + act) * kDispatch + kCode[d.dispatch_counter]] = 1;
  const uint32_t stages = stage_valid_.byte();
  stage_values_[stages] = 1;
  const uint32_t push = pushes(view, stages), pop = pops(view);
  const auto level = [&](size_t f, const Fifo& fifo) { levels_[level_at_[f] + 4 * fifo.count() + (push >> f & 1) + 2 * (pop >> f & 1)] = 1; };
  level(0, t.commands), level(1, t.weights), level(2, t.activations), level(3, t.loads), level(4, t.matmuls), level(5, t.acts);
  level(6, t.output), level(7, t.response);
  const std::array<uint32_t, kStreams> now{
      (view.in.cmd_valid ? 1u : 0u) | (t.outputs.cmd_ready ? 2u : 0u), (view.in.weight_valid ? 1u : 0u) | (t.outputs.weight_ready ? 2u : 0u),
      (view.in.act_valid ? 1u : 0u) | (t.outputs.act_ready ? 2u : 0u), (t.outputs.out_valid ? 1u : 0u) | (view.in.out_ready ? 2u : 0u),
      (t.outputs.rsp_valid ? 1u : 0u) | (view.in.rsp_ready ? 2u : 0u)};
  for (size_t s = 0; s < kStreams; ++s) handshakes_[s][4 * stream_before_[s] + now[s]] = 1;
  stream_before_ = now;
}

void ControlCover::reset_cycle(const CycleView& view, HitBytes& hits) {
  const std::array<bool, 5> pins{view.in.cmd_valid, view.in.weight_valid, view.in.act_valid, view.in.out_ready, view.in.rsp_ready};
  for (size_t p = 0; p < pins.size(); ++p) hits(reset_pins_(p, pins[p] ? 1 : 0));
  if (in_reset_++ != 0) return;
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  const auto limit = static_cast<uint32_t>(t.config.switch_age_limit());
  const std::array<bool, 14> what{t.outputs.busy == 0,
                                  d.load_counter == kLoadBusy,
                                  d.load_counter == kLoadHazard || d.load_counter == kLoadData,
                                  d.matmul_counter == kMatmulBusy,
                                  d.matmul_counter != kNoCounter && d.matmul_counter != kMatmulBusy,
                                  t.tags().columns[0] != 0,
                                  t.switch_age < limit,
                                  d.act_counter == kActBusy,
                                  d.act_counter != kNoCounter && d.act_counter != kActBusy,
                                  d.dispatch_counter != kNoCounter && d.dispatch_counter != kDispatchBusy,
                                  !t.output.empty(),
                                  !t.response.empty(),
                                  !t.weights.empty(),
                                  !t.activations.empty()};
  for (size_t i = 0; i < what.size(); ++i)
    if (what[i]) hits(reset_during_(i));
}

void ControlCover::end_reset(HitBytes& hits) {
  hits(reset_length_(std::min(in_reset_, 4u) - 1));
  in_reset_ = 0;
  stream_before_.fill(kResetCode);
}

void ControlCover::finish(HitBytes& hits) {
  for (size_t i = 0; i < kStates; ++i) {
    if (states_[i] == 0) continue;
    const size_t dispatch = i % kDispatch, act = i / kDispatch % kAct, matmul = i / (kDispatch * kAct) % kMatmul, load = i / (kDispatch * kAct * kMatmul);
    hits(pairs_[0](load, matmul)), hits(pairs_[1](load, act)), hits(pairs_[2](matmul, act));
    hits(pairs_[3](dispatch, load)), hits(pairs_[4](dispatch, matmul)), hits(pairs_[5](dispatch, act));
  }
  for (size_t f = 0; f < kFifos; ++f) {
    for (size_t n = 0; n < level_bins_[f].size(); ++n)
      for (uint32_t move = 0; move < 4; ++move)
        if (levels_[level_at_[f] + 4 * n + move] != 0) hits(level_bins_[f][n] + move);
  }
  for (size_t s = 0; s < kStreams; ++s)
    for (uint32_t i = 0; i < handshakes_[s].size(); ++i)
      if (handshakes_[s][i] != 0) hits(stream_first_[s] + i);
  for (size_t v = 0; v < stage_values_.size(); ++v)
    if (stage_values_[v] != 0) hits(stages_(v));
}

}  // namespace assay::npu
