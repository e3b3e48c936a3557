// SPDX-License-Identifier: Apache-2.0
#include "cosim/coverage/waivers.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "model/common/config.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::coverage;

namespace {

/// A file of its own, gone with the object.
struct WaiverFile {
  explicit WaiverFile(const std::string& text) : path(std::filesystem::temp_directory_path() / ("assay-waivers-" + std::to_string(getpid()) + ".yaml")) {
    std::ofstream(path) << text;
  }
  ~WaiverFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

std::string one(const std::string& bins, const std::string& expires) {
  return "  - {bins: \"" + bins + "\", reason: not yet, owner: verification, expires: " + expires + "}\n";
}

const char* const kHead = "schema: assay/waivers/1\nwaivers:\n";

Results half() {
  Space space;
  space.add({"p", "17.5.1", "", "reach {n}", "", {{"n", {"0", "1", "2", "3"}}}});
  space.add({"q", "9", "", "", "", {{"n", {"0", "1"}}}});
  Hits hits(space.size());
  hits.set(0), hits.set(4);
  Results results;
  results.add(space, hits, "v");
  return results;
}

}  // namespace

TEST_CASE("waivers: a pattern's stars stand for any text", "[coverage]") {
  CHECK(matches("a/b", "a/b"));
  CHECK_FALSE(matches("a/b", "a/bc"));
  CHECK(matches("a/*", "a/"));
  CHECK(matches("*b*d", "abcbd"));
  CHECK_FALSE(matches("*b*d", "abcbde"));
  CHECK(matches("a*a*a", "aaaa"));
  CHECK_FALSE(matches("a*a*a", "aa"));
  CHECK_FALSE(matches("", "a"));
}

TEST_CASE("waivers: a waived hole counts no longer, until its day is over", "[coverage]") {
  const WaiverFile file(std::string(kHead) + one("p/1", "2030-01-31") + one("p/*", "2029-12-31"));
  const auto waivers = load_waivers(file.path);
  const Results results = half();
  const Judged early = judge(results, waivers, "2029-12-31");
  CHECK(early.bins == 6);
  CHECK(early.hit == 2);
  CHECK(early.waived == 3);
  CHECK(early.percent() == Approx(200.0 / 3));
  CHECK(early.expired.empty());
  const Judged late = judge(results, waivers, "2030-01-01");
  CHECK(late.waived == 1);
  REQUIRE(late.expired.size() == 1);
  CHECK(late.expired[0]->bins == "p/*");
  CHECK(judge(results, waivers, "2030-02-01").waived == 0);
}

TEST_CASE("waivers: one of which nothing is open is stale", "[coverage]") {
  const WaiverFile file(std::string(kHead) + one("p/0", "2030-01-31") + one("r/*", "2030-01-31") + one("q/1", "2030-01-31"));
  const auto waivers = load_waivers(file.path);
  const Judged judged = judge(half(), waivers, "2029-01-01");
  REQUIRE(judged.stale.size() == 2);
  CHECK(judged.stale[0]->bins == "p/0");
  CHECK(judged.stale[1]->bins == "r/*");
}

TEST_CASE("waivers: holes come in the order of the specification, with what reaches them", "[coverage]") {
  const Results results = half();
  const Judged judged = judge(results, {}, "2029-01-01");
  REQUIRE(judged.holes.size() == 4);
  CHECK(judged.holes[0].name() == "q/1");
  CHECK(judged.holes[1].name() == "p/1");
  CHECK(judged.holes[1].reach == "reach 1");
  CHECK(section_before("2", "10"));
  CHECK(section_before("17.5", "17.5.1"));
  CHECK(section_before("17.5.9", "17.5.10"));
  CHECK_FALSE(section_before("17.5", "17.5"));
}

TEST_CASE("waivers: a file that is wrong is refused with its place", "[coverage]") {
  const auto message = [](const std::string& text) -> std::string {
    const WaiverFile file(text);
    try {
      load_waivers(file.path);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(file.path.string().size());
    }
    return "accepted";
  };
  CHECK(message("schema: assay/waivers/2\nwaivers: []\n") == ":1: schema: is 'assay/waivers/2', expected assay/waivers/1");
  CHECK(message(std::string(kHead) + one("p/1", "2030-13-01")) == ":3: waivers[0].expires: is '2030-13-01', expected a day as YYYY-MM-DD");
  CHECK(message(std::string(kHead) + one("p/1", "soon")) == ":3: waivers[0].expires: is 'soon', expected a day as YYYY-MM-DD");
  CHECK_THAT(message(std::string(kHead) + "  - {bins: p, owner: o, expires: 2030-01-01}\n"), Catch::Contains(":3: waivers[0]: has no reason"));
  CHECK_THAT(message(std::string(kHead) + "  - {bins: p, owner: o, expires: 2030-01-01, reason: r, until: x}\n"), Catch::Contains("until"));
}
