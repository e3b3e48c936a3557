// SPDX-License-Identifier: Apache-2.0
#include "model/array/array.hpp"

#include <algorithm>
#include <string>

#include "model/pe/mac.hpp"

namespace assay {
namespace {

// 64 bits of `words` from bit `at` on; the word above must exist.
uint64_t bits_from(const uint64_t* words, int at) {
  const int word = at / 64, shift = at % 64;
  // << 1 << (63 - shift) is << (64 - shift), without a shift by 64
  return (words[word] >> shift) | (words[word + 1] << 1 << (63 - shift));
}

}  // namespace

Array::Array(const HwConfig& config, Isa isa, bool own_images)
    : rows_(config.rows),
      cols_(config.cols),
      stages_(config.tag_stages()),
      // up to 8 columns a 256-bit vector holds a row, and moves faster than a wider one that is half empty (measured)
      kernels_(array_kernels(isa == Isa::V4 && cols_ <= 8 ? Isa::V3 : isa)),
      col_words_(words64(cols_)),
      skew_words_(words64(rows_ + 2)),
      high_bytes_(image_bytes(cols_)),
      lane_stride_(cols_ <= 8 ? 8 : round_up(cols_, 16)),
      packed_psum_(lane_stride_ == cols_),
      tags_(config, kernels_),
      act_rows_(static_cast<size_t>(rows_)),
      weight_rows_(static_cast<size_t>(rows_)),
      high_rows_(static_cast<size_t>(rows_)),
      switch_rows_(static_cast<size_t>(rows_)) {
  const auto rows = static_cast<size_t>(rows_);
  const auto lanes = static_cast<size_t>(lane_stride_);
  skew_high_.resize(rows * skew_words_);
  waves_.resize(words64(rows_ + cols_ - 1) + 2);  // what lies above is 0, for show_waves()
  for (auto* bits : {&shadow_high_, &weight_high_, &act_high_}) bits->resize(rows * col_words_);
  weight_value_.resize(rows * lanes);
  psum_.resize((rows + 1) * lanes + 16);  // the accumulators read 16 lanes at a time
  for (size_t r = 0; r < rows; ++r) act_rows_[r].psum = psum_.data() + (r + 1) * lanes;
  view_ = {rows_, cols_, act_rows_.data(), nullptr, 0, psum_.data(), weight_value_.data(), lane_stride_, nullptr, static_cast<ptrdiff_t>(col_words_)};
  if (!own_images) return;
  add_images(own_images_);
  own_images_.place();
}

void Array::add_images(ImageBlock& images) {
  for (size_t r = 0; r < act_rows_.size(); ++r) {
    const int stages = static_cast<int>(r) + 2;
    HighRow& high = high_rows_[r];
    images.add(&act_rows_[r].skew, 8 * stages), images.add(&high.skew, stages);
    images.add(&act_rows_[r].act, 8 * cols_), images.add(&high.act, cols_), images.add(&switch_rows_[r], cols_);
    images.add(&weight_rows_[r].shadow, 8 * cols_), images.add(&high.shadow, cols_);
    images.add(&weight_rows_[r].weight, 8 * cols_), images.add(&high.weight, cols_);
    if (packed_psum_) images.add(&act_rows_[r].psum, cols_);
  }
}

void Array::clear_images() {
  const size_t bytes = image_bytes(8 * cols_);
  for (size_t r = 0; r < act_rows_.size(); ++r) {
    const int stages = static_cast<int>(r) + 2;
    const HighRow& high = high_rows_[r];
    std::memset(act_rows_[r].skew, 0, image_bytes(8 * stages)), std::memset(high.skew, 0, image_bytes(stages));
    for (uint8_t* image : {act_rows_[r].act, weight_rows_[r].shadow, weight_rows_[r].weight}) std::memset(image, 0, bytes);
    std::memset(act_rows_[r].psum, 0, static_cast<size_t>(lane_stride_) * sizeof(int32_t));
    for (uint8_t* image : {high.act, high.shadow, high.weight, switch_rows_[r]}) std::memset(image, 0, high_bytes_);
  }
}

void Array::reset() {
  clear_images();
  zero(skew_high_), zero(shadow_high_), zero(weight_high_), zero(act_high_), zero(waves_);
  zero(weight_value_);
  tags_.reset();
  live_left_ = tags_left_ = high_left_ = switch_left_ = 0;
  weight_high_seen_ = false;
}

void Array::step(const Issue& issue, const ShadowWrite& write) {
  if (issue.valid) {
    tags_left_ = stages_ + 1;
    // A beat's last product stands in psum until T + R cycles after its issue, its tag two cycles longer in the view.
    live_left_ = stages_ + rows_ + 8;
    if (issue.switch_weights) switch_left_ = rows_ + cols_ + 1;
  }
  if (live_left_ > 0) {
    --live_left_;
    tags_left_ -= tags_left_ > 0 ? 1 : 0;
    if (high_left_ > 0 || issue.activation_unsigned) step_high(issue);
    view_.beat = issue.beat;
    view_.k = issue.k;
    view_.act_high = high_left_ > 0 ? act_high_.data() : nullptr;
    kernels_.step(view_);
    if (switch_left_ > 0) step_switch(issue.switch_weights);
    tags_.step(issue);
  }
  if (write.valid) write_shadow(write);
}

void Array::step_high(const Issue& issue) {
  if (issue.valid && issue.activation_unsigned) {
    unsigned any = 0;
    for (int r = 0; r < issue.k; ++r) any |= issue.beat[r];
    if (any > 127) high_left_ = stages_;
  }
  if (high_left_ == 0) return;
  --high_left_;
  const int k = issue.valid && issue.activation_unsigned ? issue.k : 0;
  // The bits are random: shift and mask, no branches on them.
  const auto front = [&](int r) { return r < k ? uint64_t{issue.beat[r]} >> 7 : 0; };
  if (col_words_ == 1 && skew_words_ == 1) {
    const uint64_t mask = low_mask(cols_);
    for (int r = 0; r < rows_; ++r) {
      uint64_t& skew = skew_high_[static_cast<size_t>(r)];
      uint64_t& act = act_high_[static_cast<size_t>(r)];
      act = ((act << 1) | (skew >> (r + 1))) & mask;  // bit r + 1 is the last of the skew
      skew = ((skew << 1) | front(r)) & low_mask(r + 2);
      const HighRow& image = high_rows_[static_cast<size_t>(r)];
      store_image(image.act, high_bytes_, act), store_image(image.skew, image_bytes(r + 2), skew);
    }
    return;
  }
  for (int r = 0; r < rows_; ++r) {
    uint64_t* skew = skew_high_.data() + static_cast<size_t>(r) * skew_words_;
    shift_in(high_row(act_high_, r), cols_, 1, test_bit(skew, static_cast<size_t>(r + 1)) ? 1 : 0);
    shift_in(skew, r + 2, 1, front(r));
    const HighRow& image = high_rows_[static_cast<size_t>(r)];
    publish(image.act, act_high_, r), store_image(image.skew, image_bytes(r + 2), skew);
  }
}

// The switch acts on weights after the products of this edge, which use the old ones.
void Array::step_switch(bool switch_first) {
  --switch_left_;
  for (size_t i = 0; i < waves_.size(); ++i)
    for (uint64_t left = waves_[i]; left != 0; left &= left - 1) {
      const int d = static_cast<int>(64 * i) + std::countr_zero(left);
      switch_diagonal(d);
      if (weight_high_seen_) switch_diagonal_high(d);
    }
  shift_in(waves_.data(), rows_ + cols_ - 1, 1, switch_first ? 1 : 0);
  switch (high_bytes_) {
    case 1:
      return show_waves<uint8_t>();
    case 2:
      return show_waves<uint16_t>();
    case 4:
      return show_waves<uint32_t>();
    case 8:
      return show_waves<uint64_t>();
    default:
      return show_wide_waves();
  }
}

// switch_q[r][c] is bit r + c of the waves.
template <class Number>
void Array::show_waves() {
  const auto mask = static_cast<Number>(low_mask(cols_));
  const uint64_t* const words = waves_.data();
  uint8_t* const* const image = switch_rows_.data();
  const auto show = [mask](uint8_t* at, uint64_t bits) {
    const auto number = static_cast<Number>(bits & mask);
    std::memcpy(at, &number, sizeof number);
  };
  const int rows = rows_;
  if (rows + cols_ <= 65) {
    const uint64_t all = words[0];
    for (int r = 0; r < rows; ++r) show(image[r], all >> r);
  } else {
    for (int r = 0; r < rows; ++r) show(image[r], bits_from(words, r));
  }
}

void Array::show_wide_waves() {
  for (int r = 0; r < rows_; ++r) {
    const uint64_t words[2] = {bits_from(waves_.data(), r), bits_from(waves_.data(), r + 64) & low_mask(cols_ - 64)};
    store_image(switch_rows_[static_cast<size_t>(r)], high_bytes_, words);
  }
}

void Array::switch_diagonal(int d) {
  const int first = std::max(0, d - cols_ + 1), last = std::min(rows_ - 1, d);
  // From row to row of the diagonal: one row down, one column to the left.
  const ptrdiff_t lane_step = lane_stride_ - 1;
  uint32_t* value = weight_value_.data() + first * lane_stride_ + d - first;
  const WeightRow* row = weight_rows_.data() + first;
  ptrdiff_t c = d - first;
  for (int left = last - first; left >= 0; --left, ++row, --c, value += lane_step) {
    const uint8_t bits = row->shadow[c];
    row->weight[c] = bits;
    *value = static_cast<uint16_t>(static_cast<int8_t>(bits));  // the sign-extended byte, in the low 16 bits
  }
}

// The same for the high bits, on top of switch_diagonal.
void Array::switch_diagonal_high(int d) {
  for (int r = std::max(0, d - cols_ + 1); r <= std::min(rows_ - 1, d); ++r) {
    const int c = d - r;
    const size_t word = static_cast<size_t>(r) * col_words_ + static_cast<size_t>(c / 64);
    const uint64_t bit = uint64_t{1} << (c % 64);
    weight_high_[word] = (weight_high_[word] & ~bit) | (shadow_high_[word] & bit);
    publish(high_rows_[static_cast<size_t>(r)].weight, weight_high_, r);
    // a byte of the sign-extended form 0xff.. plus 256 is the byte alone
    if ((shadow_high_[word] & bit) != 0) weight_value_[static_cast<size_t>(r * lane_stride_ + c)] &= 0xff;
  }
}

void Array::write_shadow(const ShadowWrite& write) {
  uint8_t* bytes = weight_rows_[static_cast<size_t>(write.row)].shadow;
  std::memcpy(bytes, write.data, static_cast<size_t>(cols_));
  if (!write.weight_unsigned && !weight_high_seen_) return;
  uint64_t* high = high_row(shadow_high_, write.row);
  std::fill(high, high + col_words_, uint64_t{0});
  for (int c = 0; c < cols_; ++c) {
    const int64_t bit = high_bit<int64_t>(static_cast<int8_t>(bytes[c]), write.weight_unsigned ? 1 : 0);
    high[c / 64] |= static_cast<uint64_t>(bit) << (c % 64);
  }
  publish(high_rows_[static_cast<size_t>(write.row)].shadow, shadow_high_, write.row);
  weight_high_seen_ = true;
}

void Array::add_array_fields(std::vector<Field>& out) const {
  const auto skew = [&](const char* name, size_t r, int width, const char* format, const uint8_t* image) {
    out.push_back(
        {"array", name + std::to_string(r), {static_cast<int>(r) + 2}, width, format, FieldClass::Register, "", Split::None, false, {{image, nullptr}}});
  };
  for (size_t r = 0; r < act_rows_.size(); ++r) skew("skew_", r, 8, "int8", act_rows_[r].skew);
  for (size_t r = 0; r < act_rows_.size(); ++r) skew("skew_high_", r, 1, "bit", high_rows_[r].skew);
  Field wave{"array", "switch", {rows_, cols_}, 1, "bit", FieldClass::Control, "", Split::Row, false, {}};
  for (const uint8_t* image : switch_rows_) wave.parts.push_back({image, nullptr});
  out.push_back(wave);
  tags_.add_fields(out);
}

void Array::add_pe_fields(std::vector<Field>& out) const {
  const auto field = [&](const char* name, int width, const char* format, auto image) {
    Field f{"pe", name, {rows_, cols_}, width, format, FieldClass::Register, "", Split::Row, false, {}};
    for (size_t r = 0; r < act_rows_.size(); ++r) f.parts.push_back({image(r), nullptr});
    out.push_back(f);
  };
  field("shadow", 8, "int8", [&](size_t r) { return weight_rows_[r].shadow; });
  field("shadow_high", 1, "bit", [&](size_t r) { return high_rows_[r].shadow; });
  field("weight", 8, "int8", [&](size_t r) { return weight_rows_[r].weight; });
  field("weight_high", 1, "bit", [&](size_t r) { return high_rows_[r].weight; });
  field("act", 8, "int8", [&](size_t r) { return act_rows_[r].act; });
  field("act_high", 1, "bit", [&](size_t r) { return high_rows_[r].act; });
  field("psum", 32, "int32", [&](size_t r) { return act_rows_[r].psum; });
}

}  // namespace assay
