// SPDX-License-Identifier: Apache-2.0
#include "model/activation/activation_control.hpp"

namespace assay {

ActivationControl::ActivationControl(const HwConfig& config, int stages)
    : columns_width_(clog2(config.cols + 1)),
      banks_(config.acc_banks),
      stages_(stages),
      credit_width_(clog2(config.output_fifo_depth + 1)),
      output_depth_(static_cast<uint32_t>(config.output_fifo_depth)) {}

void ActivationControl::reset_control() {
  beat_ = 0, addr_ = 0, credit_ = 0, stage_valid_ = 0;
  ret_.fill(0);
  std::memset(ret_image_, 0, image_bytes(10 * banks_));
}

ActivationAction ActivationControl::decide(const Command* head, bool bank_ready) const {
  if (head == nullptr) return ActivationAction::None;
  if (head->op != Op::Activate) return stage_valid_ == 0 ? ActivationAction::Parameter : ActivationAction::StallDrain;
  if (beat_ == 0 && !bank_ready) return ActivationAction::StallBank;
  return credit_ < output_depth_ ? ActivationAction::Beat : ActivationAction::StallOutput;
}

bool ActivationControl::advance(const Command& head) {
  addr_ = (address(head) + static_cast<uint32_t>(head.stride)) & 0xffff;  // modulo 2^16
  const bool last = beat_ + 1 == static_cast<uint32_t>(head.m);
  beat_ = last ? 0 : beat_ + 1;
  credit_ = credit_ + 1;
  stage_valid_ = stage_valid_ | 1;
  if (last) {
    uint32_t& ticket = ret_[static_cast<size_t>(head.bank)];
    ticket = (ticket + 1) & kTicketMask;
    put_bits(ret_image_, 10 * static_cast<size_t>(head.bank), 10, ticket);
  }
  return last;
}

void ActivationControl::add_control_images(ImageBlock& images) {
  images.add(&beat_, 16), images.add(&addr_, 16), images.add(&ret_image_, 10 * banks_);
  images.add(&credit_, credit_width_), images.add(&stage_valid_, stages_);
}

void ActivationControl::add_control_fields(std::vector<Field>& out) const {
  const auto add = [&](const char* name, std::vector<int> shape, int width, const char* format, const void* at) {
    add_field(out, name, std::move(shape), width, format, FieldClass::Control, at);
  };
  add("act_beat", {}, 16, "uint", beat_.image());
  add("act_addr", {}, 16, "uint", addr_.image());
  add("act_ret", {banks_}, 10, "uint", ret_image_);
  add("credit", {}, credit_width_, "uint", credit_.image());
  add("stage_valid", {stages_}, 1, "bit", stage_valid_.image());
}

}  // namespace assay
