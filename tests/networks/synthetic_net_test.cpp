// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "tests/catch.hpp"
#include "tests/networks/network.hpp"

namespace {

using assay::tests::load_network;
using assay::tests::run_network;
using assay::tests::Step;

const char* const kVector = "synthetic_net/synthetic_net.yaml";

/// How many expected values the network's reference misses, each layer fed with what the one before is expected to give.
size_t misses(const std::vector<Step>& steps) {
  size_t count = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    const auto result = assay::vectors::run_layer(steps[i].layer, i == 0 ? steps[i].input.data : steps[i - 1].expect.data);
    for (size_t j = 0; j < result.size(); ++j) count += result[j] != steps[i].expect.data.at(j);
  }
  return count;
}

template <typename Change>
size_t misses_with(Change change) {
  auto steps = load_network(kVector);
  for (Step& step : steps) change(step.layer);
  return misses(steps);
}

}  // namespace

TEST_CASE("synthetic_net: layers have the documented shapes and chain") {
  const auto steps = load_network(kVector);
  const std::vector<size_t> widths{70, 150, 140, 33, 8, 65, 17, 64, 40, 100, 12};
  REQUIRE(steps.size() == 10);
  CHECK(steps[0].input.shape == std::vector<size_t>{11, 70});
  for (size_t i = 0; i < 10; ++i) {
    const auto& l = steps[i].layer;
    CHECK(l.inputs == widths[i]);
    CHECK(l.outputs == widths[i + 1]);
    CHECK(l.bias.size() == l.outputs);
    CHECK((l.scales.size() == 1 || l.scales.size() == l.outputs));
    CHECK((l.table.empty() || l.table.size() == 256));
    CHECK(steps[i].expect.shape == std::vector<size_t>{11, l.outputs});
  }
}

TEST_CASE("synthetic_net: multipliers and shifts are legal for the tile") {
  for (const Step& step : load_network(kVector))
    for (const auto& s : step.layer.scales) {
      CHECK((s.multiplier == 0 || s.multiplier >= 1 << 30));
      CHECK((s.shift >= -31 && s.shift <= 30));
    }
}

TEST_CASE("synthetic_net: the integer reference reproduces every expected byte") {
  const auto steps = load_network(kVector);
  const auto results = run_network(steps);
  for (size_t i = 0; i < steps.size(); ++i) CHECK(results[i] == steps[i].expect.data);
}

TEST_CASE("synthetic_net: a wrong rounding, zero point, bias, clamp or table is noticed") {
  CHECK(misses_with([](auto&) {}) == 0);
  CHECK(misses_with([](auto& l) { l.single = true; }) > 0);
  CHECK(misses_with([](auto& l) { l.single = false; }) > 0);
  CHECK(misses_with([](auto& l) { ++l.input_zero_point; }) > 0);
  CHECK(misses_with([](auto& l) { ++l.zero_point; }) > 0);
  CHECK(misses_with([](auto& l) { ++l.bias[0]; }) > 0);
  CHECK(misses_with([](auto& l) { --l.clamp_hi; }) > 0);
  CHECK(misses_with([](auto& l) { ++l.clamp_lo; }) > 0);
  CHECK(misses_with([](auto& l) { l.table.clear(); }) > 0);
}
