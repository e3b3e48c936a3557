// SPDX-License-Identifier: Apache-2.0
// Tag pipeline: what travels beside the data of a beat, T stages, as packed images and unpacked for the accumulators.
// Latency: a beat issued in cycle t is in stage s in cycle t + 1 + s.
// Formats: bits and unsigned numbers.
// Overflow and rounding: none.
// Twin: rtl/array/npu_tags.sv
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/array/array_kernels.hpp"
#include "model/common/bits.hpp"
#include "model/common/config.hpp"
#include "model/common/fields.hpp"

namespace assay {

/// What the matmul unit sends into the array in one cycle.
struct Issue {
  bool valid = false;
  bool switch_weights = false;  ///< first beat of a command with switch
  bool last = false, accumulate = false, activation_unsigned = false;
  int k = 0, columns = 0;
  int written_columns = 0;  ///< columns below this have written `entry` before this beat (not a register: see TagView)
  uint32_t entry = 0;
  const uint8_t* beat = nullptr;  ///< R lanes
  Format format = Format::Int8;   ///< of the lanes, in the floating-point tile
  bool bf16_entries = false;
};

/// What the load unit writes in one cycle.
struct ShadowWrite {
  bool valid = false;
  bool weight_unsigned = false;
  int row = 0;
  const uint8_t* data = nullptr;  ///< C lanes
  Format format = Format::Int8;   ///< of the lanes, in the floating-point tile
};

/// The tag pipeline unpacked, stage 0 first. An idle stage is 0 in both words. Stages beyond the last one (T - 1) hold older tags
/// (used for what the previous edge has written).
struct TagView {
  static constexpr uint32_t kAccumulate = 1u << 31, kLast = 1u << 30, kBf16 = 1u << 29, kEntry = 0xffff;
  const uint32_t* entry = nullptr;    ///< entry, kBf16, kLast, kAccumulate
  const uint32_t* columns = nullptr;  ///< columns in bits [7:0], Issue::written_columns in [15:8]
};

class TagPipeline {
 public:
  TagPipeline(const HwConfig& config, const ArrayKernels& kernels);
  TagPipeline(const TagPipeline&) = delete;
  TagPipeline& operator=(const TagPipeline&) = delete;

  void reset();

  /// One edge.
  void step(const Issue& issue);

  int stages() const { return stages_; }
  TagView view() const { return {entry_lanes_.data() + base_, column_lanes_.data() + base_}; }

  void add_fields(std::vector<Field>& out) const;  ///< block array

 private:
  void rebase();

  const int stages_;
  const bool floating_;
  void (*const shift_)(const TagShift* tags, int count);
  // Sliding windows of the unpacked tags: stage 0 stands base_ lanes into the storage and moves down by one each cycle.
  ptrdiff_t base_;
  enum Tag : uint8_t { kValid, kLast, kAccumulate, kColumns, kEntry, kBf16, kTags };  // kBf16 in the floating-point tile only
  const int count_;
  std::array<LineVector<uint64_t>, kTags> images_, masks_;
  std::array<TagShift, kTags> shifts_;
  LineVector<uint32_t> entry_lanes_, column_lanes_;  // sliding, stage 0 at base_
};

}  // namespace assay
