// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/wave_view.hpp"

#include <algorithm>

#include "cosim/waves/save_file.hpp"
#include "cosim/waves/signal_names.hpp"

namespace assay::cli {
namespace {

constexpr size_t kBeside = 16, kInputs = 24, kFurther = 40;  ///< elements shown at most

/// What every beat passes, for a mismatch that names no element.
constexpr const char* kOutputPins[] = {"out_valid", "out_data", "rsp_valid", "rsp_data", "flags", "busy"};

bool holds(const std::vector<ElementRef>& elements, const ElementRef& element) {
  return std::find(elements.begin(), elements.end(), element) != elements.end();
}

template <class Each>
void for_each_element(const Field& field, size_t f, const Each& each) {
  for (size_t p = 0; p < field.parts.size(); ++p) {
    for (uint64_t e = 0; e < part_elements(field); ++e) each(ElementRef{f, index_of(field, {p, e})}, ElementPlace{p, e});
  }
}

void show_output_pins(const npu::Upstream& table, WaveView& view) {
  view.same_cycle = true;
  for (const char* name : kOutputPins) {
    const size_t pin = table.field(name);
    for_each_element(table.fields()[pin], pin, [&](const ElementRef& element, const ElementPlace&) {
      if (view.first.size() < kBeside) view.first.push_back(element);
    });
  }
}

void find_first(const Mismatch& m, const npu::Upstream& table, WaveView& view) {
  const size_t f = table.field(m.field);
  const bool element = (m.kind == "state" || m.kind == "pin") && f < table.fields().size();
  if (element) {
    view.first.push_back({f, m.index});
    view.same_cycle = table.fields()[f].cls == FieldClass::Pin;
    return;
  }
  show_output_pins(table, view);
}

void find_beside(const Trace& trace, WaveView& view) {
  for (size_t f = 0; f < trace.fields().size(); ++f) {
    for_each_element(trace.fields()[f], f, [&](const ElementRef& element, const ElementPlace& place) {
      if (view.beside.size() < kBeside && trace.differs(view.cycle, f, place) && !holds(view.first, element)) view.beside.push_back(element);
    });
  }
}

/// The sources of `of` in `cycle`, those that are not shown yet.
void find_sources(const npu::Upstream& table, const Trace& trace, uint64_t cycle, const std::vector<ElementRef>& of, size_t most, WaveView& view,
                  std::vector<ElementRef>& found) {
  for (const ElementRef& element : of) {
    const npu::Sources sources = table.of(trace, cycle, element);
    for (const ElementRef& source : sources.elements) {
      const bool shown = holds(view.first, source) || holds(view.inputs, source) || holds(found, source);
      if (!shown && found.size() < most) found.push_back(source);
    }
    for (const std::string& pin : sources.pins) {
      if (std::find(view.pins.begin(), view.pins.end(), pin) == view.pins.end()) view.pins.push_back(pin);
    }
  }
}

void group(waves::SaveFile& save, const Trace& trace, const std::string& title, const std::vector<ElementRef>& elements, bool closed = false) {
  if (elements.empty()) return;
  save.open_group(title, closed);
  for (const ElementRef& element : elements) save.element(trace.fields()[element.field], element.index);
  save.close_group();
}

}  // namespace

WaveView view_of(const Mismatch& mismatch, const Trace& trace, const HwConfig& config) {
  const npu::Upstream table(config, trace.fields());
  WaveView view;
  view.cycle = std::clamp(mismatch.cycle, trace.first(), trace.last());
  view.title = "first, cycle " + std::to_string(mismatch.cycle) + ": " + mismatch.block + "." + mismatch.field;
  for (int64_t i : mismatch.index) view.title += "[" + std::to_string(i) + "]";
  view.title += " (" + mismatch.kind + ")";
  find_first(mismatch, table, view);
  find_beside(trace, view);
  find_sources(table, trace, view.cycle, view.first, kInputs, view, view.inputs);
  const uint64_t before = view.same_cycle || view.cycle == trace.first() ? view.cycle : view.cycle - 1;
  const std::vector<ElementRef> inputs = view.inputs;
  find_sources(table, trace, before, inputs, kFurther, view, view.further);
  return view;
}

WaveView view_of_pins(const Target& target, const HwConfig& config) {
  WaveView view;
  view.title = "output pins";
  show_output_pins(npu::Upstream(config, target.fields()), view);
  for (const PinImage& pin : target.input_pins()) view.pins.push_back(pin.name);
  return view;
}

std::string save_file_text(const WaveView& view, const Trace& trace, const std::string& wave_file) {
  waves::SaveFile save(wave_file, view.cycle);
  if (!view.same_cycle && view.cycle > 0) save.mark(view.cycle - 1);
  save.comment("1 us is 1 cycle; x: undefined");
  save.clock_and_cycle();
  group(save, trace, view.title, view.first);
  group(save, trace, "differs too", view.beside);
  group(save, trace, view.same_cycle ? "from, in the same cycle" : "from, the cycle before (A)", view.inputs);
  group(save, trace, "and these from", view.further, true);
  save.open_group("input pins", view.pins.empty());
  for (const Trace::Pin& pin : trace.pins()) {
    const bool one_bit = pin.bits == 1;
    if (one_bit || std::find(view.pins.begin(), view.pins.end(), pin.name) != view.pins.end()) save.pin(pin);
  }
  save.close_group();
  save.open_group("which blocks differ");
  std::vector<std::string> blocks;
  for (const Field& field : trace.fields()) {
    if (std::find(blocks.begin(), blocks.end(), field.block) != blocks.end()) continue;
    blocks.push_back(field.block);
    save.differs(waves::block_differs_path(field.block), field.block);
  }
  save.close_group();
  return save.text();
}

}  // namespace assay::cli
