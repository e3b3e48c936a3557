// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/window.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "model/common/assert.hpp"

namespace assay::npu {
namespace {

/// The first cycle of the trace in which anything that has a value differs; its last one when nothing does.
uint64_t first_difference(const Trace& trace) {
  for (uint64_t cycle = trace.first(); cycle < trace.last(); ++cycle) {
    for (size_t f = 0; f < trace.fields().size(); ++f) {
      const Field& field = trace.fields()[f];
      for (size_t p = 0; p < field.parts.size(); ++p) {
        const uint8_t *rtl = trace.image(Side::Rtl, cycle, f, p), *model = trace.image(Side::Model, cycle, f, p);
        if (std::memcmp(rtl, model, part_bytes(field)) == 0) continue;
        for (size_t e = 0; e < part_elements(field); ++e)
          if (trace.differs(cycle, f, {p, e})) return cycle;
      }
    }
  }
  return trace.last();
}

TilePins pins_at(const Trace& trace, uint64_t cycle) {
  TilePins pins;
  for (size_t i = 0; i < trace.pins().size(); ++i) {
    const std::string& name = trace.pins()[i].name;
    const uint8_t* data = trace.pin(cycle, i);
    const bool on = *data != 0;
    if (name == "rst_ni") pins.rst_n = on;
    if (name == "cmd_valid_i") pins.cmd_valid = on;
    if (name == "weight_valid_i") pins.weight_valid = on;
    if (name == "act_valid_i") pins.act_valid = on;
    if (name == "out_ready_i") pins.out_ready = on;
    if (name == "rsp_ready_i") pins.rsp_ready = on;
    if (name == "cmd_data_i") pins.cmd = data;
    if (name == "weight_data_i") pins.weight = data;
    if (name == "act_data_i") pins.act = data;
  }
  ASSAY_ASSERT(pins.cmd != nullptr && pins.weight != nullptr && pins.act != nullptr);
  return pins;
}

}  // namespace

Window::Window(const HwConfig& hw, const Trace& trace, size_t memory_limit) : hw_(hw), trace_(&trace), layout_(trace.fields()), tile_(hw, layout_) {
  const size_t most = std::max<size_t>(memory_limit / (16 * layout_.words()), 4);
  const uint64_t difference = first_difference(trace);
  first_ = trace.first();
  if (trace.last() - first_ >= most && difference - first_ > most / 3) first_ = difference - most / 3;
  const uint64_t last = std::min<uint64_t>(trace.last(), first_ + most - 1);
  for (uint64_t cycle = first_; cycle <= last; ++cycle) {
    rtl_.push_back(layout_.unpack(trace, Side::Rtl, cycle));
    pins_.push_back(pins_at(trace, cycle));
  }
  if (first_ == 0) {  // what the registers held before the first reset edge is not known, and the rules do not ask
    starts_in_reset_ = true;
    rtl_.insert(rtl_.begin(), rtl_.front());
    pins_.insert(pins_.begin(), pins_.front());
    pins_.front().rst_n = false;
  }
  find_differences();
  find_causes();
}

/// Calls wrong(field, element) for each element that has a value in `definer` and is not the same in both.
template <class Wrong>
void Window::compare(const TileState& got, const TileState& want, const TileState& definer, Wrong wrong) const {
  for (const Slot& slot : layout_.slots()) {
    const auto words = static_cast<size_t>(slot.words), all = words * static_cast<size_t>(slot.count);
    if (std::memcmp(&got[slot.at], &want[slot.at], 8 * all) == 0) continue;
    for (int e = 0; e < slot.count; ++e) {
      const size_t at = slot.at + static_cast<size_t>(e) * words;
      if (std::memcmp(&got[at], &want[at], 8 * words) != 0 && layout_.defined(definer, slot, e)) wrong(slot.field, e);
    }
  }
}

TileState Window::model_state(size_t i) const { return starts_in_reset_ && i == 0 ? rtl_[0] : layout_.unpack(*trace_, Side::Model, cycle_of(i)); }

void Window::find_differences() {
  if (starts_in_reset_) difference_end_.push_back(0);
  for (size_t i = starts_in_reset_ ? 1 : 0; i < rtl_.size(); ++i) {
    const TileState model = model_state(i);
    compare(rtl_[i], model, model, [&](size_t field, int element) {
      differences_.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(field), static_cast<uint32_t>(element)});
    });
    difference_end_.push_back(differences_.size());
    for (const Slot& slot : layout_.slots()) {
      if (slot.validity == Validity::Always) {
        equal_values_ += static_cast<uint64_t>(slot.count);
        continue;
      }
      for (int e = 0; e < slot.count; ++e)
        if (layout_.defined(model, slot, e)) ++equal_values_;
    }
  }
  equal_values_ -= differences_.size();
}

void Window::find_causes() {
  ruled_.push_back(rtl_[0]);
  cause_end_.push_back(0);
  conditions_.resize(rtl_.size());
  for (size_t i = 0; i + 1 < rtl_.size(); ++i) {
    StepView view;
    view.now = &rtl_[i];
    tile_.step(view, pins_[i], Change{}, scratch_);
    conditions_[i] = tile_.conditions();
    ruled_.push_back(scratch_);
    compare(rtl_[i + 1], scratch_, scratch_, [&](size_t field, int element) {
      causes_.push_back({static_cast<uint32_t>(i + 1), static_cast<uint32_t>(field), static_cast<uint32_t>(element)});
    });
    cause_end_.push_back(causes_.size());
  }
}

Evidence Window::evidence() const {
  Evidence e;
  if (causes_.empty()) return e;
  const uint32_t at = causes_.front().cycle;
  e.cycle = cycle_of(at);
  e.in_reset = !pins_[at - 1].rst_n;
  for (const Deviation& d : causes_) {
    const Slot& slot = layout_.slot(d.field);
    const size_t index = slot.at + size_t{d.element} * static_cast<size_t>(slot.words);
    if (d.cycle == at) e.first.push_back({d.field, static_cast<int>(d.element), rtl_[at][index], ruled_[at][index]});
    Evidence::Lanes& lanes = e.lanes[d.field];
    lanes.rows.set(static_cast<size_t>(slot.row_of(static_cast<int>(d.element))) % 128);
    lanes.cols.set(static_cast<size_t>(slot.col_of(static_cast<int>(d.element))) % 128);
  }
  return e;
}

/// What a step from cycle i may look at.
StepView Window::view(size_t i) const {
  StepView v;
  v.now = &rtl_[i];
  v.next = &ruled_[i + 1];
  v.ruled = &ruled_[i];
  v.cycle = cycle_of(i + 1);
  if (i > 0) v.before = &rtl_[i - 1], v.before_conditions = &conditions_[i - 1];
  return v;
}

int Window::first_gain(const Change& change) {
  const uint32_t cycle = causes_.front().cycle;
  StepView v = view(cycle - 1);
  if (change.how == How::Early) {
    StepView from;
    from.now = &ruled_[cycle];
    tile_.step(from, pins_[cycle], Change{}, early_);
    v.early = &early_;
  }
  tile_.step(v, pins_[cycle - 1], change, scratch_);
  const auto causes = static_cast<int>(cause_end_[cycle] - cause_end_[cycle - 1]);
  int wrong = 0, kept = 0;
  compare(rtl_[cycle], scratch_, ruled_[cycle], [&](size_t field, int element) {
    ++wrong;
    const Deviation d{cycle, static_cast<uint32_t>(field), static_cast<uint32_t>(element)};
    kept += std::binary_search(causes_.begin() + static_cast<ptrdiff_t>(cause_end_[cycle - 1]), causes_.begin() + static_cast<ptrdiff_t>(cause_end_[cycle]), d);
  });
  return kept == causes ? std::numeric_limits<int>::min() : causes - wrong;
}

void Window::score_steps(const Change& change, uint64_t limit, Score& score) {
  score.unexplained_steps = score.contradicted_steps = 0;
  for (size_t i = 0; i + 1 < rtl_.size(); ++i) {
    StepView v = view(i);
    if (change.how == How::Early && i + 2 < rtl_.size()) {
      StepView from;
      from.now = &ruled_[i + 1];
      tile_.step(from, pins_[i + 1], Change{}, early_);
      v.early = &early_;
    }
    tile_.step(v, pins_[i], change, scratch_);
    const auto begin = causes_.begin() + static_cast<ptrdiff_t>(cause_end_[i]), end = causes_.begin() + static_cast<ptrdiff_t>(cause_end_[i + 1]);
    compare(rtl_[i + 1], scratch_, ruled_[i + 1], [&](size_t field, int element) {
      const Deviation d{static_cast<uint32_t>(i + 1), static_cast<uint32_t>(field), static_cast<uint32_t>(element)};
      ++(std::binary_search(begin, end, d) ? score.unexplained_steps : score.contradicted_steps);
    });
    if (score.step_residual() > limit) return;
  }
}

void Window::score_run(const Change& change, Score& score) {
  score.explained = score.contradicted = 0;
  TileState before, now = rtl_[0], next, unchanged, early, ruled = now, next_ruled;
  Conditions before_conditions{};
  const bool looks_ahead = change.how == How::Next || change.how == How::Early;
  for (size_t i = 0; i < rtl_.size(); ++i) {
    const TileState model = model_state(i);
    const auto begin = differences_.begin() + static_cast<ptrdiff_t>(i == 0 ? 0 : difference_end_[i - 1]);
    const auto end = differences_.begin() + static_cast<ptrdiff_t>(difference_end_[i]);
    uint64_t missed = 0;
    compare(now, rtl_[i], model, [&](size_t field, int element) {
      const Deviation d{static_cast<uint32_t>(i), static_cast<uint32_t>(field), static_cast<uint32_t>(element)};
      ++(std::binary_search(begin, end, d) ? missed : score.contradicted);
    });
    score.explained += static_cast<uint64_t>(end - begin) - missed;
    if (i + 1 == rtl_.size()) return;
    StepView v;
    v.now = &now, v.ruled = &ruled, v.ruled_out = &next_ruled, v.cycle = cycle_of(i + 1);
    if (i > 0) v.before = &before, v.before_conditions = &before_conditions;
    if (looks_ahead) {
      StepView plain;
      plain.now = &now;
      tile_.step(plain, pins_[i], Change{}, unchanged);
      v.next = &unchanged;
      plain.now = &unchanged;
      if (change.how == How::Early && i + 2 < rtl_.size()) tile_.step(plain, pins_[i + 1], Change{}, early), v.early = &early;
    }
    tile_.step(v, pins_[i], change, next);
    before_conditions = tile_.conditions();
    before = std::move(now), now = next;
    ruled.swap(next_ruled);
  }
}

}  // namespace assay::npu
