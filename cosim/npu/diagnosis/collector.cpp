// SPDX-License-Identifier: Apache-2.0
// What sites and registers have in common: lanes, neighbours, bits; and changes of whole registers.
#include "cosim/npu/diagnosis/collector.hpp"

#include <algorithm>
#include <cmath>

namespace assay::npu {
namespace {

using Lanes = Evidence::Lanes;

/// Lanes 0, 2, … or 1, 3, … of n: units are often built in pairs.
std::bitset<128> every_other(int n, int first) {
  std::bitset<128> set;
  for (int i = first; i < n && n > 2; i += 2) set.set(static_cast<size_t>(i) & 127);
  return set;
}

/// Bits that it takes to name a set of lanes among n.
double lane_cost(const std::bitset<128>& set, int n) {
  if (set.none()) return 0;
  return set.count() == 1 ? std::log2(n) : n;
}

}  // namespace

void Collector::add_masks(size_t field) {
  const Slot& slot = layout_.slot(field);
  const Lanes& seen = evidence_.lanes.at(field);
  const bool grid = slot.count > slot.lanes && slot.lanes > 1;
  const auto known = [&](const Lanes& mask) {
    return std::any_of(masks_.begin(), masks_.end(), [&](const Lanes& m) { return m.rows == mask.rows && m.cols == mask.cols; });
  };
  const auto take = [&](const Lanes& mask) {
    if (!known(mask) && masks_.size() < 12) masks_.push_back(mask);
  };
  if (slot.count == 1 || slot.count > 128 * 128) return;
  if (slot.by_column) {
    if (seen.cols.count() < static_cast<size_t>(hw_.cols)) take({{}, seen.cols});
    return;
  }
  if (seen.cols.count() < static_cast<size_t>(slot.lanes == 1 ? slot.count : slot.lanes)) take({{}, seen.cols});
  if (grid && seen.rows.count() < static_cast<size_t>(slot.count / slot.lanes)) {
    take({seen.rows, {}});
    if (seen.cols.count() < static_cast<size_t>(slot.lanes)) take(seen);
  }
}

void Collector::add(Change change, double cost) {
  const double lanes = change.cols == every_other(hw_.cols, 0) || change.cols == every_other(hw_.cols, 1) ? 3 : lane_cost(change.cols, std::max(hw_.cols, 16));
  cost += lane_cost(change.rows, hw_.rows) + lanes;
  all_.push_back({change, kind_of(change, hw_, fields_), "", cost});
}

/// For all lanes, for those that the evidence shows, and at sites that stand for several units for each of them.
void Collector::add_everywhere(const Change& change, double cost) {
  for (const Lanes& mask : masks_) {
    Change c = change;
    c.rows = mask.rows, c.cols = mask.cols;
    add(c, cost);
  }
  const bool computes = change.site == Site::PsumComputes || (change.site != Site::Register && site_info(change.site).role == Role::Rule);
  for (int first = 0; first < 2 && computes && hw_.cols > 2; ++first) {
    Change c = change;
    c.cols = every_other(hw_.cols, first);
    add(c, cost);
  }
  for (int i = 0; i < singles(change.site); ++i) {
    Change c = change;
    c.cols.set(static_cast<size_t>(i));
    add(c, cost - 1);  // a unit, not a lane out of many
  }
}

int Collector::singles(Site site) const {
  switch (site) {
    case Site::FifoFull:
    case Site::FifoPush:
    case Site::FifoPop:
    case Site::FifoRule:
    case Site::PinReady:
    case Site::DispatchQueue:
    case Site::ClearFlag:
      return 8;
    case Site::ControlHold:
      return 5;
    case Site::CounterCounts:
      return 16;
    case Site::AccOverflowLane:
    case Site::ParamBias:
    case Site::ParamMultiplier:
    case Site::ParamShift:
      return hw_.cols;
    default:
      return 0;
  }
}

void Collector::neighbours(Change change, bool rows, double cost) {
  change.how = rows ? How::Row : How::Lane;
  for (const int a : {-1, 1}) {
    for (const int edge : {0, 1, 2}) {
      change.a = a, change.b = edge;
      add_everywhere(change, cost + 1.5 + (edge == 0 ? 0 : 0.5));
    }
  }
}

void Collector::bits(Change change, int width, double cost) {
  change.how = How::StuckBit;
  for (int bit = 0; bit < width; ++bit) {
    for (const int value : {0, 1}) {
      change.a = bit, change.b = value;
      add_everywhere(change, cost + 1 + std::log2(width));
    }
  }
}

void Collector::reads(Site site, int width, double cost) {
  Change change;
  change.site = site;
  for (const How how : {How::Stale, How::Next}) {
    change.how = how;
    add_everywhere(change, cost);
  }
  neighbours(change, false, cost);
  if (hw_.rows > 1) neighbours(change, true, cost);
  for (const How how : {How::FirstLane, How::FirstRow}) {
    change.how = how;
    add_everywhere(change, cost + 1);
  }
  change.how = How::Value;
  for (const int value : {0, 1}) {
    if (value == 1 && width > 1) break;
    change.a = value;
    add_everywhere(change, cost + 0.5);
  }
  if (width > 1) bits(change, width, cost + 1);
}

/// Changes that need no knowledge of a register's rule.
void Collector::of_register(size_t field) {
  const Slot& slot = layout_.slot(field);
  Change change;
  change.site = Site::Register, change.field = field;
  const auto with = [&](How how, int a, double cost) {
    change.how = how, change.a = a, change.b = 0;
    add_everywhere(change, cost);
  };
  if (evidence_.in_reset) {
    if (evidence_.cycle != 0) with(How::NoReset, 0, 0);  // what stood there before the first reset is not known
    change.how = How::ResetValue;
    for (const auto& place : evidence_.first) {
      if (place.field != field) continue;
      change.value = place.rtl;
      add_everywhere(change, 2);
      break;
    }
    change.value = 0;
  }
  if (slot.words == 1 && !slot.memory) bits(change, slot.width, slot.width == 1 ? 2.5 : 0.5);
  with(How::Late, 1, 3), with(How::Early, 1, 3), with(How::Frozen, 0, 4);
  if (slot.count > 1) {
    neighbours(change, false, 3);
    if (slot.count > slot.lanes) neighbours(change, true, 3);
    with(How::FirstLane, 0, 4), with(How::FirstRow, 0, 4), with(How::Reversed, 0, 4);
  }
  if (slot.width % 8 == 0 && slot.width > 8 && slot.width <= 64) with(How::Reversed, 1, 4);
}

void Collector::registers() {
  std::vector<size_t> seen;
  for (const auto& place : evidence_.first) {
    if (std::find(seen.begin(), seen.end(), place.field) != seen.end()) continue;
    seen.push_back(place.field);
    of_register(place.field);
  }
  if (evidence_.first.size() != 1) return;
  const auto& place = evidence_.first.front();
  const Slot& slot = layout_.slot(place.field);
  if (slot.words != 1) return;
  Change change;
  change.site = Site::Register, change.how = How::FlipOnce, change.field = place.field;
  change.a = static_cast<int>(evidence_.cycle), change.value = place.rtl ^ place.rules;
  change.b = place.element;
  if (slot.count > slot.lanes) change.rows.set(static_cast<size_t>(slot.row_of(place.element)) & 127);
  if (slot.count > 1) change.cols.set(static_cast<size_t>(slot.col_of(place.element)) & 127);
  add(change, 20.0 + slot.width);
}

}  // namespace assay::npu
