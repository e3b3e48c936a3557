// SPDX-License-Identifier: Apache-2.0
// Activation unit: reads accumulator entries, adds bias, requantises, adds the zero point, clamps, looks up the table.
// Latency: a beat fired in cycle u is pushed into the output FIFO by the edge of cycle u + 5.
// Formats: INT32 in; INT32, 64-bit products inside; INT8, UINT8 or (raw) INT32 out, in 32-bit lanes.
// Overflow and rounding: bias wraps (act_overflow); rounding, saturation and clamp as docs/spec.md section 5.4 and 5.5.
// Twin: rtl/activation/npu_activation.sv
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/activation/activation_control.hpp"
#include "model/activation/activation_kernels.hpp"

namespace assay {

class Activation : public ActivationControl {
 public:
  Activation(const HwConfig& config, Isa isa);

  void reset();
  void clear_memory() { table_.fill(0); }
  void clear_table_written() { table_written_ = 0; }
  void clear_flags() { overflow_ = 0, undefined_ = 0, saturated_ = 0; }

  /// Stages 5 … 1 of one edge. `read` is read_q. When stage 5 works, writes C lanes to `slot` and returns true (push).
  bool step_stages(const int32_t* read, uint8_t* slot);

  /// The edge of a fired beat or parameter write of `head`, after step_stages. Returns true when it was the command's last.
  bool fire_beat(const Command& head);
  void fire_parameter(const Command& head);

  uint32_t flags() const { return overflow_ | undefined_ << 1 | saturated_ << 2; }  ///< act_saturated_q, act_undefined_q, act_overflow_q
  uint32_t table_written() const { return table_written_; }
  uint32_t table_lines_read() const;  ///< lines that stage 5 reads in this cycle, as bits

  void add_images(ImageBlock& images);
  void add_fields(std::vector<Field>& out) const;

 private:
  void stage_bias(const int32_t* read);
  void stage_multiply();
  void stage_scale();
  void stage_clamp();
  void stage_table(uint8_t* slot);
  void set_parameter(size_t column, const Command& head);

  const int cols_, lanes_;
  const ActivationKernels& kernels_;
  ImageWord table_written_, overflow_, undefined_, saturated_;
  std::array<uint64_t, 5> ctl_{};
  std::array<uint8_t, 256> table_{};
  LineVector<uint8_t> lane_storage_;  // the six below, one after the other
  int32_t *bias_, *biased_, *scaled_, *clamped_;
  uint32_t* multiplier_;
  int64_t* product_;
  LineVector<int32_t> shift_;
  LineVector<uint64_t> shift_image_;
};

}  // namespace assay
