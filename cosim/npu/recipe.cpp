// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/recipe.hpp"

namespace assay::npu {
namespace {

struct Replay {
  Planner& planner;
  void operator()(const GemmSpec& spec) const { planner.gemm(spec); }
  void operator()(const FloatSpec& spec) const { planner.gemm(spec); }
  void operator()(const Recipe::Raw& raw) const { planner.command(raw.word, raw.weights, raw.activations); }
  void operator()(const Recipe::Reset& reset) const { planner.reset(reset.after, reset.cycles); }
  void operator()(const Recipe::Idle& idle) const { planner.idle(idle.cycles); }
};

}  // namespace

Program plan(const Recipe& recipe, const HwConfig& config, const std::string& name, const StallProfiles& stall) {
  Planner planner(config, name);
  for (const Recipe::Item& item : recipe.items) std::visit(Replay{planner}, item);
  return planner.finish(stall);
}

}  // namespace assay::npu
