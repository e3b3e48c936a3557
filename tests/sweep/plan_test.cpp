// SPDX-License-Identifier: Apache-2.0
#include "cosim/sweep/plan.hpp"

#include <algorithm>
#include <set>

#include "model/common/config.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::sweep;

namespace {

Case drawing(const std::string& test, uint64_t drawn) { return {test, "", "int8_4x4", "", "V1", {}, 60, drawn}; }

Plan plan_of(std::optional<uint64_t> count, uint32_t shards = 1, bool endless = false, uint64_t seed = 1) {
  return {{drawing("a", 1), drawing("b", 3), drawing("c", 0)}, {{2, 7, 9}, {0, 5, 5}}, seed, count, endless, shards};
}

}  // namespace

TEST_CASE("plan: listed seeds come first, then one round takes from every case before the second vector of any") {
  const Plan plan = plan_of(std::nullopt);
  REQUIRE(plan.size() == 8);
  const uint64_t listed[] = {7, 8, 9, 5};
  for (uint64_t i = 0; i < 4; ++i) CHECK(plan.at(i).seed == listed[i]);
  CHECK(plan.at(3).which == 0);
  const uint32_t cases[] = {0, 1, 1, 1};
  for (uint64_t i = 0; i < 4; ++i) CHECK(plan.at(4 + i).which == cases[i]);
}

TEST_CASE("plan: every vector of an endless plan has a seed of its own, which depends on neither count nor shards") {
  const Plan endless = plan_of(std::nullopt, 3, true), counted = plan_of(5000);
  std::set<std::pair<uint32_t, uint64_t>> seen;
  for (uint64_t i = 0; i < 5000; ++i) {
    const PlannedVector vector = counted.at(i);
    CHECK(seen.emplace(vector.which, vector.seed).second);
    CHECK(endless.at(i).seed == vector.seed);
    CHECK(endless.at(i).which == vector.which);
  }
}

TEST_CASE("plan: drawn seeds follow from the suite's seed and the case, the same bits on any machine") {
  CHECK(plan_of(std::nullopt).at(4).seed == 0x56e7e2501561964du);
  CHECK(plan_of(std::nullopt).at(7).seed == 0x9648b9dd495c3571u);
  CHECK(plan_of(std::nullopt, 1, false, 2).at(4).seed != plan_of(std::nullopt).at(4).seed);
}

TEST_CASE("plan: the chunks of all shards hold every index exactly once, and index i stands in shard i mod N") {
  for (const uint64_t count : {1u, 7u, 64u, 1000u, 300000u}) {
    for (const uint32_t shards : {1u, 2u, 3u, 16u}) {
      const Plan plan = plan_of(count, shards);
      std::vector<int> seen(count);
      for (uint32_t s = 0; s < shards; ++s) {
        for (uint64_t c = 0; c < plan.chunks(s); ++c) {
          const auto indices = plan.indices({s, c});
          CHECK(!indices.empty());
          for (const uint64_t i : indices) {
            REQUIRE(i < count);
            ++seen[i];
            if (plan.shard_of(i) != s) FAIL("index " << i << " stands in shard " << s);
          }
        }
      }
      CHECK(std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
    }
  }
}

TEST_CASE("plan: more vectors than a suite without drawn seeds has are refused") {
  CHECK_NOTHROW(Plan({drawing("a", 0)}, {{0, 1, 10}}, 1, 10, false, 1));
  CHECK_THROWS_AS(Plan({drawing("a", 0)}, {{0, 1, 10}}, 1, 11, false, 1), InputError);
  CHECK_THROWS_AS(Plan({drawing("a", 0)}, {{0, 0, UINT64_MAX}}, 1, std::nullopt, false, 1), InputError);
}
