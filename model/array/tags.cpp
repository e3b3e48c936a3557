// SPDX-License-Identifier: Apache-2.0
#include "model/array/tags.hpp"

#include <algorithm>
#include <cstring>

namespace assay {
namespace {

constexpr ptrdiff_t kSlide = 256;  // cycles between two rebases of the windows: small enough for them to stay in the first-level cache

}  // namespace

TagPipeline::TagPipeline(const HwConfig& config, const ArrayKernels& kernels)
    : stages_(config.tag_stages()), floating_(config.floating()), shift_(kernels.shift_tags), base_(kSlide), count_(floating_ ? kTags : kBf16) {
  const std::array<int, kTags> widths{1, 1, 1, clog2(config.cols + 1), clog2(config.entries()), 1};
  for (size_t i = 0; i < static_cast<size_t>(count_); ++i) {
    const int bits = stages_ * widths[i];
    const size_t words = words64(bits);
    const auto padded = static_cast<size_t>(round_up(static_cast<int>(words), 8));
    images_[i].resize(padded), masks_[i].resize(padded);
    std::fill_n(masks_[i].begin(), words, ~uint64_t{0});
    masks_[i][words - 1] = low_mask(bits - 64 * static_cast<int>(words - 1));
    shifts_[i] = {images_[i].data(), masks_[i].data(), static_cast<int>(words), widths[i], 0};
  }
  for (auto* window : {&entry_lanes_, &column_lanes_}) window->resize(static_cast<size_t>(kSlide + stages_ + 32));
}

void TagPipeline::reset() {
  for (auto& image : images_) zero(image);
  zero(entry_lanes_), zero(column_lanes_);
  base_ = kSlide;
}

// Moves the windows back to the top of their storage.
void TagPipeline::rebase() {
  for (auto* window : {&entry_lanes_, &column_lanes_}) {
    std::memmove(window->data() + kSlide, window->data(), static_cast<size_t>(stages_ + 16) * sizeof(uint32_t));
    std::memset(window->data(), 0, static_cast<size_t>(kSlide) * sizeof(uint32_t));
  }
  base_ = kSlide;
}

void TagPipeline::step(const Issue& issue) {
  if (base_ == 0) rebase();
  --base_;
  uint32_t entry = 0, columns = 0;
  if (issue.valid) {
    entry = issue.entry | (issue.accumulate ? TagView::kAccumulate : 0) | (issue.last ? TagView::kLast : 0) | (issue.bf16_entries ? TagView::kBf16 : 0);
    columns = static_cast<uint32_t>(issue.columns | issue.written_columns << 8);
  }
  entry_lanes_[static_cast<size_t>(base_)] = entry;
  column_lanes_[static_cast<size_t>(base_)] = columns;
  shifts_[kValid].in = issue.valid ? 1 : 0;
  shifts_[kLast].in = (entry & TagView::kLast) != 0 ? 1 : 0;
  shifts_[kAccumulate].in = (entry & TagView::kAccumulate) != 0 ? 1 : 0;
  shifts_[kColumns].in = columns & 0xff;
  shifts_[kEntry].in = entry & TagView::kEntry;
  shifts_[kBf16].in = (entry & TagView::kBf16) != 0 ? 1 : 0;
  shift_(shifts_.data(), count_);
}

void TagPipeline::add_fields(std::vector<Field>& out) const {
  const auto add = [&](Tag tag, const char* name, const char* format) {
    const TagShift& shift = shifts_[tag];
    out.push_back({"array", name, {stages_}, shift.width, format, FieldClass::Control, "", Split::None, false, {{shift.words, nullptr}}});
  };
  add(kValid, "tag_valid", "bit"), add(kLast, "tag_last", "bit"), add(kAccumulate, "tag_accumulate", "bit");
  if (floating_) add(kBf16, "tag_bf16", "bit");
  add(kColumns, "tag_columns", "uint"), add(kEntry, "tag_entry", "uint");
}

}  // namespace assay
