// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/common/config.hpp"
#include "model/functional/gemm.hpp"

namespace assay::npu {

/// Rows of the weight or activation stream in the making: `width` lanes each, lanes not put are 0.
class LaneRows {
 public:
  /// `code_bits`: of the codes to come, 8 or 16, at most the config's lane width.
  LaneRows(const HwConfig& config, int rows, int width, int code_bits)
      : lane_bytes_(static_cast<size_t>(config.lane_bytes())),
        width_(static_cast<size_t>(width)),
        code_bits_(code_bits),
        bytes_(static_cast<size_t>(rows) * width_ * lane_bytes_) {}

  /// An 8-bit code leaves the upper byte of a wider lane unused; it gets what nobody may look at.
  void put(int row, int lane, int32_t code) {
    uint8_t* at = bytes_.data() + (static_cast<size_t>(row) * width_ + static_cast<size_t>(lane)) * lane_bytes_;
    at[0] = static_cast<uint8_t>(code & 0xFF);
    if (lane_bytes_ == 2) at[1] = static_cast<uint8_t>(code_bits_ == 16 ? code >> 8 & 0xFF : (code ^ 0xA5) & 0xFF);
  }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  size_t lane_bytes_, width_;
  int code_bits_;
  std::vector<uint8_t> bytes_;
};

}  // namespace assay::npu
