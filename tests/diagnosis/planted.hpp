// SPDX-License-Identifier: Apache-2.0
// Plants changes in a tile of rules and asks the diagnosis for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosim/npu/diagnosis/diagnose.hpp"
#include "cosim/npu/diagnosis/rules.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/npu_target.hpp"
#include "tests/catch.hpp"
#include "tests/diagnosis/rule_dut.hpp"
#include "tests/tile/tile_driver.hpp"

namespace assay::test {

using namespace assay::npu;

/// The window around the first difference that these changes make in random commands, as `assay run` keeps it; nothing when they make none.
inline std::optional<Trace> failure(const HwConfig& hw, const std::vector<Change>& changes, uint64_t seed, bool resets = false) {
  const npu::Program program = resets ? make_reset_test(hw, seed) : make_random_program(hw, seed, 300);
  NpuTarget target(hw, rule_dut(hw, changes));
  LockstepOptions options;
  options.max_cycles = 3000;
  target.load(program, seed);
  const LockstepResult result = run_lockstep(target, options);
  if (result.mismatches.empty()) return std::nullopt;
  const uint64_t first = result.mismatches[0].cycle;
  NpuTarget again(hw, rule_dut(hw, changes));
  again.load(program, seed);
  return trace_run(again, options, first < 80 ? 0 : first - 80, first + 60);
}

/// The diagnosis of the first seed that shows the change.
inline Diagnosis diagnosis_of(const HwConfig& hw, const std::vector<Change>& changes, bool resets = false) {
  for (uint64_t seed = 1; seed < 12; ++seed) {
    const auto trace = failure(hw, changes, seed, resets);
    if (trace) return diagnose(hw, *trace);
  }
  CHECK("no difference" == std::string());
  return {};
}

inline Change at_site(Site site, How how, int a = 0, int b = 0) {
  Change change;
  change.site = site, change.how = how, change.a = a, change.b = b;
  return change;
}

inline Change of_register(const HwConfig& hw, const std::string& name, How how, int a = 0, int b = 0) {
  Change change = at_site(Site::Register, how, a, b);
  const Tile tile(hw);
  change.field = StateLayout(tile.fields()).find(name).field;
  return change;
}

/// The family is the first, or fares as well as the first: then this run does not tell them apart.
inline void check_tied(const HwConfig& hw, const Change& change, const std::string& kind) {
  const Diagnosis d = diagnosis_of(hw, {change});
  INFO(kind << ", " << text_of(change, hw, Tile(hw).fields()) << ": " << d.reason);
  CHECK_FALSE(d.candidates.empty());
  if (d.candidates.empty()) return;
  CHECK(d.certain());
  bool found = false;
  for (const Candidate& c : d.candidates) {
    UNSCOPED_INFO(c.hypothesis.kind << ": " << c.hypothesis.text << " " << c.score.explained << " of " << d.differences << ", contradicts "
                                    << c.score.contradicted);
    const Score &score = c.score, &best = d.candidates[0].score;
    found = found || (c.hypothesis.kind == kind && score.step_residual() == best.step_residual() && score.explained == best.explained);
  }
  CHECK(found);
}

inline void check_found(const HwConfig& hw, const Change& change, const std::string& kind, bool resets = false) {
  const Diagnosis d = diagnosis_of(hw, {change}, resets);
  INFO(kind << ", " << text_of(change, hw, Tile(hw).fields()) << ": " << d.reason);
  for (const Candidate& c : d.candidates) {
    UNSCOPED_INFO(c.hypothesis.kind << ": " << c.hypothesis.text << " " << c.score.explained << " of " << d.differences << ", contradicts "
                                    << c.score.contradicted);
  }
  CHECK_FALSE(d.candidates.empty());
  if (d.candidates.empty()) return;
  CHECK(d.certain());
  CHECK(d.candidates[0].hypothesis.kind == kind);
  CHECK(d.candidates[0].score.step_residual() == 0);
}

}  // namespace assay::test
