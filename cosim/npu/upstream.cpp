// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/upstream.hpp"

#include <algorithm>

#include "cosim/npu/upstream_rules.hpp"
#include "model/common/assert.hpp"

namespace assay::npu {
namespace {

void join(Sources& to, Sources from) {
  for (ElementRef& element : from.elements) {
    if (std::find(to.elements.begin(), to.elements.end(), element) == to.elements.end()) to.elements.push_back(std::move(element));
  }
  for (std::string& pin : from.pins) {
    if (std::find(to.pins.begin(), to.pins.end(), pin) == to.pins.end()) to.pins.push_back(std::move(pin));
  }
}

}  // namespace

Upstream::Upstream(const HwConfig& config, const std::vector<Field>& fields) : config_(config), fields_(fields) {
  for (size_t f = 0; f < fields_.size(); ++f) {
    const bool is_new = by_name_.emplace(fields_[f].name, f).second;
    ASSAY_ASSERT(is_new);
  }
}

size_t Upstream::field(const std::string& name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? fields_.size() : it->second;
}

Sources Upstream::of(const ElementRef& element, const Values& values) const { return UpstreamRules(*this, element, values).collect(); }

Sources Upstream::of(const Trace& trace, uint64_t cycle, const ElementRef& element) const {
  const bool same_cycle = fields_[element.field].cls == FieldClass::Pin;
  if (!same_cycle && !trace.holds(cycle - 1)) return of(element);
  const uint64_t read = same_cycle ? cycle : cycle - 1;
  Sources sources;
  for (const Side side : {Side::Model, Side::Rtl}) {
    join(sources, of(element, [&, side](const ElementRef& source, int low, int count) {
           const Field& field = fields_[source.field];
           const ElementPlace place = place_of(field, source.index);
           const uint8_t* image = trace.image(side, read, source.field, place.part);
           uint64_t bits = 0;
           for (int b = std::min(count, field.width - low) - 1; b >= 0; --b) bits = bits << 1 | (get_bit(field, image, place.element, low + b) ? 1 : 0);
           return bits;
         }));
  }
  return sources;
}

// ---- what every rule uses

void UpstreamRules::add(const std::string& name, Index index) {
  const size_t field = table_.field(name);
  ASSAY_ASSERT(field < table_.fields().size());
  const std::vector<int>& shape = table_.fields()[field].shape;
  ASSAY_ASSERT(index.size() == shape.size());
  for (size_t d = 0; d < shape.size(); ++d) {
    if (index[d] < 0 || index[d] >= shape[d]) return;  // an address that a wrong value made
  }
  ElementRef source{field, std::move(index)};
  const bool known = std::find(sources_.elements.begin(), sources_.elements.end(), source) != sources_.elements.end();
  if (!known && source != element_) sources_.elements.push_back(std::move(source));
}

void UpstreamRules::add_if(bool condition, const std::string& name, Index index) {
  if (condition) add(name, std::move(index));
}

void UpstreamRules::add_all(const std::string& name) {
  const size_t field = table_.field(name);
  ASSAY_ASSERT(field < table_.fields().size());
  const std::vector<int>& shape = table_.fields()[field].shape;
  if (shape.empty()) return add(name);
  for (int64_t i = 0; i < shape[0]; ++i) {
    if (shape.size() == 1) add(name, {i});
    for (int64_t j = 0; shape.size() == 2 && j < shape[1]; ++j) add(name, {i, j});
  }
}

std::optional<uint64_t> UpstreamRules::value(const std::string& name, const Index& index, int low, int count) const {
  if (!values_) return std::nullopt;
  const size_t field = table_.field(name);
  ASSAY_ASSERT(field < table_.fields().size());
  return values_({field, index}, low, count);
}

std::optional<uint64_t> UpstreamRules::head_value(const std::string& fifo, int low, int count) const {
  if (value(fifo + "_count").value_or(0) == 0) return std::nullopt;
  return value(fifo + "_mem", {static_cast<int64_t>(*value(fifo + "_rptr"))}, low, count);
}

void UpstreamRules::fifo_head(const std::string& fifo) {
  if (const auto rptr = value(fifo + "_rptr")) add(fifo + "_mem", {static_cast<int64_t>(*rptr)});
  add(fifo + "_rptr");
  add(fifo + "_count");
}

Sources UpstreamRules::collect() {
  const std::string& name = table_.fields()[element_.field].name;
  const bool known = fifo(name) || dispatch_unit(name) || load_unit(name) || matmul_unit(name) || skew(name) || array(name) || pe(name) || accumulators(name) ||
                     activation_control(name) || activation_stages(name) || activation_flags(name) || output_pins(name) || counters(name);
  ASSAY_ASSERT(known);
  return std::move(sources_);
}

}  // namespace assay::npu
