// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.hpp"
#include "tests/tile/plain_tile.hpp"

using namespace assay;
using namespace assay::test;

namespace {

// What section 11 needs of one cycle, read out of the field images.
struct Observed {
  int cols, entries, stages, rows;
  std::vector<char> tag_valid, tag_accumulate;
  std::vector<uint32_t> tag_columns, tag_entry;
  std::vector<int32_t> psum, acc_new, acc_old;
  std::vector<std::vector<int32_t>> mem;
  std::vector<std::vector<char>> written;

  Observed(const Driver& d, const HwConfig& hw) : cols(hw.cols), entries(hw.entries()), stages(hw.tag_stages()), rows(hw.rows) {
    tag_valid = lanes<char>(d, "tag_valid", 0, 1, stages), tag_accumulate = lanes<char>(d, "tag_accumulate", 0, 1, stages);
    tag_columns = lanes<uint32_t>(d, "tag_columns", 0, clog2(cols + 1), stages);
    tag_entry = lanes<uint32_t>(d, "tag_entry", 0, clog2(entries), stages);
    psum = lanes<int32_t>(d, "psum", static_cast<size_t>(rows - 1), 32, cols);
    acc_new = lanes<int32_t>(d, "acc_new", 0, 32, cols), acc_old = lanes<int32_t>(d, "acc_old", 0, 32, cols);
    for (size_t c = 0; c < static_cast<size_t>(cols); ++c) {
      mem.push_back(lanes<int32_t>(d, "mem", c, 32, entries));
      written.push_back(lanes<char>(d, "written", c, 1, entries));
    }
  }

  template <class T>
  static std::vector<T> lanes(const Driver& d, const char* name, size_t part, int width, int n) {
    const uint8_t* image = d.image(name, part);
    std::vector<T> out;
    for (int i = 0; i < n; ++i) {
      uint32_t v = 0;
      for (int b = 0; b < width; ++b) v |= static_cast<uint32_t>((image[(i * width + b) / 8] >> ((i * width + b) % 8)) & 1) << b;
      out.push_back(static_cast<T>(v));
    }
    return out;
  }
};

// Moves `now` by one edge as the table of section 11 says and compares with `next`. Returns the flags raised (bit 0 overflow, 1 undefined).
unsigned check_edge(const Observed& now, const Observed& next, bool cleared, const ColumnAccesses& accesses, const ColumnAccesses& later) {
  unsigned flags = 0;
  int wrong = 0;
  for (size_t c = 0; c < static_cast<size_t>(now.cols); ++c) {
    const size_t s1 = static_cast<size_t>(now.rows) + 1 + c, s2 = s1 + 1;
    const bool valid1 = now.tag_valid[s1] && c < now.tag_columns[s1];
    const bool valid2 = s2 < static_cast<size_t>(now.stages) && now.tag_valid[s2] && c < now.tag_columns[s2];
    const uint32_t e1 = now.tag_entry[s1], e2 = valid2 ? now.tag_entry[s2] : 0;
    const int64_t exact = int64_t{now.acc_old[c]} + now.acc_new[c];
    const auto sum2 = static_cast<int32_t>(static_cast<uint32_t>(exact));
    const bool hit = valid2 && e1 == e2, wanted = valid1 && now.tag_accumulate[s1], defined = now.written[c][e1] || hit;
    wrong += next.acc_new[c] != now.psum[c];
    wrong += next.acc_old[c] != (wanted && defined ? (hit ? sum2 : now.mem[c][e1]) : 0);
    auto mem = now.mem[c];
    auto written = now.written[c];
    if (valid2) mem[e2] = sum2, written[e2] = 1;
    if (cleared) std::fill(written.begin(), written.end(), char{0});
    wrong += next.mem[c] != mem;
    wrong += next.written[c] != written;
    if (valid2 && exact != sum2) flags |= 1;
    if (wanted && !defined) flags |= 2;
    wrong += accesses.read[c] != (wanted && now.written[c][e1] && !hit ? e1 : ColumnAccesses::kNoEntry);
    wrong += later.written[c] != (valid2 ? e2 : ColumnAccesses::kNoEntry);
  }
  REQUIRE(wrong == 0);
  return flags;
}

void check_stream(int rows, int cols, uint64_t seed) {
  HwConfig hw = small_config(rows, cols);
  hw.acc_depth = 4;  // few entries: many hits, many accumulations onto entries written a moment ago
  Random random{seed};
  Driver driver(hw, seed);
  driver.bubbles = static_cast<int>(seed % 3) * 15;
  driver.add(random_program(hw, random, 150));
  unsigned undefined_seen = 0;
  for (int i = 0; i < 1500 && (i < 20 || driver.tile.outputs().busy); ++i) {
    const Observed now(driver, hw);
    ColumnAccesses accesses = driver.tile.column_accesses();
    const std::vector<uint32_t> read(accesses.read, accesses.read + cols);
    accesses.read = read.data();
    const uint64_t overflow = driver.value("acc_overflow"), undefined = driver.value("acc_undefined");
    const bool clears = driver.value("written", 0) != 0;
    driver.cycle();
    const Observed next(driver, hw);
    const bool cleared = clears && driver.value("written", 0) == 0;
    const unsigned raised = check_edge(now, next, cleared, accesses, driver.tile.column_accesses());
    REQUIRE(((raised & 1) == 0 || driver.value("acc_overflow") == 1));
    REQUIRE(((raised & 1) != 0 || driver.value("acc_overflow") == overflow));
    REQUIRE(((raised & 2) == 0 || driver.value("acc_undefined") == 1));
    const bool beat_read = accesses.activation_read;
    REQUIRE(((raised & 2) != 0 || beat_read || driver.value("acc_undefined") == undefined));
    undefined_seen |= raised & 2;
  }
  CHECK(undefined_seen != 0);
}

}  // namespace

TEST_CASE("accumulators: every register, entry and written bit obeys the rules of the specification in every cycle of random streams") {
  for (const auto& [rows, cols] : {std::pair{1, 1}, {4, 4}, {3, 5}, {2, 17}, {5, 33}})
    for (uint64_t seed = 1; seed <= 6; ++seed) check_stream(rows, cols, seed);
}
