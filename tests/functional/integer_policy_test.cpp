// SPDX-License-Identifier: Apache-2.0
#include "model/functional/integer_policy.hpp"

#include <gmpxx.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "cosim/common/random.hpp"
#include "model/functional/numerics.hpp"
#include "tests/catch.hpp"

using namespace assay;

namespace {

using Range = IntegerPolicy::Range;
constexpr Rounding kRoundings[] = {Rounding::NearestEven, Rounding::HalfAway, Rounding::HalfUp, Rounding::Floor, Rounding::TowardZero};

mpz_class big(int64_t x) { return mpz_class(std::to_string(x)); }

/// x / 2^shift by exact rationals.
int64_t exact_shift(int64_t x, int shift, Rounding rounding) {
  mpz_class divisor = mpz_class(1) << static_cast<unsigned long>(shift), floor, rest;
  mpz_fdiv_qr(floor.get_mpz_t(), rest.get_mpz_t(), big(x).get_mpz_t(), divisor.get_mpz_t());
  const mpz_class twice = 2 * rest;
  bool up = twice > divisor;
  if (twice == divisor)
    up = rounding == Rounding::HalfUp || (rounding == Rounding::HalfAway && x > 0) || (rounding == Rounding::NearestEven && mpz_odd_p(floor.get_mpz_t()) != 0);
  if (rounding == Rounding::Floor) up = false;
  if (rounding == Rounding::TowardZero) up = x < 0 && rest != 0;
  return mpz_class(floor + (up ? 1 : 0)).get_si();
}

int64_t corner(Random& random) {
  const int64_t any = static_cast<int32_t>(random.next()) >> random.below(32);
  if (random.chance(0.5)) return any;
  return std::clamp<int64_t>((int64_t{1} << random.below(32)) * random.range(-3, 3) + random.range(-1, 1), INT32_MIN, INT32_MAX);
}

bool refused(auto call, const std::string& field) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return std::string(error.what()).find(field) != std::string::npos;
  }
  return false;
}

}  // namespace

TEST_CASE("functional: integer sums wrap or saturate per addition at any width, in either order") {
  Random random(41, 0);
  int wrong = 0, overflows = 0, orders = 0;
  for (int i = 0; i < 3000; ++i) {
    const IntegerPolicy p{random.chance(0.5) ? Range::Wrap : Range::Saturate, static_cast<int>(random.range(2, 48)),
                          random.chance(0.5) ? IntegerPolicy::Order::Ascending : IntegerPolicy::Order::Descending};
    const mpz_class modulus = mpz_class(1) << static_cast<unsigned long>(p.accumulator_bits), highest = modulus / 2 - 1, lowest = -modulus / 2;
    std::vector<int16_t> a, b;
    for (uint64_t k = random.below(40); k > 0; --k)
      a.push_back(static_cast<int16_t>(random.range(-128, 255))), b.push_back(static_cast<int16_t>(random.range(-128, 255)));
    mpz_class sum = 0;
    bool overflow = false;
    for (size_t k = 0; k < a.size(); ++k) {
      const size_t at = p.order == IntegerPolicy::Order::Ascending ? k : a.size() - 1 - k;
      sum += a[at] * b[at];
      if (sum >= lowest && sum <= highest) continue;
      overflow = true;
      if (p.range == Range::Saturate) {
        sum = sum > highest ? highest : lowest;
      } else {
        mpz_class low;
        mpz_fdiv_r(low.get_mpz_t(), mpz_class(sum - lowest).get_mpz_t(), modulus.get_mpz_t());
        sum = low + lowest;
      }
    }
    wrong += dot(a, b, 0, p) != IntegerResult{sum.get_si(), overflow};
    overflows += overflow;
    IntegerPolicy other = p;
    other.order = p.order == IntegerPolicy::Order::Ascending ? IntegerPolicy::Order::Descending : IntegerPolicy::Order::Ascending;
    const bool differs = dot(a, b, 0, other).value != dot(a, b, 0, p).value;
    wrong += differs && p.range == Range::Wrap;
    orders += differs;
  }
  CHECK(wrong == 0);
  CHECK(overflows > 300);
  CHECK(orders > 100);  // saturating sums depend on the order
}

TEST_CASE("functional: the default integer sum is INT32 modulo 2^32") {
  const std::vector<int16_t> a(1, 255), b(1, 255);
  CHECK(dot(a, b, INT32_MAX) == IntegerResult{INT32_MIN + 65024, true});
  CHECK(dot(a, b, INT32_MAX, {Range::Saturate, 32, IntegerPolicy::Order::Ascending}) == IntegerResult{INT32_MAX, true});
  CHECK(dot(a, b, 1) == IntegerResult{65026, false});
}

TEST_CASE("functional: every rounding division equals exact rationals on ties, neighbours and extremes") {
  Random random(42, 0);
  int wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto shift = static_cast<int>(random.below(63));
    int64_t x = static_cast<int64_t>(random.next()) >> (2 + random.below(60));
    if (random.chance(0.6)) x = ((x >> shift) << shift) + (random.chance(0.5) ? (int64_t{1} << shift) >> 1 : 0) + random.range(-1, 1);
    if (x >= int64_t{1} << 62 || x <= -(int64_t{1} << 62)) continue;
    for (const Rounding r : kRoundings) wrong += rounding_shift(x, shift, r) != exact_shift(x, shift, r);
  }
  CHECK(wrong == 0);
}

TEST_CASE("functional: the default requantisation policies are the tile's two modes") {
  Random random(43, 0);
  int wrong = 0;
  for (int i = 0; i < 200000; ++i) {
    const auto x = static_cast<int32_t>(corner(random));
    const auto m = static_cast<uint32_t>(random.chance(0.1) ? 0 : random.range(1 << 30, INT32_MAX));
    const auto s = static_cast<int>(random.range(-31, 30));
    bool saturated = false;
    const int32_t twice = functional::requantise_double(x, m, s, saturated);
    wrong += requantise(x, m, s) != RequantResult{twice, saturated};
    saturated = false;
    const int32_t once = functional::requantise_single(x, m, s, saturated);
    wrong += requantise(x, m, s, {RequantPolicy::Mode::Single, Rounding::HalfUp, Rounding::HalfAway}) != RequantResult{once, saturated};
  }
  CHECK(wrong == 0);
}

TEST_CASE("functional: both roundings of a requantisation are the named ones") {
  Random random(44, 0);
  int wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto x = static_cast<int32_t>(corner(random));
    const auto m = static_cast<uint32_t>(random.chance(0.5) ? int64_t{1} << 30 : random.range(1 << 30, INT32_MAX));
    const auto s = static_cast<int>(random.range(-31, 0));
    for (const Rounding first : kRoundings) {
      const int64_t high = exact_shift(int64_t{x} * m, 31, first);
      for (const Rounding second : kRoundings)
        wrong += requantise(x, m, s, {RequantPolicy::Mode::Double, first, second}) != RequantResult{static_cast<int32_t>(exact_shift(high, -s, second)), false};
      wrong += requantise(x, m, s, {RequantPolicy::Mode::Single, first, first}) !=
               RequantResult{static_cast<int32_t>(exact_shift(int64_t{x} * m, 31 - s, first)), false};
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("functional: the FP32 scale is the host's float product, rounded as asked") {
  Random random(45, 0);
  int wrong = 0;
  for (int i = 0; i < 200000; ++i) {
    const auto x = static_cast<int32_t>(corner(random));
    const float scale =
        std::ldexp(1.0f + static_cast<float>(random.below(1 << 23)) * 0x1p-23f, static_cast<int>(random.range(random.chance(0.1) ? -149 : -24, 4)));
    const float host = static_cast<float>(x) * scale;  // two roundings, as the policy has them
    const auto exact = static_cast<double>(host);
    const double whole[] = {std::nearbyint(exact), std::round(exact), std::floor(exact + 0.5), std::floor(exact), std::trunc(exact)};
    for (int r = 0; r < 5; ++r) {
      const double limited = std::clamp(whole[r], static_cast<double>(INT32_MIN), static_cast<double>(INT32_MAX));
      wrong += requantise(x, scale, kRoundings[r]) != RequantResult{static_cast<int32_t>(limited), limited != whole[r]};
    }
  }
  CHECK(wrong == 0);
  CHECK(requantise(INT32_MIN, 3.4e38f) == RequantResult{INT32_MIN, true});
  CHECK(requantise(0, 3.4e38f) == RequantResult{0, false});
}

TEST_CASE("functional: integer policies out of range are refused by name") {
  const std::vector<int16_t> one(1, 1), two(2, 1);
  CHECK(refused([&] { dot(one, two); }, "size"));
  CHECK(refused([&] { dot(one, one, 0, {Range::Wrap, 49, IntegerPolicy::Order::Ascending}); }, "accumulator_bits"));
  CHECK(refused([&] { dot(one, one, 200, {Range::Wrap, 8, IntegerPolicy::Order::Ascending}); }, "stored"));
  CHECK(refused([] { requantise(1, 1u << 29, 0); }, "multiplier"));
  CHECK(refused([] { requantise(1, 1u << 30, 31); }, "shift"));
  CHECK(refused([] { requantise(1, -1.0f); }, "scale"));
}
