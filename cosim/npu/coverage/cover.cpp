// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/cover.hpp"

namespace assay::npu {

LaneField::LaneField(const std::vector<Field>& fields, const std::string& block, const std::string& name) {
  for (const Field& field : fields)
    if (field.block == block && field.name == name) field_ = &field;
}

uint64_t LaneField::get(size_t row, size_t lane) const {
  const auto width = static_cast<size_t>(field_->width);
  const uint8_t* image = at(row);
  uint64_t value = 0;
  if (width % 8 == 0) {
    std::memcpy(&value, image + lane * width / 8, width / 8);
    return value;
  }
  for (size_t i = 0; i < width; ++i) {  // narrow lanes are few bits
    const size_t bit = lane * width + i;
    value |= static_cast<uint64_t>(image[bit / 8] >> (bit % 8) & 1) << i;
  }
  return value;
}

}  // namespace assay::npu
