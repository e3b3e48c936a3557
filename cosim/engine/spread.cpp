// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/spread.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "cosim/engine/compare_plan.hpp"

namespace assay {
namespace {

/// The element that holds a differing byte of the images, and all others that share the byte.
void add_elements_of_byte(const Field& field, uint8_t difference, size_t byte, std::vector<uint64_t>& out) {
  for (int bit = 0; bit < 8; ++bit) {
    if ((difference >> bit & 1) == 0) continue;
    const uint64_t element = field.memory ? byte / image_bytes(field.width) : (byte * 8 + static_cast<size_t>(bit)) / static_cast<size_t>(field.width);
    if (out.empty() || out.back() != element) out.push_back(element);
  }
}

/// Everything that differs in one cycle, noted under its field.
class Collector {
 public:
  Collector(const Trace& trace, uint64_t max_cells) : trace_(trace), max_cells_(max_cells) {}

  void look_at(uint64_t cycle, Spread& spread) {
    uint64_t cells = 0;
    std::map<size_t, size_t> kept;  // cells of each field before this cycle
    for (const auto& [field, found] : found_) kept[field] = found.cells.size();
    for (size_t f = 0; f < trace_.fields().size(); ++f)
      for (size_t p = 0; p < trace_.fields()[f].parts.size(); ++p)
        for (uint64_t element : differing_elements(trace_, cycle, f, p)) cells += note(cycle, f, {p, element});
    used_ += cells;
    if (complete_ && used_ > max_cells_) {
      complete_ = false;
      for (auto& [field, found] : found_) found.cells.resize(kept[field]);
    }
    if (complete_) ++spread.map_cycles;
  }

  void finish(Spread& spread) {
    for (auto& [field, found] : found_) {
      std::stable_sort(found.elements.begin(), found.elements.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      spread.elements += found.elements.size();
      spread.fields.push_back(std::move(found));
    }
    std::stable_sort(spread.fields.begin(), spread.fields.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }

 private:
  /// Cells that it adds to the maps.
  uint64_t note(uint64_t cycle, size_t f, const ElementPlace& place) {
    Spread::PerField& found = found_[f];
    const auto index = index_of(trace_.fields()[f], place);
    const Field& field = trace_.fields()[f];
    std::vector<size_t>& listed = listed_[f];
    listed.resize(field.parts.size() * part_elements(field));
    size_t& at = listed[place.part * part_elements(field) + place.element];
    if (found.elements.empty()) found.field = f, found.first = cycle;
    if (at == 0) {
      found.elements.push_back({index, cycle, 0});
      at = found.elements.size();
    }
    ++found.elements[at - 1].cycles;
    if (!complete_ || index.size() != 2) return 0;
    found.cells.push_back({cycle, index[0], index[1]});
    return 1;
  }

  const Trace& trace_;
  const uint64_t max_cells_;
  uint64_t used_ = 0;
  bool complete_ = true;
  std::map<size_t, Spread::PerField> found_;
  std::map<size_t, std::vector<size_t>> listed_;  ///< per field and element: its place in the list, from 1 on; 0: not in it
};

}  // namespace

std::vector<uint64_t> differing_elements(const Trace& trace, uint64_t cycle, size_t field, size_t part) {
  std::vector<uint64_t> elements;
  const Field& f = trace.fields()[field];
  const uint8_t* rtl = trace.image(Side::Rtl, cycle, field, part);
  const uint8_t* model = trace.image(Side::Model, cycle, field, part);
  const size_t bytes = part_bytes(f);
  if (std::memcmp(rtl, model, bytes) == 0) return elements;
  for (size_t b = 0; b < bytes; ++b)
    if (rtl[b] != model[b]) add_elements_of_byte(f, rtl[b] ^ model[b], b, elements);
  std::erase_if(elements, [&](uint64_t element) { return !trace.defined(cycle, field, {part, element}); });
  return elements;
}

Spread find_spread(const Trace& trace, uint64_t from, uint64_t max_cells) {
  Spread spread;
  spread.from = spread.to = from;
  if (trace.empty() || !trace.holds(from)) return spread;
  spread.to = trace.last();
  Collector collector(trace, max_cells);
  for (uint64_t cycle = from; cycle <= spread.to; ++cycle) collector.look_at(cycle, spread);
  collector.finish(spread);
  return spread;
}

}  // namespace assay
