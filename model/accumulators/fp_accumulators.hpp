// SPDX-License-Identifier: Apache-2.0
// Floating-point accumulators: per column a read stage, an adder stage and a memory of B x D entries with written bits.
// Latency: a result in the array's last psum register is stored two edges later; an entry read is in read_q one edge later.
// Formats: FP32 in, inside and out; a beat may round its entries to BF16.
// Overflow and rounding: each sum is rounded to nearest even, with BF16 entries a second time, and raises its flag set (spec section 17.8).
// Twin: rtl/accumulators/npu_fp_accumulators.sv
#pragma once

#include <cstdint>
#include <vector>

#include "model/accumulators/entries.hpp"
#include "model/accumulators/fp_accumulator_kernels.hpp"

namespace assay {

class FpAccumulators : public EntryStore {
 public:
  FpAccumulators(const HwConfig& config, Isa isa);

  void reset();
  void clear_flags() { flags_ = 0, undefined_ = 0; }

  /// Stages 1 and 2 of all columns. Tag pointers are those of tag stage R·L+1 (see AccumulatorColumns).
  void step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns);

  static constexpr int kFlagBits = 5;
  uint32_t flags() const { return flags_ | undefined_ << 4; }  ///< acc_undefined_q, acc_flags_q

  void add_images(ImageBlock& images) { images.add(&flags_, 4), images.add(&undefined_, 1); }
  void add_fields(std::vector<Field>& out) const;

 private:
  const FpAccumulatorKernels& kernels_;
  ImageWord flags_;
};

}  // namespace assay
