// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/entries.hpp"

namespace assay {

EntryStore::EntryStore(const HwConfig& config, const AccumulatorKernels& kernels)
    : cols_(config.cols),
      entries_(config.entries()),
      // one cache line more than the entries, so that one entry of all columns spreads over the cache's sets
      stride_(static_cast<size_t>(entries_) + 16),
      list_(kernels.entries),
      written_words_(words64(entries_)) {
  const auto lanes = static_cast<size_t>(round_up(cols_, 16));
  lanes_.resize(3 * lanes);
  acc_new_ = lanes_.data(), acc_old_ = acc_new_ + lanes, read_ = acc_old_ + lanes;
  mem_.resize(stride_ * static_cast<size_t>(cols_));
  written_.resize(written_words_ * static_cast<size_t>(cols_));
  issued_columns_.resize(static_cast<size_t>(entries_));
  fresh_.resize(lanes / 16);
}

void EntryStore::reset_registers() {
  zero(lanes_);
  clear_written();
  undefined_ = 0;
}

void EntryStore::clear_memory() { zero(mem_); }

void EntryStore::clear_written() { zero(written_), zero(issued_columns_); }

int EntryStore::note_issue(uint32_t entry, int columns) {
  const int before = issued_columns_[entry];
  issued_columns_[entry] = static_cast<uint8_t>(std::max(before, columns));  // columns <= 128
  return before;
}

void EntryStore::set_written(const uint32_t* tag_entry) {
  for (size_t i = 0; i < fresh_.size(); ++i)
    for (uint32_t left = fresh_[i]; left != 0; left &= left - 1) {
      const size_t c = 16 * i + static_cast<size_t>(std::countr_zero(left));
      set_bit(written_.data() + c * written_words_, tag_entry[c + 1] & 0xffff);
    }
}

void EntryStore::read(uint32_t entry, int columns) {
  const int defined = defined_columns(entry, columns);
  const int32_t* at = mem_.data() + entry;
  for (int c = 0; c < defined; ++c, at += stride_) read_[c] = *at;
  std::fill(read_ + defined, read_ + cols_, 0);
  if (defined < columns) undefined_ = 1;
}

void EntryStore::add_entry_fields(std::vector<Field>& out, const char* format) const {
  const auto lanes = [&](const char* name, const int32_t* at) {
    out.push_back({"accumulators", name, {cols_}, 32, format, FieldClass::Register, "", Split::None, false, {{at, nullptr}}});
  };
  lanes("acc_new", acc_new_);
  lanes("acc_old", acc_old_);
  Field mem{"accumulators", "mem", {cols_, entries_}, 32, format, FieldClass::Memory, "written", Split::Column, true, {}};
  Field written{"accumulators", "written", {cols_, entries_}, 1, "bit", FieldClass::Control, "", Split::Column, false, {}};
  for (size_t c = 0; c < static_cast<size_t>(cols_); ++c) {
    mem.parts.push_back({mem_.data() + c * stride_, nullptr});
    written.parts.push_back({written_.data() + c * written_words_, nullptr});
  }
  out.push_back(mem);
  out.push_back(written);
  lanes("read", read_);
}

}  // namespace assay
