// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "model/common/bits.hpp"
#include "model/common/fields.hpp"

namespace assay {

/// Writes the image of a number (n is 1, 2, 4 or 8 bytes).
inline void store_image(uint8_t* at, size_t n, uint64_t value) {
  // little-endian: the low bytes come first
  if (n == 1)
    *at = static_cast<uint8_t>(value);
  else if (n == 2)
    std::memcpy(at, &value, 2);
  else if (n == 4)
    std::memcpy(at, &value, 4);
  else
    std::memcpy(at, &value, 8);
}

/// The same for a vector held in 64-bit words; n is any size that image_bytes() gives.
inline void store_image(uint8_t* at, size_t n, const uint64_t* words) {
  if (n <= 8)
    store_image(at, n, *words);
  else
    std::memcpy(at, words, n);
}

/// A number of up to 32 bits that stands in an ImageBlock too; assign only after ImageBlock::place().
class ImageWord {
 public:
  operator uint32_t() const { return value_; }
  ImageWord& operator=(uint32_t value) {
    value_ = value;
    store_image(at_, bytes_, value);
    return *this;
  }
  const uint8_t* image() const { return at_; }

 private:
  friend class ImageBlock;
  uint32_t value_ = 0, bytes_ = 1;
  uint8_t* at_ = nullptr;
};

/// Storage for the images of a model, packed so that a comparer can take many of them in one piece: the images of one byte first, then
/// those in 2-byte integers, then those in 4-byte integers and 32-bit words, then those in 8-byte integers. Within each of the four they lie
/// without gaps in the order of add(); the tile adds unit by unit, the array row by row.
class ImageBlock {
 public:
  /// Room for an image of `bits` bits, or of at least two 32-bit lanes; place() sets `*at`, which must not have moved by then.
  void add(uint8_t** at, int bits) { add({at, nullptr, image_bytes(bits)}); }
  void add(int32_t** at, int lanes) { add({nullptr, at, sizeof(int32_t) * static_cast<size_t>(lanes)}); }
  void add(ImageWord* word, int bits) {
    word->bytes_ = static_cast<uint32_t>(image_bytes(bits));
    add(&word->at_, bits);
  }

  /// Gives every image its place, all 0. Call once, after the last add().
  void place() {
    size_t bytes = 0;
    for (const auto& items : items_) {
      for (const Item& item : items) bytes += item.bytes;
      bytes = (bytes + 63) / 64 * 64;
    }
    storage_.assign(bytes, 0);
    uint8_t* at = storage_.data();
    for (auto& items : items_) {
      for (const Item& item : items) {
        if (item.bytes_at != nullptr) *item.bytes_at = at;
        if (item.lanes_at != nullptr) *item.lanes_at = reinterpret_cast<int32_t*>(at);
        at += item.bytes;
      }
      at = storage_.data() + (at - storage_.data() + 63) / 64 * 64;
      items.clear();
    }
  }

  void clear() { std::fill(storage_.begin(), storage_.end(), uint8_t{0}); }

 private:
  struct Item {
    uint8_t** bytes_at;
    int32_t** lanes_at;
    size_t bytes;
  };
  void add(const Item& item) { items_[item.bytes == 1 ? 0 : item.bytes == 2 ? 1 : item.bytes == 8 ? 3 : 2].push_back(item); }
  std::array<std::vector<Item>, 4> items_;
  LineVector<uint8_t> storage_;
};

}  // namespace assay
