// SPDX-License-Identifier: Apache-2.0
// Stochastic rounding: the generator and its period, exact replay from the seed, probability and bias.
#include "model/common/stochastic.hpp"

#include <array>
#include <bit>
#include <cmath>

#include "model/common/narrow.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/suites.hpp"

using namespace assay;
using namespace assay::oracle;

namespace {

/// A linear map of 32 bits: column i is the image of bit i.
using Matrix = std::array<uint32_t, 32>;

uint32_t image(const Matrix& m, uint32_t v) {
  uint32_t out = 0;
  for (; v != 0; v &= v - 1) out ^= m[static_cast<size_t>(std::countr_zero(v))];
  return out;
}

Matrix power(Matrix base, uint64_t n) {
  Matrix result;
  for (size_t i = 0; i < 32; ++i) result[i] = 1u << i;
  for (; n != 0; n >>= 1) {
    Matrix next = base, product = result;
    for (size_t i = 0; i < 32; ++i) next[i] = image(base, base[i]), product[i] = image(base, result[i]);
    if ((n & 1) != 0) result = product;
    base = next;
  }
  return result;
}

/// FP32 numbers with a fraction between two values of g: (value, δ as a double, exact).
struct Between {
  uint32_t x;
  double delta, step;
};
Between between(Random& r, Format g) {
  const Layout l = layout(g);
  const auto code = static_cast<uint32_t>(r.below(l.max_finite));
  const double low = values_of(g)[code], step = static_cast<double>(values_of(g)[code + 1]) - low;
  const double wanted = r.below(4) == 0 ? std::ldexp(1.0, -static_cast<int>(r.range(1, 20))) : static_cast<double>(r.next() >> 40) * 0x1p-24;
  const float x = static_cast<float>(low + wanted * step);  // what FP32 makes of it; δ follows from x, exactly
  return {std::bit_cast<uint32_t>(x), (static_cast<double>(x) - low) / step, step};
}

double value_of(uint32_t code, Format g) { return values_of(g)[code]; }

}  // namespace

TEST_CASE("stochastic: seeding and stepping equal plain arithmetic modulo 2^32") {
  Random random(1, 2);
  for (int i = 0; i < 100000; ++i) {
    const auto seed = static_cast<uint32_t>(random.next());
    const int lane = static_cast<int>(random.below(128));
    if (assay::seeded(seed, lane) != oracle::seeded(seed, lane)) FAIL("seed " << seed << " lane " << lane);
    if (assay::xorshift(seed) != oracle::step(seed)) FAIL("step of " << seed);
    if (assay::random_of(seed) != oracle::random_of(seed)) FAIL("R of " << seed);
  }
  for (int lane = 0; lane < 128; ++lane) {  // the seed that would give state 0
    const auto v = static_cast<uint32_t>((static_cast<uint64_t>(lane) + 1) * 0x9E3779B9u);
    CHECK(assay::seeded(v, lane) == 1);
  }
}

TEST_CASE("stochastic: the generator's period is 2^32 - 1: its map has that order and no proper divisor's") {
  Matrix map;
  for (size_t i = 0; i < 32; ++i) map[i] = assay::xorshift(1u << i);
  Random random(3, 3);
  for (int i = 0; i < 1000; ++i) {  // it is linear
    const auto s = static_cast<uint32_t>(random.next());
    if (image(map, s) != assay::xorshift(s)) FAIL(s);
  }
  Matrix identity;
  for (size_t i = 0; i < 32; ++i) identity[i] = 1u << i;
  constexpr uint64_t kOrder = 0xFFFFFFFFu;  // 3 · 5 · 17 · 257 · 65537
  CHECK(power(map, kOrder) == identity);
  for (const uint64_t prime : {3u, 5u, 17u, 257u, 65537u}) CHECK(power(map, kOrder / prime) != identity);
}

TEST_CASE("stochastic: elements replay exactly from the seed, lane by lane") {
  for (const Format g : kOperandFormats) {
    Random random(4, static_cast<uint64_t>(g));
    for (int lane = 0; lane < 16; ++lane) {
      uint32_t ours = oracle::seeded(77, lane), theirs = assay::seeded(77, lane);
      for (uint64_t i = 0; i < 12000 / kSlower; ++i) {
        const CastCase c{static_cast<uint32_t>(random.next()), g, (i & 1) != 0, oracle::random_of(ours)};
        const FloatResult got = assay::narrow(c.x, g, c.saturate, assay::random_of(theirs));
        const Rounded want = oracle::narrow(c.x, g, c.saturate, c.random);
        if (got.bits != want.bits || got.flags != want.flags) FAIL(describe(c));
        ours = oracle::step(ours), theirs = assay::xorshift(theirs);
      }
    }
  }
}

TEST_CASE("stochastic: over all 65,536 R the share rounded up differs from the fraction by at most 2^-17") {
  double worst = 0;
  for (const Format g : kOperandFormats) {
    Random random(5, static_cast<uint64_t>(g));
    for (uint64_t i = 0; i < 60 / (kSlower == 1 ? 1 : 10); ++i) {
      const Between b = between(random, g);
      const uint32_t down = assay::narrow(b.x, g, false, uint16_t{0}).bits;
      uint32_t up = 0;
      for (uint32_t r = 0; r < 65536; ++r) {
        const uint32_t bits = assay::narrow(b.x, g, false, static_cast<uint16_t>(r)).bits;
        if (bits != down && bits != down + 1) FAIL("a result that is no neighbour");
        up += bits != down;
      }
      const double low = value_of(down, g), fraction = (static_cast<double>(std::bit_cast<float>(b.x)) - low) / b.step;
      const double deviation = std::fabs(up / 65536.0 - fraction);
      worst = std::max(worst, deviation);
      INFO(format_name(g) << " x " << b.x << " up " << up << " of 65536, fraction " << fraction);
      REQUIRE(deviation <= 0x1p-17);
    }
  }
  CHECK(worst > 0x1p-19);  // the bound is nearly reached: the fractions are fine enough to tell
}

TEST_CASE("stochastic: a million draws of the generator round up as often as the fraction says, within four standard deviations") {
  constexpr uint64_t kDraws = 1'000'000 / kSlower;
  for (const Format g : kOperandFormats) {
    for (const double delta : {1.0 / 64, 0.25, 0.5, 0.75, 63.0 / 64}) {
      const double low = value_of(layout(g).max_finite / 2, g), step = value_of(layout(g).max_finite / 2 + 1, g) - low;
      const uint32_t x = std::bit_cast<uint32_t>(static_cast<float>(low + delta * step));
      uint64_t up = 0;
      for (int lane = 0; lane < 16; ++lane) {
        uint32_t state = assay::seeded(2024, lane);
        for (uint64_t i = 0; i < kDraws / 16; ++i, state = assay::xorshift(state))
          up += assay::narrow(x, g, false, assay::random_of(state)).bits == layout(g).max_finite / 2 + 1;
      }
      const double sigma = std::sqrt(static_cast<double>(kDraws) * delta * (1 - delta));
      INFO(format_name(g) << " fraction " << delta << ": " << up << " of " << kDraws);
      CHECK(std::fabs(static_cast<double>(up) - static_cast<double>(kDraws) * delta) < 4 * sigma);
    }
  }
}

TEST_CASE("stochastic: the mean error of a million random numbers is zero within four standard deviations") {
  constexpr uint64_t kDraws = 1'000'000 / kSlower;
  for (const Format g : kOperandFormats) {
    Random random(6, static_cast<uint64_t>(g));
    uint32_t state = assay::seeded(6, 0);
    double error = 0, variance = 0;
    for (uint64_t i = 0; i < kDraws; ++i, state = assay::xorshift(state)) {
      const Between b = between(random, g);
      if (b.delta >= 1) continue;  // FP32 rounded it onto the next value
      const double rounded = value_of(assay::narrow(b.x, g, false, assay::random_of(state)).bits, g);
      error += (rounded - static_cast<double>(std::bit_cast<float>(b.x))) / b.step;
      variance += b.delta * (1 - b.delta);
    }
    INFO(format_name(g) << ": sum of errors " << error << " ulp, standard deviation " << std::sqrt(variance));
    CHECK(variance > static_cast<double>(kDraws) * 0.05);
    CHECK(std::fabs(error) < 4 * std::sqrt(variance));
  }
}
