// SPDX-License-Identifier: Apache-2.0
#include "model/array/fp_array.hpp"

#include <algorithm>
#include <string>

#include "model/array/operands.hpp"

namespace assay {
namespace {

constexpr size_t kFrontLanes = 32;  // the kernel reads a vector that begins one lane before a row

// `n` bits of `words` from bit `at` on into `out`; the word above the last one must exist.
void copy_bits(const uint64_t* words, int at, int n, uint64_t* out) {
  for (int i = 0; i < n; i += 64) {
    const int word = (at + i) / 64, shift = (at + i) % 64;
    // << 1 << (63 - shift) is << (64 - shift), without a shift by 64
    out[i / 64] = ((words[word] >> shift) | (words[word + 1] << 1 << (63 - shift))) & low_mask(n - i);
  }
}

}  // namespace

FpArray::FpArray(const HwConfig& config, Isa isa, bool own_images)
    : rows_(config.rows),
      cols_(config.cols),
      latency_(config.pe_latency),
      has_low_(config.has_low()),
      lane_bytes_(config.lane_bytes()),
      kernels_(fp_array_kernels(isa)),
      col_words_(words64(cols_)),
      skew_words_(words64(skew_lanes(rows_ - 1))),
      low_words_(words64(3 * std::max(skew_lanes(rows_ - 1), cols_)) + 1),
      stride_(round_up(cols_, 16)),
      tags_(config, array_kernels(isa)),
      act_rows_(static_cast<size_t>(rows_)),
      images_(static_cast<size_t>(rows_)) {
  const auto rows = static_cast<size_t>(rows_), lanes = static_cast<size_t>(stride_), latency = static_cast<size_t>(latency_);
  beat_.resize(rows), front_.resize(rows), low_in_.resize(rows);
  low_.resize(kFrontLanes + rows * lanes);
  for (auto* values : {&shadow_, &weight_}) values->resize(rows * lanes);
  if (has_low_) skew_low_.resize(rows * low_words_), act_low_.resize(rows * low_words_);
  skew_valid_.resize(rows * skew_words_), act_valid_.resize(rows * col_words_);
  psum_valid_.resize(rows * latency * col_words_);
  line_.resize(words64(std::max(1, (rows_ - 1) * latency_)));
  waves_.resize(words64((rows_ - 1) * latency_ + cols_) + 2);  // what lies above is 0, for copy_bits()
  zeros_.resize(lanes);
  for (RowImages& image : images_) image.valid.resize(latency), image.psums.resize(latency);
  if (!own_images) return;
  add_images(own_images_);
  own_images_.place();
  reset();
}

void FpArray::add_images(ImageBlock& images) {
  for (int r = 0; r < rows_; ++r) {
    RowImages& row = images_[static_cast<size_t>(r)];
    const int stages = skew_lanes(r);
    images.add(&row.skew, 16 * stages), images.add(&row.skew_valid, stages);
    images.add(&act_rows_[static_cast<size_t>(r)].act, 16 * cols_), images.add(&row.act_valid, cols_), images.add(&row.switched, cols_);
    images.add(&row.shadow, 16 * cols_), images.add(&row.weight, 16 * cols_);
    if (has_low_) {
      images.add(&row.skew_low, 3 * stages), images.add(&row.act_low, 3 * cols_);
      images.add(&row.shadow_low, 3 * cols_), images.add(&row.weight_low, 3 * cols_);
    }
    for (uint8_t*& valid : row.valid) images.add(&valid, cols_);
    for (int32_t*& psum : row.psums) images.add(&psum, cols_);
  }
  images.add(&line_image_, std::max(1, (rows_ - 1) * latency_));
  images.add(&pe_flags_, 4), images.add(&array_flags_, 4);
}

void FpArray::reset() {
  for (size_t r = 0; r < images_.size(); ++r) {
    RowImages& row = images_[r];
    const auto clear = [](uint8_t* image, int bits) { std::memset(image, 0, image_bytes(bits)); };
    const int stages = skew_lanes(static_cast<int>(r));
    clear(row.skew, 16 * stages), clear(row.skew_valid, stages);
    for (uint8_t* image : {act_rows_[r].act, row.shadow, row.weight}) clear(image, 16 * cols_);
    for (uint8_t* image : {row.act_valid, row.switched}) clear(image, cols_);
    if (has_low_) clear(row.skew_low, 3 * stages), clear(row.act_low, 3 * cols_), clear(row.shadow_low, 3 * cols_), clear(row.weight_low, 3 * cols_);
    for (uint8_t* valid : row.valid) clear(valid, cols_);
    for (int32_t* psum : row.psums) std::fill_n(psum, cols_, 0);
  }
  std::memset(line_image_, 0, image_bytes(std::max(1, (rows_ - 1) * latency_)));
  results_ = images_.back().psums.back();
  for (auto* values : {&beat_, &shadow_, &weight_}) zero(*values);
  for (auto* lanes : {&front_, &low_in_, &low_}) zero(*lanes);
  for (auto* bits : {&skew_low_, &act_low_, &skew_valid_, &act_valid_, &psum_valid_, &waves_}) zero(*bits);
  tags_.reset();
  pe_flags_ = 0, array_flags_ = 0;
  bind_rows();
  streak_ = 0;
  weight_low_seen_ = false;
  tags_left_ = low_left_ = switch_left_ = 0;
  live_left_ = 1;  // the accumulators take their idle values, which are not those of the reset, one cycle later
}

// The images have their places by now.
void FpArray::bind_rows() {
  for (size_t r = 0; r < images_.size(); ++r) {
    const RowImages& row = images_[r];
    const int32_t* const above = r == 0 ? zeros_.data() : images_[r - 1].psums.back();
    act_rows_[r] = {row.skew, act_rows_[r].act, row.psums[0], row.psums.data() + 1, above, row.act_valid, row.valid[0], skew_lanes(static_cast<int>(r))};
  }
  results_ = images_.back().psums.back();
  view_ = {rows_, cols_, latency_, act_rows_.data(), front_.data(), nullptr, low_.data() + kFrontLanes, weight_.data(), stride_, false};
}

void FpArray::step(const Issue& issue, const ShadowWrite& write) {
  if (issue.valid) {
    tags_left_ = tags_.stages() + 1;
    // A beat's last sum leaves the last delay at the latest T + L cycles after its issue, its tag two cycles later the view.
    live_left_ = tags_.stages() + latency_ + 8;
    if (issue.switch_weights) switch_left_ = (rows_ - 1) * latency_ + cols_ + 1;
  }
  if (live_left_ > 0) {
    --live_left_;
    tags_left_ -= tags_left_ > 0 ? 1 : 0;
    step_front(issue);
    step_valid(issue);
    if ((pe_flags_ & ~array_flags_) != 0) array_flags_ = array_flags_ | pe_flags_;
    const uint32_t raised = kernels_.step(view_);
    if (raised != pe_flags_) pe_flags_ = raised;
    if (switch_left_ > 0) step_switch(issue.switch_weights);
    tags_.step(issue);
  }
  if (write.valid) write_shadow(write);
}

// What enters the skews: the rows below k in operand form.
void FpArray::step_front(const Issue& issue) {
  const int k = issue.valid ? issue.k : 0;
  const auto entering = static_cast<size_t>(k);
  if (k > 0 && issue.format == Format::Bf16) {
    std::memcpy(front_.data(), issue.beat, 2 * entering);  // a BF16 code is its own operand form
  } else if (k > 0) {
    operand_lanes(issue.beat, lane_bytes_, issue.format, k, beat_.data());
    for (size_t r = 0; r < entering; ++r) front_[r] = static_cast<uint16_t>(beat_[r] >> 16);
  }
  std::fill(front_.begin() + k, front_.end(), uint16_t{0});
  if (has_low_) step_low(issue.format == Format::Fp16 ? k : 0);
}

// The low bits of the first k rows of the beat enter, 0 in the others; all move.
void FpArray::step_low(int k) {
  uint32_t any = 0;
  for (int r = 0; r < k; ++r) any |= beat_[static_cast<size_t>(r)] & 0xffff;
  if (any != 0) low_left_ = tags_.stages();
  view_.low_in = low_left_ > 0 ? low_in_.data() : nullptr;
  if (low_left_ == 0) return;
  --low_left_;
  for (int r = 0; r < rows_; ++r) {
    const auto row = static_cast<size_t>(r);
    uint64_t* const skew = skew_low_.data() + row * low_words_;
    uint64_t* const act = act_low_.data() + row * low_words_;
    const int bits = 3 * skew_lanes(r);
    uint64_t out;
    copy_bits(skew, bits - 3, 3, &out);
    low_in_[row] = static_cast<uint16_t>(out << 13);
    shift_in(act, 3 * cols_, 3, out);
    shift_in(skew, bits, 3, r < k ? (beat_[row] >> 13) & 7 : 0);
    store_image(images_[row].skew_low, image_bytes(bits), skew);
    store_image(images_[row].act_low, image_bytes(3 * cols_), act);
  }
}

void FpArray::step_valid(const Issue& issue) {
  const int k = issue.valid ? issue.k : 0;
  const bool whole = k == rows_ && issue.columns == cols_;
  streak_ = whole ? std::min(streak_ + 1, tags_.stages() + 1) : 0;
  view_.full = streak_ >= tags_.stages();
  if (streak_ > tags_.stages()) return;  // every bit is 1, and was
  const size_t bytes = image_bytes(cols_), chain = static_cast<size_t>(latency_);
  std::memmove(psum_valid_.data() + col_words_, psum_valid_.data(), (psum_valid_.size() - col_words_) * sizeof(uint64_t));
  std::fill_n(psum_valid_.begin(), col_words_, uint64_t{0});
  const uint32_t* const columns = tags_.view().columns;
  for (int c = 0; c < cols_; ++c)
    if (c < static_cast<int>(columns[c + 1] & 0xff)) set_bit(psum_valid_.data(), static_cast<size_t>(c));
  for (int r = 0; r < rows_; ++r) {
    const auto row = static_cast<size_t>(r);
    uint64_t* const skew = skew_valid_.data() + row * skew_words_;
    uint64_t* const act = act_valid_.data() + row * col_words_;
    shift_in(act, cols_, 1, test_bit(skew, static_cast<size_t>(skew_lanes(r) - 1)) ? 1 : 0);
    shift_in(skew, skew_lanes(r), 1, r < k ? 1 : 0);
    const RowImages& image = images_[row];
    store_image(image.skew_valid, image_bytes(skew_lanes(r)), skew);
    store_image(image.act_valid, bytes, act);
    for (size_t i = 0; i < chain; ++i) store_image(image.valid[i], bytes, psum_valid_.data() + (row * chain + i) * col_words_);
  }
}

// The switch acts on weights after the products of this edge, which use the old ones.
void FpArray::step_switch(bool switch_first) {
  --switch_left_;
  for (size_t i = 0; i < waves_.size(); ++i)
    for (uint64_t left = waves_[i]; left != 0; left &= left - 1) switch_diagonal(static_cast<int>(64 * i) + std::countr_zero(left));
  shift_in(waves_.data(), (rows_ - 1) * latency_ + cols_, 1, switch_first ? 1 : 0);
  const int line = std::max(1, (rows_ - 1) * latency_);
  copy_bits(waves_.data(), 0, line, line_.data());
  store_image(line_image_, image_bytes(line), line_.data());
  switch (cols_ <= 64 ? image_bytes(cols_) : 0) {
    case 1:
      return show_narrow_waves<uint8_t>();
    case 2:
      return show_narrow_waves<uint16_t>();
    case 4:
      return show_narrow_waves<uint32_t>();
    case 8:
      return show_narrow_waves<uint64_t>();
    default:
      return show_waves();
  }
}

// The PEs with r·L + c = d take their shadow weights.
void FpArray::switch_diagonal(int d) {
  const int above = d - cols_ + 1;  // rows before above / L have no such column
  const int first = above <= 0 ? 0 : (above + latency_ - 1) / latency_, last = std::min(rows_ - 1, d / latency_);
  const ptrdiff_t step = stride_ - latency_;  // from row to row of the diagonal: one row down, L columns to the left
  ptrdiff_t at = first * stride_ + d - first * latency_;
  int c = d - first * latency_;
  for (auto row = static_cast<size_t>(first); row <= static_cast<size_t>(last); ++row, c -= latency_, at += step) {
    const uint32_t value = shadow_[static_cast<size_t>(at)];
    const auto x = static_cast<uint16_t>(value >> 16);
    weight_[static_cast<size_t>(at)] = value;
    std::memcpy(images_[row].weight + 2 * c, &x, sizeof x);
    if (weight_low_seen_) switch_low(row, c);
  }
}

// Lane c of the active low bits takes that of the shadow's.
void FpArray::switch_low(size_t row, int c) {
  // 3 bits lie within 16 bits from the byte of the first one on; what else these hold is written back as it is
  const int shift = 3 * c % 8;
  const uint8_t* const from = images_[row].shadow_low + 3 * c / 8;
  uint8_t* const to = images_[row].weight_low + 3 * c / 8;
  uint16_t source, target;
  std::memcpy(&source, from, sizeof source), std::memcpy(&target, to, sizeof target);
  const auto mask = static_cast<uint16_t>(7 << shift);
  target = static_cast<uint16_t>((target & ~mask) | (source & mask));
  std::memcpy(to, &target, sizeof target);
}

// switch_q[r][c] is bit r·L + c of the waves; up to 64 columns.
template <class Number>
void FpArray::show_narrow_waves() {
  const auto mask = static_cast<Number>(low_mask(cols_));
  const uint64_t* const words = waves_.data();
  const RowImages* row = images_.data();
  const bool one_word = (rows_ - 1) * latency_ + cols_ <= 64;
  for (int at = 0, r = 0; r < rows_; ++r, ++row, at += latency_) {
    // << 1 << (63 - shift) is << (64 - shift), without a shift by 64
    const uint64_t bits = one_word ? words[0] >> at : (words[at / 64] >> (at % 64)) | (words[at / 64 + 1] << 1 << (63 - at % 64));
    const auto number = static_cast<Number>(bits & mask);
    std::memcpy(row->switched, &number, sizeof number);
  }
}

void FpArray::show_waves() {
  uint64_t words[2];
  for (int r = 0; r < rows_; ++r) {
    copy_bits(waves_.data(), r * latency_, cols_, words);
    store_image(images_[static_cast<size_t>(r)].switched, image_bytes(cols_), words);
  }
}

void FpArray::write_shadow(const ShadowWrite& write) {
  uint32_t* const values = shadow_.data() + write.row * stride_;
  const RowImages& row = images_[static_cast<size_t>(write.row)];
  operand_lanes(write.data, lane_bytes_, write.format, cols_, values);
  for (int c = 0; c < cols_; ++c) {
    const auto x = static_cast<uint16_t>(values[c] >> 16);
    std::memcpy(row.shadow + 2 * c, &x, sizeof x);
  }
  if (!has_low_ || (write.format != Format::Fp16 && !weight_low_seen_)) return;
  weight_low_seen_ = true;
  Packer<7> low;  // 3·128 bits
  for (int c = 0; c < cols_; ++c) low.add((values[c] >> 13) & 7, 3);
  store_image(row.shadow_low, image_bytes(3 * cols_), low.words);
}

void FpArray::add_array_fields(std::vector<Field>& out) const {
  const auto skew = [&](const char* name, size_t r, int width, const char* format, const uint8_t* image) {
    const std::vector<int> shape{skew_lanes(static_cast<int>(r))};
    out.push_back({"array", name + std::to_string(r), shape, width, format, FieldClass::Register, "", Split::None, false, {{image, nullptr}}});
  };
  for (size_t r = 0; r < images_.size(); ++r) skew("skew_", r, 16, "bf16", images_[r].skew);
  for (size_t r = 0; has_low_ && r < images_.size(); ++r) skew("skew_low_", r, 3, "bits", images_[r].skew_low);
  for (size_t r = 0; r < images_.size(); ++r) skew("skew_valid_", r, 1, "bit", images_[r].skew_valid);
  const int line = std::max(1, (rows_ - 1) * latency_);
  out.push_back({"array", "switch_line", {line}, 1, "bit", FieldClass::Control, "", Split::None, false, {{line_image_, nullptr}}});
  Field wave{"array", "switch", {rows_, cols_}, 1, "bit", FieldClass::Control, "", Split::Row, false, {}};
  for (const RowImages& row : images_) wave.parts.push_back({row.switched, nullptr});
  out.push_back(wave);
  tags_.add_fields(out);
}

void FpArray::add_pe_fields(std::vector<Field>& out) const {
  const auto field = [&](const std::string& name, int width, const char* format, auto image) {
    Field f{"pe", name, {rows_, cols_}, width, format, FieldClass::Register, "", Split::Row, false, {}};
    for (size_t r = 0; r < images_.size(); ++r) f.parts.push_back({image(r), nullptr});
    out.push_back(f);
  };
  const auto low = [&](const std::string& name, auto image) {
    if (has_low_) field(name, 3, "bits", image);
  };
  field("shadow", 16, "bf16", [&](size_t r) { return images_[r].shadow; });
  low("shadow_low", [&](size_t r) { return images_[r].shadow_low; });
  field("weight", 16, "bf16", [&](size_t r) { return images_[r].weight; });
  low("weight_low", [&](size_t r) { return images_[r].weight_low; });
  field("act", 16, "bf16", [&](size_t r) { return act_rows_[r].act; });
  low("act_low", [&](size_t r) { return images_[r].act_low; });
  field("act_valid", 1, "bit", [&](size_t r) { return images_[r].act_valid; });
  for (size_t i = 0; i < static_cast<size_t>(latency_); ++i) {
    const std::string suffix = i == 0 ? "" : "_delay_" + std::to_string(i);
    const auto valid = [&](size_t r) { return images_[r].valid[i]; };
    const auto psum = [&](size_t r) { return images_[r].psums[i]; };
    if (i == 0) field("psum_valid", 1, "bit", valid);
    field("psum" + suffix, 32, "fp32", psum);
    if (i > 0) field("psum_valid" + suffix, 1, "bit", valid);
  }
  const auto flag = [&](const char* name, const ImageWord& word) {
    out.push_back({"array", name, {}, 4, "bits", FieldClass::Flag, "", Split::None, false, {{word.image(), nullptr}}});
  };
  flag("pe_flags", pe_flags_), flag("array_flags", array_flags_);
}

}  // namespace assay
