// SPDX-License-Identifier: Apache-2.0
#include "model/common/narrow.hpp"

#include <bit>
#include <cmath>

#include "cosim/common/random.hpp"
#include "model/common/fadd.hpp"
#include "model/common/stochastic.hpp"
#include "tests/catch.hpp"
#include "tests/common/checked_word.hpp"

using namespace assay;

namespace {

constexpr Format kNarrow[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};
constexpr uint8_t kAbove = kOverflow | kInexact, kBelow = kUnderflow | kInexact;

FloatResult nearest(float x, Format g) { return narrow(std::bit_cast<uint32_t>(x), g, false, {}); }
FloatResult integer(float x, Format g) { return to_integer(std::bit_cast<uint32_t>(x), g); }

/// FP32 numbers with many zeros at the end, so that ties are common, of every exponent around the formats' ends.
uint32_t corner(Random& random) {
  const auto any = static_cast<uint32_t>(random.next());
  if (random.chance(0.1)) return any;
  const auto exponent = static_cast<uint32_t>(random.chance(0.2) ? random.range(0, 255) : random.range(90, 150));
  return (any & 0x80000000u) | exponent << 23 | (any & 0x7FFFFF & (~0u << random.below(24)));
}

}  // namespace

TEST_CASE("common: the worked operand forms of the specification hold") {
  CHECK(operand_form(0x0001, Format::Fp16) == Operand{0x3380, 0});
  CHECK(operand_form(0x03FF, Format::Fp16) == Operand{0x387F, 6});
  CHECK(operand_form(0x01, Format::E4m3fn) == Operand{0x3B00, 0});
  CHECK(operand_form(0x7E, Format::E4m3fn) == Operand{0x43E0, 0});
  CHECK(operand_form(0x7D, Format::E5m2) == Operand{0x7FA0, 0});
}

TEST_CASE("common: the worked narrowings of the specification hold") {
  CHECK(narrow(0x43E80000, Format::E4m3fn, false, {}) == FloatResult{0x7E, kInexact});
  CHECK(narrow(0x43E80001, Format::E4m3fn, false, {}) == FloatResult{0x7F, kAbove});
  CHECK(narrow(0x43E80001, Format::E4m3fn, true, {}) == FloatResult{0x7E, kAbove});
  CHECK(narrow(0x43780000, Format::E4m3, false, {}) == FloatResult{0x78, kAbove});
  CHECK(narrow(0x47700000, Format::E5m2, false, {}) == FloatResult{0x7C, kAbove});
  CHECK(narrow(0x477FF000, Format::Fp16, false, {}) == FloatResult{0x7C00, kAbove});
}

TEST_CASE("common: the worked stochastic rounding of the specification holds") {
  const uint32_t s = seeded(0, 0);
  CHECK(s == 0x9E3779B9);
  CHECK(random_of(s) == 0x9E37);
  const uint32_t one_and_a_half_place = 0x3F808000;  // 1 + 2^-8
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, random_of(s)) == FloatResult{0x3F81, kInexact});
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, 0x8000) == FloatResult{0x3F81, kInexact});
  CHECK(narrow(one_and_a_half_place, Format::Bf16, false, 0x7FFF) == FloatResult{0x3F80, kInexact});
}

TEST_CASE("common: the generator is Marsaglia's xorshift32 and never starts at 0") {
  uint32_t s = 1;
  for (const uint32_t published : {270369u, 67634689u, 2647435461u, 307599695u}) {
    s = xorshift(s);
    CHECK(s == published);
  }
  CHECK(seeded(0x9E3779B9, 0) == 1);
  CHECK(seeded(0, 2) == 3u * 0x9E3779B9u);
}

TEST_CASE("common: NaN, infinity and zero narrow without rounding, signs and modes as specified") {
  for (const Format g : kNarrow) {
    const FloatLayout l = float_layout(g);
    const uint32_t sign = 1u << l.magnitude_bits(), nan = static_cast<uint32_t>(l.canonical_nan), max = static_cast<uint32_t>(l.max_finite);
    for (const bool saturate : {false, true})
      for (const std::optional<uint16_t> random : {std::optional<uint16_t>(), std::optional<uint16_t>(0xFFFF)}) {
        CHECK(narrow(0xFFC12345, g, saturate, random) == FloatResult{nan, 0});
        CHECK(narrow(0xFF812345, g, saturate, random) == FloatResult{nan, kInvalid});
        CHECK(narrow(0x80000000, g, saturate, random) == FloatResult{sign, 0});
        const FloatResult minus = narrow(0xFF800000, g, saturate, random);
        CHECK(minus == FloatResult{saturate ? sign | max : l.has_infinity ? sign | static_cast<uint32_t>(l.infinity()) : nan, 0});
      }
  }
}

TEST_CASE("common: underflow to nearest looks at the value rounded with unbounded exponent, stochastic at the value itself") {
  // E4M3, smallest normal 2^-6; below it FP32 places of the next binade: a quarter place of the subnormals is where the tie is
  const float smallest = 0x1p-6f;
  CHECK(nearest(smallest - 0x1p-11f, Format::E4m3) == FloatResult{0x08, kInexact});
  CHECK(nearest(smallest - 0x1.8p-11f, Format::E4m3) == FloatResult{0x08, kBelow});
  CHECK(narrow(std::bit_cast<uint32_t>(smallest - 0x1p-11f), Format::E4m3, false, 0xFFFF) == FloatResult{0x08, kBelow});
  CHECK(narrow(std::bit_cast<uint32_t>(smallest), Format::E4m3, false, 0xFFFF) == FloatResult{0x08, 0});
  // BF16, where the smallest normal is FP32's own
  CHECK(narrow(0x007FC000, Format::Bf16, false, {}) == FloatResult{0x0080, kInexact});
  CHECK(narrow(0x007FBFFF, Format::Bf16, false, {}) == FloatResult{0x0080, kBelow});
  CHECK(nearest(0x1p-10f, Format::E4m3) == FloatResult{0, kBelow});         // half the smallest subnormal: to even
  CHECK(nearest(0x1.fffffep-11f, Format::E4m3) == FloatResult{0, kBelow});  // just below that
  CHECK(nearest(-0x1.fp-60f, Format::E4m3) == FloatResult{0x80, kBelow});
  CHECK(nearest(-0x1.8p-10f, Format::E4m3) == FloatResult{0x81, kBelow});  // three quarters of it
  CHECK(nearest(-0x1p-60f, Format::E4m3) == FloatResult{0x80, kBelow});
  CHECK(narrow(std::bit_cast<uint32_t>(0x1p-26f), Format::E4m3, false, 0xFFFF) == FloatResult{0x01, kBelow});  // δ = 2^-17, the least that counts
  CHECK(narrow(std::bit_cast<uint32_t>(0x1.8p-27f), Format::E4m3, false, 0xFFFF) == FloatResult{0x00, kBelow});
}

TEST_CASE("common: stochastic rounding goes up for as many random numbers as the fraction says") {
  for (const uint32_t fraction : {1u, 77u, 0x4000u, 0xFFFFu}) {  // of 2^16, all that FP32 has below BF16
    int ups = 0;
    for (uint32_t r = 0; r < 65536; ++r) ups += narrow(0xBF800000u | fraction, Format::Bf16, false, static_cast<uint16_t>(r)).bits == 0xBF81;
    CHECK(ups == static_cast<int>(fraction));  // ⌊δ·2^17⌋ = 2·fraction, 2R + 1 ≥ 2^17 − 2·fraction
  }
}

TEST_CASE("common: conversion to integers rounds to even, clamps with invalid") {
  CHECK(integer(2.5f, Format::Int8) == FloatResult{2, kInexact});
  CHECK(integer(-3.5f, Format::Int8) == FloatResult{static_cast<uint32_t>(-4), kInexact});
  CHECK(integer(127.5f, Format::Int8) == FloatResult{127, kInvalid});
  CHECK(integer(127.25f, Format::Int8) == FloatResult{127, kInexact});
  CHECK(integer(-128.0f, Format::Int8) == FloatResult{static_cast<uint32_t>(-128), 0});
  CHECK(integer(255.5f, Format::Uint8) == FloatResult{255, kInvalid});
  CHECK(integer(-0.5f, Format::Uint8) == FloatResult{0, kInexact});
  CHECK(integer(-0.75f, Format::Uint8) == FloatResult{0, kInvalid});
  CHECK(integer(0x1p31f, Format::Int32) == FloatResult{INT32_MAX, kInvalid});
  CHECK(integer(-0x1p31f, Format::Int32) == FloatResult{0x80000000, 0});
  CHECK(integer(-INFINITY, Format::Int32) == FloatResult{0x80000000, kInvalid});
  CHECK(to_integer(0xFFC00000, Format::Int32) == FloatResult{0, kInvalid});
  CHECK(integer(0x1p-149f, Format::Int32) == FloatResult{0, kInexact});
}

TEST_CASE("common: integers become FP32 to nearest even, and each other by clamping") {
  CHECK(widen(0x7FFFFFFF, Format::Int32) == FloatResult{0x4F000000, kInexact});
  CHECK(widen(0x80000000, Format::Int32) == FloatResult{0xCF000000, 0});
  CHECK(widen(0x01000001, Format::Int32) == FloatResult{0x4B800000, kInexact});
  CHECK(widen(0x01000003, Format::Int32) == FloatResult{0x4B800002, kInexact});
  CHECK(widen(0xFF, Format::Int8) == FloatResult{0xBF800000, 0});
  CHECK(widen(0xFF, Format::Uint8) == FloatResult{0x437F0000, 0});
  CHECK(cast(300, Format::Int32, Format::Int8, false, {}) == FloatResult{127, kInvalid});
  CHECK(cast(0x80, Format::Int8, Format::Uint8, false, {}) == FloatResult{0, kInvalid});
  CHECK(cast(0x80, Format::Int8, Format::Int32, false, {}) == FloatResult{0xFFFFFF80, 0});
  CHECK(cast(0x01000001, Format::Int32, Format::Bf16, false, {}) == FloatResult{0x4B80, kInexact});
  CHECK(cast(0x7D, Format::E5m2, Format::E4m3, false, {}) == FloatResult{0x7C, kInvalid});
  CHECK(cast(0x7B, Format::E5m2, Format::E4m3fn, true, {}) == FloatResult{0x7E, kAbove});
  CHECK(cast(0xFFC00001, Format::Fp32, Format::Fp32, false, {}) == FloatResult{0x7FC00000, 0});
}

TEST_CASE("common: relu passes what is above zero, makes NaN canonical and the rest +0") {
  CHECK(relu(0x00000001) == 0x00000001);
  CHECK(relu(0x7F800000) == 0x7F800000);
  CHECK(relu(0x80000000) == 0);
  CHECK(relu(0xFF800000) == 0);
  CHECK(relu(0xFF800001) == 0x7FC00000);
  CHECK(relu(0xBF800000) == 0);
}

TEST_CASE("common: every code of every format of at most 16 bits comes back from FP32 unchanged, NaN canonical") {
  for (const Format f : kNarrow) {
    int wrong = 0;
    for (uint32_t code = 0; code < 1u << format_bits(f); ++code) {
      const FloatResult wide = widen(code, f);
      const FloatClass kind = float_class(code, f);
      const bool nan = kind >= FloatClass::QuietNan;
      const uint32_t back = nan ? static_cast<uint32_t>(float_layout(f).canonical_nan) : code;
      for (const std::optional<uint16_t> random : {std::optional<uint16_t>(), std::optional<uint16_t>(0xFFFF)})
        wrong += narrow(wide.bits, f, false, random) != FloatResult{back, 0};
      wrong += wide.flags != (kind == FloatClass::SignallingNan ? kInvalid : 0);
      wrong += !nan && to_double(code, f) != static_cast<double>(std::bit_cast<float>(wide.bits));
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("common: conversions are straight-line over a bare word, within 32 bits, those with integers within 40") {
  using Word = test::Checked<32>;
  using Wide = test::Checked<40>;
  Random random(19, 0);
  int wrong = 0;
  const auto result = [](auto word) { return FloatResult{static_cast<uint32_t>(word.bits.value), static_cast<uint8_t>(word.flags.value)}; };
  for (int i = 0; i < 150000; ++i) {
    const uint32_t x = corner(random), y = random.chance(0.5) ? corner(random) : x ^ 0x80000000u ^ static_cast<uint32_t>(random.below(4));
    const Word word(static_cast<int32_t>(x));
    const Format g = kNarrow[random.below(5)];
    const bool saturate = random.chance(0.5), stochastic = random.chance(0.5);
    const auto r = static_cast<uint16_t>(random.next());
    const auto narrowed = narrow_word(word, float_layout(g), Word(saturate), Word(stochastic), Word(r));
    wrong += result(narrowed) != narrow(x, g, saturate, stochastic ? std::optional(r) : std::nullopt);
    wrong += result(fadd_word(word, Word(static_cast<int32_t>(y)))) != fadd(x, y);
    wrong += static_cast<uint32_t>(relu_word(word).value) != relu(x);
    wrong += result(widen_word(word, float_layout(g))) != widen(x, g);
    wrong += result(to_integer_word(Wide(x), Wide(INT32_MIN), Wide(INT32_MAX))) != to_integer(x, Format::Int32);
    const auto from = from_integer_word(Wide(static_cast<int32_t>(x)));
    wrong += result(from) != widen(x, Format::Int32);
  }
  CHECK(wrong == 0);
}

TEST_CASE("common: leading zeros by halves are the processor's") {
  int wrong = leading_zeros<int64_t>(0) != 32;
  for (int64_t x = 1; x < int64_t{1} << 32; x += 1 + x / 997)
    wrong +=
        leading_zeros<int64_t>(x) != leading_zeros(x) || leading_zeros<int32_t>(static_cast<int32_t>(x >> 1)) != leading_zeros(static_cast<int32_t>(x >> 1));
  CHECK(wrong == 0);
}
