// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/common/config.hpp"
#include "model/functional/engine.hpp"
#include "model/functional/numerics.hpp"

namespace assay::functional {

/// The integer tile (spec sections 4 and 5).
class IntegerEngine final : public Engine {
 public:
  explicit IntegerEngine(const HwConfig& config);

  void reset() override;
  void load_weights(const Command& command, const uint8_t* rows) override;
  void matmul(const Command& command, const uint8_t* beats) override;
  void activate(const Command& command, std::vector<uint32_t>& lanes) override;
  void parameter(const Command& command) override;
  void clear(const Command& command) override;
  uint32_t flags() const override { return flags_.bits(); }

  const std::vector<ColumnParams>& params() const { return params_; }
  const Table& table() const { return table_; }

 private:
  void store(const Command& command, size_t entry, const std::vector<uint32_t>& sums);
  size_t index(size_t row, size_t column) const { return row * cols_ + column; }

  HwConfig config_;
  size_t rows_, cols_;
  std::vector<int16_t> shadow_, active_;  ///< [R][C] values, signedness resolved
  std::vector<int32_t> accumulators_;     ///< [E][C]
  std::vector<uint8_t> written_;          ///< [E][C]
  std::vector<ColumnParams> params_;      ///< [C]
  Table table_;
  Flags flags_;
};

}  // namespace assay::functional
