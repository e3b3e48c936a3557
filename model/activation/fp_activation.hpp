// SPDX-License-Identifier: Apache-2.0
// Floating-point activation unit: reads accumulator entries, adds bias, applies relu, converts to the format of the result.
// Latency: a beat fired in cycle u is pushed into the output FIFO by the edge of cycle u + 3.
// Formats: FP32 in; int8, uint8, int32, fp32, bf16, fp16, e5m2, e4m3, e4m3fn or (raw) the entry itself out, in 32-bit lanes.
// Overflow and rounding: the bias sum to nearest even; the conversion to nearest even or stochastic, saturating or not (spec section 17.5).
// Twin: rtl/activation/npu_fp_activation.sv
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/activation/activation_control.hpp"
#include "model/activation/fp_activation_kernels.hpp"

namespace assay {

class FpActivation : public ActivationControl {
 public:
  FpActivation(const HwConfig& config, Isa isa);

  void reset();
  void clear_flags() { flags_ = 0; }

  /// Stages 3 … 1 of one edge. `read` is read_q. When stage 3 works, writes C lanes to `slot` and returns true (push).
  bool step_stages(const int32_t* read, uint8_t* slot);

  /// The edge of a fired beat or parameter write of `head`, after step_stages. fire_beat returns true when it was the command's last.
  bool fire_beat(const Command& head);
  void fire_parameter(const Command& head);

  static constexpr int kFlagBits = 4;
  uint32_t flags() const { return flags_; }  ///< act_flags_q

  // This unit has no table.
  static void clear_memory() {}
  static void clear_table_written() {}
  static constexpr uint32_t table_written() { return 0; }
  static constexpr uint32_t table_lines_read() { return 0; }

  void add_images(ImageBlock& images);
  void add_fields(std::vector<Field>& out) const;

 private:
  void stage_bias(const int32_t* read);
  void stage_convert();
  void stage_lanes(uint8_t* slot) const;
  void seed(uint32_t value);

  const int cols_, lanes_;
  const FpActivationKernels& kernels_;
  ImageWord flags_;
  std::array<uint32_t, 3> ctl_{};
  LineVector<uint32_t> lane_storage_;  // the four below, one after the other
  uint32_t *bias_, *random_, *biased_, *converted_;
};

}  // namespace assay
