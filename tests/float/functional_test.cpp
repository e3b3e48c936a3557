// SPDX-License-Identifier: Apache-2.0
// The untimed model's own arithmetic against MPFR, exact rationals and the machine's fma: the suites that the cycle model passes too.
#include "model/functional/float_numerics.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

Rounded plain_mac(const MacCase& c) {
  uint8_t flags = 0;
  const uint32_t sum = functional::fused(functional::decode(c.a, c.fa), functional::decode(c.b, c.fb), c.c, flags);
  return {sum, flags};
}

Rounded plain_add(const AddCase& c) {
  uint8_t flags = 0;
  const uint32_t sum = functional::add(c.x, c.y, flags);
  return {sum, flags};
}

Rounded plain_convert(const CastCase& c) {
  uint8_t flags = 0;
  const uint32_t lane = functional::to_lane(c.x, c.g, c.saturate, c.random, flags);
  return {lane, flags};
}

void check(const Outcome& outcome, uint64_t at_least) {
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors >= at_least);
}

}  // namespace

TEST_CASE("functional: multiply-add of every pair of FP8 codes and of corner-biased operands equals MPFR and the machine") {
  for (const Format fa : kFp8)
    for (const Format fb : kFp8) check(fp8_pairs(plain_mac, fa, fb, 3 * kSlower), 8 * 65536 / (3 * kSlower));
  check(corner_macs_of_all_pairs(plain_mac, 12, 40000 / kSlower, 16), 25 * (40000 / kSlower));
  check(corner_adds(plain_add, 12, 500000 / kSlower, 16), 500000 / kSlower);
}

TEST_CASE("functional: conversions at every decision, solved fractions and uniform FP32 equal exact arithmetic") {
  for (const Format g : {Format::Int8, Format::Uint8, Format::Int32, Format::E5m2, Format::E4m3, Format::E4m3fn})
    check(encodes(plain_convert, g, {0, 0x7FFF, 0x8000, 0xFFFF}), 3000);
  for (const Format g : kOperandFormats) check(corner_casts(plain_convert, g, 12, 100000 / kSlower), 100000 / kSlower);
  for (const Format g : kOperandFormats) check(uniform_casts(plain_convert, g, 12, 100000 / kSlower), 100000 / kSlower);
}

TEST_CASE("functional: a hundred million corner-biased operands equal the machine's fma and, sampled, MPFR", "[nightly]") {
  check(corner_macs_of_all_pairs(plain_mac, 13, 4'200'000, 64), 25 * uint64_t{4'200'000});
}
