// SPDX-License-Identifier: Apache-2.0
#include "model/functional/dot.hpp"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "cosim/common/random.hpp"
#include "model/common/float_types.hpp"
#include "model/functional/exact_sum.hpp"
#include "tests/catch.hpp"
#include "tests/functional/dot_replay.hpp"

using namespace assay;

namespace {

using Policy = DotPolicy;
constexpr std::array<Format, 5> kFormats5{Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};
#if defined(__SANITIZE_ADDRESS__)
constexpr int kSlower = 8;
#else
constexpr int kSlower = 1;
#endif

/// A code whose value lies within some binades of 1, or (where `wild`) any code at all.
uint16_t random_code(Format f, Random& random, bool wild) {
  const FloatLayout l = float_layout(f);
  auto code = static_cast<uint32_t>(random.next()) & ((1u << format_bits(f)) - 1);
  if (wild && random.chance(0.5)) return static_cast<uint16_t>(code);
  const auto exponent = static_cast<uint32_t>(l.bias + random.range(-6, 6)) & static_cast<uint32_t>(l.ones());
  code = (code & ~(static_cast<uint32_t>(l.ones()) << l.mantissa_bits)) | exponent << l.mantissa_bits;
  const FloatClass kind = float_class(code, f);
  return static_cast<uint16_t>(kind >= FloatClass::Infinity || random.chance(0.05) ? code & (1u << l.magnitude_bits()) : code);
}

/// Kinds of data: 0 near 1, 1 anything finite and special, 2 products around FP32's smallest normal number, 3 few products, most of them −0.
test::DotCase random_case(Random& random, size_t size, int kind) {
  test::DotCase c{kFormats5[random.below(5)], kFormats5[random.below(5)], {}, {}, kNoEntry};
  if (kind == 2) c.fa = c.fb = Format::Bf16;
  for (size_t k = 0; k < size; ++k) {
    c.a.push_back(random_code(c.fa, random, kind == 1));
    c.b.push_back(random_code(c.fb, random, kind == 1));
    if (kind == 3)
      c.a.back() = static_cast<uint16_t>(random.chance(0.9) ? 0 : c.a.back()), c.b.back() = static_cast<uint16_t>(1u << float_layout(c.fb).magnitude_bits());
    if (kind == 2) {
      const auto low = static_cast<uint32_t>(random.range(0, 140));
      c.a.back() = static_cast<uint16_t>(low << 7 | (c.a.back() & 0x807F));
      c.b.back() = static_cast<uint16_t>(static_cast<uint32_t>(random.range(100, 140) - std::min<int64_t>(low, 100)) << 7 | (c.b.back() & 0x807F));
    }
  }
  const uint32_t values[] = {kNoEntry, 0, 0x3F800001, 0xC0490FDB, static_cast<uint32_t>(random.next()), 0x00000123, 0x807FFFFF, 0xFFC12345, 0x7F800001};
  c.stored = values[random.below(kind == 3 ? 2 : kind == 0 ? 4 : 9)];
  return c;
}

FloatResult dot_of(const test::DotCase& c, const Policy& policy, Isa isa = best_isa()) {
  return dot(CodeSpan(std::span<const uint16_t>(c.a), c.fa), CodeSpan(std::span<const uint16_t>(c.b), c.fb), c.stored, policy, isa);
}

Policy random_policy(Random& random, Policy::Sum sum) {
  Policy p;
  p.sum = sum;
  const auto any = [&](auto... values) {
    const std::array all{values...};
    return all[random.below(all.size())];
  };
  p.order = any(Policy::Order::Ascending, Policy::Order::Descending);
  p.start = any(Policy::Start::Zero, Policy::Start::Stored);
  if (sum == Policy::Sum::Sequential) p.product = any(Policy::Product::Exact, Policy::Product::ToFp32, Policy::Product::ToBf16);
  if (sum == Policy::Sum::Tree) p.product = any(Policy::Product::ToFp32, Policy::Product::ToBf16);
  p.k_tile = any(0, 1, 4, 7, 16), p.group = any(0, 1, 2, 4, 5, 8);
  p.fraction_bits = any(13, 23, 24, 25, 35, 1, 40), p.cut = any(Policy::Cut::TowardZero, Policy::Cut::Floor);
  p.output_nearest = random.chance(0.5), p.output_bits = any(23, 23, 13, 10, 1);
  p.flush_inputs = random.chance(0.3), p.flush_products = random.chance(0.3), p.flush_sums = random.chance(0.3);
  p.bf16_entries = random.chance(0.3);
  return p;
}

void check_policies(Policy::Sum sum, uint64_t seed, int count) {
  Random random(seed, 0);
  int wrong = 0, flags_seen = 0;
  for (int i = 0; i < count / kSlower; ++i) {
    const test::DotCase c = i % 16 == 0 ? random_case(random, random.below(4), 3) : random_case(random, random.below(33), i % 3);
    const Policy p = random_policy(random, sum);
    const oracle::Rounded want = test::replay_dot(c, p);
    const FloatResult got = dot_of(c, p);
    wrong += got != FloatResult{want.bits, want.flags};
    flags_seen |= want.flags;
  }
  CHECK(wrong == 0);
  CHECK(flags_seen == 15);
}

}  // namespace

TEST_CASE("functional: sequential sums equal a replay on exact rationals in every product, order, start, tile and flush") {
  check_policies(Policy::Sum::Sequential, 31, 6000);
}

TEST_CASE("functional: tree sums equal a replay on exact rationals in every shape") { check_policies(Policy::Sum::Tree, 32, 6000); }

TEST_CASE("functional: aligned sums equal a replay on exact rationals for both cuts, every width and output") {
  check_policies(Policy::Sum::Aligned, 33, 6000);
}

TEST_CASE("functional: exact sums equal a replay on exact rationals, whatever the range of the products") { check_policies(Policy::Sum::Exact, 34, 6000); }

TEST_CASE("functional: the default dot product is the tile's: ascending, from +0, then one more addition") {
  // 2^24 + 1 + 1 + …: every 1 is lost after the large one, none before it
  std::vector<uint16_t> a(9, Bf16(1.0f).bits()), b(9, Bf16(1.0f).bits());
  a[0] = Bf16(0x1p24f).bits();
  const CodeSpan x(std::span<const uint16_t>(a), Format::Bf16), y(std::span<const uint16_t>(b), Format::Bf16);
  CHECK(dot(x, y) == FloatResult{Fp32(0x1p24f).bits(), kInexact});
  Policy p;
  p.order = Policy::Order::Descending;
  CHECK(dot(x, y, kNoEntry, p) == FloatResult{Fp32(16777224.0f).bits(), 0});
  p = {};
  p.k_tile = 1;  // every product an addition of its own
  CHECK(dot(x, y, kNoEntry, p) == FloatResult{Fp32(0x1p24f).bits(), kInexact});
  p.start = Policy::Start::Stored;
  p.k_tile = 0;
  CHECK(dot(x, y, Fp32(-0x1p24f).bits(), p) == FloatResult{Fp32(8.0f).bits(), 0});
  p.start = Policy::Start::Zero;
  CHECK(dot(x, y, Fp32(-0x1p24f).bits(), p) == FloatResult{0, kInexact});
  p.sum = Policy::Sum::Tree, p.product = Policy::Product::ToFp32, p.group = 4;
  CHECK(dot(x, y, kNoEntry, p).bits == Fp32(16777224.0f).bits());  // (2^24 + 1) + 2 … : 2^24 + 2, + 4, + 1 to even
  p = {};
  p.sum = Policy::Sum::Exact;
  CHECK(dot(x, y, kNoEntry, p) == FloatResult{Fp32(16777224.0f).bits(), 0});
}

TEST_CASE("functional: aligned sums drop what lies below the cut, towards zero or down") {
  // 1 + (−2^-3) with two fraction bits: the small term vanishes, or floors to −1/4
  const std::vector<uint8_t> a{Fp8E4M3FN(1.0f).bits(), Fp8E4M3FN(-0.125f).bits()}, b(2, Fp8E4M3FN(1.0f).bits());
  const CodeSpan x(std::span<const uint8_t>(a), Format::E4m3fn), y(std::span<const uint8_t>(b), Format::E4m3fn);
  Policy p;
  p.sum = Policy::Sum::Aligned, p.fraction_bits = 2;
  CHECK(dot(x, y, kNoEntry, p) == FloatResult{Fp32(1.0f).bits(), kInexact});
  p.cut = Policy::Cut::Floor;
  CHECK(dot(x, y, kNoEntry, p) == FloatResult{Fp32(0.75f).bits(), kInexact});
  p.start = Policy::Start::Stored;  // E = 4 of the entry: nothing of the products is left, or one unit of each floors away
  CHECK(dot(x, y, Fp32(16.0f).bits(), p) == FloatResult{Fp32(12.0f).bits(), kInexact});
}

TEST_CASE("functional: an exact sum is independent of order and tiles when it starts from the entry") {
  Random random(35, 0);
  int wrong = 0;
  for (int i = 0; i < 300; ++i) {
    test::DotCase c = random_case(random, 40, 0);
    Policy p;
    p.sum = Policy::Sum::Exact, p.start = Policy::Start::Stored;
    const FloatResult forth = dot_of(c, p);
    std::reverse(c.a.begin(), c.a.end()), std::reverse(c.b.begin(), c.b.end());
    wrong += dot_of(c, p) != forth;
  }
  CHECK(wrong == 0);
}

TEST_CASE("functional: an exact sum holds a million of the largest products beside one of the smallest") {
  ExactSum sum;
  const Addend<int32_t> largest{0, 382, 0xFE0100, 0, 0, 0}, smallest{0, -139, 0x800000, 0, 0, 0}, opposite{1, 382, 0xFE0100, 0, 0, 0};
  for (int i = 0; i < 1000000; ++i) sum.add(largest);
  sum.add(smallest);
  CHECK(sum.rounded() == FloatResult{0x7F800000, kOverflow | kInexact});
  for (int i = 0; i < 1000000; ++i) sum.add(opposite);
  CHECK(sum.rounded() == FloatResult{0, kUnderflow | kInexact});
  sum.add({1, -139, 0x800000, 0, 0, 0});
  CHECK(sum.rounded() == FloatResult{0, 0});
}

TEST_CASE("functional: the processor's chain gives the integers' bits and flags, also with NaN, infinity and overflow, on every instruction set") {
  Random random(36, 0);
  int wrong = 0, differing_tiles = 0;
  for (int i = 0; i < 4000 / kSlower; ++i) {
    test::DotCase c = random_case(random, random.below(700), i % 3);
    if (i % 6 == 4 && c.a.size() > 300) c.a[random.below(c.a.size())] = static_cast<uint16_t>(float_layout(c.fa).canonical_nan);
    Policy p;
    p.order = random.chance(0.5) ? Policy::Order::Ascending : Policy::Order::Descending;
    p.start = random.chance(0.5) ? Policy::Start::Zero : Policy::Start::Stored;
    p.k_tile = random.chance(0.5) ? 0 : static_cast<int>(random.range(1, 300));
    p.bf16_entries = random.chance(0.3);
    const FloatResult plain = dot_of(c, p, Isa::V2);
    for (const Isa isa : {Isa::V3, Isa::V4})
      if (isa <= best_isa()) wrong += dot_of(c, p, isa) != plain;
    Policy other = p;
    other.k_tile = 0;
    differing_tiles += dot_of(c, other, Isa::V2) != plain;
  }
  CHECK(wrong == 0);
  CHECK(differing_tiles > 100 / kSlower);  // the cases do depend on what is varied
}

TEST_CASE("functional: the caller's rounding mode, flush modes and flags neither matter nor change") {
  Random random(37, 0);
  const unsigned before = _mm_getcsr();
  int wrong = 0;
  for (int i = 0; i < 300; ++i) {
    const test::DotCase c = random_case(random, 100, 2);
    const FloatResult plain = dot_of(c, {}, Isa::V2);
    const auto control = static_cast<unsigned>(0x1F80 | (random.below(4) << 13) | (random.below(2) << 15) | (random.below(2) << 6) | random.below(64));
    _mm_setcsr(control);
    const FloatResult got = dot_of(c, {});
    wrong += _mm_getcsr() != control;
    _mm_setcsr(before);
    wrong += got != plain;
  }
  CHECK(wrong == 0);
}

TEST_CASE("functional: bytes and 16-bit elements of an 8-bit format are the same operands") {
  Random random(38, 0);
  std::vector<uint8_t> bytes;
  std::vector<uint16_t> words;
  for (int i = 0; i < 500; ++i) {
    bytes.push_back(static_cast<uint8_t>(random.next()));
    words.push_back(static_cast<uint16_t>(bytes.back() | random.next() << 8));
  }
  for (const Format f : {Format::E5m2, Format::E4m3, Format::E4m3fn}) {
    const CodeSpan narrow(std::span<const uint8_t>(bytes), f), wide(std::span<const uint16_t>(words), f);
    for (const Isa isa : {Isa::V2, best_isa()}) CHECK(dot(narrow, narrow, kNoEntry, {}, isa) == dot(wide, wide, kNoEntry, {}, isa));
    Policy exact;
    exact.sum = Policy::Sum::Exact;
    CHECK(dot(narrow, narrow, kNoEntry, exact) == dot(wide, wide, kNoEntry, exact));
  }
}

TEST_CASE("functional: a policy that contradicts itself is refused by name") {
  const std::vector<uint16_t> codes(4, 0x3F80);
  const std::vector<uint8_t> bytes(4, 0x38);
  const CodeSpan x(std::span<const uint16_t>(codes), Format::Bf16);
  const auto refuses = [](const CodeSpan& a, const CodeSpan& b, const Policy& p, const std::string& field) {
    try {
      dot(a, b, kNoEntry, p);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what()).find(field) != std::string::npos;
    }
    return false;
  };
  const auto policy = [](auto change) {
    Policy p;
    change(p);
    return p;
  };
  CHECK(refuses(x, x, policy([](Policy& p) { p.sum = Policy::Sum::Tree; }), "product"));
  CHECK(refuses(x, x, policy([](Policy& p) { p.sum = Policy::Sum::Exact, p.product = Policy::Product::ToFp32; }), "product"));
  CHECK(refuses(x, x, policy([](Policy& p) { p.sum = Policy::Sum::Aligned, p.fraction_bits = 41; }), "fraction_bits"));
  CHECK(refuses(x, x, policy([](Policy& p) { p.output_bits = 24; }), "output_bits"));
  CHECK(refuses(x, x, policy([](Policy& p) { p.k_tile = -1; }), "k_tile"));
  CHECK(refuses(x, x, policy([](Policy& p) { p.group = -1; }), "group"));
  CHECK(refuses(x, x.subspan(0, 3), {}, "size"));
  CHECK(refuses(x, CodeSpan(std::span<const uint8_t>(bytes), Format::Bf16), {}, "two bytes"));
  CHECK(refuses(x, CodeSpan(std::span<const uint16_t>(codes), Format::Fp32), {}, "formats"));
}
