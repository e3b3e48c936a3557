// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/sampler.hpp"

#include <filesystem>

#include "cosim/coverage/results.hpp"
#include "cosim/engine/lockstep.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/vector.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;
using assay::coverage::BinKind;

namespace {

std::vector<HwConfig> shipped() {
  std::vector<HwConfig> configs;
  for (const auto& entry : std::filesystem::directory_iterator(ASSAY_PROJECT_DIR "/rtl/configs")) configs.push_back(load_config(entry.path()));
  return configs;
}

HwConfig config(const std::string& name) { return load_config(ASSAY_PROJECT_DIR "/rtl/configs/" + name + ".yaml"); }

/// A target with the model alone and its sampler.
struct Watched {
  explicit Watched(const HwConfig& hw) : target(hw, NpuTarget::Use::ModelOnly), sampler(target.model()) { target.watch(&sampler); }
  coverage::Hits run(const Program& program, uint64_t seed) {
    target.load(program, seed);
    sampler.begin(seed);
    const LockstepResult result = run_lockstep(target, {});
    CHECK(result.verdict == Verdict::Pass);
    return sampler.hits();
  }
  bool has(const coverage::Hits& hits, const std::string& name) const {
    for (uint32_t bin = 0; bin < hits.size(); ++bin)
      if (sampler.space().name(bin) == name) return hits.test(bin);
    FAIL("no bin " << name);
    return false;
  }
  NpuTarget target;
  CoverageSampler sampler;
};

}  // namespace

TEST_CASE("coverage: no shipped config hits an illegal bin, or one that is ignored as impossible", "[coverage]") {
  for (const HwConfig& hw : shipped()) {
    INFO(hw.name);
    Watched watched(hw);
    coverage::Hits all(watched.sampler.space().size());
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      Program program = seed % 3 == 0   ? make_reset_test(hw, seed)
                        : seed % 3 == 1 ? make_stress_test(hw, seed)
                        : hw.floating() ? make_float_gemm(hw, seed)
                                        : make_gemm_test(hw, seed);
      all |= watched.run(program, seed);
    }
    all.each([&](uint32_t bin) {
      INFO(watched.sampler.space().name(bin) << ": " << watched.sampler.space().reason(bin));
      CHECK(watched.sampler.space().kind(bin) == BinKind::Normal);
    });
    CHECK(all.count() > watched.sampler.space().size() / 3);
  }
}

TEST_CASE("coverage: no bin is wanted on one shipped config and illegal on another", "[coverage]") {
  std::map<std::string, std::pair<BinKind, std::string>> first;
  for (const HwConfig& hw : shipped()) {
    const auto space = coverage_space(hw);
    for (uint32_t bin = 0; bin < space->size(); ++bin) {
      const auto [place, fresh] = first.emplace(space->name(bin), std::pair{space->kind(bin), hw.name});
      if (fresh || place->second.first == space->kind(bin)) continue;
      INFO(space->name(bin) << " on " << hw.name << " and " << place->second.second);
      CHECK(place->second.first != BinKind::Illegal);
      CHECK(space->kind(bin) != BinKind::Illegal);
    }
  }
}

TEST_CASE("coverage: a vector and its seed hit the same bins every time", "[coverage]") {
  for (const char* name : {"int8_4x4", "fp_4x4"}) {
    const HwConfig hw = config(name);
    Watched one(hw), other(hw);
    const Program program = make_stress_test(hw, 5);
    const coverage::Hits hits = one.run(program, 5);
    CHECK(other.run(program, 5) == hits);
    CHECK(one.run(make_stress_test(hw, 6), 6) != hits);
    CHECK(one.run(program, 5) == hits);  // nothing is left of the vector between
  }
}

TEST_CASE("coverage: a minimal program hits what it does and nothing else", "[coverage]") {
  const HwConfig hw = config("int8_4x4");
  Watched watched(hw);
  Program program;
  Phase phase;
  Command fence;
  fence.op = Op::Fence, fence.tag = 255;
  phase.commands = {encode(Command{}), encode(fence)};
  phase.responses = {{0, 255, true, 0}};
  program.phases.push_back(phase);
  const coverage::Hits hits = watched.run(program, 1);
  CHECK(watched.has(hits, "int.command.pair/NOP,FENCE"));
  CHECK_FALSE(watched.has(hits, "int.command.pair/FENCE,NOP"));
  CHECK(watched.has(hits, "int.command.FENCE/plain,none"));
  CHECK(watched.has(hits, "command.tag/255"));
  CHECK_FALSE(watched.has(hits, "command.tag/0"));
  CHECK(watched.has(hits, "fence.flags/no"));
  CHECK(watched.has(hits, "fifo.response_fifo/1,none") != watched.has(hits, "fifo.response_fifo/1,pop"));
  CHECK_FALSE(watched.has(hits, "fifo.weight_fifo/1,none"));
  CHECK_FALSE(watched.has(hits, "units.load_matmul/fires,none"));
  CHECK_FALSE(watched.has(hits, "reset.length/2"));
}

TEST_CASE("coverage: bins that chance hardly reaches have directed vectors that reach them every time", "[coverage]") {
  const auto run = [](Watched& watched, const HwConfig& hw, const std::string& name) {
    LoadOptions options;
    options.project_root = ASSAY_PROJECT_DIR;
    return watched.run(make_test(name, hw, options), 1);
  };
  for (const auto& [name, prefix] : {std::pair{"int8_8x8", ""}, {"fp_4x4", "fp_"}}) {
    const HwConfig hw = config(name);
    Watched watched(hw);
    const coverage::Hits tickets = run(watched, hw, std::string(prefix) + "tickets_wrap");
    for (const char* command : {"LOAD_WEIGHTS", "switches", "MATMUL", "ACTIVATE"})
      for (const char* value : {"0", "512 and more", "1023"}) CHECK(watched.has(tickets, std::string("dispatch.ticket/") + command + "," + value));
    const coverage::Hits full = run(watched, hw, std::string(prefix) + "response_full_illegal");
    const coverage::Space& space = watched.sampler.space();
    for (uint32_t bin = 0; bin < space.size(); ++bin) {
      const std::string bin_name = space.name(bin);
      if (bin_name.find("illegal.status/") == std::string::npos || !bin_name.ends_with(",yes") || space.kind(bin) != BinKind::Normal) continue;
      INFO(bin_name);
      CHECK(full.test(bin));
    }
    if (!hw.floating()) {
      CHECK(watched.has(run(watched, hw, "flags_rise_together"), "int.flag/acc_overflow,rises with others"));
      continue;
    }
    const coverage::Hits rare = run(watched, hw, "fp_rare_roundings");
    for (const char* bin : {"float.fma.rounding/tie down,zero", "float.fma.rounding/tie up,top binade", "float.fma.rounding/tie down,overflow",
                            "float.sum.rounding/tie down,overflow", "float.entries.rounding/tie down,zero", "float.raw/fp32,-0"}) {
      INFO(bin);
      CHECK(watched.has(rare, bin));
    }
    for (const char* format : {"bf16", "fp16", "e5m2", "e4m3", "e4m3fn"})
      for (const char* saturate : {"no", "yes"}) CHECK(watched.has(rare, std::string("float.convert.special/") + format + "," + saturate + ",-0"));
  }
}
