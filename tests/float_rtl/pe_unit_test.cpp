// SPDX-License-Identifier: Apache-2.0
// The Verilated multiply-add against MPFR and the machine's fma.
#include "tests/catch.hpp"
#include "tests/float_rtl/units.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

PeUnit& pe() {
  static PeUnit unit;
  return unit;
}

void check(const Outcome& outcome, uint64_t expected) {
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors == expected);
}

void check_format_nightly(Format f) {
  for (const Format other : kOperandFormats) {
    const uint64_t count = other == f ? 12'000'000 : 2'500'000;
    check(corner_macs(pe(), f, other, 8, count, 64), count);
  }
}

}  // namespace

TEST_CASE("pe: the RTL multiplies and adds every pair of FP8 codes of all nine format combinations as MPFR does, results and flags") {
  for (const Format fa : kFp8)
    for (const Format fb : kFp8) check(fp8_pairs(pe(), fa, fb), 8 * 65536);
}

TEST_CASE("pe: the RTL equals the machine's fma and, sampled, MPFR on two million corner-biased operands of all pairs of formats") {
  check(corner_macs_of_all_pairs(pe(), 2, 80000, 16), 25 * 80000);
}

TEST_CASE("pe: the RTL equals the machine's fma on operands with every bit uniform") { check(uniform_macs_of_all_pairs(pe(), 3, 20000), 25 * 20000); }

TEST_CASE("accumulate: the RTL adds a million corner-biased FP32 pairs as the machine and, sampled, MPFR do") {
  AccumulateUnit unit(false);
  check(corner_adds(unit, 6, 1'000'000, 16), 1'000'000);
}

TEST_CASE("accumulate: the RTL rounds sums for BF16 entries twice, to FP32 and to BF16, and raises the flags of both") {
  AccumulateUnit unit(true);
  Outcome outcome;
  uint64_t twice = 0;  // where one rounding of the exact sum would give another entry
  for (uint64_t i = 0; i < 400'000; ++i) {
    const AddCase add = i % 4 == 0 ? double_rounding_add(9, i) : corner_add(9, i);
    const Rounded sum = oracle::fadd(add.x, add.y), entry = oracle::narrow(sum.bits, Format::Bf16, false, std::nullopt);
    const Rounded want{entry.bits << 16, static_cast<uint8_t>(sum.flags | entry.flags)};
    if (!outcome.compare(add, unit(add), want)) break;
    twice += (sum.flags & oracle::kInexact) != 0 && (sum.bits & 0xFFFF) == 0x8000;
  }
  check(outcome, 400'000);
  CHECK(twice > 10'000);
}

TEST_CASE("pe: the RTL equals the machine's fma on 12 million corner-biased bf16 operands and 10 million mixed with other formats", "[nightly]") {
  check_format_nightly(Format::Bf16);
}
TEST_CASE("pe: the RTL equals the machine's fma on 12 million corner-biased fp16 operands and 10 million mixed with other formats", "[nightly]") {
  check_format_nightly(Format::Fp16);
}
TEST_CASE("pe: the RTL equals the machine's fma on 12 million corner-biased e5m2 operands and 10 million mixed with other formats", "[nightly]") {
  check_format_nightly(Format::E5m2);
}
TEST_CASE("pe: the RTL equals the machine's fma on 12 million corner-biased e4m3 operands and 10 million mixed with other formats", "[nightly]") {
  check_format_nightly(Format::E4m3);
}
TEST_CASE("pe: the RTL equals the machine's fma on 12 million corner-biased e4m3fn operands and 10 million mixed with other formats", "[nightly]") {
  check_format_nightly(Format::E4m3fn);
}
