// SPDX-License-Identifier: Apache-2.0
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

/// What the accumulators of both kinds of tile share: the memory of B x D entries a column with its written bits, the registers' storage,
/// the read for the activation unit. An entry is 32 bits, INT32 or FP32.
class EntryStore {
 public:
  EntryStore(const HwConfig& config, const AccumulatorKernels& kernels);

  void clear_memory();  ///< entries to 0, for a fresh model
  void clear_written();

  /// Tells that a beat for columns < `columns` of `entry` enters the array; returns how many columns (a prefix) earlier beats have written or
  /// will have written by the time this one arrives. Beats reach a column in the order of issue, so this is all that the written bits can
  /// say in stage 1, and no memory of bits has to be read there.
  int note_issue(uint32_t entry, int columns);

  /// The activation unit fires a beat: loads read_q. Uses the memory of before this edge, so it comes before step().
  void read(uint32_t entry, int columns);

  /// How many of the first `columns` columns of an entry that the activation unit reads in this cycle are written: a prefix, because no beat
  /// for its bank is in flight then (spec section 7 to 9), so issued_columns_ is what the written bits say.
  int defined_columns(uint32_t entry, int columns) const { return std::min<int>(columns, issued_columns_[entry]); }

  /// The entries to compare in this cycle (tags of this cycle, pointers as in AccumulatorColumns); returns AccumulatorAccesses.
  uint32_t list_entries(const uint32_t* tag_entry, const uint32_t* tag_columns, const AccumulatorEntries& out) const {
    return list_(tag_entry, tag_columns, cols_, out);
  }

  const int32_t* read_values() const { return read_; }
  bool written(size_t column, size_t entry) const { return test_bit(written_.data() + column * written_words_, entry); }

 protected:
  ~EntryStore() = default;

  void reset_registers();
  /// Sets the written bits that `fresh_` names; the tags are those of stage 1.
  void set_written(const uint32_t* tag_entry);
  /// acc_new, acc_old, mem, written, read.
  void add_entry_fields(std::vector<Field>& out, const char* format) const;

  const int cols_, entries_;
  const size_t stride_;  // entries from column to column of mem_
  ImageWord undefined_;
  LineVector<int32_t> lanes_, mem_;
  int32_t *acc_new_, *acc_old_, *read_;  // one after the other in lanes_
  std::vector<uint32_t> fresh_;          // columns whose written bit this edge sets and was 0, 16 in a word

 private:
  uint32_t (*const list_)(const uint32_t* tag_entry, const uint32_t* tag_columns, int cols, const AccumulatorEntries& entries);
  const size_t written_words_;  // 64-bit words of one column's written bits
  LineVector<uint64_t> written_;
  std::vector<uint8_t> issued_columns_;  // [E] see note_issue
};

}  // namespace assay
