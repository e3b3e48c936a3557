// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/common/fields.hpp"

namespace assay::test {

/// A packed image of spec section 14, put together bit by bit.
class BitImage {
 public:
  void add(uint64_t value, int width) {
    for (int i = 0; i < width; ++i, ++at_) {
      if (static_cast<size_t>(at_ / 8) >= bytes_.size()) bytes_.push_back(0);
      if (((value >> i) & 1) != 0) bytes_[static_cast<size_t>(at_ / 8)] |= static_cast<uint8_t>(1 << (at_ % 8));
    }
  }
  std::vector<uint8_t> bytes() {
    bytes_.resize(image_bytes(at_));
    return bytes_;
  }

 private:
  std::vector<uint8_t> bytes_;
  int at_ = 0;
};

}  // namespace assay::test
