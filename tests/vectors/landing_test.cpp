// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/landing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "model/functional/float_numerics.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::npu;

namespace {

constexpr std::array kOperands{Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

/// A solved sum as exact arithmetic sees it: what stands before the last product, that product, their exact sum and what the hardware makes of it.
struct Landed {
  uint32_t before = 0, result = 0;
  double last = 0, exact = 0;
  bool chain_exact = true;  ///< every step up to the last one
  uint8_t flags = 0;        ///< of the last step
};

Landed land(const std::vector<Term>& terms, Format activation, Format weight) {
  Landed out;
  for (size_t i = 0; i < terms.size(); ++i) {
    const uint32_t a = functional::decode(terms[i].activation, activation), w = functional::decode(terms[i].weight, weight);
    uint8_t flags = 0;
    out.before = out.result;
    out.result = functional::fused(a, w, out.before, flags);
    if (i + 1 < terms.size()) out.chain_exact &= flags == 0;
    out.flags = flags;
    out.last = functional::value_of(a, Format::Fp32) * functional::value_of(w, Format::Fp32);
  }
  // Knuth's error-free sum: `exact` is the sum only when nothing was lost.
  const double c = functional::value_of(out.before, Format::Fp32), sum = c + out.last, part = sum - c;
  const double lost = (c - (sum - part)) + (out.last - part);
  if (std::isfinite(sum)) REQUIRE(lost == 0);
  out.exact = sum;
  return out;
}

/// FP32 places of a value's magnitude: distance from its neighbour towards zero.
double place_of(double value) { return std::ldexp(1.0, std::max(std::ilogb(value), -126) - 23); }

template <class Check>
std::map<std::pair<Format, Format>, int> each_pair(Landing landing, int seeds, Check check) {
  std::map<std::pair<Format, Format>, int> solved;
  for (const Format a : kOperands) {
    for (const Format w : kOperands) {
      for (int seed = 0; seed < seeds; ++seed) {
        Random random(static_cast<uint64_t>(seed), 77);
        const auto terms = solve_sum(landing, a, w, random);
        if (!terms) continue;
        ++solved[{a, w}];
        INFO(format_name(a) << " x " << format_name(w) << ", seed " << seed);
        check(land(*terms, a, w));
      }
    }
  }
  return solved;
}

}  // namespace

TEST_CASE("landing: a tie lies half way between two FP32 numbers, in every pair of formats") {
  int odd = 0, even = 0;
  const auto solved = each_pair(Landing::Tie, 40, [&](const Landed& at) {
    REQUIRE(at.chain_exact);
    const double rounded = functional::value_of(at.result, Format::Fp32);
    // Where a power of two is approached from below the places there are half as wide: half of that is meant.
    const double half = std::abs(at.exact - rounded);
    REQUIRE((half == place_of(at.exact) / 2));
    REQUIRE(at.flags == functional::kFlagInexact);
    (std::abs(rounded) > std::abs(at.exact) ? odd : even) += 1;
  });
  CHECK(solved.size() == 25);
  CHECK(odd > 100);
  CHECK(even > 100);
}

TEST_CASE("landing: beside a tie the exact sum is off by less than a quarter of a place") {
  const auto solved = each_pair(Landing::NearTie, 40, [&](const Landed& at) {
    REQUIRE(at.chain_exact);
    const double off = std::abs(std::abs(at.exact - functional::value_of(at.result, Format::Fp32)) - place_of(at.exact) / 2);
    REQUIRE(off > 0);
    REQUIRE(off <= place_of(at.exact) / 4);
  });
  CHECK(solved.size() == 25);
}

TEST_CASE("landing: sums overflow, and just do not") {
  int over = 0, under = 0;
  const auto solved = each_pair(Landing::Overflow, 40, [&](const Landed& at) {
    REQUIRE(at.chain_exact);
    REQUIRE(std::abs(at.exact) > 0x1.fffffcp127);
    REQUIRE(std::abs(at.exact) < 0x1.000001p128);
    const bool beyond = std::abs(at.exact) >= 0x1.ffffffp127;
    REQUIRE(((at.flags & functional::kFlagOverflow) != 0) == beyond);
    (beyond ? over : under) += 1;
  });
  CHECK(solved.count({Format::Bf16, Format::Bf16}) == 1);
  CHECK(solved.count({Format::Fp16, Format::Fp16}) == 0);  // out of reach
  CHECK(over > 20);
  CHECK(under > 20);
}

TEST_CASE("landing: sums end at the smallest normal number or below it") {
  int tiny = 0, normal = 0, rounded_up = 0;
  const auto solved = each_pair(Landing::Subnormal, 60, [&](const Landed& at) {
    REQUIRE(std::abs(at.exact) < 0x1p-119);
    const bool underflow = (at.flags & functional::kFlagUnderflow) != 0;
    (underflow ? tiny : normal) += 1;
    rounded_up += !underflow && std::abs(at.exact) < 0x1p-126 && std::abs(functional::value_of(at.result, Format::Fp32)) == 0x1p-126;
  });
  CHECK(solved.count({Format::Bf16, Format::Bf16}) == 1);
  CHECK(tiny > 20);
  CHECK(normal > 20);
  CHECK(rounded_up > 0);
}

TEST_CASE("landing: numbers that are not zero add up to an exact zero") {
  const auto solved = each_pair(Landing::Zero, 20, [&](const Landed& at) {
    REQUIRE(at.chain_exact);
    REQUIRE(at.last != 0);
    REQUIRE(at.result == 0);  // +0
    REQUIRE(at.flags == 0);
  });
  CHECK(solved.size() == 25);
}

TEST_CASE("landing: special sums bring NaN over infinity, invalid and quiet, in formats that have both") {
  int invalid = 0, quiet = 0, product_invalid_beside_nan = 0;
  each_pair(Landing::Special, 120, [&](const Landed& at) {
    const bool nan = functional::is_nan(at.result, Format::Fp32);
    const bool raised = (at.flags & functional::kFlagInvalid) != 0;
    invalid += raised;
    quiet += nan && !raised;
    product_invalid_beside_nan += raised && functional::is_nan(at.before, Format::Fp32);
  });
  CHECK(invalid > 100);
  CHECK(quiet > 100);
  CHECK(product_invalid_beside_nan > 20);
}

TEST_CASE("landing: conversions land between two codes of the target format, and beside") {
  for (const Format format : kOperands) {
    int ties = 0, overflow = 0, reached = 0, tiny = 0;
    for (uint64_t seed = 0; seed < 300; ++seed) {
      INFO(format_name(format) << ", seed " << seed);
      const auto convert = [&](Landing landing, uint8_t& flags, uint32_t& bits) {
        Random random(seed, 5);
        bits = solve_conversion(landing, format, random);
        return functional::narrow(bits, format, false, std::nullopt, flags);
      };
      uint8_t flags = 0;
      uint32_t bits = 0;
      const uint32_t magnitude = (1u << (format_bits(format) - 1)) - 1;
      const uint32_t code = convert(Landing::Tie, flags, bits) & magnitude;
      const double value = std::abs(functional::value_of(bits, Format::Fp32));
      // Two neighbours at the same distance: the code and the one on the other side.
      const double here = functional::value_of(code, format), other = functional::value_of(here > value ? code - 1 : code + 1, format);
      REQUIRE(std::abs(here - value) == std::abs(other - value));
      REQUIRE(code % 2 == 0);  // to even
      ++ties;
      flags = 0;
      convert(Landing::Overflow, flags, bits);
      overflow += (flags & functional::kFlagOverflow) != 0;
      reached += (flags & functional::kFlagOverflow) == 0;
      flags = 0;
      convert(Landing::Subnormal, flags, bits);
      tiny += (flags & functional::kFlagUnderflow) != 0;
    }
    CHECK(ties == 300);
    CHECK(overflow > 40);
    CHECK(reached > 40);
    CHECK(tiny > 40);
  }
}

TEST_CASE("landing: integer conversions land on halves and at the ends of their range") {
  for (const Format format : {Format::Int8, Format::Uint8, Format::Int32}) {
    int beyond = 0, inside = 0;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      INFO(format_name(format) << ", seed " << seed);
      Random random(seed, 5);
      const double tie = functional::value_of(solve_conversion(Landing::Tie, format, random), Format::Fp32);
      REQUIRE(std::abs(tie - std::trunc(tie)) == 0.5);
      uint8_t flags = 0;
      functional::to_integer(solve_conversion(Landing::Saturate, format, random), format, flags);
      ((flags & functional::kFlagInvalid) != 0 ? beyond : inside) += 1;
    }
    CHECK(beyond > 20);
    CHECK(inside > 20);
  }
}

TEST_CASE("landing: requantised ties are ties of exact arithmetic in both modes") {
  int positive = 0, negative = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    INFO("seed " << seed);
    Random random(seed, 9);
    const Requantisation at = solve_requantisation(Landing::Tie, {}, random);
    const auto [bias, m, s] = at.params;
    REQUIRE(m >= 1u << 30);
    REQUIRE(m < 1u << 31);
    const __int128 product = static_cast<__int128>(at.x) * m;
    const __int128 place = static_cast<__int128>(1) << (31 - s);
    const __int128 rest = ((product % place) + place) % place;
    REQUIRE((rest == place / 2));
    bool saturated = false;
    const auto single = static_cast<__int128>(functional::requantise_single(at.x, m, s, saturated)),
               twice = static_cast<__int128>(functional::requantise_double(at.x, m, s, saturated));
    REQUIRE_FALSE(saturated);
    // The result is one of the two neighbours, both as far away.
    for (const __int128 y : {single, twice}) {
      const __int128 off = y * place - product;
      REQUIRE(((off == place / 2) || (off == -place / 2)));
    }
    (at.x > 0 ? positive : negative) += 1;
  }
  CHECK(positive > 500);
  CHECK(negative > 500);
}

TEST_CASE("landing: the first value beyond an edge of the activation unit saturates or clamps, the one before does not") {
  int by_range = 0, by_scale = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed, 11);
    functional::OutputMode mode;
    mode.single = seed % 2 != 0;
    mode.output_unsigned = seed % 3 == 0;
    const int lo = mode.output_unsigned ? 0 : -128;
    mode.zero_point = static_cast<int>(random.range(lo, lo + 255));
    mode.clamp_lo = lo;
    mode.clamp_hi = lo + 255;
    const Requantisation at = solve_requantisation(Landing::Saturate, mode, random);
    if (at.x == INT32_MIN || at.x == INT32_MAX) continue;
    const auto lane = [&](int32_t x, functional::Flags& flags) { return functional::output_lane(x, at.params, mode, {}, flags); };
    functional::Flags here, below, above;
    const int32_t y = lane(at.x, here), y_below = lane(at.x - 1, below), y_above = lane(at.x + 1, above);
    by_range += here.act_saturated != below.act_saturated || y != y_below;
    by_scale += at.params.shift > 0 && (here.act_saturated || above.act_saturated || below.act_saturated || y != y_above);
  }
  CHECK(by_range > 1000);
  CHECK(by_scale > 100);
}

TEST_CASE("landing: values at an end of INT32 stand there") {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed, 13);
    const Requantisation at = solve_requantisation(Landing::Overflow, {}, random);
    const bool ends = at.x >= INT32_MAX - 2 || at.x <= INT32_MIN + 2;
    CHECK(ends);
  }
}
