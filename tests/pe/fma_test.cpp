// SPDX-License-Identifier: Apache-2.0
#include "model/pe/fma.hpp"

#include <bit>
#include <cfenv>
#include <cmath>
#include <vector>

#include "cosim/common/random.hpp"
#include "tests/catch.hpp"
#include "tests/common/checked_word.hpp"

using namespace assay;

namespace {

constexpr Format kOperands[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};
constexpr uint32_t kNan = 0x7FC00000;

Operand bf16(uint32_t code) { return operand_form(code, Format::Bf16); }

/// The host's fused multiply-add with its flags. The volatiles keep it between clearing and reading them.
FloatResult host_fma(float a, float w, float c) {
  volatile float x = a, y = w, z = c;
  std::feclearexcept(FE_ALL_EXCEPT);
  volatile float sum = std::fma(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z));
  const int raised = std::fetestexcept(FE_ALL_EXCEPT);
  const int flags = ((raised & FE_INEXACT) != 0 ? kInexact : 0) | ((raised & FE_UNDERFLOW) != 0 ? kUnderflow : 0) |
                    ((raised & FE_OVERFLOW) != 0 ? kOverflow : 0) | ((raised & FE_INVALID) != 0 ? kInvalid : 0);
  return {std::bit_cast<uint32_t>(static_cast<float>(sum)), static_cast<uint8_t>(flags)};
}

float value(uint32_t fp32) { return std::bit_cast<float>(fp32); }
float value(uint32_t code, Format f) { return value(widen(code, f).bits); }

int64_t pick(Random& random, std::initializer_list<int64_t> values) { return values.begin()[random.below(values.size())]; }

/// An addend that tells something about a product: near its opposite, on a tie with it, far below or above, or anything.
uint32_t addend_for(float product, Random& random) {
  const auto exact = std::bit_cast<uint32_t>(product);
  const auto magnitude = static_cast<int64_t>(exact & 0x7FFFFFFF);
  const auto at = [&](int64_t m) { return static_cast<uint32_t>(m < 0 ? 0 : m > 0x7F7FFFFF ? 0x7F7FFFFF : m) | static_cast<uint32_t>(random.next() << 31); };
  switch (random.below(8)) {
    case 0:
      return (exact ^ 0x80000000u) + static_cast<uint32_t>(random.range(-2, 2));  // cancellation to the last place
    case 1:
      return at(magnitude + (random.range(22, 26) << 23)) & ~0x3u;  // the product around half a place of c
    case 2:
      return at(magnitude - (random.range(22, 50) << 23));  // c around half a place, or only sticky
    case 3:
      return at((static_cast<int64_t>(random.below(254)) << 23) + pick(random, {0, 1, 0x7FFFFF, 0x400000}));  // powers of two and their neighbours
    case 4:
      return at(static_cast<int64_t>(random.below(0x1000000)));  // subnormal, and just above
    case 5:
      return at(0);
    case 6:
      return at(0x7F7FFFFF - static_cast<int64_t>(random.below(4)));
    default:
      return static_cast<uint32_t>(random.next());
  }
}

/// Codes at the ends of exponent and mantissa more often than elsewhere.
uint32_t code_for(Format f, Random& random) {
  const FloatLayout l = float_layout(f);
  const auto any = static_cast<uint32_t>(random.next()) & ((1u << format_bits(f)) - 1);
  if (random.chance(0.5)) return any;
  const auto mantissa = static_cast<uint32_t>(pick(random, {0, 1, l.mantissa_mask(), l.mantissa_mask() / 2 + 1}));
  const auto exponent = static_cast<uint32_t>(pick(random, {0, 1, l.ones(), l.ones() - 1, l.bias}));
  return (any & (1u << l.magnitude_bits())) | exponent << l.mantissa_bits | mantissa;
}

}  // namespace

TEST_CASE("pe: the worked fused multiply-adds of the specification hold") {
  CHECK(fma(bf16(0x3F80), bf16(0x3F80), 0x33800000) == FloatResult{0x3F800000, kInexact});
  CHECK(fma(bf16(0x0080), bf16(0x0080), 0) == FloatResult{0, kUnderflow | kInexact});
  CHECK(fma(bf16(0x7F80), bf16(0x0000), kNan) == FloatResult{kNan, kInvalid});
  CHECK(fma(bf16(0x8000), bf16(0x3F80), 0x80000000) == FloatResult{0x80000000, 0});
  CHECK(fma(bf16(0x8000), bf16(0x3F80), 0) == FloatResult{0, 0});
}

TEST_CASE("pe: NaN and infinity give the flags and the canonical NaN of the specification") {
  const Operand one = bf16(0x3F80), inf = bf16(0x7F80), zero = bf16(0), quiet = bf16(0xFFC1), signalling = bf16(0x7F81);
  CHECK(fma(quiet, one, 0) == FloatResult{kNan, 0});
  CHECK(fma(one, signalling, 0) == FloatResult{kNan, kInvalid});
  CHECK(fma(one, one, 0xFFC00001) == FloatResult{kNan, 0});
  CHECK(fma(one, one, 0x7F800001) == FloatResult{kNan, kInvalid});
  CHECK(fma(inf, zero, 0x3F800000) == FloatResult{kNan, kInvalid});
  CHECK(fma(zero, inf, 0x7FC00000) == FloatResult{kNan, kInvalid});  // whatever c is
  CHECK(fma(inf, quiet, 0x7F800000) == FloatResult{kNan, 0});        // a NaN product is not −infinity
  CHECK(fma(inf, one, 0xFF800000) == FloatResult{kNan, kInvalid});
  CHECK(fma(inf, one, 0x7F800000) == FloatResult{0x7F800000, 0});
  CHECK(fma(inf, bf16(0x8001), 0x3F800000) == FloatResult{0xFF800000, 0});
  CHECK(fma(one, one, 0xFF800000) == FloatResult{0xFF800000, 0});
  CHECK(fma(operand_form(0x7D, Format::E5m2), one, 0) == FloatResult{kNan, kInvalid});  // signalling in E5M2
  CHECK(fma(operand_form(0x7F, Format::E4m3fn), one, 0) == FloatResult{kNan, 0});       // E4M3FN has only quiet ones
}

TEST_CASE("pe: overflow and underflow are decided after rounding with unbounded exponent") {
  const Operand big = bf16(0x7F7F), one = bf16(0x3F80), minus = bf16(0xBF80);
  CHECK(fma(big, big, 0) == FloatResult{0x7F800000, kOverflow | kInexact});
  CHECK(fma(bf16(0x7300), one, 0x7F7FFFFF) == FloatResult{0x7F800000, kOverflow | kInexact});  // half a place above the largest: a tie
  CHECK(fma(bf16(0x72FF), one, 0x7F7FFFFF) == FloatResult{0x7F7FFFFF, kInexact});
  const Operand half_place = bf16(0x2000), tiny = bf16(0x1380), twice = bf16(0x1400);  // 2^-63, 2^-88, 2^-87
  // 2^-126 less 2^-151: a tie with 24 bits, rounds to 2^-126 in both grids, not tiny
  CHECK(fma(half_place, tiny, 0x80800000) == FloatResult{0x80800000, kInexact});
  // 2^-126 less 2^-150: has 24 bits, tiny, although the subnormals' grid gives 2^-126
  CHECK(fma(half_place, twice, 0x80800000) == FloatResult{0x80800000, kUnderflow | kInexact});
  CHECK(fma(minus, bf16(0x0001), 0x00000000) == FloatResult{0x80010000, 0});  // subnormal and exact: no flag
}

TEST_CASE("pe: fma has the host's bits and flags over every pair of formats, near ties, cancellations, both ends and zeros") {
  Random random(17, 0);
  int wrong = 0, seen[16] = {};
  for (const Format fa : kOperands)
    for (const Format fw : kOperands)
      for (int i = 0; i < 120000; ++i) {
        const uint32_t a = code_for(fa, random), w = code_for(fw, random);
        const float x = value(a, fa), y = value(w, fw);
        const uint32_t c = addend_for(x * y, random);
        const FloatResult got = fma(operand_form(a, fa), operand_form(w, fw), c);
        if (std::isnan(x) || std::isnan(y) || std::isnan(value(c))) {
          wrong += got.bits != kNan;
          continue;
        }
        FloatResult want = host_fma(x, y, value(c));
        if (std::isnan(value(want.bits))) want.bits = kNan;
        wrong += got != want;
        ++seen[want.flags];
      }
  CHECK(wrong == 0);
  for (const int flags : {0, int{kInexact}, kInexact | kUnderflow, kInexact | kOverflow, int{kInvalid}}) CHECK(seen[flags] > 1000);
}

TEST_CASE("pe: fma is straight-line over a bare word, and nothing in it leaves 32 bits") {
  using Word = test::Checked<32>;
  Random random(18, 0);
  int wrong = 0;
  for (int i = 0; i < 150000; ++i) {
    const Format fa = kOperands[random.below(5)], fw = kOperands[random.below(5)];
    const uint32_t a = code_for(fa, random), w = code_for(fw, random);
    const uint32_t c = addend_for(value(a, fa) * value(w, fw), random);
    const auto sum = fma_word(operand_form_word(Word(a), float_layout(fa)), operand_form_word(Word(w), float_layout(fw)), Word(static_cast<int32_t>(c)));
    const FloatResult got{static_cast<uint32_t>(sum.bits.value), static_cast<uint8_t>(sum.flags.value)};
    wrong += got != fma(operand_form(a, fa), operand_form(w, fw), c);
    const auto wide = fma_word<int64_t>(operand_form_word<int64_t>(a, float_layout(fa)), operand_form_word<int64_t>(w, float_layout(fw)), c);
    wrong += float_result(wide) != got;
  }
  CHECK(wrong == 0);
}
