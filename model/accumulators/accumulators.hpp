// SPDX-License-Identifier: Apache-2.0
// Accumulators: per column a read stage, an adder stage and a memory of B x D entries with written bits.
// Latency: a result in psum_q[R-1] is stored two edges later; an entry read for the activation unit is in read_q one edge later.
// Formats: INT32 in, inside and out.
// Overflow and rounding: sums wrap modulo 2^32 and raise acc_overflow (spec section 5.2).
// Twin: rtl/accumulators/npu_accumulators.sv
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/accumulators/accumulator_kernels.hpp"
#include "model/common/bits.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/images.hpp"

namespace assay {

class Accumulators {
 public:
  Accumulators(const HwConfig& config, Isa isa);

  void reset();
  void clear_memory();  ///< entries to 0, for a fresh model
  void clear_written();
  void clear_flags() { overflow_ = 0, undefined_ = 0; }

  /// Tells that a beat for columns < `columns` of `entry` enters the array; returns how many columns (a prefix) earlier beats have written or
  /// will have written by the time this one arrives. Beats reach a column in the order of issue, so this is all that the written bits can
  /// say in stage 1, and no memory of bits has to be read there.
  int note_issue(uint32_t entry, int columns);

  /// Stages 1 and 2 of all columns. Tag pointers are those of tag stage R+1 (see AccumulatorColumns).
  void step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns);

  /// The activation unit fires a beat: loads read_q. Uses the memory of before this edge, so it comes before step().
  void read(uint32_t entry, int columns);

  /// How many of the first `columns` columns of an entry that the activation unit reads in this cycle are written: a prefix, because no beat
  /// for its bank is in flight then (spec section 7 to 9), so issued_columns_ is what the written bits say.
  int defined_columns(uint32_t entry, int columns) const { return std::min<int>(columns, issued_columns_[entry]); }

  /// The entries to compare in this cycle (tags of this cycle, pointers as in step); returns AccumulatorAccesses.
  uint32_t list_entries(const uint32_t* tag_entry, const uint32_t* tag_columns, const AccumulatorEntries& out) const {
    return kernels_.entries(tag_entry, tag_columns, cols_, out);
  }

  const int32_t* read_values() const { return read_; }
  bool overflow() const { return overflow_ != 0; }
  bool undefined() const { return undefined_ != 0; }
  bool written(size_t column, size_t entry) const { return test_bit(written_.data() + column * written_words_, entry); }

  void add_images(ImageBlock& images) { images.add(&overflow_, 1), images.add(&undefined_, 1); }
  void add_fields(std::vector<Field>& out) const;

 private:
  void set_written(const uint32_t* tag_entry);

  const int cols_, entries_;
  const AccumulatorKernels& kernels_;
  const size_t stride_;         // entries from column to column of mem_
  const size_t written_words_;  // 64-bit words of one column's written bits
  ImageWord overflow_, undefined_;
  LineVector<int32_t> lanes_, mem_;
  int32_t *acc_new_, *acc_old_, *read_;  // one after the other in lanes_
  LineVector<uint64_t> written_;
  std::vector<uint8_t> issued_columns_;  // [E] see note_issue
  std::vector<uint32_t> fresh_;
};

}  // namespace assay
