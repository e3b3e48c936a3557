// SPDX-License-Identifier: Apache-2.0
#include "model/array/fp_array.hpp"

#include <map>

#include "tests/array/bit_image.hpp"
#include "tests/catch.hpp"
#include "tests/tile/plain_float_tile.hpp"

using namespace assay;
using namespace assay::test;

namespace {

// The registers of spec section 17.7 moved one by one, straight from the table, in two steps (next from current).
struct PlainFpArray {
  struct Slot {
    Operand operand{0, 0};
    bool valid = false;
  };
  struct Sum {
    uint32_t psum = 0;
    bool valid = false;
  };
  struct Pe {
    Slot act;
    Operand shadow{0, 0}, weight{0, 0};
    bool wave = false;
    std::vector<Sum> sums;  // psum and its delays
  };
  struct Tag {
    bool valid = false, last = false, accumulate = false, bf16 = false;
    int columns = 0;
    uint32_t entry = 0;
  };
  const HwConfig hw;
  size_t rows, cols, latency;
  std::vector<std::vector<Pe>> pe;
  std::vector<std::vector<Slot>> skew;
  std::vector<char> line;
  std::vector<Tag> tags;
  unsigned pe_flags = 0, array_flags = 0;

  explicit PlainFpArray(const HwConfig& config)
      : hw(config), rows(static_cast<size_t>(hw.rows)), cols(static_cast<size_t>(hw.cols)), latency(static_cast<size_t>(hw.pe_latency)) {
    Pe fresh;
    fresh.sums.resize(latency);
    pe.assign(rows, std::vector<Pe>(cols, fresh));
    for (size_t r = 0; r < rows; ++r) skew.emplace_back(r * latency + 2);
    line.resize(std::max<size_t>(1, (rows - 1) * latency));
    tags.resize(static_cast<size_t>(hw.tag_stages()));
  }

  Operand lane(const uint8_t* lanes, size_t i, Format format) const {
    const size_t at = i * static_cast<size_t>(hw.lane_bytes());
    return operand_form(format_bits(format) == 16 ? uint32_t{lanes[at]} | uint32_t{lanes[at + 1]} << 8 : uint32_t{lanes[at]}, format);
  }

  void step(const Issue& issue, const ShadowWrite& write) {
    const auto old = pe;
    const auto old_line = line;
    const bool switch_first = issue.valid && issue.switch_weights;
    unsigned flags = 0;
    for (size_t r = 0; r < rows; ++r)
      for (size_t c = 0; c < cols; ++c) {
        Pe& p = pe[r][c];
        const Pe& was = old[r][c];
        p.act = c == 0 ? skew[r].back() : old[r][c - 1].act;
        p.wave = c > 0 ? old[r][c - 1].wave : r > 0 ? old_line[r * latency - 1] != 0 : switch_first;
        if (was.wave) p.weight = was.shadow;
        if (write.valid && static_cast<size_t>(write.row) == r) p.shadow = lane(write.data, c, write.format);
        const Sum in = r == 0 ? Sum{0, tags[c + 1].valid && static_cast<int>(c) < tags[c + 1].columns} : old[r - 1][c].sums.back();
        for (size_t i = latency - 1; i > 0; --i) p.sums[i] = was.sums[i - 1];
        p.sums[0] = in;
        if (!p.act.valid) continue;
        const FloatResult sum = fma(p.act.operand, was.weight, in.psum);
        p.sums[0].psum = sum.bits;
        if (in.valid) flags |= sum.flags;
      }
    array_flags |= pe_flags;
    pe_flags = flags;
    for (size_t r = 0; r < rows; ++r) {
      const bool in = issue.valid && static_cast<int>(r) < issue.k;
      skew[r].pop_back(), skew[r].insert(skew[r].begin(), in ? Slot{lane(issue.beat, r, issue.format), true} : Slot{});
    }
    line.pop_back(), line.insert(line.begin(), switch_first);
    tags.pop_back();
    tags.insert(tags.begin(), issue.valid ? Tag{true, issue.last, issue.accumulate, issue.bf16_entries, issue.columns, issue.entry} : Tag{});
  }

  /// The images of every field, by name, one for each part.
  std::map<std::string, std::vector<std::vector<uint8_t>>> images() const;
};

std::map<std::string, std::vector<std::vector<uint8_t>>> PlainFpArray::images() const {
  std::map<std::string, std::vector<std::vector<uint8_t>>> all;
  const auto vector = [&](const std::string& name, const auto& elements, int width, auto value) {
    BitImage bits;
    for (const auto& e : elements) bits.add(static_cast<uint64_t>(value(e)), width);
    all[name].push_back(bits.bytes());
  };
  for (size_t r = 0; r < rows; ++r) {
    const std::string row = std::to_string(r);
    vector("skew_" + row, skew[r], 16, [](const Slot& s) { return s.operand.x; });
    vector("skew_low_" + row, skew[r], 3, [](const Slot& s) { return s.operand.low; });
    vector("skew_valid_" + row, skew[r], 1, [](const Slot& s) { return s.valid; });
    vector("switch", pe[r], 1, [](const Pe& p) { return p.wave; });
    vector("shadow", pe[r], 16, [](const Pe& p) { return p.shadow.x; });
    vector("shadow_low", pe[r], 3, [](const Pe& p) { return p.shadow.low; });
    vector("weight", pe[r], 16, [](const Pe& p) { return p.weight.x; });
    vector("weight_low", pe[r], 3, [](const Pe& p) { return p.weight.low; });
    vector("act", pe[r], 16, [](const Pe& p) { return p.act.operand.x; });
    vector("act_low", pe[r], 3, [](const Pe& p) { return p.act.operand.low; });
    vector("act_valid", pe[r], 1, [](const Pe& p) { return p.act.valid; });
    for (size_t i = 0; i < latency; ++i) {
      const std::string suffix = i == 0 ? "" : "_delay_" + std::to_string(i);
      vector("psum" + suffix, pe[r], 32, [i](const Pe& p) { return p.sums[i].psum; });
      vector("psum_valid" + suffix, pe[r], 1, [i](const Pe& p) { return p.sums[i].valid; });
    }
  }
  vector("switch_line", line, 1, [](char c) { return c; });
  vector("tag_valid", tags, 1, [](const Tag& t) { return t.valid; });
  vector("tag_last", tags, 1, [](const Tag& t) { return t.last; });
  vector("tag_accumulate", tags, 1, [](const Tag& t) { return t.accumulate; });
  vector("tag_bf16", tags, 1, [](const Tag& t) { return t.bf16; });
  vector("tag_columns", tags, clog2(hw.cols + 1), [](const Tag& t) { return t.columns; });
  vector("tag_entry", tags, clog2(hw.entries()), [](const Tag& t) { return t.entry; });
  vector("pe_flags", std::vector<unsigned>{pe_flags}, 4, [](unsigned f) { return f; });
  vector("array_flags", std::vector<unsigned>{array_flags}, 4, [](unsigned f) { return f; });
  return all;
}

// What one stretch of cycles brings: nothing, beats of all sizes with gaps, or beats of all rows and columns without a gap.
enum class Traffic { Pause, Mixed, Dense };

Issue random_issue(const HwConfig& hw, Random& random, Traffic traffic, const std::vector<uint8_t>& beat, Format format) {
  Issue issue;
  if (traffic == Traffic::Pause || (traffic == Traffic::Mixed && random.chance(20))) return issue;
  issue.valid = true, issue.beat = beat.data(), issue.format = format;
  issue.switch_weights = random.chance(10), issue.last = random.chance(20), issue.accumulate = random.chance(50), issue.bf16_entries = random.chance(40);
  issue.k = hw.rows, issue.columns = hw.cols, issue.entry = static_cast<uint32_t>(random.below(hw.entries()));
  if (traffic == Traffic::Dense) return issue;
  if (random.chance(40)) issue.k = random.range(1, hw.rows);
  if (random.chance(40)) issue.columns = random.range(1, hw.cols);
  return issue;
}

// All fields compared in every cycle; returns the number of images compared.
int check_fp_array(const HwConfig& hw, Isa isa, int cycles, int wild_percent) {
  FpArray array(hw, usable_isa(isa, best_isa()));
  PlainFpArray plain(hw);
  std::vector<Field> fields;
  array.add_array_fields(fields), array.add_pe_fields(fields);
  Random random{static_cast<uint64_t>(hw.rows * 1000 + hw.cols + wild_percent)};
  const int stretch = hw.tag_stages() + 12;  // longer than anything stays in the array
  Traffic traffic = Traffic::Mixed;
  int compared = 0;
  for (int i = 0; i < cycles; ++i) {
    const Format beat_format = random_format(hw, random), row_format = random_format(hw, random);
    const auto beat = float_lanes(hw, random, hw.rows, beat_format, wild_percent), row = float_lanes(hw, random, hw.cols, row_format, wild_percent);
    if (i % stretch == 0) traffic = static_cast<Traffic>(random.below(3));
    const Issue issue = random_issue(hw, random, traffic, beat, beat_format);
    ShadowWrite write;
    if (random.chance(50)) write = {true, false, random.below(hw.rows), row.data(), row_format};
    array.step(issue, write), plain.step(issue, write);
    if (random.chance(2)) array.clear_flags(), plain.array_flags = 0;
    const auto expected = plain.images();
    for (const Field& f : fields)
      for (size_t part = 0; part < f.parts.size(); ++part, ++compared) {
        const auto& want = expected.at(f.name).at(part);
        if (std::memcmp(f.parts[part].data, want.data(), want.size()) == 0) continue;
        INFO(hw.name << " isa " << static_cast<int>(isa) << ": " << f.name << " part " << part << " cycle " << i << " wild " << wild_percent);
        CHECK(false);
        return 0;
      }
  }
  return compared;
}

constexpr std::initializer_list<Format> kAll{Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

}  // namespace

TEST_CASE("float array: every register equals the rules of the specification moved one by one, in every cycle, on every level") {
  for (const Isa isa : {Isa::V2, Isa::V3, Isa::V4})
    for (const int latency : {1, 2, 3})
      for (const auto& [rows, cols] : {std::pair{1, 1}, {2, 3}, {4, 4}, {3, 5}, {8, 8}, {17, 9}, {16, 16}, {5, 33}}) {
        const int cycles = rows * cols > 60 ? 150 : 400;
        CHECK(check_fp_array(small_float_config(rows, cols, {Format::Bf16}, latency), isa, cycles, 4) > 0);
        CHECK(check_fp_array(small_float_config(rows, cols, kAll, latency), isa, cycles, 70) > 0);
      }
}

TEST_CASE("float array: tame data, FP8 lanes of one byte, and sizes beyond one word of bits, on every level") {
  for (const Isa isa : {Isa::V2, Isa::V3, Isa::V4}) {
    CHECK(check_fp_array(small_float_config(16, 16, {Format::Bf16}, 1), isa, 500, 0) > 0);
    CHECK(check_fp_array(small_float_config(8, 8, kAll, 1), isa, 500, 0) > 0);
    CHECK(check_fp_array(small_float_config(4, 4, {Format::E5m2, Format::E4m3fn}, 1), isa, 500, 30) > 0);
    CHECK(check_fp_array(small_float_config(12, 80, kAll, 1), isa, 260, 3) > 0);
    CHECK(check_fp_array(small_float_config(66, 4, {Format::Bf16}, 1), isa, 260, 3) > 0);
    CHECK(check_fp_array(small_float_config(9, 32, {Format::Fp16}, 8), isa, 320, 3) > 0);
    CHECK(check_fp_array(small_float_config(20, 6, {Format::Bf16}, 4), isa, 260, 3) > 0);
  }
}
