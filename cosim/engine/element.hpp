// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/common/fields.hpp"

namespace assay {

/// Where an element of a field lies: its part, and its place in the part's image.
struct ElementPlace {
  size_t part = 0;
  uint64_t element = 0;  ///< lane of the vector, or word of the memory
};

/// An element by the place of its field in the table and its index in the field's shape.
struct ElementRef {
  size_t field = 0;
  std::vector<int64_t> index;
  bool operator==(const ElementRef&) const = default;
};

/// Part and lane of an index that lies inside the field's shape.
ElementPlace place_of(const Field& field, const std::vector<int64_t>& index);

/// The index of an element: the inverse of place_of.
std::vector<int64_t> index_of(const Field& field, const ElementPlace& place);

/// The field with this name, if the table has it.
std::optional<size_t> find_field(const std::vector<Field>& fields, const std::string& block, const std::string& name);

/// Byte and bit of the element's bit `bit` inside the part's image.
struct BitPlace {
  size_t byte = 0;
  int bit = 0;
};
BitPlace bit_place(const Field& field, uint64_t element, int bit);

/// One bit of an element of an image.
bool get_bit(const Field& field, const void* image, uint64_t element, int bit);

/// The reference's image of a part in this cycle.
const uint8_t* reference_image(const FieldPart& part);

}  // namespace assay
