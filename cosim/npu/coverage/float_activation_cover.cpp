// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/coverage/float_activation_cover.hpp"

#include "model/common/narrow.hpp"
#include "model/common/stochastic.hpp"

namespace assay::npu {
namespace {

using coverage::Axis;
using coverage::Mark;
using Labels = std::span<const size_t>;

/// Destinations that are narrowed to: bf16 … e4m3fn, of Format from 4 on.
Axis small_axis() { return {"format", {"bf16", "fp16", "e5m2", "e4m3", "e4m3fn"}}; }
constexpr size_t kFirstSmall = 4;

// Without bf16 products are multiples of 2^-48 below 2^33: sums of them are far from both ends of FP32, and a zero sum is +0
const char* const kNoMinusZero = "sums of this tile's formats have no -0: a product would have to underflow";
const char* const kNarrowRange = "sums of products of this tile's formats stay within the normal range of FP32";

bool is_nan(uint32_t x) { return (x & 0x7FFFFFFF) > 0x7F800000; }
bool is_infinite(uint32_t x) { return (x & 0x7FFFFFFF) == 0x7F800000; }
bool signals(uint32_t x) { return is_nan(x) && (x & 0x400000) == 0; }

}  // namespace

FloatActivationCover::FloatActivationCover(coverage::Space& space, const Tile& model) : config_(model.config()) {
  const auto& f = model.fields();
  read_ = {f, "accumulators", "read"}, bias_ = {f, "activation", "bias"}, biased_ = {f, "activation", "biased"}, random_ = {f, "activation", "random"};
  ctl_0_ = {f, "activation", "ctl_0"}, ctl_1_ = {f, "activation", "ctl_1"}, stage_valid_ = {f, "activation", "stage_valid"};
  add_points(space);
}

void FloatActivationCover::add_points(coverage::Space& space) {
  const bool wide = config_.has(Format::Bf16);
  bias_case_ = space.add({"float.bias.case",
                          "17.9",
                          "the cases of adding the bias",
                          "LOAD_PARAM with a bias that gives: {case}",
                          "activation.biased",
                          {sum_case_axis()},
                          [](Labels l) { return l[0] == 2 ? illegal("an addition multiplies by 1") : Mark{}; }});
  bias_rounding_ = space.add({"float.bias.rounding",
                              "17.5.2",
                              "the rounding of adding the bias",
                              "bias and value whose sum rounds {rounding} to a {range} number",
                              "activation.act_flags",
                              {rounding_axis(), range_axis()},
                              [wide](Labels l) -> Mark {
                                if (l[1] <= 1 && l[0] != 0) return illegal("a sum of FP32 numbers below the normal ones is exact");
                                const bool far = l[1] == 4 || (l[1] == 3 && (l[0] == 1 || l[0] == 2));
                                return far && !wide ? never(kNarrowRange) : Mark{};
                              }});
  relu_ = space.add({"float.relu",
                     "17.5.7",
                     "what relu meets",
                     "ACTIVATE with relu on {value}",
                     "activation.converted",
                     {{"value", {"positive", "negative", "+0", "-0", "infinity", "-infinity", "quiet NaN", "signalling NaN"}}},
                     [wide](Labels l) -> Mark {
                       if (l[0] == 3 && !wide) return never(kNoMinusZero);
                       return l[0] == 7 ? never("the bias sum is canonical: only a raw beat moves a signalling NaN, and it has no relu") : Mark{};
                     }});
  special_ = space.add({"float.convert.special",
                        "17.5.3",
                        "what is no finite number and what becomes of it",
                        "ACTIVATE to {format}, saturate {saturate}, of {value}",
                        "activation.converted",
                        {small_axis(), {"saturate", {"no", "yes"}}, {"value", {"+0", "-0", "infinity", "-infinity", "NaN"}}},
                        [wide](Labels l) { return l[2] == 1 && !wide ? never(kNoMinusZero) : Mark{}; }});
  rounding_ = space.add({"float.convert.rounding",
                         "17.5.4",
                         "the rounding of a conversion",
                         "ACTIVATE to {format}, {mode}, of results that round {rounding}",
                         "activation.converted",
                         {small_axis(), {"mode", {"to nearest", "stochastic"}}, rounding_axis()}});
  range_ = space.add({"float.convert.range",
                      "17.5.3",
                      "the range of a converted number, and what happens beyond it",
                      "ACTIVATE to {format}, saturate {saturate}, of results that become {range}",
                      "activation.act_flags",
                      {small_axis(), {"saturate", {"no", "yes"}}, range_axis()}});
  integer_ =
      space.add({"float.convert.integer",
                 "17.5.6",
                 "a conversion to an integer",
                 "ACTIVATE to {format} of results that are {event}",
                 "activation.converted",
                 {{"format", {"int8", "uint8", "int32"}}, {"event", {"exact", "tie down", "tie up", "down", "up", "above", "below", "infinity", "NaN"}}}});
  raw_ = space.add({"float.raw",
                    "17.9",
                    "accumulator values that move unchanged, and those that go out as fp32",
                    "ACTIVATE, {mode}, of {number}",
                    "activation.biased",
                    {{"mode", {"raw", "fp32"}}, float_axis("number")},
                    [wide](Labels l) -> Mark {
                      if (l[1] == 10) return never("accumulators and bias sums hold canonical NaNs only");
                      if (l[1] == 1 && !wide) return never(kNoMinusZero);
                      return l[0] == 0 && !wide && (l[1] == 2 || l[1] == 3 || l[1] == 7) ? never(kNarrowRange) : Mark{};
                    }});
  seed_ = space.add({"float.seed",
                     "17.5.5",
                     "seeds of the stochastic rounding",
                     "LOAD_SEED of {seed}",
                     "activation.random",
                     {{"seed", {"0", "some", "one that starts a lane from 0"}}}});
}

void FloatActivationCover::cycle(const CycleView& view, HitBytes& hits) {
  const uint32_t stages = stage_valid_.byte();
  if ((stages & 1) != 0) bias(view, hits);
  if ((stages & 2) != 0) convert(view, hits);
  if (view.tile.decision.act == ActivationAction::Parameter) seed(view, hits);
}

void FloatActivationCover::seed(const CycleView& view, HitBytes& hits) {
  const Command& c = view.tile.acts.front().command;
  if (c.op != Op::LoadSeed) return;
  bool zero = false;
  for (int lane = 0; lane < config_.cols; ++lane) zero |= (c.seed ^ seeded(0, lane)) == 0;
  hits(seed_(zero ? 2 : c.seed == 0 ? 0 : 1));
}

void FloatActivationCover::bias(const CycleView& view, HitBytes& hits) {
  const uint64_t control = ctl_0_.wide();
  const size_t lane = drawn(view.draw(), 2, static_cast<uint32_t>(control >> 8));
  const auto x = static_cast<uint32_t>(read_.word(lane));
  if ((control & 1) != 0) return hits(raw_(0, float_number_class(x, Format::Fp32)));
  const auto y = static_cast<uint32_t>(bias_.word(lane));
  const Addend<int32_t> p = unpack_fp32(static_cast<int32_t>(x)), c = unpack_fp32(static_cast<int32_t>(y));
  const FloatResult result = fadd(x, y);
  const size_t which = sum_case(p, c, result.bits, signals(x) || signals(y), false);
  hits(bias_case_(which));
  if (which < 7) return;
  const FloatEvent event = sum_event(p, c);
  hits(bias_rounding_(static_cast<size_t>(event.rounding), static_cast<size_t>(event.range)));
}

void FloatActivationCover::convert(const CycleView& view, HitBytes& hits) {
  const uint64_t control = ctl_1_.wide();
  if ((control & 1) != 0) return;
  const size_t lane = drawn(view.draw(), 3, static_cast<uint32_t>(control >> 8));
  const auto before = static_cast<uint32_t>(biased_.word(lane));
  const bool negative = before >> 31 != 0;
  if ((control & 2) != 0) {
    const size_t sign = negative ? 1 : 0;
    hits(relu_(is_nan(before) ? (signals(before) ? 7 : 6) : is_infinite(before) ? 4 + sign : (before & 0x7FFFFFFF) == 0 ? 2 + sign : sign));
  }
  const uint32_t x = (control & 2) != 0 ? relu(before) : before;
  const auto format = static_cast<Format>(control >> 2 & 15);
  if (format == Format::Fp32) return hits(raw_(1, float_number_class(x, format)));
  if (!is_integer(format)) return narrowed(x, control, static_cast<uint32_t>(random_.word(lane)), hits);
  const auto row = static_cast<size_t>(format);
  const FloatResult result = to_integer(x, format);
  const auto event = integer_event(x, static_cast<int32_t>(result.bits), (result.flags & kInvalid) != 0);
  hits(integer_(row, event ? static_cast<size_t>(*event) : is_nan(x) ? 8u : is_infinite(x) ? 7u : x >> 31 != 0 ? 6u : 5u));
}

void FloatActivationCover::narrowed(uint32_t x, uint64_t control, uint32_t random, HitBytes& hits) {
  const auto format = static_cast<Format>(control >> 2 & 15);
  const size_t row = static_cast<size_t>(format) - kFirstSmall, saturate = control >> 6 & 1, stochastic = control >> 7 & 1;
  const size_t sign = x >> 31;
  if (is_nan(x) || is_infinite(x) || (x & 0x7FFFFFFF) == 0) return hits(special_(row, saturate, is_nan(x) ? 4 : is_infinite(x) ? 2 + sign : sign));
  const auto chance = stochastic != 0 ? std::optional<uint16_t>(random_of(random)) : std::nullopt;
  const FloatResult result = narrow(x, format, saturate != 0, chance);
  const FloatEvent event = narrow_event(x, format, result.bits, (result.flags & kOverflow) != 0);
  hits(rounding_(row, stochastic, static_cast<size_t>(event.rounding)));
  hits(range_(row, saturate, static_cast<size_t>(event.range)));
}

}  // namespace assay::npu
