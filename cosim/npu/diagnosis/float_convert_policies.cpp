// SPDX-License-Identifier: Apache-2.0
// Conversions to the output format, the second rounding of BF16 entries, and the decoding of operands (spec sections 17.4, 17.5.3 to 17.5.7, 17.8).
#include "cosim/npu/diagnosis/float_policies.hpp"

namespace assay::npu {
namespace {

/// Ways of a narrowing to go wrong, which conversions and BF16 entries have in common.
struct Narrowing {
  const char *kind, *text;
  double cost;
  NarrowDeviation deviation;
};

std::vector<Narrowing> narrowings() {
  std::vector<Narrowing> all;
  static const std::pair<Rounding, const char*> kModes[] = {
      {Rounding::TowardZero, "rounds toward zero"},     {Rounding::HalfAway, "ties go away from zero"},
      {Rounding::HalfToward, "ties go toward zero"},    {Rounding::HalfUp, "ties go toward plus infinity"},
      {Rounding::Away, "rounds away from zero"},        {Rounding::Up, "rounds toward plus infinity"},
      {Rounding::Down, "rounds toward minus infinity"}, {Rounding::Odd, "rounds to odd"}};
  const auto take = [&](const char* kind, const char* text, double cost, auto change) {
    NarrowDeviation d;
    change(d);
    all.push_back({kind, text, cost, d});
  };
  for (const auto& [mode, text] : kModes) take("rounding.float", text, 0.5, [m = mode](NarrowDeviation& d) { d.rounding = m; });
  take("rounding.float", "rounds toward zero where the result is subnormal", 2, [](auto& d) { d.rounding = Rounding::TowardZero, d.only_subnormal = true; });
  take("rounding.float", "ties go away from zero where the result is subnormal", 2, [](auto& d) { d.rounding = Rounding::HalfAway, d.only_subnormal = true; });
  take("float.sticky", "of what is cut off only the first bit counts", 0.5, [](auto& d) { d.sticky_lost = true; });
  take("float.sticky", "of what a subnormal result cuts off only the first bit counts", 1, [](auto& d) { d.sticky_lost = d.only_subnormal = true; });
  take("float.guard", "the first bit that is cut off gets lost", 0.5, [](auto& d) { d.guard_lost = true; });
  take("float.guard", "the first bit that a subnormal result cuts off gets lost", 1, [](auto& d) { d.guard_lost = d.only_subnormal = true; });
  take("float.carry", "the carry of the rounding does not reach the exponent", 0.5, [](auto& d) { d.carry_lost = true; });
  take("float.flush", "subnormal results become 0", 0.5, [](auto& d) { d.flush_out = true; });
  take("float.flush", "subnormal operands count as 0", 0.5, [](auto& d) { d.flush_in = true; });
  take("float.overflow", "what would round to the largest finite number overflows", 0.5, [](auto& d) { d.overflow_before = true; });
  take("float.underflow", "underflow is judged before rounding", 0.5, [](auto& d) { d.underflow_before = true; });
  take("float.nan", "NaN keeps its sign", 0.5, [](auto& d) { d.nan_sign = true; });
  return all;
}

void integers(std::vector<NamedPolicy<ConvertPolicy>>& table) {
  using Nan = ConvertPolicy::NanInteger;
  static const std::pair<Rounding, const char*> kModes[] = {{Rounding::TowardZero, "integers: rounds toward zero"},
                                                            {Rounding::HalfAway, "integers: ties go away from zero"},
                                                            {Rounding::HalfUp, "integers: ties go toward plus infinity"},
                                                            {Rounding::Down, "integers: rounds down"},
                                                            {Rounding::Up, "integers: rounds up"}};
  ConvertPolicy p;
  for (const auto& [mode, text] : kModes) {
    p.integer = mode;
    table.push_back({"rounding.float", text, 1, p});
  }
  p = {};
  static const std::pair<Nan, const char*> kNans[] = {
      {Nan::Lowest, "NaN becomes the lowest integer"}, {Nan::Highest, "NaN becomes the highest integer"}, {Nan::BySign, "NaN becomes the limit of its sign"}};
  for (const auto& [rule, text] : kNans) {
    p.nan_integer = rule;
    table.push_back({"float.nan", text, 0.5, p});
  }
  p = {};
  p.wraps = true;
  table.push_back({"float.saturate", "integers beyond their range wrap around", 0.5, p});
  p = {};
  p.signed_limit = true;
  table.push_back({"float.saturate", "unsigned integers have the limits of signed ones", 0.5, p});
}

std::vector<NamedPolicy<ConvertPolicy>> conversions() {
  std::vector<NamedPolicy<ConvertPolicy>> table;
  for (const Narrowing& n : narrowings()) {
    ConvertPolicy p;
    p.narrow = n.deviation;
    if (n.deviation.rounding != Rounding::HalfEven && !n.deviation.only_subnormal) p.integer = n.deviation.rounding;
    table.push_back({n.kind, n.text, n.cost, p});
  }
  const auto take = [&](const char* kind, const char* text, double cost, auto change) {
    ConvertPolicy p;
    change(p);
    table.push_back({kind, text, cost, p});
  };
  take("float.saturate", "a saturating conversion leaves infinity infinite", 0.5, [](auto& p) { p.narrow.infinity_stays = true; });
  take("float.saturate", "always saturates", 0.5, [](auto& p) { p.saturates = true; });
  take("float.saturate", "never saturates", 0.5, [](auto& p) { p.saturates = false; });
  take("rounding.stochastic", "the random number enters one bit too low", 0.5, [](auto& p) { p.narrow.random_shift = -1; });
  take("rounding.stochastic", "the random number enters one bit too high", 0.5, [](auto& p) { p.narrow.random_shift = 1; });
  take("rounding.twice", "goes through bf16", 0.5, [](auto& p) { p.through = Format::Bf16; });
  take("rounding.twice", "goes through fp16", 0.5, [](auto& p) { p.through = Format::Fp16; });
  take("format.mixed", "e4m3 and e4m3fn are mixed up", 0.5, [](auto& p) { p.formats_mixed = true; });
  take("float.zero_sign", "relu keeps -0", 0.5, [](auto& p) { p.relu_keeps_minus = true; });
  take("float.nan", "relu makes NaN 0", 0.5, [](auto& p) { p.relu_nan_zero = true; });
  take("sign.swapped", "relu keeps the negative values", 0.5, [](auto& p) { p.relu_flips = true; });
  integers(table);
  return table;
}

std::vector<NamedPolicy<EntryPolicy>> entries() {
  std::vector<NamedPolicy<EntryPolicy>> table;
  EntryPolicy p;
  p.whole = true;
  table.push_back({"rounding.missing", "keeps the whole FP32 sum", 0.5, p});
  p.flags_apart = true;
  table.push_back({"rounding.missing", "keeps the whole FP32 sum, although the flags tell of its rounding", 0.5, p});
  p = {};
  p.new_first = true;
  table.push_back({"order", "the new sum is rounded before it is added, not after", 0.5, p});
  for (const Narrowing& n : narrowings()) {
    if (n.deviation.nan_sign) continue;  // the sum is canonical by then
    p = {};
    p.narrow = n.deviation;
    table.push_back({n.kind, n.text, n.cost, p});
  }
  return table;
}

std::vector<NamedPolicy<DecodePolicy>> decoders() {
  std::vector<NamedPolicy<DecodePolicy>> table;
  const auto named = [](std::optional<Format> f, const std::string& text) { return f ? std::string(format_name(*f)) + ": " + text : text; };
  std::vector<std::optional<Format>> scopes = {std::nullopt};
  for (int f = static_cast<int>(Format::Bf16); f < kFormats; ++f) scopes.emplace_back(static_cast<Format>(f));
  for (const auto& only : scopes) {
    const double cost = only ? 1 : 0.5;
    DecodePolicy p;
    p.only = only;
    const auto take = [&](const char* kind, const std::string& text, auto change) {
      DecodePolicy one = p;
      change(one);
      table.push_back({kind, named(only, text), cost, one});
    };
    take("float.flush", "subnormal codes count as 0", [](auto& d) { d.flushed = true; });
    take("float.exponent", "the exponent of subnormal codes is one too high", [](auto& d) { d.subnormal_exponent = 1; });
    take("float.special", "the largest numbers count as NaN", [](auto& d) { d.largest_nan = true; });
    if (only != Format::Bf16) {  // its subnormals have the exponent 0, its NaN and infinity that of operands
      take("float.exponent", "the exponent of subnormal codes is one too low", [](auto& d) { d.subnormal_exponent = -1; });
      take("float.special", "NaN and infinity count as numbers", [](auto& d) { d.special_finite = true; });
    }
    if (!only) continue;
    for (int f = static_cast<int>(Format::Bf16); f < kFormats; ++f) {
      if (static_cast<Format>(f) == *only || format_bits(static_cast<Format>(f)) != format_bits(*only)) continue;
      take("format.mixed", "decoded as " + std::string(format_name(static_cast<Format>(f))), [f](auto& d) { d.as = static_cast<Format>(f); });
    }
  }
  return table;
}

}  // namespace

const std::vector<NamedPolicy<ConvertPolicy>>& convert_policies() {
  static const auto kTable = conversions();
  return kTable;
}
const std::vector<NamedPolicy<EntryPolicy>>& entry_policies() {
  static const auto kTable = entries();
  return kTable;
}
const std::vector<NamedPolicy<DecodePolicy>>& decode_policies() {
  static const auto kTable = decoders();
  return kTable;
}

}  // namespace assay::npu
