// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/rank.hpp"

#include "cosim/common/random.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::coverage;

TEST_CASE("rank: the vector that adds most comes next, and one that adds nothing is left out", "[coverage]") {
  const auto places = rank({{"a", {0, 1}}, {"b", {1, 2, 3}}, {"c", {0}}, {"d", {4, 5}}}, 6);
  REQUIRE(places.size() == 3);
  CHECK(places[0].candidate == 1);
  CHECK(places[0].adds == 3);
  CHECK(places[0].alone == 2);
  CHECK(places[1].candidate == 3);
  CHECK(places[1].total == 5);
  CHECK(places[2].candidate == 0);
  CHECK(places[2].adds == 1);
  CHECK(places[2].alone == 0);
}

TEST_CASE("rank: its places are those of counting everything anew each time", "[coverage]") {
  constexpr uint32_t kBins = 60;
  Random random(7, 1);
  std::vector<Candidate> candidates;
  for (int c = 0; c < 40; ++c) {
    Candidate one{std::to_string(c), {}};
    for (uint32_t bin = 0; bin < kBins; ++bin)
      if (random.chance(0.15)) one.bins.push_back(bin);
    candidates.push_back(one);
  }
  const auto places = rank(candidates, kBins);
  std::vector<uint8_t> taken(kBins);
  for (const Ranked& place : places) {
    size_t best = 0;
    uint64_t most = 0;
    for (size_t c = 0; c < candidates.size(); ++c) {
      uint64_t adds = 0;
      for (const uint32_t bin : candidates[c].bins) adds += taken[bin] == 0;
      if (adds > most) best = c, most = adds;
    }
    CHECK(place.candidate == best);
    CHECK(place.adds == most);
    for (const uint32_t bin : candidates[best].bins) taken[bin] = 1;
  }
  for (const Candidate& one : candidates)
    for (const uint32_t bin : one.bins) CHECK(taken[bin] == 1);
}

TEST_CASE("rank: nothing gives nothing", "[coverage]") {
  CHECK(rank({}, 0).empty());
  CHECK(rank({{"a", {}}}, 5).empty());
}
