// SPDX-License-Identifier: Apache-2.0
#include "model/accumulators/fp_accumulators.hpp"

namespace assay {

FpAccumulators::FpAccumulators(const HwConfig& config, Isa isa) : EntryStore(config, accumulator_kernels(isa)), kernels_(fp_accumulator_kernels(isa)) {}

void FpAccumulators::reset() {
  reset_registers();
  clear_flags();
}

void FpAccumulators::step(const int32_t* psum, const uint32_t* tag_entry, const uint32_t* tag_columns) {
  const uint32_t raised = kernels_.step({cols_, psum, tag_entry, tag_columns, acc_old_, acc_new_, mem_.data(), static_cast<int32_t>(stride_), fresh_.data()});
  if ((raised & 15 & ~flags_) != 0) flags_ = flags_ | (raised & 15);
  if ((raised & kFpSumUndefined) != 0) undefined_ = 1;
  if ((raised & kFpSumFresh) != 0) set_written(tag_entry);
}

void FpAccumulators::add_fields(std::vector<Field>& out) const {
  add_entry_fields(out, "fp32");
  const auto flag = [&](const char* name, int width, const char* format, const ImageWord& word) {
    out.push_back({"accumulators", name, {}, width, format, FieldClass::Flag, "", Split::None, false, {{word.image(), nullptr}}});
  };
  flag("acc_flags", 4, "bits", flags_);
  flag("acc_undefined", 1, "bit", undefined_);
}

}  // namespace assay
