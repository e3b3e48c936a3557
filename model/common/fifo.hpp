// SPDX-License-Identifier: Apache-2.0
// FIFO of spec section 6: pointers, count and slots, every slot a packed image.
// Latency: a push in cycle c can be popped from cycle c + 1.
// Formats: slots of `width` bits in image_bytes(width) bytes each.
// Overflow and rounding: none; the owner pushes only when not full and pops only when not empty.
// Twin: rtl/common/npu_fifo.sv
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "model/common/bits.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/images.hpp"

namespace assay {

class Fifo {
 public:
  Fifo(int depth, int width)
      : depth_(static_cast<uint32_t>(depth)), width_(width), bytes_(image_bytes(width)), mem_(bytes_ * static_cast<size_t>(depth) + kOverRead) {}

  bool full() const { return count_ == depth_; }
  bool empty() const { return count_ == 0; }
  uint32_t count() const { return count_; }
  uint32_t depth() const { return depth_; }
  size_t head() const { return rptr_; }  ///< slot at the head
  size_t tail() const { return wptr_; }  ///< slot that the next push fills
  size_t newest() const { return wptr_ == 0 ? depth_ - 1 : wptr_ - 1; }
  size_t slot_bytes() const { return bytes_; }
  uint8_t* slot(size_t i) { return mem_.data() + i * bytes_; }
  const uint8_t* slot(size_t i) const { return mem_.data() + i * bytes_; }
  const uint8_t* head_data() const { return slot(rptr_); }
  const void* mem() const { return mem_.data(); }

  /// Fills the slot at the tail with `n` bytes (the rest stays 0) and counts it in. Needs !full().
  void push(const void* data, size_t n) {
    std::memcpy(slot(wptr_), data, n);
    push();
  }
  /// The same for a length that is known at run time only.
  void push_beat(const uint8_t* data, size_t n) {
    copy_word(slot(wptr_), data, n);
    push();
  }
  /// The same when the slot has been filled in place.
  void push() {
    wptr_ = wptr_ + 1 == depth_ ? 0 : wptr_ + 1;
    count_ = count_ + 1;
  }
  void pop() {
    rptr_ = rptr_ + 1 == depth_ ? 0 : rptr_ + 1;
    count_ = count_ - 1;
  }
  void reset() { wptr_ = 0, rptr_ = 0, count_ = 0; }
  void clear_memory() { std::fill(mem_.begin(), mem_.end(), uint8_t{0}); }

  /// Whether slot i is between the push and the pop of its word.
  bool occupied(size_t i) const {
    const size_t from_head = i >= rptr_ ? i - rptr_ : i + depth_ - rptr_;
    return from_head < count_;
  }

  void add_images(ImageBlock& images) {
    const int depth = static_cast<int>(depth_);
    images.add(&wptr_, clog2(depth)), images.add(&rptr_, clog2(depth)), images.add(&count_, clog2(depth + 1));
  }

  /// Appends `<name>_wptr`, `_rptr`, `_count`, `_mem`.
  void add_fields(std::vector<Field>& out, const std::string& name) const {
    const int depth = static_cast<int>(depth_);
    const auto control = [&](const char* suffix, int width, const ImageWord& word) {
      out.push_back({"tile", name + suffix, {}, width, "uint", FieldClass::Control, "", Split::None, false, {{word.image(), nullptr}}});
    };
    control("_wptr", clog2(depth), wptr_);
    control("_rptr", clog2(depth), rptr_);
    control("_count", clog2(depth + 1), count_);
    out.push_back({"tile", name + "_mem", {depth}, width_, "bits", FieldClass::Fifo, "occupied", Split::None, true, {{mem_.data(), nullptr}}});
  }

 private:
  uint32_t depth_;
  ImageWord wptr_, rptr_, count_;
  int width_;
  size_t bytes_;
  LineVector<uint8_t> mem_;
};

}  // namespace assay
