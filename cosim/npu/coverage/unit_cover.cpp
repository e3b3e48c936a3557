// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/unit_cover.hpp"

#include <algorithm>
#include <bit>

namespace assay::npu {
namespace {

using coverage::Mark;
using Labels = std::span<const size_t>;

/// First, middle and last row or beat; "only" is both ends at once.
uint32_t place(uint32_t at, int count) { return count == 1 ? 3 : at == 0 ? 0 : static_cast<int>(at) == count - 1 ? 2 : 1; }

std::vector<std::string> flag_names(const HwConfig& config) {
  if (!config.floating()) return {"acc_overflow", "acc_undefined", "act_overflow", "act_undefined", "act_saturated"};
  std::vector<std::string> names;
  const auto four = [&](const std::string& unit) {
    for (const char* flag : {"inexact", "underflow", "overflow", "invalid"}) names.push_back(unit + " " + flag);
  };
  four("array"), four("accumulators");
  names.emplace_back("acc_undefined");
  four("activation");
  return names;
}

}  // namespace

UnitCover::UnitCover(coverage::Space& space, const Tile& model)
    : config_(model.config()),
      act_beat_(model.fields(), "activation", "act_beat"),
      act_addr_(model.fields(), "activation", "act_addr"),
      credit_(model.fields(), "activation", "credit"),
      written_(model.fields(), "accumulators", "written") {
  add_load(space);
  add_matmul(space);
  add_activation(space);
  add_flags(space);
}

void UnitCover::add_load(coverage::Space& space) {
  const HwConfig hw = config_;
  load_row_ = space.add({"load.row",
                         "8",
                         "what the load unit does at which row",
                         "loads of several rows; {state} at row: {row}",
                         "tile.load_row",
                         {{"row", {"first", "middle", "last", "only"}}, {"state", {"fires", "hazard", "data"}}},
                         [hw](Labels l) -> Mark {
                           const bool later = l[0] == 1 || l[0] == 2;
                           if (hw.rows < 2 && later) return never("the tile has one row");
                           if (hw.rows < 3 && l[0] == 1) return never("the tile has no middle row");
                           return later && l[1] == 1 && hw.pe_latency == 1 ? never("with L = 1 only the first row waits for a switch") : Mark{};
                         }});
  load_hazard_ = space.add(
      {hw.pe_latency == 1 ? "load.hazard" : "load.hazard_slow",
       hw.pe_latency == 1 ? "8" : "17.6",
       "why a load must not begin or go on",
       "a load right behind a MATMUL with switch: {why}",
       "tile.switch_age",
       {{"why", {"switch not issued", "switch on its way", "switch on its way, later row"}}},
       [hw](Labels l) { return l[0] == 2 && (hw.pe_latency == 1 || hw.rows == 1) ? never("with L = 1 only the first row waits for a switch") : Mark{}; }});
  load_start_ = space.add({"load.start",
                           "8",
                           "when the first row of a load is written",
                           "weights that are there {when}",
                           "tile.load_row",
                           {{"when", {"in the first cycle after a hazard", "later than permitted", "without waiting"}}}});
  load_reload_ = space.add({"load.reload",
                            "8",
                            "loads since the last switch",
                            "{which} LOAD_WEIGHTS in a row without a MATMUL with switch between them",
                            "tile.load_done",
                            {{"which", {"first", "second", "third or later"}}}});
  load_switch_ = space.add({"load.while_switching",
                            "10",
                            "rows written while a switch walks through the array: where it is, and which row",
                            "a load right behind a switch, with the weights there, for row {row}",
                            "array.switch",
                            {{"row", {"first", "middle", "last", "only"}}, {"wave", {"none", "in the array"}}},
                            [hw](Labels l) -> Mark {
                              if (hw.rows < 2 && l[0] != 3) return never("the tile has one row");
                              if (hw.rows < 3 && l[0] == 1) return never("the tile has no middle row");
                              return {};
                            }});
}

void UnitCover::add_matmul(coverage::Space& space) {
  const auto name = [](const char* text) { return std::string(text); };
  matmul_wait_ = space.add({"matmul.wait",
                            "9",
                            "why a beat waits",
                            "MATMUL whose {beat} beat waits for {cause}, switch: {switch}",
                            "tile.matmul_beat",
                            {{"beat", {"first", "middle", "last", "only"}}, {"cause", {"bank", "weights", "data"}}, {"switch", {"no", "yes"}}},
                            [](Labels l) -> Mark {
                              if ((l[0] == 1 || l[0] == 2) && l[1] != 2) return illegal("only a first beat waits for its bank or its weights");
                              return l[1] == 1 && l[2] == 0 ? illegal("only a MATMUL with switch waits for weights") : Mark{};
                            }});
  matmul_weights_ = space.add({"matmul.weights",
                               "9",
                               "how the first beat of a MATMUL with switch finds its weights",
                               "a MATMUL with switch behind a load that is {how}",
                               "tile.load_done",
                               {{"how", {"done", "under way, more rows than needed wait", "under way, exactly its rows wait", "none since the last switch"}}}});
  matmul_gap_ = space.add({"matmul.gap",
                           "10",
                           "cycles between two beats in the array",
                           "an activation stream with bubbles, {between}: {gap} idle cycles",
                           "array.tag_valid",
                           {{"between", {"within a command", "between commands"}}, {"gap", {"0", "1", "2", "3..8", "more"}}}});
  matmul_interval_ = space.add({name("matmul.tile_interval"),
                                "9",
                                "cycles between two switches against max(m, R, C) of the first command",
                                "tiles of weights one after the other: switches {interval} apart",
                                "tile.switch_issued",
                                {{"interval", {"closer", "max(m,R,C)", "one more", "further"}}}});
}

void UnitCover::add_activation(coverage::Space& space) {
  const bool floating = config_.floating();
  act_wait_ = space.add({floating ? "float.activate.wait" : "int.activate.wait",
                         floating ? "17.9" : "12",
                         "what the activation unit does with which command",
                         "{command} that finds the unit so that it: {state}",
                         "activation.act_beat",
                         {{"command", {"ACTIVATE first", "ACTIVATE later", "LOAD_PARAM", floating ? "LOAD_SEED" : "LOAD_TABLE"}},
                          {"state", {"fires", "bank", "output", "drain"}}},
                         [](Labels l) -> Mark {
                           if (l[0] >= 2 && (l[1] == 1 || l[1] == 2)) return illegal("a parameter waits for the stages to drain only");
                           if (l[0] < 2 && l[1] == 3) return illegal("an ACTIVATE does not wait for the stages to drain");
                           return l[0] == 1 && l[1] == 1 ? illegal("only a first beat waits for its bank") : Mark{};
                         }});
  act_credit_ = space.add({"activate.credit",
                           "12",
                           "beats in flight and in the output FIFO when one more fires",
                           "output stalls, so that a beat fires at {credit}",
                           "activation.credit",
                           {{"credit", {"0", "some", "one left"}}}});
  act_entry_ = space.add({"activate.entry",
                          "5.8",
                          "entries that ACTIVATE reads: written or not, in one of its columns",
                          "ACTIVATE, {mode}, of entries that are {entry}",
                          "accumulators.read",
                          {{"mode", {"not raw", "raw"}}, {"entry", {"not written", "written"}}}});
  act_full_ = space.add({"activate.no_credit",
                         "12",
                         "where the beats are when credit is used up",
                         "output stalls while beats are {where}",
                         "activation.credit",
                         {{"where", {"all in the output FIFO", "some in the stages"}}}});
}

void UnitCover::add_flags(coverage::Space& space) {
  const bool floating = config_.floating();
  flag_ = space.add(
      {floating ? "float.flag" : "int.flag",
       floating ? "17.1" : "13",
       "life of a sticky flag",
       "operands that raise {flag}, CLEAR with and without flags behind them: {event}",
       "tile.flags",
       {{"flag", flag_names(config_)}, {"event", {"rises alone", "rises with others", "cleared by reset", "cleared", "rises again", "kept by a CLEAR"}}},
       [narrow = floating && !config_.has(Format::Bf16)](Labels l) {
         const bool far = l[0] == 1 || l[0] == 2 || l[0] == 5 || l[0] == 6;  // underflow and overflow of array and accumulators
         return narrow && far ? never("sums of products of this tile's formats stay within the normal range of FP32") : Mark{};
       }});
}

void UnitCover::begin() {
  load_before_ = kNoCounter;
  issued_ = switched_ = after_reset_ = false;
  loads_since_switch_ = 0;
  flags_before_ = risen_ = cleared_ = 0;
}

void UnitCover::reset_cycle() {
  after_reset_ = true;
  load_before_ = kNoCounter;
  issued_ = switched_ = false;
  loads_since_switch_ = 0;
}

void UnitCover::cycle(const CycleView& view, HitBytes& hits) {
  const Decision& d = view.tile.decision;
  if (d.load_counter != kNoCounter) load(view, hits);
  load_before_ = d.load_counter;
  if (d.matmul_counter != kNoCounter) matmul(view, hits);
  if (d.act != ActivationAction::None) activation(view, hits);
  if (view.tile.outputs.flags != flags_before_ || d.dispatch) flags(view, hits);
  after_reset_ = false;
}

void UnitCover::load(const CycleView& view, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  const LoadEntry& head = t.loads.front();
  const uint32_t row = place(t.load_row, head.k);
  const bool before_switch = t.switch_issued == head.need_switch;
  if (d.load_counter == kLoadHazard) hits(load_hazard_(t.load_row != 0 ? 2 : before_switch ? 1 : 0));
  hits(load_row_(row, d.load_counter - kLoadBusy));
  if (!d.load_fire) return;
  if (t.load_row == 0) hits(load_start_(load_before_ == kLoadHazard ? 0 : load_before_ == kLoadData ? 1 : 2));
  // the wave is in the array for R + C − 1 cycles (R·L with L > 1) behind its issue; switch_age counts them up to its limit only
  const bool wave = switched_ && view.cycle - last_switch_ < static_cast<uint64_t>(t.config.rows * t.config.pe_latency + t.config.cols);
  hits(load_switch_(row, wave ? 1 : 0));
  if (!d.load_last) return;
  hits(load_reload_(std::min(loads_since_switch_, 2u)));
  ++loads_since_switch_;
}

void UnitCover::matmul(const CycleView& view, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  const Command& c = t.matmuls.front().command;
  if (!d.matmul_fire) {
    hits(matmul_wait_(place(t.matmul_beat, c.m), d.matmul_counter - kMatmulBank, c.switch_weights ? 1 : 0));
    return;
  }
  const uint64_t gap = view.cycle - last_issue_ - 1;
  if (issued_) hits(matmul_gap_(d.matmul_first ? 1 : 0, gap <= 2 ? gap : gap <= 8 ? 3 : 4));
  if (d.matmul_first && c.switch_weights) matmul_start(t, view.cycle, hits);
  issued_ = true, last_issue_ = view.cycle;
}

void UnitCover::matmul_start(const Tile::Impl& t, uint64_t cycle, HitBytes& hits) {
  const MatmulEntry& head = t.matmuls.front();
  if (t.load_done != head.need_load) {
    hits(matmul_weights_(static_cast<uint32_t>(t.loads.front().k) - t.load_row == t.weights.count() ? 2 : 1));
  } else {
    hits(matmul_weights_(loads_since_switch_ == 0 ? 3 : 0));
  }
  if (switched_) {
    const uint64_t apart = cycle - last_switch_;
    const uint64_t least = std::max({last_switch_first_m_, static_cast<uint64_t>(t.config.rows), static_cast<uint64_t>(t.config.cols)});
    hits(matmul_interval_(apart < least ? 0 : apart == least ? 1 : apart == least + 1 ? 2 : 3));
  }
  switched_ = true, last_switch_ = cycle, last_switch_first_m_ = static_cast<uint64_t>(head.command.m);
  loads_since_switch_ = 0;
}

void UnitCover::activation(const CycleView& view, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const ActivationAction act = t.decision.act;
  const Op op = t.acts.front().command.op;
  const size_t which = op == Op::LoadParam ? 2 : op != Op::Activate ? 3 : act_beat_.half() == 0 ? 0 : 1;
  const bool fires = act == ActivationAction::Beat || act == ActivationAction::Parameter;
  hits(act_wait_(which, fires ? 0 : act == ActivationAction::StallBank ? 1 : act == ActivationAction::StallOutput ? 2 : 3));
  const auto depth = static_cast<uint32_t>(t.config.output_fifo_depth);
  if (act == ActivationAction::Beat) {
    const uint32_t credit = credit_.byte();
    const Command& c = t.acts.front().command;
    const size_t raw = c.raw ? 1 : 0;
    if (!hits.both(act_entry_(raw, 0), act_entry_(raw, 1))) {
      const uint32_t entry = static_cast<uint32_t>(c.bank * t.config.acc_depth) + (which == 0 ? static_cast<uint32_t>(c.base) : act_addr_.half());
      hits(act_entry_(raw, written_.get(drawn(view.draw(), 0, static_cast<uint32_t>(c.n)), entry)));
    }
    hits(act_credit_(credit == 0 ? 0 : credit == depth - 1 ? 2 : 1));
  } else if (act == ActivationAction::StallOutput) {
    hits(act_full_(t.output.count() == depth ? 0 : 1));
  }
}

void UnitCover::flags(const CycleView& view, HitBytes& hits) {
  const uint32_t now = view.tile.outputs.flags, risen = now & ~flags_before_, fallen = flags_before_ & ~now;
  const auto each = [](uint32_t mask, auto visit) {
    for (uint32_t left = mask; left != 0; left &= left - 1) visit(static_cast<uint32_t>(std::countr_zero(left)));
  };
  each(risen, [&](uint32_t f) {
    hits(flag_(f, (risen & (risen - 1)) == 0 ? 0 : 1));
    if ((cleared_ >> f & 1) != 0) hits(flag_(f, 4));
  });
  if (fallen != 0) {
    each(fallen, [&](uint32_t f) { hits(flag_(f, after_reset_ ? 2 : 3)); });
    cleared_ |= fallen;
  }
  const Decision& d = view.tile.decision;
  if (d.dispatch) {
    const auto& [c, status] = view.tile.commands.front();
    if (c.op == Op::Clear && status == Status::Ok && !c.clear_flags) each(now, [&](uint32_t f) { hits(flag_(f, 5)); });
  }
  flags_before_ = now;
}

}  // namespace assay::npu
