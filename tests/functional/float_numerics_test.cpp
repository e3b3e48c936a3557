// SPDX-License-Identifier: Apache-2.0
#include "model/functional/float_numerics.hpp"

#include <bit>
#include <cmath>
#include <vector>

#include "cosim/common/random.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

__extension__ typedef __float128 Quad;  // 113 bits: the oracle of sums whose exponents lie within 80 of each other

constexpr Format kOperandFormats[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

uint32_t bits_of(float x) { return std::bit_cast<uint32_t>(x); }
float float_of(uint32_t bits) { return std::bit_cast<float>(bits); }

struct Answer {
  uint32_t bits;
  uint8_t flags;
  bool operator==(const Answer&) const = default;
};

Answer run_fused(uint32_t a, uint32_t w, uint32_t c) {
  Answer out{0, 0};
  out.bits = fused(a, w, c, out.flags);
  return out;
}

Answer run_narrow(uint32_t x, Format g, bool saturate = false, std::optional<uint16_t> random = std::nullopt) {
  Answer out{0, 0};
  out.bits = narrow(x, g, saturate, random, out.flags);
  return out;
}

Answer run_integer(uint32_t x, Format g) {
  Answer out{0, 0};
  out.bits = static_cast<uint32_t>(to_integer(x, g, out.flags));
  return out;
}

/// A code near the corners of its format: exponents at the ends and in the middle, mantissas of few bits, specials now and then.
uint32_t corner_code(Format f, Random& random) {
  const FloatLayout& l = layout_of(f);
  const uint32_t greatest = (1u << l.exponent_bits) - 1, ones = (1u << l.mantissa_bits) - 1;
  const uint32_t exponents[] = {0, 0, 1, 2, greatest / 2, greatest / 2 + 1, greatest - 1, greatest, static_cast<uint32_t>(random.below(greatest + 1))};
  const uint32_t mantissas[] = {0, 1, ones, ones - 1, (ones + 1) / 2, static_cast<uint32_t>(random.below(ones + 1))};
  return (static_cast<uint32_t>(random.below(2)) << l.exponent_bits | exponents[random.below(9)]) << l.mantissa_bits | mantissas[random.below(6)];
}

/// The exact sum in 113 bits, rounded once: needs finite operands whose product and addend are near each other or 0.
Answer quad_fused(float a, float w, float c) {
  const Quad exact = Quad(a) * Quad(w) + Quad(c);
  const auto rounded = static_cast<float>(exact);
  Answer out{bits_of(rounded), 0};
  if (std::isinf(rounded)) {
    out.flags = kFlagOverflow | kFlagInexact;
  } else if (Quad(rounded) != exact) {
    const Quad scaled = exact * Quad(0x1p100);  // the same 24 bits, far from the subnormal range
    const float unbounded = static_cast<float>(scaled);
    out.flags = static_cast<uint8_t>(kFlagInexact | (std::fabs(unbounded) < 0x1p-26f ? kFlagUnderflow : 0));
  }
  return out;
}

bool exact_in_quad(float a, float w, float c) {
  if (!std::isfinite(a) || !std::isfinite(w) || !std::isfinite(c)) return false;
  const double product = static_cast<double>(a) * static_cast<double>(w);
  return product == 0 || c == 0 || std::abs(std::ilogb(product) - std::ilogb(c)) < 60;
}

}  // namespace

TEST_CASE("functional: every code of every operand format decodes to its value, NaNs with sign and payload") {
  for (const Format f : kOperandFormats) {
    const FloatLayout& l = layout_of(f);
    for (uint32_t code = 0; code < 1u << format_bits(f); ++code) {
      const uint32_t e = code >> l.mantissa_bits & ((1u << l.exponent_bits) - 1), m = code & ((1u << l.mantissa_bits) - 1);
      const bool negative = (code >> (format_bits(f) - 1)) != 0;
      const uint32_t got = decode(code, f);
      INFO(format_name(f) << " " << code);
      if (is_nan(code, f)) {
        REQUIRE((got & 0x7F800000u) == 0x7F800000u);
        REQUIRE((got & 0x007FFFFFu) == m << (23 - l.mantissa_bits));
        REQUIRE((got >> 31 != 0) == negative);
        continue;
      }
      double value =
          e == 0 ? std::ldexp(m, 1 - l.bias - l.mantissa_bits) : std::ldexp((1u << l.mantissa_bits) + m, static_cast<int>(e) - l.bias - l.mantissa_bits);
      if (is_infinite(code, f)) value = INFINITY;
      REQUIRE(float_of(got) == (negative ? -value : value));
      REQUIRE(std::signbit(float_of(got)) == negative);
      REQUIRE(encode_value(value, f) == (code & ((1u << (format_bits(f) - 1)) - 1)));
    }
  }
}

TEST_CASE("functional: the formats have the extremes of the specification's table") {
  CHECK(layout_of(Format::Fp32).greatest == std::ldexp(1, 128) - std::ldexp(1, 104));
  CHECK(layout_of(Format::Bf16).greatest == std::ldexp(255, 120));
  for (const Format f : kOperandFormats) {
    const FloatLayout& l = layout_of(f);
    CHECK(static_cast<double>(float_of(decode(greatest_code(f), f))) == l.greatest);
    CHECK(l.least_normal == std::ldexp(1, 1 - l.bias));
    CHECK(is_nan(l.nan, f));
    CHECK_FALSE(is_signalling(l.nan, f));
    CHECK(is_infinite(infinity_code(f), f) == l.infinity);
  }
}

TEST_CASE("functional: fma and fadd give the worked examples of the specification") {
  CHECK(run_fused(0x3F800000, 0x3F800000, 0x33800000) == Answer{0x3F800000, kFlagInexact});
  CHECK(run_fused(0x00800000, 0x00800000, 0) == Answer{0, kFlagUnderflow | kFlagInexact});
  CHECK(run_fused(0x7F800000, 0, 0x7FC00000) == Answer{0x7FC00000, kFlagInvalid});
  CHECK(run_fused(0x80000000, 0x3F800000, 0x80000000) == Answer{0x80000000, 0});
  CHECK(run_fused(0x80000000, 0x3F800000, 0) == Answer{0, 0});
  uint8_t flags = 0;
  CHECK(add(0x80000000, 0x80000000, flags) == 0x80000000);
  CHECK(add(0x3F800000, 0xBF800000, flags) == 0);
  CHECK(flags == 0);
}

TEST_CASE("functional: special operands follow the specification's priorities") {
  const uint32_t inf = 0x7F800000, nan = 0x7FC00000, signalling = 0x7F810000, one = 0x3F800000, minus = 0x80000000;
  CHECK(run_fused(nan, one, one) == Answer{nan, 0});
  CHECK(run_fused(one, nan | minus, one) == Answer{nan, 0});
  CHECK(run_fused(signalling, one, one) == Answer{nan, kFlagInvalid});
  CHECK(run_fused(one, one, signalling) == Answer{nan, kFlagInvalid});
  CHECK(run_fused(0, inf, nan) == Answer{nan, kFlagInvalid});
  CHECK(run_fused(minus, inf, one) == Answer{nan, kFlagInvalid});
  CHECK(run_fused(inf, one, inf | minus) == Answer{nan, kFlagInvalid});
  CHECK(run_fused(inf, one | minus, inf | minus) == Answer{inf | minus, 0});
  CHECK(run_fused(inf | minus, one, one) == Answer{inf | minus, 0});
  CHECK(run_fused(one, one, inf | minus) == Answer{inf | minus, 0});
}

TEST_CASE("functional: fma of corner-biased operands equals the host's fma in every pair of formats") {
  Random random(21, 1);
  for (const Format fa : kOperandFormats) {
    for (const Format fw : kOperandFormats) {
      for (int i = 0; i < 40000; ++i) {
        const uint32_t a = decode(corner_code(fa, random), fa), w = decode(corner_code(fw, random), fw);
        uint32_t c = corner_code(Format::Fp32, random);
        if (random.chance(0.3)) c = bits_of(-float_of(a) * float_of(w)) ^ static_cast<uint32_t>(random.below(4));  // cancellation
        if (random.chance(0.1)) c = bits_of(float_of(a) * float_of(w) * 0x1p-24f) ^ static_cast<uint32_t>(random.below(4));
        const Answer got = run_fused(a, w, c);
        const float host = std::fma(float_of(a), float_of(w), float_of(c));
        INFO(std::hex << a << " " << w << " " << c);
        REQUIRE(got.bits == (std::isnan(host) ? kNanFp32 : bits_of(host)));
        if (exact_in_quad(float_of(a), float_of(w), float_of(c))) REQUIRE(got == quad_fused(float_of(a), float_of(w), float_of(c)));
      }
    }
  }
}

TEST_CASE("functional: fadd of corner-biased and cancelling operands equals exact sums, flags included") {
  Random random(22, 1);
  int judged = 0;
  for (int i = 0; i < 400000; ++i) {
    const uint32_t x = corner_code(Format::Fp32, random);
    const uint32_t y = random.chance(0.5) ? corner_code(Format::Fp32, random) : x ^ 0x80000000u ^ static_cast<uint32_t>(random.below(1u << random.below(24)));
    Answer got{0, 0};
    got.bits = add(x, y, got.flags);
    const float host = float_of(x) + float_of(y);
    REQUIRE(got.bits == (std::isnan(host) ? kNanFp32 : bits_of(host)));
    if (!exact_in_quad(float_of(x), 1.0f, float_of(y))) continue;
    REQUIRE(got == quad_fused(float_of(x), 1.0f, float_of(y)));
    ++judged;
  }
  CHECK(judged > 100000);
}

TEST_CASE("functional: rows with the processor's fused multiply-add give the bits and flags of rows without") {
  Random random(23, 1);
  uint8_t seen = 0;
  for (int i = 0; i < 20000; ++i) {
    const Format fa = kOperandFormats[random.below(5)], fw = kOperandFormats[random.below(5)];
    const auto k = static_cast<int>(random.range(1, 9)), n = static_cast<int>(random.range(1, 19));
    const int ld = n + static_cast<int>(random.below(3));
    std::vector<float> a(static_cast<size_t>(k)), w(static_cast<size_t>(k * ld));
    const bool ordinary = random.chance(0.5);  // finite values only, or nearly all results are NaN
    const auto draw = [&](Format f) {
      uint32_t code = corner_code(f, random);
      while (ordinary && (is_nan(code, f) || is_infinite(code, f))) code = corner_code(f, random);
      return float_of(decode(code, f));
    };
    for (float& x : a) x = draw(fa);
    for (float& x : w) x = draw(fw);
    std::vector<uint32_t> fast(static_cast<size_t>(n)), plain(fast);
    uint8_t fast_flags = 0, plain_flags = 0;
    multiply_rows(a.data(), w.data(), k, n, ld, fast.data(), fast_flags);
    multiply_rows_plainly(a.data(), w.data(), k, n, ld, plain.data(), plain_flags);
    REQUIRE(fast == plain);
    REQUIRE(fast_flags == plain_flags);
    seen |= static_cast<uint8_t>(1u << plain_flags);
  }
  CHECK(seen != 0);
}

TEST_CASE("functional: a product of infinity and zero is invalid even where a NaN is already there") {
  const float a[] = {NAN, INFINITY}, w[] = {1.0f, 0.0f};
  uint32_t sum = 0;
  uint8_t flags = 0;
  multiply_rows(a, w, 2, 1, 1, &sum, flags);
  CHECK(sum == kNanFp32);
  CHECK(flags == kFlagInvalid);
  flags = 0;
  multiply_rows(a, w, 1, 1, 1, &sum, flags);
  CHECK(flags == 0);
}

TEST_CASE("functional: a weight beyond k takes no part and raises nothing") {
  const float a[] = {1.0f, 1.0f}, w[] = {2.0f, float_of(0x7F810000)};
  uint32_t sum = 0;
  uint8_t flags = 0;
  multiply_rows(a, w, 1, 1, 1, &sum, flags);
  CHECK(sum == bits_of(2.0f));
  CHECK(flags == 0);
}

TEST_CASE("functional: narrowing rounds at every code, midpoint and neighbour of every format to the nearest, ties to even") {
  for (const Format f : kOperandFormats) {
    const FloatLayout& l = layout_of(f);
    for (uint32_t code = 0; code < greatest_code(f); ++code) {
      const float low = float_of(decode(code, f)), high = float_of(decode(code + 1, f));
      const auto middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
      const bool tiny = static_cast<double>(high) <= l.least_normal;
      const uint32_t even = code % 2 == 0 ? code : code + 1;
      INFO(format_name(f) << " between " << code << " and its neighbour");
      REQUIRE(run_narrow(bits_of(low), f) == Answer{code, 0});
      for (const uint32_t at : {bits_of(middle) - 1, bits_of(middle), bits_of(middle) + 1}) {
        const uint32_t want = at == bits_of(middle) ? even : at < bits_of(middle) ? code : code + 1;
        const Answer got = run_narrow(at, f);
        REQUIRE(got.bits == want);
        REQUIRE(run_narrow(at | 0x80000000u, f).bits == (want | 1u << (format_bits(f) - 1)));
        REQUIRE((got.flags & kFlagInexact) != 0);
        // In the last step below the smallest normal the value rounded with unbounded exponent may reach it: judged below.
        if (static_cast<double>(high) < l.least_normal || !tiny) REQUIRE(((got.flags & kFlagUnderflow) != 0) == tiny);
      }
    }
  }
}

TEST_CASE("functional: underflow looks at the value rounded with unbounded exponent, stochastically at the value itself") {
  for (const Format f : kOperandFormats) {
    const FloatLayout& l = layout_of(f);
    // The midpoint of the smallest normal and its lower neighbour of as many bits: a tie, up to the even normal, hence not tiny.
    const auto boundary = static_cast<float>(l.least_normal - std::ldexp(l.least_normal, -l.mantissa_bits - 2));
    INFO(format_name(f));
    CHECK(run_narrow(bits_of(boundary), f).flags == kFlagInexact);
    CHECK(run_narrow(bits_of(boundary) - 1, f).flags == (kFlagInexact | kFlagUnderflow));
    CHECK(run_narrow(bits_of(boundary), f, false, uint16_t{0xFFFF}).flags == (kFlagInexact | kFlagUnderflow));
    CHECK(run_narrow(bits_of(static_cast<float>(l.least_normal)) + 1, f, false, uint16_t{0}).flags == kFlagInexact);
  }
}

TEST_CASE("functional: overflow begins where the specification's examples say, and saturates on demand") {
  const auto check = [](uint32_t x, Format f, Answer want, uint32_t saturated) {
    CHECK(run_narrow(x, f) == want);
    CHECK(run_narrow(x, f, true) == Answer{saturated, want.flags});
  };
  constexpr uint8_t over = kFlagOverflow | kFlagInexact;
  check(0x43E80000, Format::E4m3fn, {0x7E, kFlagInexact}, 0x7E);  // 464
  check(0x43E80001, Format::E4m3fn, {0x7F, over}, 0x7E);
  check(0xC3E80001, Format::E4m3fn, {0x7F, over}, 0xFE);
  check(0x43780000, Format::E4m3, {0x78, over}, 0x77);  // 248
  check(0x4377FFFF, Format::E4m3, {0x77, kFlagInexact}, 0x77);
  check(0x47700000, Format::E5m2, {0x7C, over}, 0x7B);      // 61440
  check(0x477FF000, Format::Fp16, {0x7C00, over}, 0x7BFF);  // 65520
  check(0x7F7F8000, Format::Bf16, {0x7F80, over}, 0x7F7F);
  check(0xFF7F7FFF, Format::Bf16, {0xFF7F, kFlagInexact}, 0xFF7F);
  for (const Format f : kOperandFormats) {
    const FloatLayout& l = layout_of(f);
    CHECK(run_narrow(0x7F800000, f) == Answer{infinity_code(f), 0});
    CHECK(run_narrow(0x7F800000, f, true) == Answer{greatest_code(f), 0});
    CHECK(run_narrow(0xFFC12345, f, true) == Answer{l.nan, 0});
    CHECK(run_narrow(0x7F812345, f) == Answer{l.nan, kFlagInvalid});
    CHECK(run_narrow(0x80000000, f) == Answer{1u << (format_bits(f) - 1), 0});
    CHECK(run_narrow(0x80000001, f) == Answer{1u << (format_bits(f) - 1), kFlagInexact | kFlagUnderflow});
  }
  CHECK(run_narrow(0xFF800000, Format::E4m3fn) == Answer{0x7F, 0});
}

TEST_CASE("functional: of all random numbers as many round up as the discarded fraction says") {
  Random random(24, 1);
  for (const Format f : kOperandFormats) {
    for (int i = 0; i < 12; ++i) {
      const auto code = static_cast<uint32_t>(random.below(greatest_code(f)));
      const double low = value_of(code, f), high = value_of(code + 1, f);
      const auto x = static_cast<float>(low + (high - low) * (static_cast<double>(random.below(1 << 17)) / 131072.0));
      const auto fraction = static_cast<uint32_t>(std::ldexp((static_cast<double>(x) - low) / (high - low), 17));
      // up when fraction + 2R + 1 ≥ 2^17: R from ⌈(2^17 − 1 − fraction) / 2⌉ on
      const uint32_t want = fraction == 0 ? 0 : 65536 - (131071 - fraction + 1) / 2;
      uint32_t up = 0;
      for (uint32_t r = 0; r < 65536; ++r) up += run_narrow(bits_of(x), f, false, static_cast<uint16_t>(r)).bits != code;
      INFO(format_name(f) << " code " << code << " fraction " << fraction);
      CHECK(up == want);
    }
  }
}

TEST_CASE("functional: the generator gives the worked example and never stops at zero") {
  LaneRandom lane(0, 0);
  CHECK(lane.state() == 0x9E3779B9);
  CHECK(lane.draw() == 0x9E37);
  CHECK(LaneRandom(0x9E3779B9, 0).state() == 1);
  CHECK(LaneRandom(7, 2).state() == (7u ^ 3u * 0x9E3779B9u));
  // One step of xorshift32 from 1: 1 ^ 2^13, ^ >> 17, ^ << 5.
  LaneRandom one(0x9E3779B9, 0);
  one.draw();
  CHECK(one.state() == 0x00042021);
  CHECK(run_narrow(0x3F808000, Format::Bf16, false, uint16_t{0x9E37}) == Answer{0x3F81, kFlagInexact});
  CHECK(run_narrow(0x3F808000, Format::Bf16, false, uint16_t{0x7FFF}) == Answer{0x3F80, kFlagInexact});
  CHECK(run_narrow(0x3F808000, Format::Bf16, false, uint16_t{0x8000}) == Answer{0x3F81, kFlagInexact});
}

TEST_CASE("functional: integers are nearest even, clamped and invalid outside, inexact inside") {
  CHECK(run_integer(bits_of(2.5f), Format::Int8) == Answer{2, kFlagInexact});
  CHECK(run_integer(bits_of(-3.5f), Format::Int8) == Answer{static_cast<uint32_t>(-4), kFlagInexact});
  CHECK(run_integer(bits_of(127.5f), Format::Int8) == Answer{127, kFlagInvalid});
  CHECK(run_integer(bits_of(127.25f), Format::Int8) == Answer{127, kFlagInexact});
  CHECK(run_integer(bits_of(-128.5f), Format::Int8) == Answer{static_cast<uint32_t>(-128), kFlagInexact});
  CHECK(run_integer(bits_of(-0.5f), Format::Uint8) == Answer{0, kFlagInexact});
  CHECK(run_integer(bits_of(-1.0f), Format::Uint8) == Answer{0, kFlagInvalid});
  CHECK(run_integer(bits_of(255.0f), Format::Uint8) == Answer{255, 0});
  CHECK(run_integer(0x4F000000, Format::Int32) == Answer{0x7FFFFFFF, kFlagInvalid});  // 2^31
  CHECK(run_integer(0xCF000000, Format::Int32) == Answer{0x80000000, 0});
  CHECK(run_integer(0xFF800000, Format::Int32) == Answer{0x80000000, kFlagInvalid});
  CHECK(run_integer(0x7FC00000, Format::Int32) == Answer{0, kFlagInvalid});
}

TEST_CASE("functional: relu passes what is greater than zero, turns the rest into +0 and NaN into the canonical one") {
  CHECK(relu(0x00000001) == 1);
  CHECK(relu(0x7F800000) == 0x7F800000);
  CHECK(relu(0x80000000) == 0);
  CHECK(relu(0xFF800000) == 0);
  CHECK(relu(0xFF812345) == kNanFp32);
}

TEST_CASE("functional: real numbers become codes by one rounding") {
  CHECK(encode_value(1.0, Format::Bf16) == 0x3F80);
  CHECK(encode_value(-0.0, Format::Fp16) == 0x8000);
  CHECK(encode_value(1.0 + 0x1p-8 + 0x1p-40, Format::Bf16) == 0x3F81);  // FP32 in between would make it a tie
  CHECK(encode_value(1e-300, Format::Fp32) == 0);
  CHECK(encode_value(-1e300, Format::Fp32) == 0xFF800000);
  CHECK(encode_value(-1e300, Format::E4m3fn) == 0x7F);
  CHECK(encode_value(INFINITY, Format::E5m2) == 0x7C);
  CHECK(encode_value(0.1, Format::Fp32) == bits_of(0.1f));
}
