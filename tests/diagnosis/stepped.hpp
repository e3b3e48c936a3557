// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cosim/engine/element.hpp"
#include "cosim/npu/diagnosis/rule_tile.hpp"
#include "tests/tile/plain_float_tile.hpp"
#include "tests/tile/plain_tile.hpp"

namespace assay::test {

/// The golden model's state as it stands.
inline npu::TileState state_of(const Tile& tile, const npu::StateLayout& layout) {
  npu::TileState state(layout.words());
  for (const npu::Slot& slot : layout.slots()) {
    const Field& field = tile.fields()[slot.field];
    for (size_t p = 0; p < field.parts.size(); ++p) layout.unpack_part(slot, p, reference_image(field.parts[p]), state);
  }
  return state;
}

/// Names of the fields that differ where both have a value, with the first element of each.
inline std::string differences(const std::vector<Field>& fields, const npu::StateLayout& layout, const npu::TileState& a, const npu::TileState& b) {
  std::string text;
  for (const npu::Slot& slot : layout.slots()) {
    for (int e = 0; e < slot.count; ++e) {
      if (!layout.defined(a, slot, e)) continue;
      const auto at = static_cast<ptrdiff_t>(slot.at + static_cast<size_t>(e * slot.words));
      if (std::equal(a.begin() + at, a.begin() + at + slot.words, b.begin() + at)) continue;
      text += fields[slot.field].name + "[" + std::to_string(e) + "] ";
      break;
    }
  }
  return text;
}

}  // namespace assay::test
