// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "cosim/coverage/hits.hpp"
#include "cosim/coverage/space.hpp"
#include "cosim/npu/npu_target.hpp"
#include "model/tile/tile.hpp"

namespace assay::npu {

/// The NPU's functional coverage: all cover points of a hardware config, and which of their bins a vector hits. Sampled from the golden model, never
/// from the DUT, so a bug of the RTL hides no bin and shows none. Classes of numbers are sampled from one lane or two in a cycle, chosen by the vector's seed:
/// the same vector and seed hit the same bins on any machine.
class CoverageSampler final : public CycleWatcher {
 public:
  /// The model must outlive the sampler and stay where it is.
  explicit CoverageSampler(const Tile& model);
  ~CoverageSampler() override;

  const coverage::Space& space() const;

  /// A new vector; call when the model has been restarted.
  void begin(uint64_t seed);
  void cycle(const TileInputs& inputs) override;
  /// What the vector hit so far.
  coverage::Hits hits() const;
  /// The first illegal bin that was hit, with its reason; empty when none was.
  std::string illegal_hit() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The cover points of a config, without a run.
std::shared_ptr<const coverage::Space> coverage_space(const HwConfig& config);

}  // namespace assay::npu
