// SPDX-License-Identifier: Apache-2.0
// The Verilated decoder and conversions against MPFR (nearest-even), exact rationals (stochastic) and exact integers.
#include <cmath>

#include "tests/catch.hpp"
#include "tests/float_rtl/units.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

CastUnit& unit() {
  static CastUnit cast;
  return cast;
}

void check(const Outcome& outcome, uint64_t at_least) {
  INFO(outcome.first);
  REQUIRE(outcome.good());
  CHECK(outcome.vectors >= at_least);
}

const std::vector<uint16_t> kRandoms{0x7FFF, 0xFFFF};

}  // namespace

TEST_CASE("decode: the RTL widens every code of every operand format exactly, NaN canonical, signalling NaN invalid") {
  DecodeUnit decode;
  check(decodes_of_all_formats(decode), 2 * 65536 + 3 * 256);
}

TEST_CASE("cast: the RTL converts every value, midpoint and FP32 neighbour of the 8-bit formats as exact arithmetic does, in every mode") {
  for (const Format g : kFp8) check(encodes(unit(), g, fp8_randoms()), 17000);
}

TEST_CASE("cast: the RTL converts every value, midpoint and FP32 neighbour of bf16 and fp16 as exact arithmetic does") {
  for (const Format g : {Format::Bf16, Format::Fp16}) check(encodes(unit(), g, kRandoms), 1000000);
}

TEST_CASE("cast: the RTL rounds halves of integers and clamps at the ends of int8, uint8, int32; NaN and infinity") {
  for (const Format g : {Format::Int8, Format::Uint8, Format::Int32}) check(encodes(unit(), g, {}), 3000);
}

TEST_CASE("cast: the RTL converts all codes of bf16, fp16 and the FP8 formats into every format and mode as exact arithmetic does") {
  for (const Format f : kOperandFormats) check(codes_into_every_format(unit(), f, kRandoms), codes(f) * 20);
}

TEST_CASE("cast: the RTL converts corner-biased FP32 to all formats as exact arithmetic does, fractions solved for R and R for fractions") {
  check(corner_casts_of_all_formats(unit(), 1, 200000), 9 * 200000);
}

TEST_CASE("cast: the RTL converts FP32 with every bit uniform") {
  for (int g = 0; g < kFormats; ++g) check(uniform_casts(unit(), static_cast<Format>(g), 1, 50000), 50000);
}

TEST_CASE("cast: ten million corner-biased conversions of the RTL to every narrow format", "[nightly]") {
  for (const Format g : kOperandFormats) check(corner_casts(unit(), g, 2, 10'000'000), 10'000'000);
}

TEST_CASE("cast: over all 65,536 R the RTL rounds up as often as the exact rule says") {
  for (const Format g : kOperandFormats) {
    Random random(5, static_cast<uint64_t>(g));
    for (int i = 0; i < 20; ++i) {
      const Layout l = layout(g);
      const auto code = static_cast<uint32_t>(random.below(l.max_finite));
      const double low = values_of(g)[code], step = static_cast<double>(values_of(g)[code + 1]) - low;
      const auto x = std::bit_cast<uint32_t>(static_cast<float>(low + static_cast<double>(random.next() >> 40) * 0x1p-24 * step));
      const double fraction = (static_cast<double>(std::bit_cast<float>(x)) - low) / step;
      if (fraction >= 1) continue;
      uint32_t up = 0;
      for (uint32_t r = 0; r < 65536; ++r) up += unit()({x, g, false, static_cast<uint16_t>(r)}).bits == code + 1;
      INFO(format_name(g) << " x " << x << " up " << up << " of 65536, fraction " << fraction);
      REQUIRE(std::fabs(up / 65536.0 - fraction) <= 0x1p-17);
    }
  }
}
