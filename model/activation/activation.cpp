// SPDX-License-Identifier: Apache-2.0
#include "model/activation/activation.hpp"

#include <algorithm>
#include <string>

namespace assay {
namespace {

constexpr int kStages = 5;

// The control word of spec section 12, packed and unpacked.
struct Control {
  bool raw, single, table, output_unsigned;
  int zero_point, clamp_lo, clamp_hi, columns;
};

int signed9(uint64_t bits) { return static_cast<int>((bits & 511) ^ 256) - 256; }

Control unpack(uint64_t word) {
  return {(word & 1) != 0,    (word & 2) != 0,     (word & 4) != 0,     (word & 8) != 0,
          signed9(word >> 4), signed9(word >> 13), signed9(word >> 22), static_cast<int>(word >> 31)};
}

uint64_t pack(const Command& c) {
  const auto nine = [](int x) { return static_cast<uint64_t>(x) & 511; };
  return (c.raw ? 1u : 0u) | (c.single ? 2u : 0u) | (c.table ? 4u : 0u) | (c.output_unsigned ? 8u : 0u) | nine(c.zero_point) << 4 | nine(c.clamp_lo) << 13 |
         nine(c.clamp_hi) << 22 | static_cast<uint64_t>(c.n) << 31;
}

}  // namespace

Activation::Activation(const HwConfig& config, Isa isa)
    : ActivationControl(config, kStages), cols_(config.cols), lanes_(round_up(config.cols, 16)), kernels_(activation_kernels(isa)) {
  const auto lanes = static_cast<size_t>(lanes_);
  lane_storage_.resize(5 * lanes * sizeof(int32_t) + lanes * sizeof(int64_t));
  bias_ = reinterpret_cast<int32_t*>(lane_storage_.data());
  multiplier_ = reinterpret_cast<uint32_t*>(bias_ + lanes);
  biased_ = bias_ + 2 * lanes;
  product_ = reinterpret_cast<int64_t*>(bias_ + 3 * lanes);
  scaled_ = bias_ + 5 * lanes;
  clamped_ = bias_ + 6 * lanes;
  shift_.resize(lanes);
  shift_image_.resize(words64(6 * cols_) + 1);
}

void Activation::reset() {
  reset_control();
  table_written_ = 0;
  clear_flags();
  ctl_.fill(0);
  zero(lane_storage_), zero(shift_), zero(shift_image_);
}

bool Activation::step_stages(const int32_t* read, uint8_t* slot) {
  const uint32_t valid = stage_valid_;
  if (valid == 0) return false;
  if ((valid & 16) != 0) stage_table(slot);
  if ((valid & 8) != 0) stage_clamp();
  if ((valid & 4) != 0) stage_scale();
  if ((valid & 2) != 0) stage_multiply();
  if ((valid & 1) != 0) stage_bias(read);
  shift_stages(valid);
  return (valid & 16) != 0;
}

void Activation::stage_bias(const int32_t* read) {
  const Control ctl = unpack(ctl_[0]);
  if (ctl.raw)
    std::memcpy(biased_, read, static_cast<size_t>(cols_) * sizeof(int32_t));
  else if (kernels_.bias(read, bias_, biased_, lanes_, ctl.columns))
    overflow_ = 1;
  ctl_[1] = ctl_[0];
}

void Activation::stage_multiply() {
  const Control ctl = unpack(ctl_[1]);
  if (ctl.raw)
    std::copy(biased_, biased_ + lanes_, product_);
  else if (ctl.single)
    kernels_.multiply_single(biased_, multiplier_, product_, lanes_);
  else if (kernels_.multiply_double(biased_, multiplier_, shift_.data(), product_, lanes_, ctl.columns))
    saturated_ = 1;
  ctl_[2] = ctl_[1];
}

void Activation::stage_scale() {
  const Control ctl = unpack(ctl_[2]);
  if (ctl.raw)
    std::transform(product_, product_ + lanes_, scaled_, [](int64_t x) { return static_cast<int32_t>(x); });
  else if (!ctl.single)
    kernels_.scale_double(product_, shift_.data(), scaled_, lanes_);
  else if (kernels_.scale_single(product_, shift_.data(), scaled_, lanes_, ctl.columns))
    saturated_ = 1;
  ctl_[3] = ctl_[2];
}

void Activation::stage_clamp() {
  const Control ctl = unpack(ctl_[3]);
  if (ctl.raw)
    std::copy(scaled_, scaled_ + lanes_, clamped_);
  else if (kernels_.clamp(scaled_, ctl.zero_point, ctl.clamp_lo, ctl.clamp_hi, ctl.output_unsigned, clamped_, lanes_, ctl.columns))
    saturated_ = 1;
  ctl_[4] = ctl_[3];
}

void Activation::stage_table(uint8_t* slot) {
  const Control ctl = unpack(ctl_[4]);
  std::memcpy(slot, clamped_, static_cast<size_t>(ctl.columns) * sizeof(int32_t));
  std::memset(slot + 4 * ctl.columns, 0, static_cast<size_t>(cols_ - ctl.columns) * sizeof(int32_t));
  if (!ctl.table) return;
  for (int c = 0; c < ctl.columns; ++c) {
    const auto index = static_cast<uint32_t>(clamped_[c]) & 255;
    const bool written = ((table_written_ >> (index / 8)) & 1) != 0;
    const uint8_t byte = written ? table_[index] : uint8_t{0};
    const int32_t lane = ctl.output_unsigned ? int32_t{byte} : int32_t{static_cast<int8_t>(byte)};
    std::memcpy(slot + 4 * c, &lane, sizeof lane);
    if (!written) undefined_ = 1;
  }
}

uint32_t Activation::table_lines_read() const {
  const Control ctl = unpack(ctl_[4]);
  if ((stage_valid_ & 16) == 0 || !ctl.table) return 0;
  uint32_t lines = 0;
  for (int c = 0; c < ctl.columns; ++c) lines |= 1u << ((static_cast<uint32_t>(clamped_[c]) & 255) / 8);
  return lines & table_written_;
}

bool Activation::fire_beat(const Command& head) {
  ctl_[0] = pack(head);
  return advance(head);
}

void Activation::set_parameter(size_t column, const Command& head) {
  bias_[column] = head.bias;
  multiplier_[column] = head.multiplier;
  shift_[column] = head.shift;
  put_bits(shift_image_.data(), 6 * column, 6, static_cast<uint64_t>(head.shift));
}

void Activation::fire_parameter(const Command& head) {
  if (head.op == Op::LoadTable) {
    std::copy(head.table_bytes.begin(), head.table_bytes.end(), table_.begin() + 8 * head.line);
    table_written_ = table_written_ | 1u << head.line;
  } else if (!head.broadcast) {
    set_parameter(static_cast<size_t>(head.column), head);
  } else {
    for (int c = 0; c < cols_; ++c) set_parameter(static_cast<size_t>(c), head);
  }
}

void Activation::add_images(ImageBlock& images) {
  add_control_images(images);
  images.add(&table_written_, 32);
  images.add(&overflow_, 1), images.add(&undefined_, 1), images.add(&saturated_, 1);
}

void Activation::add_fields(std::vector<Field>& out) const {
  const auto add = [&](const std::string& name, std::vector<int> shape, int width, const char* format, FieldClass cls, const void* at) {
    add_field(out, name, std::move(shape), width, format, cls, at);
  };
  const auto control = FieldClass::Control, reg = FieldClass::Register, flag = FieldClass::Flag;
  add_control_fields(out);
  add("bias", {cols_}, 32, "int32", reg, bias_);
  add("multiplier", {cols_}, 32, "uint", reg, multiplier_);
  add("shift", {cols_}, 6, "bits", reg, shift_image_.data());
  out.push_back({"activation", "table", {32}, 64, "bits", FieldClass::Memory, "written", Split::None, true, {{table_.data(), nullptr}}});
  add("table_written", {32}, 1, "bit", control, table_written_.image());
  for (size_t i = 0; i < ctl_.size(); ++i) add("ctl_" + std::to_string(i), {}, 31 + columns_width_, "bits", control, &ctl_[i]);
  add("biased", {cols_}, 32, "int32", reg, biased_);
  add("product", {cols_}, 64, "bits", reg, product_);
  add("scaled", {cols_}, 32, "int32", reg, scaled_);
  add("clamped", {cols_}, 32, "int32", reg, clamped_);
  add("act_overflow", {}, 1, "bit", flag, overflow_.image());
  add("act_undefined", {}, 1, "bit", flag, undefined_.image());
  add("act_saturated", {}, 1, "bit", flag, saturated_.image());
}

}  // namespace assay
