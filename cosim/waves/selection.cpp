// SPDX-License-Identifier: Apache-2.0
#include "cosim/waves/selection.hpp"

namespace assay::waves {
namespace {

/// Memories, and per-word registers beside them: thousands of elements, of which a window touches a few.
bool is_sparse(const Field& field) { return field.memory || field.split == Split::Column; }

bool same(const Field& field, const uint8_t* a, const uint8_t* b, uint64_t element) {
  for (int bit = 0; bit < field.width; ++bit) {
    if (get_bit(field, a, element, bit) != get_bit(field, b, element, bit)) return false;
  }
  return true;
}

}  // namespace

Selection::Selection(const std::vector<Field>& fields) : fields_(fields), shown_(fields.size()) {
  for (size_t f = 0; f < fields_.size(); ++f) {
    if (is_sparse(fields_[f])) shown_[f].assign(fields_[f].parts.size(), std::vector<bool>(part_elements(fields_[f])));
  }
}

void Selection::look(const Trace& trace) {
  for (size_t f = 0; f < fields_.size(); ++f) {
    for (size_t p = 0; p < shown_[f].size(); ++p) look_at_part(trace, f, p);
  }
}

/// An image that stays is one and the same in the trace: only where it does not, words are compared.
void Selection::look_at_part(const Trace& trace, size_t field, size_t part) {
  const Field& f = fields_[field];
  std::vector<bool>& shown = shown_[field][part];
  const uint64_t words = shown.size();
  for (uint64_t cycle = trace.first(); cycle <= trace.last(); ++cycle) {
    const uint8_t* now[2] = {trace.image(Side::Rtl, cycle, field, part), trace.image(Side::Model, cycle, field, part)};
    if (cycle == trace.first()) {
      for (uint64_t w = 0; w < words; ++w) shown[w] = shown[w] || trace.differs(cycle, field, {part, w});
      continue;
    }
    const uint8_t* before[2] = {trace.image(Side::Rtl, cycle - 1, field, part), trace.image(Side::Model, cycle - 1, field, part)};
    const bool moved = now[0] != before[0] || now[1] != before[1];
    if (!moved && trace.conditions(cycle, field, part) == trace.conditions(cycle - 1, field, part)) continue;
    for (uint64_t w = 0; w < words; ++w) {
      if (shown[w]) continue;
      const bool defined = trace.defined(cycle, field, {part, w});
      const bool changed = defined && moved && (!same(f, now[0], before[0], w) || !same(f, now[1], before[1], w));
      shown[w] = changed || defined != trace.defined(cycle - 1, field, {part, w}) || (moved && trace.differs(cycle, field, {part, w}));
    }
  }
}

void Selection::ask_for(const ElementRef& element) {
  if (!sparse(element.field)) return;
  const ElementPlace place = place_of(fields_[element.field], element.index);
  shown_[element.field][place.part][place.element] = true;
}

std::vector<ElementPlace> Selection::places(size_t field) const {
  std::vector<ElementPlace> places;
  for (size_t p = 0; p < fields_[field].parts.size(); ++p) {
    for (uint64_t e = 0; e < part_elements(fields_[field]); ++e) {
      if (!sparse(field) || shown_[field][p][e]) places.push_back({p, e});
    }
  }
  return places;
}

}  // namespace assay::waves
