// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/common/config.hpp"
#include "model/functional/engine.hpp"
#include "model/functional/float_numerics.hpp"

namespace assay::functional {

/// Sticky flag sets of the floating-point tile, one per engine (spec section 17.2, `flags_o`).
struct FloatFlags {
  uint8_t array = 0, accumulators = 0, activation = 0;
  bool undefined = false;  ///< of the accumulators
  uint32_t bits() const { return array | uint32_t{accumulators} << 4 | (undefined ? 1u << 8 : 0u) | static_cast<uint32_t>(activation) << 9; }
  bool operator==(const FloatFlags&) const = default;
};

/// The floating-point tile (spec section 17).
class FloatingEngine final : public Engine {
 public:
  explicit FloatingEngine(const HwConfig& config);

  void reset() override;
  void load_weights(const Command& command, const uint8_t* rows) override;
  void matmul(const Command& command, const uint8_t* beats) override;
  void activate(const Command& command, std::vector<uint32_t>& lanes) override;
  void parameter(const Command& command) override;
  void clear(const Command& command) override;
  uint32_t flags() const override { return flags_.bits(); }

  const std::vector<uint32_t>& bias() const { return bias_; }  ///< [C] FP32 bits
  const std::vector<LaneRandom>& generators() const { return generators_; }

 private:
  /// Values of `count` lanes of a stream.
  void decode_lanes(const uint8_t* lanes, size_t count, Format format, float* values) const;
  void store(const Command& command, size_t entry, const std::vector<uint32_t>& sums);
  uint32_t output_lane(const Command& command, uint32_t value, size_t column);
  void seed(uint32_t value);
  size_t index(size_t row, size_t column) const { return row * cols_ + column; }

  HwConfig config_;
  size_t rows_, cols_, lane_bytes_;
  std::vector<float> shadow_, active_;  ///< [R][C]
  std::vector<uint32_t> accumulators_;  ///< [E][C] FP32 bits
  std::vector<uint8_t> written_;        ///< [E][C]
  std::vector<uint32_t> bias_;          ///< [C]
  std::vector<LaneRandom> generators_;  ///< [C]
  FloatFlags flags_;
};

}  // namespace assay::functional
