// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/diagnosis/float_policies.hpp"

#include <set>

#include "cosim/npu/diagnosis/rule_float.hpp"
#include "model/common/narrow.hpp"
#include "model/pe/fma.hpp"
#include "tests/catch.hpp"
#include "tests/tile/tile_driver.hpp"

using namespace assay;
using namespace assay::npu;
using assay::test::Random;

namespace {

constexpr Format kOperands[] = {Format::Bf16, Format::Fp16, Format::E5m2, Format::E4m3, Format::E4m3fn};

/// FP32 codes of every kind: near one another, near powers of two, subnormal, largest, special.
uint32_t code32(Random& random) {
  const auto bits = static_cast<uint32_t>(random.next());
  switch (random.below(8)) {
    case 0:
      return bits & 0x80FFFFFF;  // subnormal or next to it
    case 1:
      return (bits & 0x807FFFFF) | static_cast<uint32_t>(120 + random.below(16)) << 23;
    case 2:
      return (bits & 0xFF800000) | (random.chance(50) ? 0x7FFFFF : 0);
    case 3:
      return (bits & 0x80000000) | (0x7F7FFFF0 + static_cast<uint32_t>(random.below(32)));
    case 4:
      return (bits & 0x80000000) | (random.chance(50) ? 0 : 0x7F800000);
    case 5:
      return bits | 0x7F800000;
    default:
      return bits;
  }
}

uint16_t code16(Random& random) { return static_cast<uint16_t>(code32(random) >> 16); }

}  // namespace

TEST_CASE("diagnosis: without a deviation the adder in steps is the golden model's, value and flags") {
  Random random{1};
  const SumPolicy plain{};
  for (int i = 0; i < 400000; ++i) {
    const uint32_t x = code32(random), y = random.chance(25) ? x ^ static_cast<uint32_t>(random.below(1 << 10)) ^ 0x80000000u : code32(random);
    const Addend<int32_t> p = unpack_fp32(static_cast<int32_t>(x)), c = unpack_fp32(static_cast<int32_t>(y));
    if (p.nan != 0 || p.infinite != 0 || c.nan != 0 || c.infinite != 0) continue;
    const FloatSum got = add_deviating(p, c, plain.adder);
    const FloatResult want = fadd(x, y);
    INFO(std::hex << x << " + " << y);
    REQUIRE(got.bits == want.bits);
    REQUIRE(got.flags == want.flags);
  }
}

TEST_CASE("diagnosis: without a deviation the narrowing in steps is the golden model's, value and flags, for every format") {
  Random random{2};
  for (int i = 0; i < 300000; ++i) {
    const uint32_t x = code32(random);
    const Format f = kOperands[i % 5];
    const bool saturate = random.chance(50);
    const auto draw = random.chance(33) ? std::optional<uint16_t>(static_cast<uint16_t>(random.next())) : std::nullopt;
    const FloatSum got = narrow_deviating(x, f, saturate, draw, {});
    const FloatResult want = narrow(x, f, saturate, draw);
    INFO(std::hex << x << " to " << format_name(f) << " saturate " << saturate << " stochastic " << draw.has_value());
    REQUIRE(got.bits == want.bits);
    REQUIRE(got.flags == want.flags);
  }
}

TEST_CASE("diagnosis: no floating-point policy is idle: each gives another value or other flags for some operands") {
  Random random{3};
  const auto check = [](const auto& table, bool products, auto differs) {
    for (size_t i = 0; i < table.size(); ++i) {
      if (table[i].products && !products) continue;
      INFO(table[i].kind << ": " << table[i].text);
      bool found = false;
      for (int n = 0; n < 2000000 && !found; ++n) found = differs(static_cast<int>(i) + 1);
      CHECK(found);
    }
  };
  check(sum_policies(), true, [&](int choice) {
    const FloatOperand a{code16(random), random.next() & 7}, w{random.chance(12) ? a.x : code16(random), random.next() & 7};
    uint32_t c = code32(random);
    if (random.chance(50)) {  // near the product, where rounding and cancellation are
      const FloatSum p = float_fma(0, a, w, 0x80000000u);
      const auto place = static_cast<uint32_t>(random.below(28)) << 23;
      c = random.chance(50) ? (p.bits ^ 0x80000000u) + static_cast<uint32_t>(random.below(64)) - 32 : p.bits + (random.chance(50) ? place : 0u - place);
    }
    const FloatSum got = float_fma(choice, a, w, c), want = float_fma(0, a, w, c);
    return got.bits != want.bits || got.flags != want.flags;
  });
  check(convert_policies(), true, [&](int choice) {
    const uint32_t x = random.chance(50) ? code32(random) : (code32(random) & 0x807FF000) | static_cast<uint32_t>(100 + random.below(50)) << 23;
    const auto format = static_cast<int>(random.below(kFormats));
    const bool relu = random.chance(33), saturate = random.chance(50);
    const int draw = random.chance(60) ? static_cast<int>(random.below(65536)) : -1;
    const FloatSum got = float_convert(choice, x, format, relu, saturate, draw), want = float_convert(0, x, format, relu, saturate, draw);
    return got.bits != want.bits || got.flags != want.flags;
  });
  check(entry_policies(), true, [&](int choice) {
    const uint32_t x = code32(random) & (random.chance(50) ? ~0u : 0xFFFF8000u), y = random.chance(50) ? 0x80000000u : code32(random);
    const FloatSum got = float_entry_sum(0, choice, y, x, true), want = float_entry_sum(0, 0, y, x, true);
    return got.bits != want.bits || got.flags != want.flags;
  });
  check(decode_policies(), true, [&](int choice) {
    const auto code = static_cast<uint64_t>(random.next() & 0xFFFF);
    const auto format = static_cast<int>(kOperands[random.below(5)]);
    const FloatOperand got = float_operand(choice, code, format), want = float_operand(0, code, format);
    return got.x != want.x || got.low != want.low;
  });
}

TEST_CASE("diagnosis: every floating-point policy has a text of its own") {
  const auto check = [](const auto& table) {
    std::set<std::string> texts;
    for (const auto& row : table) texts.insert(row.text);
    CHECK(texts.size() == table.size());
  };
  check(sum_policies()), check(convert_policies()), check(entry_policies()), check(decode_policies());
}
