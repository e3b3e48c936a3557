// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/accumulators.hpp"

namespace assay {

Accumulators::Accumulators(const HwConfig& config, Isa isa)
    : EntryStore(config, accumulator_kernels(isa)), kernels_(accumulator_kernels(isa)), columns_{cols_,        nullptr,
                                                                                                 nullptr,      nullptr,
                                                                                                 acc_old_,     acc_new_,
                                                                                                 mem_.data(),  static_cast<int32_t>(stride_),
                                                                                                 fresh_.data()} {}

void Accumulators::reset() {
  reset_registers();
  clear_flags();
}

void Accumulators::step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns) {
  columns_.psum = psum, columns_.tag_entry = tag_entry, columns_.tag_columns = tag_columns;
  const uint32_t flags = kernels_.step(columns_);
  if ((flags & kSumOverflow) != 0) overflow_ = 1;
  if ((flags & kSumUndefined) != 0) undefined_ = 1;
  if ((flags & kSumFresh) != 0) set_written(tag_entry);
}

void Accumulators::add_fields(std::vector<Field>& out) const {
  add_entry_fields(out, "int32");
  const auto flag = [&](const char* name, const ImageWord& word) {
    out.push_back({"accumulators", name, {}, 1, "bit", FieldClass::Flag, "", Split::None, false, {{word.image(), nullptr}}});
  };
  flag("acc_overflow", overflow_);
  flag("acc_undefined", undefined_);
}

}  // namespace assay
