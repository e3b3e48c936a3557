// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/space.hpp"

#include <set>

#include "cosim/coverage/hits.hpp"
#include "model/common/assert.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::coverage;

namespace {

PointSpec cross() {
  return {
      "unit.cross", "8", "about", "drive {a} against {b}", "tile.load_row", {{"a", {"x", "y"}}, {"b", {"0", "1", "2"}}}, [](std::span<const size_t> l) -> Mark {
        if (l[0] == 0 && l[1] == 2) return {BinKind::Ignored, "cannot be"};
        return l[0] == 1 && l[1] == 2 ? Mark{BinKind::Illegal, "must not be"} : Mark{};
      }};
}

}  // namespace

TEST_CASE("coverage: the bins of a cross are the product of its axes, numbered through", "[coverage]") {
  Space space;
  space.add({"first", "1", "", "", "", {{"only", {"a", "b"}}}});
  const Bins bins = space.add(cross());
  CHECK(space.size() == 8);
  CHECK(space.name(bins(0, 1)) == "unit.cross/x,1");
  CHECK(space.name(bins(1, 2)) == "unit.cross/y,2");
  std::set<uint32_t> all;
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 3; ++b) all.insert(bins(a, b));
  CHECK(all == std::set<uint32_t>{2, 3, 4, 5, 6, 7});
  CHECK(space.name(1) == "first/b");
  CHECK(reach_of(space.point_of(bins(1, 0)), bins(1, 0)) == "drive y against 0");
}

TEST_CASE("coverage: bins that cannot or must not happen carry their reason", "[coverage]") {
  Space space;
  const Bins bins = space.add(cross());
  CHECK(space.kind(bins(0, 0)) == BinKind::Normal);
  CHECK(space.kind(bins(0, 2)) == BinKind::Ignored);
  CHECK(space.reason(bins(0, 2)) == "cannot be");
  CHECK(space.kind(bins(1, 2)) == BinKind::Illegal);
  CHECK(space.reason(bins(1, 2)) == "must not be");
  CHECK(space.reason(bins(1, 1)).empty());
}

TEST_CASE("coverage: a point named twice is refused, and so are axes without labels", "[coverage]") {
  Space space;
  space.add(cross());
  CHECK_THROWS_AS(space.add(cross()), AssertionError);
  CHECK_THROWS_AS(space.add({"empty", "1", "", "", "", {{"a", {}}}}), AssertionError);
  CHECK_THROWS_AS(space.add({"none", "1", "", "", "", {}}), AssertionError);
}

TEST_CASE("coverage: the hash of a space changes with its labels and kinds", "[coverage]") {
  Space one, same, other, kinds;
  one.add(cross()), same.add(cross());
  PointSpec label = cross();
  label.axes[0].labels[0] = "z";
  other.add(std::move(label));
  PointSpec kind = cross();
  kind.mark = nullptr;
  kinds.add(std::move(kind));
  CHECK(one.hash() == same.hash());
  CHECK(one.hash() != other.hash());
  CHECK(one.hash() != kinds.hash());
}

TEST_CASE("coverage: hits survive their text form, whatever the number of bins", "[coverage]") {
  for (const uint32_t bins : {1u, 6u, 23u, 24u, 63u, 64u, 65u, 127u, 130u, 1000u}) {
    for (uint32_t step = 1; step < bins + 1; step += 1 + bins / 7) {
      Hits hits(bins);
      for (uint32_t bin = 0; bin < bins; bin += step) hits.set(bin);
      hits.set(bins - 1);
      const auto back = Hits::parse(hits.text(), bins);
      REQUIRE(back);
      CHECK(*back == hits);
    }
  }
  CHECK(Hits(100).text().empty());
  CHECK(Hits::parse("", 100) == Hits(100));
}

TEST_CASE("coverage: a damaged text of hits is refused", "[coverage]") {
  Hits hits(30);
  hits.set(29);
  const std::string text = hits.text();
  CHECK(Hits::parse(text, 30));
  CHECK_FALSE(Hits::parse(text, 29));                  // names a bin that is not there
  CHECK_FALSE(Hits::parse(text.substr(1), 30));        // not whole groups
  CHECK_FALSE(Hits::parse("!" + text.substr(1), 30));  // no digit
  CHECK_FALSE(Hits::parse(std::string(400, 'B'), 30));
}

TEST_CASE("coverage: hits count what they have beyond others", "[coverage]") {
  Hits a(200), b(200);
  for (const uint32_t bin : {0u, 63u, 64u, 199u}) a.set(bin);
  b.set(63);
  CHECK(a.count() == 4);
  CHECK(a.count_beyond(b) == 3);
  CHECK(b.count_beyond(a) == 0);
  b |= a;
  CHECK(b == a);
  std::vector<uint32_t> seen;
  a.each([&](uint32_t bin) { seen.push_back(bin); });
  CHECK(seen == std::vector<uint32_t>{0, 63, 64, 199});
}
