// SPDX-License-Identifier: Apache-2.0
// Floating-point array of R x C processing elements: operand skew, shadow and active weights, switch wave, FP32 partial sums, tag pipeline.
// Latency: a beat issued in cycle t leaves column c as psum in cycle t + 2 + R·L + c.
// Formats: bf16, fp16, e5m2, e4m3, e4m3fn in, held in operand form (1.8.10); FP32 partial sums out.
// Overflow and rounding: each PE rounds its exact product plus partial sum once, to nearest even (spec section 17.5.1).
// Twin: rtl/array/npu_fp_array.sv
#pragma once

#include <cstdint>
#include <vector>

#include "model/array/fp_array_kernels.hpp"
#include "model/array/tags.hpp"
#include "model/common/bits.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/images.hpp"

namespace assay {

class FpArray {
 public:
  /// `own_images` false: the owner calls add_images() and places them before anything else is called.
  FpArray(const HwConfig& config, Isa isa, bool own_images = true);
  FpArray(const FpArray&) = delete;
  FpArray& operator=(const FpArray&) = delete;

  void add_images(ImageBlock& images);

  void reset();
  void clear_flags() { array_flags_ = 0; }

  /// One edge: the registers of spec section 17.7 move.
  void step(const Issue& issue, const ShadowWrite& write);

  /// Any tag_valid_q bit set.
  bool tags_valid() const { return tags_left_ > 0; }
  /// False when every register that moves is 0 but for sticky flags, and was so in the cycle before.
  bool live() const { return live_left_ > 0; }
  TagView tags() const { return tags_.view(); }
  const int32_t* results() const { return results_; }  ///< psum_out of the last row

  static constexpr int kFlagBits = 4;
  uint32_t flags() const { return array_flags_; }  ///< array_flags_q

  void add_array_fields(std::vector<Field>& out) const;  ///< block array, and pe between the tags and the flags
  void add_pe_fields(std::vector<Field>& out) const;     ///< block pe, then the array's flags

 private:
  struct RowImages {
    uint8_t *skew = nullptr, *skew_low = nullptr, *skew_valid = nullptr, *act_low = nullptr, *act_valid = nullptr, *switched = nullptr;
    uint8_t *shadow = nullptr, *shadow_low = nullptr, *weight = nullptr, *weight_low = nullptr;
    std::vector<uint8_t*> valid;  // psum_valid and its delays
    std::vector<int32_t*> psums;  // psum and its delays
  };
  int skew_lanes(int r) const { return r * latency_ + 2; }
  void bind_rows();
  void step_front(const Issue& issue);
  void step_low(int k);
  void step_valid(const Issue& issue);
  void step_switch(bool switch_first);
  void switch_diagonal(int d);
  void switch_low(size_t row, int c);
  template <class Number>
  void show_narrow_waves();
  void show_waves();
  void write_shadow(const ShadowWrite& write);

  const int rows_, cols_, latency_;
  const bool has_low_;
  const int lane_bytes_;
  const FpArrayKernels& kernels_;
  const size_t col_words_;   // 64-bit words of a row of C bits
  const size_t skew_words_;  // of the longest row of skew bits
  const size_t low_words_;   // of the longest row of 3-bit lanes, skew or act, and one more
  const ptrdiff_t stride_;

  TagPipeline tags_;
  int live_left_ = 0, tags_left_ = 0, low_left_ = 0, switch_left_ = 0;  // cycles for which something may be nonzero
  ImageWord pe_flags_, array_flags_;
  ImageBlock own_images_;
  FpRows view_;
  bool weight_low_seen_ = false;  // a low bit of a shadow or active weight may be 1
  int streak_ = 0;                // beats of all rows and columns issued without a gap: from T on every valid bit is 1
  std::vector<FpRow> act_rows_;
  std::vector<RowImages> images_;
  const int32_t* results_ = nullptr;
  // Operands as the kernel takes them, see FpRows.
  LineVector<uint32_t> beat_;                    // [R]
  LineVector<uint16_t> front_, low_in_;          // [R]
  LineVector<uint16_t> low_;                     // [R][stride_], from lane kFrontLanes on
  LineVector<uint32_t> shadow_, weight_;         // [R][stride_]
  LineVector<uint64_t> skew_low_, act_low_;      // [R][low_words_]
  LineVector<uint64_t> skew_valid_, act_valid_;  // [R][skew_words_], [R][col_words_]
  LineVector<uint64_t> psum_valid_;              // [R][L][col_words_]: one chain from row 0 down
  LineVector<uint64_t> waves_;                   // bit d: switch_first d + 1 cycles ago
  LineVector<uint64_t> line_;                    // switch_line_q
  LineVector<int32_t> zeros_;
  uint8_t* line_image_ = nullptr;
};

}  // namespace assay
