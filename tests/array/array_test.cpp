// SPDX-License-Identifier: Apache-2.0
#include "model/array/array.hpp"

#include "model/pe/mac.hpp"
#include "tests/array/bit_image.hpp"
#include "tests/catch.hpp"
#include "tests/tile/tile_driver.hpp"

using namespace assay;
using namespace assay::test;

namespace {

// The registers of spec section 10 moved one by one, straight from the table, in two steps (next from current).
struct PlainArray {
  int rows, cols, stages;
  struct Pe {
    int8_t act = 0, shadow = 0, weight = 0;
    bool act_high = false, shadow_high = false, weight_high = false, wave = false;
    int32_t psum = 0;
  };
  struct Tag {
    bool valid = false, last = false, accumulate = false;
    int columns = 0;
    uint32_t entry = 0;
  };
  std::vector<std::vector<Pe>> pe;
  std::vector<std::vector<int8_t>> skew;
  std::vector<std::vector<char>> skew_high;
  std::vector<Tag> tags;

  PlainArray(int r, int c) : rows(r), cols(c), stages(r + c + 2), pe(static_cast<size_t>(r), std::vector<Pe>(static_cast<size_t>(c))) {
    for (int i = 0; i < r; ++i) skew.emplace_back(i + 2), skew_high.emplace_back(i + 2);
    tags.resize(static_cast<size_t>(stages));
  }

  void step(const Issue& issue, const ShadowWrite& write) {
    const auto old = pe;
    const size_t nr = static_cast<size_t>(rows), nc = static_cast<size_t>(cols);
    for (size_t r = 0; r < nr; ++r)
      for (size_t c = 0; c < nc; ++c) {
        Pe& p = pe[r][c];
        const Pe& was = old[r][c];
        p.act = c == 0 ? skew[r][r + 1] : old[r][c - 1].act;
        p.act_high = c == 0 ? skew_high[r][r + 1] != 0 : old[r][c - 1].act_high;
        p.wave = c > 0 ? old[r][c - 1].wave : r > 0 ? old[r - 1][0].wave : issue.valid && issue.switch_weights;
        if (was.wave) p.weight = was.shadow, p.weight_high = was.shadow_high;
        if (write.valid && static_cast<size_t>(write.row) == r) {
          p.shadow = static_cast<int8_t>(write.data[c]);
          p.shadow_high = write.weight_unsigned && write.data[c] > 127;
        }
        p.psum = static_cast<int32_t>(mac<int64_t>(r == 0 ? 0 : old[r - 1][c].psum, p.act, p.act_high, was.weight, was.weight_high));
      }
    for (size_t r = 0; r < nr; ++r) {
      const bool in = issue.valid && static_cast<int>(r) < issue.k;
      skew[r].pop_back(), skew[r].insert(skew[r].begin(), in ? static_cast<int8_t>(issue.beat[r]) : int8_t{0});
      skew_high[r].pop_back(), skew_high[r].insert(skew_high[r].begin(), in && issue.activation_unsigned && issue.beat[r] > 127);
    }
    tags.pop_back();
    tags.insert(tags.begin(), issue.valid ? Tag{true, issue.last, issue.accumulate, issue.columns, issue.entry} : Tag{});
  }
};

std::vector<uint8_t> expected_image(const PlainArray& a, const std::string& name, size_t part) {
  BitImage bits;
  const size_t row = name.rfind("skew_", 0) == 0 ? static_cast<size_t>(std::stoi(name.substr(name.find_last_of('_') + 1))) : part;
  const auto entry_width = clog2(32), columns_width = clog2(a.cols + 1);
  if (name.rfind("skew_high_", 0) == 0)
    for (char b : a.skew_high[row]) bits.add(b != 0, 1);
  else if (name.rfind("skew_", 0) == 0)
    for (int8_t b : a.skew[row]) bits.add(static_cast<uint8_t>(b), 8);
  else if (name.rfind("tag_", 0) == 0)
    for (const auto& t : a.tags) {
      if (name == "tag_valid") bits.add(t.valid, 1);
      if (name == "tag_last") bits.add(t.last, 1);
      if (name == "tag_accumulate") bits.add(t.accumulate, 1);
      if (name == "tag_columns") bits.add(static_cast<uint64_t>(t.columns), columns_width);
      if (name == "tag_entry") bits.add(t.entry, entry_width);
    }
  else
    for (const auto& p : a.pe[row]) {
      if (name == "switch") bits.add(p.wave, 1);
      if (name == "shadow") bits.add(static_cast<uint8_t>(p.shadow), 8);
      if (name == "shadow_high") bits.add(p.shadow_high, 1);
      if (name == "weight") bits.add(static_cast<uint8_t>(p.weight), 8);
      if (name == "weight_high") bits.add(p.weight_high, 1);
      if (name == "act") bits.add(static_cast<uint8_t>(p.act), 8);
      if (name == "act_high") bits.add(p.act_high, 1);
      if (name == "psum") bits.add(static_cast<uint32_t>(p.psum), 32);
    }
  return bits.bytes();
}

// Random traffic with long pauses, all fields compared in every cycle; returns the number of images compared.
int check_array(int rows, int cols, Isa isa, int cycles, int unsigned_percent) {
  const HwConfig hw = small_config(rows, cols);
  Array array(hw, usable_isa(isa, best_isa()));
  PlainArray plain(rows, cols);
  std::vector<Field> fields;
  array.add_array_fields(fields);
  array.add_pe_fields(fields);
  Random random{static_cast<uint64_t>(rows * 1000 + cols)};
  int compared = 0, wrong = 0;
  bool pause = false;
  for (int i = 0; i < cycles && wrong == 0; ++i) {
    auto beat = random.bytes(rows + 64), row = random.bytes(cols + 64);
    if (i % 50 == 0) pause = random.chance(30);
    Issue issue;
    ShadowWrite write;
    if (!pause && random.chance(80)) {
      issue = {true,
               random.chance(10),
               random.chance(20),
               random.chance(50),
               random.chance(unsigned_percent),
               random.range(1, rows),
               random.range(1, cols),
               0,
               static_cast<uint32_t>(random.below(32)),
               beat.data()};
    }
    if (random.chance(50)) write = {true, random.chance(unsigned_percent), random.below(rows), row.data()};
    array.step(issue, write);
    plain.step(issue, write);
    for (const Field& f : fields)
      for (size_t part = 0; part < f.parts.size(); ++part, ++compared) {
        const auto want = expected_image(plain, f.name, part);
        const auto* got = static_cast<const uint8_t*>(f.parts[part].data) + (f.parts[part].slide != nullptr ? *f.parts[part].slide : 0);
        if (std::memcmp(got, want.data(), want.size()) == 0) continue;
        ++wrong;
        INFO(f.name << " part " << part << " cycle " << i << " size " << rows << "x" << cols);
        CHECK(false);
      }
  }
  return wrong == 0 ? compared : 0;
}

}  // namespace

TEST_CASE("array: every register equals the rules of the specification moved one by one, in every cycle, on every level") {
  for (const Isa isa : {Isa::V2, Isa::V3, Isa::V4})
    for (const auto& [rows, cols] : {std::pair{1, 1}, {2, 3}, {4, 4}, {3, 5}, {8, 16}, {17, 9}, {70, 66}}) {
      const int cycles = rows > 60 ? 300 : 900;
      CHECK(check_array(rows, cols, isa, cycles, 0) > 0);
      CHECK(check_array(rows, cols, isa, cycles, 40) > 0);
    }
}
