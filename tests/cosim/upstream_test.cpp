// SPDX-License-Identifier: Apache-2.0
// What the table says about sources is held against the RTL: a flipped bit may show in the next cycle only where the table leads back to it.
#include "cosim/npu/upstream.hpp"

#include <algorithm>

#include "cosim/common/random.hpp"
#include "tests/cosim/common.hpp"

using namespace assay;
using namespace assay::test;

namespace {

std::string name_of(const std::vector<Field>& fields, const ElementRef& element) {
  std::string text = fields[element.field].block + "." + fields[element.field].name;
  for (int64_t i : element.index) text += "[" + std::to_string(i) + "]";
  return text;
}

std::vector<std::string> names(const npu::Upstream& table, const std::vector<ElementRef>& elements) {
  std::vector<std::string> out;
  for (const ElementRef& element : elements) out.push_back(name_of(table.fields(), element));
  return out;
}

std::vector<std::string> sources(const npu::Upstream& table, const std::string& field, std::vector<int64_t> index) {
  return names(table, table.of({table.field(field), std::move(index)}).elements);
}

/// Every element of a field, in the table's order.
template <class Each>
void for_each_element(const Field& field, size_t f, const Each& each) {
  for (size_t p = 0; p < field.parts.size(); ++p) {
    for (uint64_t e = 0; e < part_elements(field); ++e) each(ElementRef{f, index_of(field, {p, e})});
  }
}

bool differs(const Trace& trace, uint64_t cycle, const ElementRef& element) {
  return trace.holds(cycle) && trace.differs(cycle, element.field, place_of(trace.fields()[element.field], element.index));
}

/// Flips one bit of `element` in `cycle` and checks that whatever differs one step later has it among its sources. Returns how many did.
size_t check_flip(npu::NpuTarget& target, const npu::Upstream& table, const npu::Program& program, const ElementRef& element, int bit, uint64_t cycle) {
  const auto& fields = table.fields();
  LockstepOptions options;
  options.faults = {{"flip", element.field, element.index, bit, cycle}};
  target.load(program, 1);
  const Trace trace = trace_run(target, options, cycle - 1, cycle + 1);
  size_t found = 0;
  const auto judge = [&](const ElementRef& other, uint64_t when) {
    if (other == element || !differs(trace, when, other)) return;
    const auto from = table.of(trace, when, other).elements;
    ++found;
    // The reset and the pins' own cycle lead on: a pin of this cycle is judged in it, a register in the next one.
    const bool leads_back = std::find(from.begin(), from.end(), element) != from.end();
    INFO("bit " << bit << " of " << name_of(fields, element) << " at cycle " << cycle << " shows in " << name_of(fields, other) << " at cycle " << when);
    INFO("which is said to come from " << Catch::Detail::stringify(names(table, from)));
    REQUIRE(leads_back);
  };
  for (size_t f = 0; f < fields.size(); ++f) {
    const bool pin = fields[f].cls == FieldClass::Pin;
    for_each_element(fields[f], f, [&](const ElementRef& other) { judge(other, pin ? cycle : cycle + 1); });
  }
  return found;
}

void check_sources(const std::string& config, int flips_per_field) {
  npu::NpuTarget& target = target_for(config);
  const npu::Upstream table(target.config(), target.fields());
  const npu::Program program = npu::make_random_program(target.config(), 5, 12);
  target.load(program, 1);
  const uint64_t cycles = run_lockstep(target, {}).cycles;
  Random random(3, 1);
  size_t flips = 0, shown = 0;
  for (size_t f = 0; f < table.fields().size(); ++f) {
    const Field& field = table.fields()[f];
    if (field.cls == FieldClass::Pin) continue;  // flipped in what is compared only
    std::vector<ElementRef> elements;
    for_each_element(field, f, [&](const ElementRef& element) { elements.push_back(element); });
    for (int i = 0; i < flips_per_field; ++i) {
      const ElementRef& element = elements[random.next() % elements.size()];
      ++flips;
      shown +=
          check_flip(target, table, program, element, static_cast<int>(random.next() % static_cast<uint64_t>(field.width)), 2 + random.next() % (cycles - 4));
    }
  }
  CHECK(2 * shown > flips);  // or the flips hit what nobody looks at
}

}  // namespace

TEST_CASE("upstream: a PE's sum comes from the PE above, the operand to its left and its weight") {
  const npu::Upstream table(config_named("int8_4x4"), Tile(config_named("int8_4x4")).fields());
  CHECK(sources(table, "psum", {2, 1}) ==
        std::vector<std::string>{"pe.psum[1][1]", "pe.act[2][0]", "pe.act_high[2][0]", "pe.weight[2][1]", "pe.weight_high[2][1]"});
  CHECK(sources(table, "psum", {0, 0}) == std::vector<std::string>{"array.skew_0[1]", "array.skew_high_0[1]", "pe.weight[0][0]", "pe.weight_high[0][0]"});
}

TEST_CASE("upstream: with more latency the PE above is seen through its last delay register") {
  const npu::Upstream table(config_named("fp_4x4"), Tile(config_named("fp_4x4")).fields());
  CHECK(sources(table, "psum", {1, 0}).front() == "pe.psum_delay_1[0][0]");
  CHECK(sources(table, "psum_delay_1", {1, 0}) == std::vector<std::string>{"pe.psum[1][0]"});
  CHECK(sources(table, "acc_new", {3}) == std::vector<std::string>{"pe.psum_delay_1[3][3]"});
}

TEST_CASE("upstream: every element of every config has sources or is the cycle counter or a FIFO's word from a pin") {
  for (const char* config : {"int8_4x4", "int8_8x16", "fp_4x4", "bf16_8x8", "fp8_16x16"}) {
    const npu::Upstream table(config_named(config), Tile(config_named(config)).fields());
    for (size_t f = 0; f < table.fields().size(); ++f) {
      for_each_element(table.fields()[f], f, [&](const ElementRef& element) {
        const npu::Sources found = table.of(element);
        const bool free_running = table.fields()[f].name == "counter" && element.index[0] == 0;
        INFO(config << " " << name_of(table.fields(), element));
        REQUIRE((!found.elements.empty() || free_running));
      });
    }
  }
}

TEST_CASE("upstream: what a flipped bit changes one cycle later leads back to it, integer tile") { check_sources("int8_4x4", 60); }

TEST_CASE("upstream: what a flipped bit changes one cycle later leads back to it, floating-point tile") { check_sources("fp_4x4", 30); }
