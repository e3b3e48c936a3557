// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/float_cover.hpp"

#include "model/common/narrow.hpp"
#include "model/pe/fma.hpp"

namespace assay::npu {
namespace {

using coverage::Mark;
using Labels = std::span<const size_t>;

const char* const kNarrowRange = "sums of products of this tile's formats stay within the normal range of FP32";

bool signals(uint32_t x) { return (x & 0x7F800000) == 0x7F800000 && (x & 0x7FFFFF) != 0 && (x & 0x400000) == 0; }

/// As a number of 11 bits' precision: a bf16 code whose lower bits may make it no power of two.
uint32_t operand_class(uint32_t x, uint32_t low) {
  const uint32_t number = float_number_class(x, Format::Bf16);
  if (low == 0 || number >= 8) return number == 8 && low != 0 ? 10 : number;
  return number <= 1 ? 2 : 4;
}

}  // namespace

FloatCover::FloatCover(coverage::Space& space, const Tile& model) : config_(model.config()), wide_(config_.has(Format::Bf16)) {
  const auto& f = model.fields();
  act_ = {f, "pe", "act"}, act_low_ = {f, "pe", "act_low"}, act_valid_ = {f, "pe", "act_valid"}, weight_ = {f, "pe", "weight"};
  weight_low_ = {f, "pe", "weight_low"}, psum_ = {f, "pe", "psum"}, psum_valid_ = {f, "pe", "psum_valid"};
  if (config_.pe_latency > 1) {
    const std::string last = "_delay_" + std::to_string(config_.pe_latency - 1);
    psum_ = {f, "pe", "psum" + last}, psum_valid_ = {f, "pe", "psum_valid" + last};
  }
  acc_old_ = {f, "accumulators", "acc_old"}, acc_new_ = {f, "accumulators", "acc_new"}, written_ = {f, "accumulators", "written"};
  add_operands(space);
  add_array(space);
  add_accumulators(space);
}

void FloatCover::add_operands(coverage::Space& space) {
  const auto mark = [this](Labels l) -> Mark {
    if (!config_.has(static_cast<Format>(l[0]))) return never("not an operand format of this tile");
    return float_class_exists(l[1], static_cast<Format>(l[0])) ? Mark{} : never("the format has no such code");
  };
  weight_class_ = space.add({"float.weight",
                             "17.4",
                             "weights that enter the array",
                             "LOAD_WEIGHTS of {format} with {number}",
                             "pe.shadow",
                             {format_axis("format"), float_axis("number")},
                             mark});
  activation_class_ = space.add({"float.activation",
                                 "17.4",
                                 "activations that enter the array",
                                 "MATMUL of {format} with {number}",
                                 "array.skew_0",
                                 {format_axis("format"), float_axis("number")},
                                 mark});
  pair_ = space.add({"float.formats",
                     "17.3",
                     "formats of activations and of the weights they meet",
                     "LOAD_WEIGHTS of {weights}, then MATMUL with switch of {activations}",
                     "pe.psum",
                     {format_axis("activations"), format_axis("weights")},
                     [this](Labels l) {
                       const bool there = config_.has(static_cast<Format>(l[0])) && config_.has(static_cast<Format>(l[1]));
                       return there ? Mark{} : never("not an operand format of this tile");
                     }});
}

void FloatCover::add_array(coverage::Space& space) {
  product_ = space.add({"float.product",
                        "17.5.1",
                        "classes of two operands in operand form",
                        "activations {activation} against weights {weight}",
                        "pe.psum",
                        {float_axis("activation"), float_axis("weight")},
                        [this](Labels l) -> Mark {
                          const auto lacks = [this](size_t label) {
                            if (label == 2 || label == 3) return !wide_;  // only bf16 has exponents as low
                            if (label == 7) return !wide_;
                            bool any = false;
                            for (int f = 0; f < kFormats; ++f) any |= config_.has(static_cast<Format>(f)) && float_class_exists(label, static_cast<Format>(f));
                            return !any;
                          };
                          return lacks(l[0]) || lacks(l[1]) ? never("no operand format of this tile has such an operand") : Mark{};
                        }});
  pe_ = space.add({"float.pe",
                   "17.7",
                   "what a processing element does with a valid sum",
                   "MATMUL with k up to the tile's rows and below: {what}",
                   "pe.psum",
                   {{"what", {"computes", "passes it on, its row is not used"}}},
                   [r = config_.rows](Labels l) { return l[0] == 1 && r == 1 ? never("the tile has one row") : Mark{}; }});
  fma_case_ = space.add({"float.fma.case",
                         "17.5.1",
                         "the cases of a fused multiply-add",
                         "operands that give: {case}, partial sum {psum}",
                         "pe.psum",
                         {sum_case_axis(), {"psum", {"of row 0", "from above"}}},
                         [r = config_.rows](Labels l) -> Mark {
                           const bool first = l[1] == 0;
                           if (!first && r == 1) return never("the tile has one row");
                           if (first && (l[0] == 3 || l[0] == 4 || l[0] == 6 || l[0] == 8 || l[0] == 10 || l[0] == 11))
                             return illegal("the partial sum of row 0 is +0");
                           return {};
                         }});
  fma_rounding_ = space.add({"float.fma.rounding",
                             "17.5.1",
                             "the rounding of a finite fused multiply-add",
                             "products and sums that round {rounding} to a {range} number",
                             "array.pe_flags",
                             {rounding_axis(), range_axis()},
                             [this](Labels l) -> Mark {
                               if (l[1] == 0 && (l[0] == 2 || l[0] == 4)) return illegal("what rounds up is not zero");
                               return wide_ || l[1] == 2 || (l[1] == 0 && l[0] == 0) ? Mark{} : never(kNarrowRange);
                             }});
}

void FloatCover::add_accumulators(coverage::Space& space) {
  accumulate_ =
      space.add({"float.accumulate",
                 "17.8",
                 "what a beat meets in its entry, by the entries' format",
                 "MATMUL with {entries} entries: {entry}",
                 "accumulators.acc_old",
                 {{"entries", {"fp32", "bf16"}}, {"entry", {"overwritten", "accumulated", "accumulated, not written", "accumulated, still in the adder"}}}});
  sum_case_ = space.add({"float.sum.case",
                         "17.5.2",
                         "the cases of accumulating",
                         "accumulated sums that give: {case}",
                         "accumulators.acc_flags",
                         {sum_case_axis()},
                         [](Labels l) -> Mark {
                           if (l[0] == 0) return illegal("partial sums hold canonical NaNs only");
                           return l[0] == 2 ? illegal("an addition multiplies by 1") : Mark{};
                         }});
  sum_rounding_ = space.add({"float.sum.rounding",
                             "17.5.2",
                             "the rounding of an accumulation",
                             "accumulated sums that round {rounding} to a {range} number",
                             "accumulators.acc_flags",
                             {rounding_axis(), range_axis()},
                             [this](Labels l) -> Mark {
                               if (l[1] <= 1 && l[0] != 0) return illegal("a sum of FP32 numbers below the normal ones is exact");
                               return wide_ || l[1] == 2 || l[1] == 0 ? Mark{} : never(kNarrowRange);
                             }});
  narrow_ = space.add({"float.entries.rounding",
                       "17.8",
                       "the second rounding of BF16 entries",
                       "bf16_entries sums that round {rounding} to a {range} number",
                       "accumulators.acc_flags",
                       {rounding_axis(), range_axis()},
                       [this](Labels l) -> Mark {
                         if (l[1] == 0 && (l[0] == 2 || l[0] == 4)) return illegal("what rounds up is not zero");
                         if (l[1] == 4 && l[0] != 4) return never("counted as rounded up");
                         return wide_ || l[1] == 2 || (l[1] == 0 && l[0] == 0) ? Mark{} : never(kNarrowRange);
                       }});
}

uint32_t FloatCover::code(const uint8_t* beat, size_t lane, Format format) const {
  const auto bytes = static_cast<size_t>(config_.lane_bytes());
  uint32_t value = beat[lane * bytes];
  if (format_bits(format) == 16) value |= static_cast<uint32_t>(beat[lane * bytes + 1]) << 8;
  return value;
}

void FloatCover::cycle(const CycleView& view, HitBytes& hits) {
  operands(view, hits);
  if ((view.cycle & 3) != 0) return;
  element(view, hits);
  accumulate(view, view.tile.tags(), hits);
}

void FloatCover::operands(const CycleView& view, HitBytes& hits) {
  const Tile::Impl& t = view.tile;
  const Decision& d = t.decision;
  if (d.matmul_fire) {
    const Command& c = t.matmuls.front().command;
    const auto format = static_cast<Format>(c.format);
    const size_t lane = drawn(view.draw(), 0, static_cast<uint32_t>(c.k));
    hits(activation_class_(c.format, float_number_class(code(t.activations.head_data(), lane, format), format)));
    if (d.matmul_first && c.switch_weights) active_ = t.load_done == t.matmuls.front().need_load ? loaded_ : t.loads.front().format;
    if (d.matmul_first && active_ != Format::Int8) hits(pair_(c.format, static_cast<size_t>(active_)));
  }
  if (!d.load_fire) return;
  const Format format = t.loads.front().format;
  const size_t lane = drawn(view.draw(), 1, static_cast<uint32_t>(config_.cols));
  hits(weight_class_(static_cast<size_t>(format), float_number_class(code(t.weights.head_data(), lane, format), format)));
  if (d.load_last) loaded_ = format;
}

/// PE(r, c) takes act[r][c−1], weight[r][c] and the sum from above in this cycle where both are valid.
void FloatCover::element(const CycleView& view, HitBytes& hits) {
  if (config_.cols < 2) return;
  const size_t r = drawn(view.draw(), 0, static_cast<uint32_t>(config_.rows)), c = 1 + drawn(view.draw(), 1, static_cast<uint32_t>(config_.cols - 1));
  if (r > 0 ? psum_valid_.get(r - 1, c) == 0 : (view.tile.tags().columns[c + 1] & 255) <= c) return;
  const bool computes = act_valid_.get(r, c - 1) != 0;
  hits(pe_(computes ? 0 : 1));
  if (!computes) return;
  const auto operand = [&](const LaneField& x, const LaneField& low, size_t lane) {
    return Operand{static_cast<uint16_t>(x.get(r, lane)), low ? static_cast<uint8_t>(low.get(r, lane)) : uint8_t{0}};
  };
  const Operand a = operand(act_, act_low_, c - 1), w = operand(weight_, weight_low_, c);
  hits(product_(operand_class(a.x, a.low), operand_class(w.x, w.low)));
  const uint32_t above = r == 0 ? 0 : static_cast<uint32_t>(psum_.word(c, r - 1));
  const auto fa = unpack_operand(OperandWord<int32_t>{a.x, a.low}), fw = unpack_operand(OperandWord<int32_t>{w.x, w.low});
  const Addend<int32_t> p = exact_product(fa, fw), s = unpack_fp32(static_cast<int32_t>(above));
  const FloatResult result = fma(a, w, above);
  const bool undefined = ((fa.infinite & fw.zero) | (fa.zero & fw.infinite)) != 0;
  const size_t which = sum_case(p, s, result.bits, (fa.signalling | fw.signalling) != 0 || signals(above), undefined);
  hits(fma_case_(which, r == 0 ? 0 : 1));
  if (which < 7) return;
  const FloatEvent event = sum_event(p, s);
  hits(fma_rounding_(static_cast<size_t>(event.rounding), static_cast<size_t>(event.range)));
}

void FloatCover::accumulate(const CycleView& view, const TagView& tags, HitBytes& hits) {
  const auto c = drawn(view.draw(), 2, static_cast<uint32_t>(config_.cols));
  const auto stage1 = static_cast<size_t>(config_.rows * config_.pe_latency + 1) + c;
  const auto valid = [&](size_t stage) { return (tags.columns[stage] & 255) > c; };
  const bool second = valid(stage1 + 1);
  if (valid(stage1)) {
    const uint32_t tag = tags.entry[stage1], entry = tag & TagView::kEntry;
    const bool hit = second && (tags.entry[stage1 + 1] & TagView::kEntry) == entry;
    const size_t what = (tag & TagView::kAccumulate) == 0 ? 0 : hit ? 3 : written_.get(c, entry) != 0 ? 1 : 2;
    hits(accumulate_((tag & TagView::kBf16) != 0 ? 1 : 0, what));
  }
  if (second) sum(tags.entry[stage1 + 1], c, hits);
}

void FloatCover::sum(uint32_t tag, size_t column, HitBytes& hits) {
  const auto x = static_cast<uint32_t>(acc_old_.word(column)), y = static_cast<uint32_t>(acc_new_.word(column));
  const Addend<int32_t> p = unpack_fp32(static_cast<int32_t>(x)), c = unpack_fp32(static_cast<int32_t>(y));
  const FloatResult result = fadd(x, y);
  if ((tag & TagView::kAccumulate) != 0) {
    const size_t which = sum_case(p, c, result.bits, signals(x) || signals(y), false);
    hits(sum_case_(which));
    if (which >= 7) {
      const FloatEvent event = sum_event(p, c);
      hits(sum_rounding_(static_cast<size_t>(event.rounding), static_cast<size_t>(event.range)));
    }
  }
  if ((tag & TagView::kBf16) == 0 || (result.bits & 0x7F800000) == 0x7F800000) return;
  const FloatResult small = narrow(result.bits, Format::Bf16, false, std::nullopt);
  const FloatEvent event = narrow_event(result.bits, Format::Bf16, small.bits, (small.flags & kOverflow) != 0);
  hits(narrow_(static_cast<size_t>(event.rounding), static_cast<size_t>(event.range)));
}

}  // namespace assay::npu
