// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/common/format.hpp"

namespace assay {

/// Lanes of a weight row or activation beat in operand form, each as the FP32 number of its value: x in bits [31:16], low in [15:13] (spec section
/// 17.4; a NaN keeps its payload). `lanes`: n lanes of lane_bytes bytes, of which an 8-bit format uses the low one.
void operand_lanes(const uint8_t* lanes, int lane_bytes, Format format, int n, uint32_t* out);

}  // namespace assay
