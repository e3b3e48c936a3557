// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/results.hpp"

#include "model/common/config.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::coverage;

namespace {

/// `width`: how many bins of the point exist on this build.
Space build(size_t width) {
  Space space;
  space.add({"p", "3", "about", "reach {n}", "", {{"n", {"0", "1", "2"}}}, [width](std::span<const size_t> l) {
               return l[0] < width ? Mark{} : Mark{BinKind::Ignored, "too narrow"};
             }});
  space.add({"q", "4", "about", "", "", {{"n", {"ok", "bad"}}}, [](std::span<const size_t> l) {
               return l[0] == 1 ? Mark{BinKind::Illegal, "never"} : Mark{};
             }});
  return space;
}

Results run(const Space& space, std::initializer_list<uint32_t> bins, const std::string& name) {
  Hits hits(space.size());
  for (const uint32_t bin : bins) hits.set(bin);
  Results out;
  out.add(space, hits, name);
  out.add_build(name.substr(0, 1));
  return out;
}

}  // namespace

TEST_CASE("coverage: merging does not depend on order or grouping", "[coverage]") {
  const Space narrow = build(2), wide = build(3);
  const Results a = run(narrow, {0}, "a 1"), b = run(wide, {0, 2, 3}, "b 1"), c = run(wide, {1, 4}, "c 1");
  Results left = a, right = c, grouped = b;
  left.merge(b), left.merge(c);
  right.merge(a), right.merge(b);
  grouped.merge(c);
  Results other = a;
  other.merge(grouped);
  CHECK(left.json().dump() == right.json().dump());
  CHECK(left.json().dump() == other.json().dump());
  CHECK(left.vectors() == 3);
  CHECK(left.points().at("p").bins.at("0").hits == 2);
  CHECK(left.points().at("p").bins.at("0").first == "a 1");
}

TEST_CASE("coverage: a bin that one build has and another has not is wanted", "[coverage]") {
  Results both = run(build(2), {0}, "a 1");
  CHECK(both.totals().bins == 3);
  both.merge(run(build(3), {1}, "b 1"));
  CHECK(both.totals().bins == 4);
  CHECK(both.totals().hit == 2);
  CHECK(both.points().at("p").bins.at("2").reason.empty());
}

TEST_CASE("coverage: a hit of an illegal bin is told and is not counted as covered", "[coverage]") {
  const Results good = run(build(3), {3}, "a 1"), bad = run(build(3), {4}, "a 1");
  CHECK(good.illegal_hits().empty());
  CHECK(bad.illegal_hits() == std::vector<std::string>{"q/bad"});
  CHECK(bad.totals().hit == 0);
}

TEST_CASE("coverage: results survive their file, and a damaged file is refused with its place", "[coverage]") {
  const Results one = run(build(2), {0, 3}, "a 1");
  const auto json = one.json();
  CHECK(Results::from_json(json, "f").json() == json);
  auto wrong = json;
  wrong["hit"] = 7;
  CHECK_THROWS_WITH(Results::from_json(wrong, "f.json"), Catch::Contains("f.json:1: hit: "));
  wrong = json;
  wrong["schema"] = "assay/coverage/2";
  CHECK_THROWS_WITH(Results::from_json(wrong, "f.json"), Catch::Contains("f.json:1: schema: is 'assay/coverage/2', expected assay/coverage/1"));
  wrong = json;
  wrong["points"]["p"]["bins"]["0"]["kind"] = "odd";
  CHECK_THROWS_WITH(Results::from_json(wrong, "f.json"), Catch::Contains("points.p.bins.0.kind: is 'odd'"));
  wrong = json;
  wrong["points"]["p"]["bins"]["0"]["more"] = 1;
  CHECK_THROWS_AS(Results::from_json(wrong, "f.json"), InputError);
  wrong = json;
  wrong["points"]["p"].erase("section");
  CHECK_THROWS_AS(Results::from_json(wrong, "f.json"), InputError);
}
