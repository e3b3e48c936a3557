// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/element.hpp"

#include "model/common/assert.hpp"

namespace assay {

ElementPlace place_of(const Field& field, const std::vector<int64_t>& index) {
  ASSAY_ASSERT(index.size() == field.shape.size());
  switch (field.split) {
    case Split::None:
      return {0, index.empty() ? 0 : static_cast<uint64_t>(index[0])};
    case Split::Element:
      return {static_cast<size_t>(index[0]), 0};
    case Split::Row:
    case Split::Column:
      return {static_cast<size_t>(index[0]), static_cast<uint64_t>(index[1])};
  }
  return {};
}

std::vector<int64_t> index_of(const Field& field, const ElementPlace& place) {
  if (field.shape.empty()) return {};
  if (field.split == Split::None) return {static_cast<int64_t>(place.element)};
  if (field.split == Split::Element) return {static_cast<int64_t>(place.part)};
  return {static_cast<int64_t>(place.part), static_cast<int64_t>(place.element)};
}

std::optional<size_t> find_field(const std::vector<Field>& fields, const std::string& block, const std::string& name) {
  for (size_t f = 0; f < fields.size(); ++f)
    if (fields[f].block == block && fields[f].name == name) return f;
  return std::nullopt;
}

BitPlace bit_place(const Field& field, uint64_t element, int bit) {
  const auto width = static_cast<uint64_t>(field.width);
  if (field.memory) {  // words stand one after another, each in a container of its own
    return {element * image_bytes(field.width) + static_cast<size_t>(bit) / 8, bit % 8};
  }
  const uint64_t at = element * width + static_cast<uint64_t>(bit);
  return {at / 8, static_cast<int>(at % 8)};
}

bool get_bit(const Field& field, const void* image, uint64_t element, int bit) {
  const BitPlace place = bit_place(field, element, bit);
  return ((static_cast<const uint8_t*>(image)[place.byte] >> place.bit) & 1) != 0;
}

const uint8_t* reference_image(const FieldPart& part) { return static_cast<const uint8_t*>(part.data) + (part.slide == nullptr ? 0 : *part.slide); }

}  // namespace assay
