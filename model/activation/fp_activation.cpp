// SPDX-License-Identifier: Apache-2.0
#include "model/activation/fp_activation.hpp"

#include <algorithm>
#include <string>

#include "model/common/stochastic.hpp"

namespace assay {
namespace {

constexpr int kStages = 3;
constexpr uint32_t kMinusZero = 0x80000000u;

// The control word of spec section 17.9, packed and unpacked.
struct Control {
  bool raw;
  Conversion how;
  int columns;
};

Control unpack(uint32_t word) {
  const auto bit = [&](int i) { return ((word >> i) & 1) != 0; };
  return {bit(0), {bit(1), bit(6), bit(7), static_cast<Format>((word >> 2) & 15)}, static_cast<int>(word >> 8)};
}

uint32_t pack(const Command& c) {
  return (c.raw ? 1u : 0u) | (c.relu ? 2u : 0u) | static_cast<uint32_t>(c.format) << 2 | (c.saturate ? 64u : 0u) | (c.stochastic ? 128u : 0u) |
         static_cast<uint32_t>(c.n) << 8;
}

}  // namespace

FpActivation::FpActivation(const HwConfig& config, Isa isa)
    : ActivationControl(config, kStages), cols_(config.cols), lanes_(round_up(config.cols, 16)), kernels_(fp_activation_kernels(isa)) {
  const auto lanes = static_cast<size_t>(lanes_);
  lane_storage_.resize(4 * lanes);
  bias_ = lane_storage_.data(), random_ = bias_ + lanes, biased_ = random_ + lanes, converted_ = biased_ + lanes;
}

void FpActivation::reset() {
  reset_control();
  clear_flags();
  ctl_.fill(0);
  zero(lane_storage_);
  std::fill(bias_, bias_ + cols_, kMinusZero);
  seed(0);
}

void FpActivation::seed(uint32_t value) {
  for (int c = 0; c < cols_; ++c) random_[c] = seeded(value, c);
}

bool FpActivation::step_stages(const int32_t* read, uint8_t* slot) {
  const uint32_t valid = stage_valid_;
  if (valid == 0) return false;
  if ((valid & 4) != 0) stage_lanes(slot);
  if ((valid & 2) != 0) stage_convert();
  if ((valid & 1) != 0) stage_bias(read);
  shift_stages(valid);
  return (valid & 4) != 0;
}

void FpActivation::stage_bias(const int32_t* read) {
  const Control ctl = unpack(ctl_[0]);
  const auto* x = reinterpret_cast<const uint32_t*>(read);
  if (ctl.raw)
    std::copy(x, x + cols_, biased_);
  else
    flags_ = flags_ | kernels_.bias(x, bias_, biased_, lanes_, ctl.columns);
  ctl_[1] = ctl_[0];
}

void FpActivation::stage_convert() {
  const Control ctl = unpack(ctl_[1]);
  if (ctl.raw)
    std::copy(biased_, biased_ + cols_, converted_);
  else
    flags_ = flags_ | kernels_.convert(ctl.how, biased_, random_, converted_, lanes_, ctl.columns);
  ctl_[2] = ctl_[1];
}

void FpActivation::stage_lanes(uint8_t* slot) const {
  const auto bytes = sizeof(uint32_t) * static_cast<size_t>(unpack(ctl_[2]).columns);
  std::memcpy(slot, converted_, bytes);
  std::memset(slot + bytes, 0, sizeof(uint32_t) * static_cast<size_t>(cols_) - bytes);
}

bool FpActivation::fire_beat(const Command& head) {
  ctl_[0] = pack(head);
  return advance(head);
}

void FpActivation::fire_parameter(const Command& head) {
  const auto bias = static_cast<uint32_t>(head.bias);
  if (head.op == Op::LoadSeed)
    seed(head.seed);
  else if (head.broadcast)
    std::fill(bias_, bias_ + cols_, bias);
  else
    bias_[head.column] = bias;
}

void FpActivation::add_images(ImageBlock& images) {
  add_control_images(images);
  images.add(&flags_, 4);
}

void FpActivation::add_fields(std::vector<Field>& out) const {
  const auto lanes = [&](const char* name, const char* format, const uint32_t* at) { add_field(out, name, {cols_}, 32, format, FieldClass::Register, at); };
  add_control_fields(out);
  lanes("bias", "fp32", bias_), lanes("random", "bits", random_);
  for (size_t i = 0; i < ctl_.size(); ++i) add_field(out, "ctl_" + std::to_string(i), {}, 8 + columns_width_, "bits", FieldClass::Control, &ctl_[i]);
  lanes("biased", "fp32", biased_), lanes("converted", "bits", converted_);
  add_field(out, "act_flags", {}, 4, "bits", FieldClass::Flag, flags_.image());
}

}  // namespace assay
