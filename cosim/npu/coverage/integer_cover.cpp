// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/integer_cover.hpp"

#include <algorithm>

#include "cosim/npu/coverage/classes.hpp"
#include "model/activation/requantise.hpp"

namespace assay::npu {
namespace {

using coverage::Mark;
using Labels = std::span<const size_t>;

int signed9(uint64_t bits) { return static_cast<int>((bits & 511) ^ 256) - 256; }

/// What rounding did to numerator / 2^shift, `rounded` being the result: in magnitude, so that up is away from zero.
Rounding magnitude_rounding(int64_t numerator, int shift, int64_t rounded) {
  const bool negative = numerator < 0;
  const auto magnitude = static_cast<uint64_t>(negative ? -numerator : numerator);
  const uint64_t lost = shift == 0 ? 0 : magnitude & ((uint64_t{1} << shift) - 1);
  const auto got = static_cast<uint64_t>(rounded < 0 ? -rounded : rounded);
  return rounding_of(lost, shift, got > magnitude >> shift);
}

}  // namespace

IntegerCover::IntegerCover(coverage::Space& space, const Tile& model) : config_(model.config()) {
  const auto& f = model.fields();
  act_ = {f, "pe", "act"}, act_high_ = {f, "pe", "act_high"}, weight_ = {f, "pe", "weight"}, weight_high_ = {f, "pe", "weight_high"};
  acc_old_ = {f, "accumulators", "acc_old"}, acc_new_ = {f, "accumulators", "acc_new"}, written_ = {f, "accumulators", "written"};
  read_ = {f, "accumulators", "read"}, bias_ = {f, "activation", "bias"}, multiplier_ = {f, "activation", "multiplier"};
  shift_ = {f, "activation", "shift"}, ctl_ = {f, "activation", "ctl_0"}, stage_valid_ = {f, "activation", "stage_valid"};
  table_written_ = {f, "activation", "table_written"};
  add_array(space);
  add_activation(space);
}

void IntegerCover::add_array(coverage::Space& space) {
  product_ = space.add({"int.product",
                        "5.1",
                        "operands of a multiplication",
                        "activations {activation} against weights {weight}",
                        "pe.psum",
                        {integer_operand_axis("activation"), integer_operand_axis("weight")}});
  accumulate_ = space.add(
      {"int.accumulate",
       "11",
       "what a beat meets in its entry, and whether the column is the last",
       "MATMUL: {entry}, over {columns}",
       "accumulators.acc_old",
       {{"entry", {"overwritten", "accumulated", "accumulated, not written", "accumulated, still in the adder"}}, {"columns", {"all columns", "some columns"}}},
       [c = config_.cols](Labels l) { return c == 1 && l[1] == 1 ? never("the tile has one column") : Mark{}; }});
  sum_ = space.add({"int.sum",
                    "5.2",
                    "what accumulating gives",
                    "accumulation of old values and new ones whose sum is: {overflow}, {sum}",
                    "accumulators.acc_overflow",
                    {{"overflow", {"none", "above", "below"}}, sum_axis("sum")},
                    [](Labels l) -> Mark {
                      // What is added is a sum of at most 128 products within [-32,640, 65,025] (sections 2 and 5.1), so less than 2^23 in magnitude:
                      // beyond an end of INT32 it wraps to less than 2^23 from the other end.
                      if (l[0] == 1 && l[1] >= 2) return never("a beat adds less than 2^23: what overflows upwards wraps to below -2^31 + 2^23");
                      return l[0] == 2 && l[1] < 7 ? never("a beat takes away less than 2^23: what overflows downwards wraps to above 2^31 - 2^23") : Mark{};
                    }});
}

void IntegerCover::add_activation(coverage::Space& space) {
  bias_sum_ = space.add({"int.bias",
                         "5.3",
                         "what adding the bias gives",
                         "bias and value whose sum is: {overflow}, {sum}",
                         "activation.biased",
                         {{"overflow", {"none", "above", "below"}}, sum_axis("sum")},
                         [](Labels l) -> Mark {
                           if (l[0] == 1 && l[1] >= 3) return never("what overflows upwards wraps to at most -2");
                           return l[0] == 2 && l[1] < 4 ? never("what overflows downwards wraps to at least 0") : Mark{};
                         }});
  const coverage::Axis mode{"mode", {"double", "single"}}, sign{"sign", {"positive", "negative"}};
  parameters_ = space.add({"int.requantise.parameters",
                           "5.4",
                           "multiplier and shift of beats",
                           "LOAD_PARAM with multiplier {multiplier}, shift {shift}, then {mode} ACTIVATE",
                           "activation.product",
                           {mode, {"multiplier", {"0", "2^30", "some", "2^31-1"}}, {"shift", {"-31", "-30..-2", "-1", "0", "1", "2..29", "30"}}}});
  double_ = space.add({"int.requantise.double",
                       "5.4",
                       "the two roundings of mode double",
                       "results solved so that the first rounding is {first} and the second {second}, {sign}",
                       "activation.scaled",
                       {{"first", rounding_axis().labels}, {"second", rounding_axis().labels}, sign},
                       [](Labels l) -> Mark {
                         if (l[1] == 1) return illegal("ties of the second rounding go away from zero");
                         // ⌊p + 1/2⌋: a positive tie goes up, a negative one towards zero
                         if (l[0] == 1 && l[2] == 0) return illegal("a positive tie of the first rounding goes up");
                         return l[0] == 2 && l[2] == 1 ? illegal("a negative tie of the first rounding goes up, in magnitude down") : Mark{};
                       }});
  single_ = space.add({"int.requantise.single",
                       "5.4",
                       "the rounding of mode single",
                       "results solved so that the rounding is {rounding}, {sign}",
                       "activation.scaled",
                       {rounding_axis(), sign},
                       [](Labels l) -> Mark {
                         if (l[0] == 1 && l[1] == 0) return illegal("a positive tie goes up");
                         return l[0] == 2 && l[1] == 1 ? illegal("a negative tie goes up, in magnitude down") : Mark{};
                       }});
  saturate_ = space.add({"int.requantise.saturate",
                         "5.4",
                         "saturation to INT32",
                         "values and shifts that are {how} in mode {mode}",
                         "activation.act_saturated",
                         {mode, {"how", {"far inside", "INT32_MAX exactly", "INT32_MIN exactly", "above", "below"}}}});
  zero_point_ = space.add({"int.zero_point",
                           "5.5",
                           "y + zero_point against the destination format",
                           "results solved so that y + zero_point lies {place}, zero point {zero_point}, {format}",
                           "activation.clamped",
                           {{"format", {"int8", "uint8"}},
                            {"place", {"far below", "one below", "lowest", "inside", "highest", "one above", "far above"}},
                            {"zero_point", {"negative", "0", "positive"}}},
                           [](Labels l) { return l[0] == 1 && l[2] == 0 ? never("a negative zero point is illegal with output_unsigned") : Mark{}; }});
  clamp_ = space.add({"int.clamp",
                      "5.5",
                      "z0 against the clamp's limits, and whether those are the format's",
                      "ACTIVATE with clamp limits {limits} and a result {place}",
                      "activation.clamped",
                      {{"limits", {"of the format", "inside it", "equal"}}, {"place", {"below", "lower limit", "between", "upper limit", "above"}}},
                      [](Labels l) { return l[0] == 2 && (l[1] == 2 || l[1] == 3) ? never("equal limits have nothing between them") : Mark{}; }});
  table_ = space.add({"int.table",
                      "5.6",
                      "line of the table that a lane looks up",
                      "LOAD_TABLE of some lines only, ACTIVATE with table on values in {line}",
                      "activation.table",
                      {{"line", {"first line", "middle lines", "last line"}}, {"written", {"no", "yes"}}, {"format", {"int8", "uint8"}}}});
  raw_ = space.add({"int.raw", "5.7", "accumulator values that move unchanged", "raw ACTIVATE of {sum}", "activation.biased", {sum_axis("sum")}});
}

void IntegerCover::cycle(const CycleView& view, HitBytes& hits) {
  if ((view.cycle & 3) == 0) {
    const TagView tags = view.tile.tags();
    element(view, tags, hits);
    accumulate(view, tags, hits);
  }
  if ((stage_valid_.byte() & 1) != 0) lane(view, hits);
}

/// PE(r, c) multiplies act[r][c−1] and weight[r][c] of this cycle when stage r + c + 1 holds a beat.
void IntegerCover::element(const CycleView& view, const TagView& tags, HitBytes& hits) {
  if (config_.cols < 2) return;
  const uint32_t r = drawn(view.draw(), 0, static_cast<uint32_t>(config_.rows)), c = 1 + drawn(view.draw(), 1, static_cast<uint32_t>(config_.cols - 1));
  if ((tags.columns[r + c + 1] & 255) <= c) return;
  const auto value = [&](const LaneField& byte, const LaneField& high, size_t lane) {
    return static_cast<int>(static_cast<int8_t>(byte.get(r, lane))) + 256 * static_cast<int>(high.get(r, lane));
  };
  hits(product_(integer_operand_class(value(act_, act_high_, c - 1)), integer_operand_class(value(weight_, weight_high_, c))));
}

void IntegerCover::accumulate(const CycleView& view, const TagView& tags, HitBytes& hits) {
  const auto c = drawn(view.draw(), 2, static_cast<uint32_t>(config_.cols));
  const auto stage1 = static_cast<size_t>(config_.rows + 1) + c;
  const auto valid = [&](size_t stage) { return (tags.columns[stage] & 255) > c; };
  const bool second = valid(stage1 + 1);
  if (valid(stage1)) {
    const uint32_t tag = tags.entry[stage1], entry = tag & TagView::kEntry;
    const bool hit = second && (tags.entry[stage1 + 1] & TagView::kEntry) == entry;
    const size_t what = (tag & TagView::kAccumulate) == 0 ? 0 : hit ? 3 : written(c, entry) ? 1 : 2;
    hits(accumulate_(what, (tags.columns[stage1] & 255) == static_cast<uint32_t>(config_.cols) ? 0 : 1));
  }
  if (!second || (tags.entry[stage1 + 1] & TagView::kAccumulate) == 0) return;
  const int64_t exact = int64_t{acc_old_.word(c)} + acc_new_.word(c);
  hits(sum_(exact > INT32_MAX ? 1 : exact < INT32_MIN ? 2 : 0, sum_class(static_cast<int32_t>(wrap32(exact)))));
}

/// The beat in stage 1 with one lane's parameters, which hold until it is out: all that follows is known here.
void IntegerCover::lane(const CycleView& view, HitBytes& hits) {
  const uint64_t word = ctl_.wide();
  Command mode;
  mode.raw = (word & 1) != 0, mode.single = (word & 2) != 0, mode.table = (word & 4) != 0, mode.output_unsigned = (word & 8) != 0;
  mode.zero_point = signed9(word >> 4), mode.clamp_lo = signed9(word >> 13), mode.clamp_hi = signed9(word >> 22);
  mode.n = static_cast<int>(word >> 31);
  const size_t lane = drawn(view.draw(), 3, static_cast<uint32_t>(mode.n));
  const int32_t value = read_.word(lane);
  if (mode.raw) return hits(raw_(sum_class(value)));
  const int64_t exact = int64_t{value} + bias_.word(lane);
  const auto biased = static_cast<int32_t>(wrap32(exact));
  hits(bias_sum_(exact > INT32_MAX ? 1 : exact < INT32_MIN ? 2 : 0, sum_class(biased)));
  requantise(biased, mode, lane, hits);
}

void IntegerCover::requantise(int32_t x, const Command& mode, size_t lane, HitBytes& hits) {
  const auto m = int64_t{static_cast<uint32_t>(multiplier_.word(lane))};
  const auto bits = static_cast<int64_t>(shift_.get(0, lane));
  const int64_t s = bits >= 32 ? bits - 64 : bits;
  const size_t single = mode.single ? 1 : 0;
  const size_t shift = s == -31 ? 0 : s <= -2 ? 1 : s == 30 ? 6 : s >= 2 ? 5 : static_cast<size_t>(s + 3);
  hits(parameters_(single, m == 0 ? 0 : m == 1 << 30 ? 1 : m == INT32_MAX ? 3 : 2, shift));
  int64_t y = 0, wide = 0;  // wide: what is saturated
  if (mode.single) {
    const int64_t product = multiply_single<int64_t>(x, m);
    wide = (product + (int64_t{1} << (30 - s))) >> (31 - s);
    y = scale_single<int64_t>(product, s).value;
    hits(single_(static_cast<size_t>(magnitude_rounding(product, static_cast<int>(31 - s), wide)), product < 0 ? 1 : 0));
  } else {
    wide = int64_t{x} << std::max<int64_t>(s, 0);
    const int64_t product = multiply_double<int64_t>(x, m, s).value, h = scale_double<int64_t>(product, 0);
    y = scale_double<int64_t>(product, s);
    const auto first = magnitude_rounding(product, 31, h);
    const auto second = magnitude_rounding(h, static_cast<int>(std::max<int64_t>(-s, 0)), y);
    hits(double_(static_cast<size_t>(first), static_cast<size_t>(second), product < 0 ? 1 : 0));
  }
  hits(saturate_(single, wide > INT32_MAX ? 3 : wide < INT32_MIN ? 4 : wide == INT32_MAX ? 1 : wide == INT32_MIN ? 2 : 0));
  const int64_t z0 = y + mode.zero_point, lowest = mode.output_unsigned ? 0 : -128, highest = mode.output_unsigned ? 255 : 127;
  const size_t place = z0 < lowest - 1 ? 0 : z0 == lowest - 1 ? 1 : z0 == lowest ? 2 : z0 < highest ? 3 : z0 == highest ? 4 : z0 == highest + 1 ? 5 : 6;
  const size_t format = mode.output_unsigned ? 1 : 0;
  hits(zero_point_(format, place, mode.zero_point < 0 ? 0 : mode.zero_point == 0 ? 1 : 2));
  const size_t limits = mode.clamp_lo == mode.clamp_hi ? 2 : mode.clamp_lo == lowest && mode.clamp_hi == highest ? 0 : 1;
  hits(clamp_(limits, z0 < mode.clamp_lo ? 0 : z0 == mode.clamp_lo ? 1 : z0 < mode.clamp_hi ? 2 : z0 == mode.clamp_hi ? 3 : 4));
  if (!mode.table) return;
  const auto line = static_cast<uint32_t>(std::clamp<int64_t>(z0, mode.clamp_lo, mode.clamp_hi) & 255) / 8;
  hits(table_(line == 0 ? 0 : line == 31 ? 2 : 1, static_cast<uint32_t>(table_written_.word(0)) >> line & 1, format));
}

}  // namespace assay::npu
