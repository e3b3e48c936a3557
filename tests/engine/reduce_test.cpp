// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "cosim/engine/reduce.hpp"
#include "tests/catch.hpp"

using assay::reduce;
using Places = std::vector<size_t>;

namespace {

bool has(const Places& kept, size_t place) { return std::find(kept.begin(), kept.end(), place) != kept.end(); }

}  // namespace

TEST_CASE("reduce: what the test needs is kept, in order, and nothing else", "[engine]") {
  CHECK(reduce(1000, 0, [](const Places& kept) { return has(kept, 3) && has(kept, 641) && has(kept, 999); }) == Places{3, 641, 999});
  CHECK(reduce(7, 0, [](const Places&) { return true; }).empty());
  CHECK(reduce(7, 0, [](const Places& kept) { return kept.size() == 7; }) == Places{0, 1, 2, 3, 4, 5, 6});
  CHECK(reduce(0, 0, [](const Places&) { return true; }).empty());
}

TEST_CASE("reduce: as many as asked for are kept", "[engine]") {
  CHECK(reduce(100, 1, [](const Places&) { return true; }).size() == 1);
  CHECK(reduce(5, 5, [](const Places&) { return true; }).size() == 5);
  CHECK(reduce(1, 1, [](const Places&) { return false; }) == Places{0});
}

TEST_CASE("reduce: a few things among many take few tries, and none is tried empty-handed", "[engine]") {
  int tries = 0;
  const auto kept = reduce(4096, 1, [&](const Places& places) {
    ++tries;
    REQUIRE_FALSE(places.empty());
    return has(places, 2000);
  });
  CHECK(kept == Places{2000});
  CHECK(tries < 40);
}
