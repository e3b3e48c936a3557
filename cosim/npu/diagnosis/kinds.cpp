// SPDX-License-Identifier: Apache-2.0
// What a change is called: its family, and its words.
#include <string>

#include "cosim/npu/diagnosis/hypothesis.hpp"
#include "cosim/npu/diagnosis/rules.hpp"

namespace assay::npu {
namespace {

/// Families of single sites that have a name of their own; empty: the family of the role.
std::string special_kind(const Change& c) {
  const bool on = c.how == How::Always || (c.how == How::Value && c.a == 1), off = c.how == How::Never || (c.how == How::Value && c.a == 0);
  switch (c.site) {
    case Site::AccAccumulate:
    case Site::AccTakesOld:
    case Site::AccMode1:
    case Site::MatmulAccumulate:
      return on ? "accumulate.always" : off ? "accumulate.never" : "";
    case Site::AccHit:
      return on ? "forward.always" : off ? "forward.none" : "";
    case Site::AccDefined:
    case Site::ReadWritten:
    case Site::TableWritten:
      return on ? "undefined.kept" : off ? "undefined.always" : "";
    case Site::LoadUnsigned:
    case Site::PsumWeightHigh:
    case Site::WeightShadowHigh:
      return on || off ? "signedness.weight" : "";
    case Site::MatmulUnsigned:
    case Site::PsumActHigh:
    case Site::ActHighIn:
      return on || off ? "signedness.activation" : "";
    case Site::WeightSwitch:
    case Site::WeightEnable:
      return off || c.how == How::Stale || c.how == How::FirstLane || c.how == How::FirstRow ? "weight.stale" : on || c.how == How::Next ? "weight.shadow" : "";
    case Site::PsumWeight:
      return c.how == How::Next ? "weight.shadow" : "";
    case Site::ClearFlag:
    case Site::ClearCounters:
    case Site::ClearWritten:
    case Site::ClearTable:
      return off ? "clear.missing" : "";
    case Site::ShadowRow:
      return c.how == How::Plus ? "lane.row_shifted" : "";
    case Site::NeedSwitch:
    case Site::NeedLoad:
    case Site::NeedAct:
    case Site::NeedMatmul:
      return c.how == How::Next || c.how == How::Stale ? "ticket.off_by_one" : "";
    case Site::LoadFormat:
    case Site::MatmulFormat:
      return c.how == How::Choice ? "format.mixed" : "";
    case Site::FifoFull:
      return "fifo.depth";
    case Site::RetireStage:
      return "timing";
    case Site::ActDrainStages:
      return (c.how == How::StuckBit && c.b == 0) || c.how == How::Value ? "stall.dropped" : "";
    case Site::IdleStageCount:
      return c.a < 0 ? "stall.dropped" : "limit.off_by_one";
    default:
      return "";
  }
}

std::string role_kind(const Change& c, Role role) {
  const std::string base = role == Role::Weight      ? "weight"
                           : role == Role::Parameter ? "parameter"
                           : role == Role::Mode      ? "mode"
                           : role == Role::Operand   ? "operand"
                                                     : "";
  switch (c.how) {
    case How::Stale:
      return base.empty() ? "timing" : base == "mode" ? "mode.late" : base + ".stale";
    case How::Next:
      return base.empty() ? "timing" : base == "mode" ? "mode.early" : base + ".next";
    case How::Lane:
      return role == Role::Mode        ? (c.a < 0 ? "mode.early" : "mode.late")
             : role == Role::Parameter ? "parameter.neighbour"
             : role == Role::Control   ? "timing"
                                       : "lane.shifted";
    case How::Row:
      return "lane.row_shifted";
    case How::FirstLane:
    case How::FirstRow:
      return "lane.first";
    case How::StuckBit:
      return "bit.stuck";
    case How::Value:
      return is_bank(c.site) ? "address.bank_dropped" : role == Role::Address ? "address.ignored" : role == Role::Mode ? "mode.fixed" : "value.fixed";
    case How::Choice:
      return role == Role::Condition ? "load.lost" : "address.bank_dropped";
    case How::Plus:
      return role == Role::Address ? "address.off_by_one" : role == Role::Lanes ? "lane.mask" : "limit.off_by_one";
    case How::Always:
      return role == Role::Wait ? "stall.dropped" : role == Role::Lanes ? "lane.mask" : "condition.always";
    case How::Never:
      return role == Role::Wait ? "stall.endless" : role == Role::Lanes ? "lane.mask" : "condition.never";
    default:
      return "other";
  }
}

/// A vector whose places are stages of a pipeline: its neighbours are the cycles before and after.
bool is_pipeline(const std::string& name) { return name.starts_with("tag_") || name.starts_with("skew_") || name == "stage_valid" || name == "switch_line"; }

std::string register_kind(const Change& c, const std::string& name) {
  switch (c.how) {
    case How::NoReset:
    case How::ResetValue:
      return "reset.missing";
    case How::StuckBit:
      return "bit.stuck";
    case How::Lane:
      return is_pipeline(name) ? "timing" : "lane.shifted";
    case How::Row:
      return "lane.row_shifted";
    case How::FirstLane:
    case How::FirstRow:
      return is_pipeline(name) || name == "switch" ? "timing" : "lane.first";
    case How::Frozen:
      return "register.frozen";
    case How::Reversed:
      return "order.reversed";
    case How::FlipOnce:
      return "bit.flipped_once";
    default:
      return "timing";
  }
}

std::string list_of(const std::bitset<128>& set) {
  std::string text;
  if (set.count() > 2 && (set & (set << 1)).none() && (set ^ (set << 2)).count() == 2) {
    const size_t first = set._Find_first();
    return "every other one from " + std::to_string(first) + " to " + std::to_string(first + 2 * set.count() - 2);
  }
  for (size_t i = 0; i < set.size(); ++i) {
    if (!set.test(i)) continue;
    size_t end = i;
    while (end + 1 < set.size() && set.test(end + 1)) ++end;
    text += (text.empty() ? "" : ", ") + std::to_string(i) + (end > i ? " to " + std::to_string(end) : "");
    i = end;
  }
  return text;
}

std::string times(const Change& c) {
  const std::string beat = c.a == 1 ? " on a command's first beat" : c.a == 2 ? " after a command's first beat" : "";
  return beat;
}

std::string how_text(const Change& c) {
  const auto beside = [&](const char* what) {
    const std::string edge = c.b == 1 ? ", its own at the edge" : c.b == 2 ? ", around the corner at the edge" : "";
    return std::string("of the ") + what + (c.a < 0 ? " before" : " after") + edge;
  };
  switch (c.how) {
    case How::Stale:
      return "of the cycle before";
    case How::Next:
      return "one cycle early";
    case How::Lane:
      return beside("lane");
    case How::Row:
      return beside("row");
    case How::FirstLane:
      return "of lane 0";
    case How::FirstRow:
      return "of row 0";
    case How::Value:
      return "always " + std::to_string(c.a);
    case How::StuckBit:
      return "bit " + std::to_string(c.a) + " always " + std::to_string(c.b);
    case How::Always:
      return "always holds" + times(c);
    case How::Never:
      return "never holds" + times(c);
    case How::Plus:
      return (c.a > 0 ? "plus " : "minus ") + std::to_string(std::abs(c.a));
    case How::Choice:
      return "cut to its low " + std::to_string(c.a) + " bits";
    case How::Late:
      return "one cycle late";
    case How::Early:
      return "one cycle early";
    case How::Frozen:
      return "keeps its value";
    case How::NoReset:
      return "keeps its value through a reset";
    case How::ResetValue:
      return "has the reset value " + std::to_string(c.value);
    case How::Reversed:
      return c.a == 0 ? "its lanes in reverse" : "its bytes in reverse";
    case How::FlipOnce:
      return "bits turned over once, in cycle " + std::to_string(c.a) + "; a restatement of what differs first, by no rule of the specification";
    default:
      return "";
  }
}

std::string unit_text(const Change& c) {
  static const char* const kFifos[] = {"command_fifo", "weight_fifo", "activation_fifo", "load_queue",
                                       "matmul_queue", "act_queue",   "output_fifo",     "response_fifo"};
  const bool fifo = c.site == Site::FifoFull || c.site == Site::FifoPush || c.site == Site::FifoPop || c.site == Site::FifoRule || c.site == Site::PinReady ||
                    c.site == Site::DispatchQueue;
  if (fifo && c.cols.count() == 1 && c.rows.none()) {
    for (size_t i = 0; i < 8; ++i)
      if (c.cols.test(i)) return std::string(" of ") + kFifos[i];
  }
  static const char* const kFlags[] = {"array_flags",  "acc_overflow",  "acc_flags",     "acc_undefined",
                                       "act_overflow", "act_undefined", "act_saturated", "act_flags"};
  for (size_t i = 0; c.site == Site::ClearFlag && c.cols.count() == 1 && i < 8; ++i)
    if (c.cols.test(i)) return std::string(" of ") + kFlags[i];
  std::string text;
  if (c.rows.any()) text += ", row " + list_of(c.rows);
  if (c.cols.any()) text += ", lane " + list_of(c.cols);
  return text;
}

const RuleChoice* find_choice(const std::vector<RuleChoice>& choices, int code) {
  for (const RuleChoice& choice : choices)
    if (choice.code == code) return &choice;
  return nullptr;
}

}  // namespace

std::string kind_of(const Change& c, const HwConfig& hw, const std::vector<Field>& fields) {
  if (c.site == Site::Register) return register_kind(c, fields[c.field].name);
  const std::string special = special_kind(c);
  if (!special.empty()) return special;
  const Role role = site_info(c.site).role;
  if (role != Role::Rule) return role_kind(c, role);
  const auto choices = rule_choices(c.site, hw);
  const RuleChoice* choice = find_choice(choices, c.a);
  return choice == nullptr ? "other" : choice->kind;
}

std::string text_of(const Change& c, const HwConfig& hw, const std::vector<Field>& fields) {
  if (c.site == Site::Register) return fields[c.field].block + "." + fields[c.field].name + unit_text(c) + ": " + how_text(c);
  const SiteInfo& info = site_info(c.site);
  if (info.role == Role::Rule) {
    const auto choices = rule_choices(c.site, hw);
    const RuleChoice* choice = find_choice(choices, c.a);
    const std::string also = c.also == Site::None ? "" : " and " + std::string(site_info(c.also).rule);
    return std::string(info.rule) + also + unit_text(c) + ": " + (choice == nullptr ? "" : choice->text);
  }
  if ((c.site == Site::LoadFormat || c.site == Site::MatmulFormat) && c.how == How::Choice)
    return std::string(info.rule) + unit_text(c) + ": the codes are decoded in the format of the other stream's command" +
           (c.a == kFormatOfOtherMoving ? " while that one moves" : "");
  if (c.site == Site::ShadowEnable && c.how == How::Choice)
    return std::string(info.rule) + unit_text(c) + ": not loaded where a switch passes in the same cycle";
  return std::string(info.rule) + unit_text(c) + ": " + info.what + ", " + how_text(c);
}

}  // namespace assay::npu
