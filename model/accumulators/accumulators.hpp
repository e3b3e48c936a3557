// SPDX-License-Identifier: Apache-2.0
// Accumulators: per column a read stage, an adder stage and a memory of B x D entries with written bits.
// Latency: a result in psum_q[R-1] is stored two edges later; an entry read for the activation unit is in read_q one edge later.
// Formats: INT32 in, inside and out.
// Overflow and rounding: sums wrap modulo 2^32 and raise acc_overflow (spec section 5.2).
// Twin: rtl/accumulators/npu_accumulators.sv
#pragma once

#include <cstdint>
#include <vector>

#include "model/accumulators/entries.hpp"

namespace assay {

class Accumulators : public EntryStore {
 public:
  Accumulators(const HwConfig& config, Isa isa);

  void reset();
  void clear_flags() { overflow_ = 0, undefined_ = 0; }

  /// Stages 1 and 2 of all columns. Tag pointers are those of tag stage R+1 (see AccumulatorColumns).
  void step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns);

  static constexpr int kFlagBits = 2;
  uint32_t flags() const { return overflow_ | undefined_ << 1; }  ///< acc_undefined_q, acc_overflow_q

  void add_images(ImageBlock& images) { images.add(&overflow_, 1), images.add(&undefined_, 1); }
  void add_fields(std::vector<Field>& out) const;

 private:
  const AccumulatorKernels& kernels_;
  AccumulatorColumns columns_;  // what step() hands to the kernel
  ImageWord overflow_;
};

}  // namespace assay
