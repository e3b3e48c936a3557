// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/common/bits.hpp"
#include "model/common/command.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"
#include "model/common/images.hpp"

namespace assay {

/// What the unit does in a cycle.
enum class ActivationAction : uint8_t { None, Beat, Parameter, StallBank, StallOutput, StallDrain };

/// The part of the activation unit that both kinds of tile share: which beat, which address, when (spec section 12).
class ActivationControl {
 public:
  ActivationControl(const HwConfig& config, int stages);

  /// The action for the head of act_queue (null when empty); bank_ready says that all matmuls the head waits for are complete.
  ActivationAction decide(const Command* head, bool bank_ready) const;

  /// The edge of an output transfer (after the fire of a beat).
  void output_left() { credit_ = credit_ - 1; }

  bool stages_busy() const { return stage_valid_ != 0; }
  uint32_t address(const Command& head) const { return beat_ == 0 ? static_cast<uint32_t>(head.base) : addr_; }
  uint32_t returned(int bank) const { return ret_[static_cast<size_t>(bank)]; }  ///< act_ret_q[bank]

 protected:
  ~ActivationControl() = default;

  void reset_control();
  /// Moves the counters by one fired beat; true when it is the command's last.
  bool advance(const Command& head);
  /// stage_valid_q after the work of an edge's stages.
  void shift_stages(uint32_t valid) { stage_valid_ = (valid << 1) & ((1u << stages_) - 1); }
  void add_control_images(ImageBlock& images);
  void add_control_fields(std::vector<Field>& out) const;
  static void add_field(std::vector<Field>& out, const std::string& name, std::vector<int> shape, int width, const char* format, FieldClass cls,
                        const void* at) {
    out.push_back({"activation", name, std::move(shape), width, format, cls, "", Split::None, false, {{at, nullptr}}});
  }

  const int columns_width_;
  ImageWord stage_valid_;

 private:
  const int banks_, stages_, credit_width_;
  const uint32_t output_depth_;
  ImageWord beat_, addr_, credit_;
  std::array<uint32_t, 16> ret_{};
  uint8_t* ret_image_ = nullptr;
};

}  // namespace assay
