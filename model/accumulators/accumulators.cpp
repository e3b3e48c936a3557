// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/accumulators.hpp"

#include <algorithm>

namespace assay {

Accumulators::Accumulators(const HwConfig& config, Isa isa)
    : cols_(config.cols),
      entries_(config.entries()),
      kernels_(accumulator_kernels(isa)),
      // one cache line more than the entries, so that one entry of all columns spreads over the cache's sets
      stride_(static_cast<size_t>(entries_) + 16),
      written_words_(words64(entries_)) {
  const auto lanes = static_cast<size_t>(round_up(cols_, 16));
  lanes_.resize(3 * lanes);
  acc_new_ = lanes_.data(), acc_old_ = acc_new_ + lanes, read_ = acc_old_ + lanes;
  mem_.resize(stride_ * static_cast<size_t>(cols_));
  written_.resize(written_words_ * static_cast<size_t>(cols_));
  issued_columns_.resize(static_cast<size_t>(entries_));
  fresh_.resize(lanes / 16);
}

void Accumulators::reset() {
  zero(lanes_);
  clear_written();
  clear_flags();
}

void Accumulators::clear_memory() { zero(mem_); }

void Accumulators::clear_written() { zero(written_), zero(issued_columns_); }

int Accumulators::note_issue(uint32_t entry, int columns) {
  const int before = issued_columns_[entry];
  issued_columns_[entry] = static_cast<uint8_t>(std::max(before, columns));  // columns <= 128
  return before;
}

void Accumulators::step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns) {
  const uint32_t flags = kernels_.step({cols_, psum, tag_entry, tag_columns, acc_old_, acc_new_, mem_.data(), static_cast<int32_t>(stride_), fresh_.data()});
  if ((flags & kSumOverflow) != 0) overflow_ = 1;
  if ((flags & kSumUndefined) != 0) undefined_ = 1;
  if ((flags & kSumFresh) != 0) set_written(tag_entry);
}

void Accumulators::set_written(const uint32_t* tag_entry) {
  for (size_t i = 0; i < fresh_.size(); ++i)
    for (uint32_t left = fresh_[i]; left != 0; left &= left - 1) {
      const size_t c = 16 * i + static_cast<size_t>(std::countr_zero(left));
      set_bit(written_.data() + c * written_words_, tag_entry[c + 1] & 0xffff);
    }
}

void Accumulators::read(uint32_t entry, int columns) {
  const int defined = defined_columns(entry, columns);
  const int32_t* at = mem_.data() + entry;
  for (int c = 0; c < defined; ++c, at += stride_) read_[c] = *at;
  std::fill(read_ + defined, read_ + cols_, 0);
  if (defined < columns) undefined_ = 1;
}

void Accumulators::add_fields(std::vector<Field>& out) const {
  const auto lanes = [&](const char* name, const int32_t* at) {
    out.push_back({"accumulators", name, {cols_}, 32, "int32", FieldClass::Register, "", Split::None, false, {{at, nullptr}}});
  };
  lanes("acc_new", acc_new_);
  lanes("acc_old", acc_old_);
  Field mem{"accumulators", "mem", {cols_, entries_}, 32, "int32", FieldClass::Memory, "written", Split::Column, true, {}};
  Field written{"accumulators", "written", {cols_, entries_}, 1, "bit", FieldClass::Control, "", Split::Column, false, {}};
  for (size_t c = 0; c < static_cast<size_t>(cols_); ++c) {
    mem.parts.push_back({mem_.data() + c * stride_, nullptr});
    written.parts.push_back({written_.data() + c * written_words_, nullptr});
  }
  out.push_back(mem);
  out.push_back(written);
  lanes("read", read_);
  const auto flag = [&](const char* name, const ImageWord& word) {
    out.push_back({"accumulators", name, {}, 1, "bit", FieldClass::Flag, "", Split::None, false, {{word.image(), nullptr}}});
  };
  flag("acc_overflow", overflow_);
  flag("acc_undefined", undefined_);
}

}  // namespace assay
