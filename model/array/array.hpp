// SPDX-License-Identifier: Apache-2.0
// Array of R x C processing elements: input skew, shadow and active weights, switch wave, partial sums, tag pipeline.
// Latency: a beat issued in cycle t leaves column c as psum in cycle t + 2 + R + c.
// Formats: INT8/UINT8 in, held as byte and high bit; INT32 partial sums out.
// Overflow and rounding: partial sums wrap modulo 2^32 (cannot happen at <= 128 rows); exact otherwise.
// Twin: rtl/array/npu_array.sv
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/array/array_kernels.hpp"
#include "model/array/tags.hpp"
#include "model/common/bits.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/images.hpp"

namespace assay {

class Array {
 public:
  /// `own_images` false: the owner calls add_images() and places them before anything else is called.
  Array(const HwConfig& config, Isa isa, bool own_images = true);
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  /// Row by row: skew, skew_high, act, act_high, switch, shadow, shadow_high, weight, weight_high, psum.
  void add_images(ImageBlock& images);

  void reset();

  /// One edge: the registers of spec section 10 move.
  void step(const Issue& issue, const ShadowWrite& write);

  /// Any tag_valid_q bit set.
  bool tags_valid() const { return tags_left_ > 0; }
  /// False when every skew, act, psum, switch and tag register is 0, and was so in the cycle before.
  bool live() const { return live_left_ > 0; }
  TagView tags() const { return tags_.view(); }
  const int32_t* results() const { return act_rows_.back().psum; }  ///< psum_q[R-1]

  static constexpr int kFlagBits = 0;  ///< an integer sum over the rows cannot overflow: no flags
  static constexpr uint32_t flags() { return 0; }
  static void clear_flags() {}

  void add_array_fields(std::vector<Field>& out) const;  ///< block array
  void add_pe_fields(std::vector<Field>& out) const;     ///< block pe

 private:
  void publish(uint8_t* image, const LineVector<uint64_t>& v, int r) const { store_image(image, high_bytes_, v.data() + static_cast<size_t>(r) * col_words_); }
  uint64_t* high_row(LineVector<uint64_t>& v, int r) const { return v.data() + static_cast<size_t>(r) * col_words_; }
  void clear_images();
  void step_high(const Issue& issue);
  void step_switch(bool switch_first);
  template <class Number>
  void show_waves();
  void show_wide_waves();
  void switch_diagonal(int d);
  void switch_diagonal_high(int d);
  void write_shadow(const ShadowWrite& write);

  const int rows_, cols_, stages_;
  const ArrayKernels& kernels_;
  const size_t col_words_;   // 64-bit words of one row of C bits
  const size_t skew_words_;  // the same of R + 2 bits
  const size_t high_bytes_;  // image bytes of one row of C bits
  const ptrdiff_t lane_stride_;
  const bool packed_psum_;  // whole vectors of partial sums fill their images: they may lie among the others

  ArrayRows view_;
  TagPipeline tags_;
  int live_left_ = 0, tags_left_ = 0, high_left_ = 0, switch_left_ = 0;  // cycles for which something may be nonzero
  bool weight_high_seen_ = false;                                        // a shadow or active high bit may be 1

  struct WeightRow {
    uint8_t *shadow = nullptr, *weight = nullptr;
  };
  struct HighRow {
    uint8_t *skew = nullptr, *act = nullptr, *shadow = nullptr, *weight = nullptr;
  };
  ImageBlock own_images_;
  // The images, by what is worked on together; each [R].
  std::vector<ArrayRow> act_rows_;
  std::vector<WeightRow> weight_rows_;
  std::vector<HighRow> high_rows_;
  std::vector<uint8_t*> switch_rows_;
  // Vectors of high bits as 64-bit words; whoever changes one writes its image.
  LineVector<uint64_t> skew_high_;                             // [R][skew_words_]
  LineVector<uint64_t> shadow_high_, weight_high_, act_high_;  // [R][col_words_]
  LineVector<uint64_t> waves_;                                 // bit d: switch_q of every PE with r + c = d
  LineVector<uint32_t> weight_value_;                          // [R][lane_stride_]: the low 16 bits of the values of weight and weight_high
  LineVector<int32_t> psum_;                                   // a row of zeros, then [R][lane_stride_] unless the partial sums lie among the images
};

}  // namespace assay
