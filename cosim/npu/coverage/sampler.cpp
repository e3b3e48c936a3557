// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/sampler.hpp"

#include <optional>

#include "cosim/common/random.hpp"
#include "cosim/npu/coverage/command_cover.hpp"
#include "cosim/npu/coverage/control_cover.hpp"
#include "cosim/npu/coverage/float_activation_cover.hpp"
#include "cosim/npu/coverage/float_cover.hpp"
#include "cosim/npu/coverage/integer_cover.hpp"
#include "cosim/npu/coverage/unit_cover.hpp"

namespace assay::npu {
namespace {

constexpr uint64_t kStream = 21;  // of the vector's seed: which lanes are looked at

}  // namespace

struct CoverageSampler::Parts {
  explicit Parts(const Tile& tile) : model(tile), control(space, tile), commands(space, tile), units(space, tile) {
    if (tile.config().floating())
      floats.emplace(space, tile), float_activation.emplace(space, tile);
    else
      integers.emplace(space, tile);
    hits.bytes.assign(space.size(), 0);
    for (uint32_t bin = 0; bin < space.size(); ++bin)
      if (space.kind(bin) == coverage::BinKind::Illegal) illegal.push_back(bin);
  }

  const Tile& model;
  coverage::Space space;
  ControlCover control;
  CommandCover commands;
  UnitCover units;
  std::optional<IntegerCover> integers;
  std::optional<FloatCover> floats;
  std::optional<FloatActivationCover> float_activation;
  HitBytes hits;
  std::vector<uint32_t> illegal;  ///< bins
  Random random{0, kStream};
  uint64_t cycle = 0;
};

CoverageSampler::CoverageSampler(const Tile& model) : parts_(std::make_unique<Parts>(model)) { begin(0); }
CoverageSampler::~CoverageSampler() = default;

const coverage::Space& CoverageSampler::space() const { return parts_->space; }

void CoverageSampler::begin(uint64_t seed) {
  Parts& p = *parts_;
  p.hits.bytes.assign(p.hits.bytes.size(), 0);
  p.random = Random(seed, kStream);
  p.cycle = 0;
  p.control.begin(), p.commands.begin(), p.units.begin();
  if (p.floats) p.floats->begin();
}

void CoverageSampler::cycle(const TileInputs& inputs) {
  Parts& p = *parts_;
  const CycleView view{p.model.inside(), inputs, p.cycle, p.random};
  ++p.cycle;
  p.control.cycle(view, p.hits);
  if (!inputs.rst_n) {
    p.units.reset_cycle(), p.commands.begin();
    if (p.floats) p.floats->begin();
    return;
  }
  p.commands.cycle(view, p.hits);
  p.units.cycle(view, p.hits);
  if (p.integers) {
    p.integers->cycle(view, p.hits);
  } else {
    p.floats->cycle(view, p.hits);
    p.float_activation->cycle(view, p.hits);
  }
}

coverage::Hits CoverageSampler::hits() const {
  HitBytes bytes = parts_->hits;
  parts_->control.finish(bytes);
  coverage::Hits hits(parts_->space.size());
  for (uint32_t bin = 0; bin < hits.size(); ++bin)
    if (bytes.bytes[bin] != 0) hits.set(bin);
  return hits;
}

std::string CoverageSampler::illegal_hit() const {
  HitBytes bytes = parts_->hits;
  parts_->control.finish(bytes);
  for (const uint32_t bin : parts_->illegal)
    if (bytes.bytes[bin] != 0) return space().name(bin) + " (" + space().reason(bin) + ")";
  return {};
}

std::shared_ptr<const coverage::Space> coverage_space(const HwConfig& config) {
  const Tile model(config);
  return std::make_shared<coverage::Space>(CoverageSampler(model).space());
}

}  // namespace assay::npu
