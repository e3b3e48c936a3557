// SPDX-License-Identifier: Apache-2.0
#include "cosim/engine/recording_target.hpp"

#include "cosim/engine/compare_plan.hpp"

namespace assay {

std::vector<RecordedImage> recorded_images(const Target& target) {
  std::vector<RecordedImage> images;
  for (const PinImage& pin : target.input_pins()) images.push_back({"in." + pin.name, pin.data, pin.bytes});
  const auto& fields = target.fields();
  for (size_t f = 0; f < fields.size(); ++f) {
    const Field& field = fields[f];
    const size_t bytes = part_bytes(field);
    for (size_t p = 0; p < target.dut_parts()[f].size(); ++p) {
      images.push_back({field.block + "." + field.name + "/" + std::to_string(p), target.dut_parts()[f][p], bytes});
    }
  }
  return images;
}

}  // namespace assay
