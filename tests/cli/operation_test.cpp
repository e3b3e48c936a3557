// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/operation.hpp"

#include <map>

#include "cosim/cli/operation_json.hpp"
#include "cosim/cli/operation_steps.hpp"
#include "cosim/cli/run_options.hpp"
#include "cosim/engine/compare_plan.hpp"
#include "cosim/npu/generated.hpp"
#include "cosim/npu/npu_target.hpp"
#include "cosim/npu/recipe.hpp"
#include "tests/catch.hpp"

using namespace assay;
using npu::Operation;
using npu::Rule;

namespace {

/// What every element of a stretch of a run is told to be made of.
struct Told {
  std::map<Rule, int> rules;
  int commands = 0, told = 0;
  std::string wrong;  ///< steps that end at another value than the model's
};

Told tell_everything(const HwConfig& config, const npu::Program& program, const Trace& trace, uint64_t from, uint64_t to) {
  Told told;
  for (uint64_t cycle = from; cycle <= to; ++cycle) {
    for (size_t f = 0; f < trace.fields().size(); ++f) {
      const Field& field = trace.fields()[f];
      for (size_t p = 0; p < field.parts.size(); ++p) {
        for (uint64_t e = 0; e < part_elements(field); ++e) {
          if (!trace.defined(cycle, f, {p, e})) continue;
          if (field.memory && e % 8 != cycle % 8) continue;  // many words, few of them touched
          const ElementRef element{f, index_of(field, {p, e})};
          const Operation op = npu::find_operation(config, program, trace, element, cycle);
          ++told.told;
          ++told.rules[op.rule];
          told.commands += op.command.has_value();
          CHECK(op.command.has_value() == op.reason.empty());
          for (const std::string& step : cli::operation_steps(config, trace, op, element, cycle)) {
            if (step.find("BUT") == 0) told.wrong += field.name + " in cycle " + std::to_string(cycle) + ": " + step + "\n";
          }
        }
      }
    }
  }
  return told;
}

Trace trace_of(const HwConfig& config, const npu::Program& program, uint64_t from, uint64_t to) {
  npu::NpuTarget target(config, npu::NpuTarget::Use::Lockstep);
  target.load(program, 1);
  return trace_run(target, {}, from, to);
}

HwConfig config_named(const char* name) { return load_config(cli::config_file(name)); }

}  // namespace

TEST_CASE("operation: of every element in every cycle the steps end at the value that the model holds", "[cli]") {
  const std::tuple<const char*, bool, uint64_t> runs[] = {{"int8_4x4", false, 90}, {"int8_4x4", false, 500}, {"int8_4x4", true, 400}, {"int8_4x4", true, 900},
                                                          {"fp_4x4", false, 90},   {"fp_4x4", false, 400},   {"fp_4x4", true, 400}};
  std::map<Rule, int> integer, floating;
  for (const auto& [name, stress, from] : runs) {
    INFO(name << (stress ? " stress" : " gemm"));
    const HwConfig config = config_named(name);
    const npu::Program program = stress ? npu::make_stress_test(config, 3) : npu::make_gemm_test(config, 3);
    const uint64_t to = from + 60;
    const Trace trace = trace_of(config, program, from - 60, to);
    const Told told = tell_everything(config, program, trace, from, to);
    CHECK(told.wrong == "");
    CHECK(told.commands * 10 > told.told);
    for (const auto& [rule, count] : told.rules) (config.floating() ? floating : integer)[rule] += count;
  }
  for (const Rule rule : {Rule::Mac, Rule::Copy, Rule::Hold, Rule::Accumulate, Rule::Bias, Rule::Decode}) {
    CHECK(integer[rule] > 0);
    CHECK(floating[rule] > 0);
  }
  for (const Rule rule : {Rule::Multiply, Rule::Scale, Rule::Clamp, Rule::Table}) CHECK(integer[rule] > 0);
  CHECK(floating[Rule::Convert] > 0);
}

TEST_CASE("operation: a partial sum is told with its command, its place in the matrices and its operands", "[cli]") {
  const HwConfig config = config_named("int8_4x4");
  npu::Planner planner(config, "v");
  npu::GemmSpec spec;
  spec.name = "p";
  spec.a = functional::Matrix(6, 9);
  spec.b = functional::Matrix(9, 6);
  for (size_t i = 0; i < spec.a.data.size(); ++i) spec.a.data[i] = static_cast<int32_t>(i) - 20;
  for (size_t i = 0; i < spec.b.data.size(); ++i) spec.b.data[i] = 30 - static_cast<int32_t>(i);
  spec.mode.raw = true;
  planner.gemm(spec);
  const npu::Program program = planner.finish();
  const Trace trace = trace_of(config, program, 0, 200);
  const size_t psum = *find_field(trace.fields(), "pe", "psum");
  int found = 0;
  for (uint64_t cycle = 5; cycle < trace.last(); ++cycle) {
    for (int64_t r = 0; r < 4; ++r) {
      for (int64_t c = 0; c < 4; ++c) {
        const Operation op = npu::find_operation(config, program, trace, {psum, {r, c}}, cycle);
        if (!op.command || r >= op.fields.k || c >= op.fields.n) continue;
        const auto m = static_cast<int>(*op.beat) + op.origin.row, n = op.origin.col + static_cast<int>(c);
        int32_t sum = 0;
        for (int k = op.origin.k; k <= op.origin.k + r; ++k) sum += spec.a.at(m, k) * spec.b.at(k, n);
        const auto model = static_cast<int32_t>(trace.bits(Side::Model, cycle, psum, place_of(trace.fields()[psum], {r, c})));
        REQUIRE(model == sum);  // the coordinates are those of the value
        ++found;
      }
    }
  }
  CHECK(found == 6 * 9 * 6);
}

TEST_CASE("operation: what has no command says why", "[cli]") {
  const HwConfig config = config_named("int8_4x4");
  const npu::Program program = npu::make_gemm_test(config, 3);
  const Trace trace = trace_of(config, program, 40, 60);
  const size_t psum = *find_field(trace.fields(), "pe", "psum"), counter = *find_field(trace.fields(), "tile", "counter");
  CHECK(npu::find_operation(config, program, trace, {psum, {3, 3}}, 40).reason == "the beat was issued before the cycles that are kept");
  CHECK(npu::find_operation(config, program, trace, {counter, {0}}, 50).reason == "the field belongs to no command");
  Mismatch assertion;
  assertion.kind = "assertion";
  assertion.block = "tile";
  assertion.field = "no_such_field";
  const auto json = cli::operation_json(config, program, trace, assertion);
  CHECK(json["command"].is_null());
  CHECK(json["reason"] == "kind assertion names no register or pin of the RTL");
}
