// SPDX-License-Identifier: Apache-2.0
// All single changes that are tried: at every site what its role allows, and of every register that left the rules what does not need to know them.
#include "cosim/npu/diagnosis/collector.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "model/common/bits.hpp"

namespace assay::npu {
namespace {

double cost_of(const RuleChoice& choice) { return choice.cost >= 0 ? choice.cost : choice.code >= 32 ? 5 : 0.5; }

/// The site that reads what belongs to this one's operand.
Site other_part(Site site, bool floating) {
  switch (site) {
    case Site::PsumAct:
      return floating ? Site::PsumActLow : Site::PsumActHigh;
    case Site::PsumWeight:
      return floating ? Site::PsumWeightLow : Site::PsumWeightHigh;
    case Site::ActIn:
      return floating ? Site::ActValidIn : Site::ActHighIn;
    case Site::WeightShadow:
      return floating ? Site::None : Site::WeightShadowHigh;
    case Site::PsumAbove:
      return Site::AccNew;  // the partial sums that leave a row, wherever they go
    default:
      return Site::None;
  }
}

}  // namespace

void Collector::whole_operand(Site site) {
  Change change;
  change.site = site, change.also = other_part(site, hw_.floating());
  for (const How how : {How::Stale, How::Next}) {
    change.how = how;
    add_everywhere(change, 1);
  }
  neighbours(change, false, 1);
  if (hw_.rows > 1) neighbours(change, true, 1);
  for (const How how : {How::FirstLane, How::FirstRow}) {
    change.how = how, change.a = 0;
    add_everywhere(change, 2);
  }
  if (site != Site::PsumAbove) return;
  bits(change, 32, 1.5);
}

void Collector::site(Site site) {
  Change change;
  change.site = site;
  const int width = site_width(site, hw_);
  if (other_part(site, hw_.floating()) != Site::None) whole_operand(site);
  const auto with = [&](How how, int a, double cost, int b = 0) {
    change.how = how, change.a = a, change.b = b;
    add_everywhere(change, cost);
  };
  if (site == Site::AccSum || site == Site::AccOverflow) {  // one adder for the sums and the biases
    change.also = site == Site::AccSum ? Site::BiasSum : Site::BiasOverflow;
    for (const RuleChoice& choice : rule_choices(site, hw_)) with(How::Choice, choice.code, cost_of(choice));
    change.also = Site::None;
  }
  if (site == Site::DecodeActivation) {  // one decoder for both streams
    change.also = Site::DecodeWeight;
    for (const RuleChoice& choice : rule_choices(site, hw_)) with(How::Choice, choice.code, cost_of(choice));
    change.also = Site::None;
  }
  if (site == Site::RetireStage) {
    for (int stage = -1; stage < hw_.tag_stages() - 1; ++stage) with(How::Value, stage, 2);
    return;
  }
  switch (site_info(site).role) {
    case Role::Operand:
    case Role::Weight:
    case Role::Parameter:
    case Role::Control:
      return reads(site, width, 1);
    case Role::Mode:
      with(How::Stale, 0, 1), with(How::Next, 0, 1);
      with(How::Lane, -1, 1), with(How::Lane, 1, 1);
      with(How::Value, 0, 1);
      if (site == Site::LoadFormat || site == Site::MatmulFormat) with(How::Choice, kFormatOfOtherMoving, 0.5), with(How::Choice, kFormatOfOther, 0.5);
      if (width == 1) return with(How::Value, 1, 1);
      return bits(change, width, 2);
    case Role::Address:
      with(How::Value, 0, 0), with(How::Plus, 1, 1), with(How::Plus, -1, 1), with(How::Stale, 0, 1);
      with(How::Choice, clog2(hw_.acc_depth), 0.5);
      return bits(change, width, 1);
    case Role::Wait:
      with(How::Always, 0, 0), with(How::Always, 1, 1), with(How::Always, 2, 1), with(How::Never, 0, 2);
      return with(How::Stale, 0, 1);
    case Role::Condition:
      with(How::Always, 0, 0), with(How::Never, 0, 0), with(How::Stale, 0, 1);
      if (site == Site::ShadowEnable) with(How::Choice, 1, 1), with(How::Choice, 2, 1);
      return;
    case Role::Limit:
      with(How::Plus, 1, 0.5), with(How::Plus, -1, 0.5), with(How::Plus, 2, 2);
      return with(How::Plus, -2, 2);
    case Role::Lanes:
      with(How::Always, 0, 0), with(How::Plus, 1, 0.5), with(How::Plus, -1, 0.5);
      return with(How::Never, 0, 2);
    case Role::Rule:
      break;
  }
  for (const RuleChoice& choice : rule_choices(site, hw_)) with(How::Choice, choice.code, cost_of(choice));
}

std::vector<Hypothesis> hypotheses(const HwConfig& hw, const StateLayout& layout, const std::vector<Field>& fields, const Evidence& evidence) {
  Collector collector(hw, layout, fields, evidence);
  for (int s = static_cast<int>(Site::Register) + 1; s < static_cast<int>(Site::Count); ++s) collector.site(static_cast<Site>(s));
  collector.registers();
  return collector.take();
}

}  // namespace assay::npu
