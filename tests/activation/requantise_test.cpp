// SPDX-License-Identifier: Apache-2.0
#include "model/activation/requantise.hpp"

#include <vector>

#include "tests/catch.hpp"
#include "tests/tile/tile_driver.hpp"

using namespace assay;

namespace {

using Wide = __int128;

Wide floor_div(Wide a, Wide b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }
Wide saturate(Wide x, bool& flag) {
  const Wide y = x > INT32_MAX ? Wide{INT32_MAX} : x < INT32_MIN ? Wide{INT32_MIN} : x;
  flag = flag || x != y;
  return y;
}

Flagged<int64_t> exact(int64_t x, int64_t m, int s, bool single) {
  bool flag = false;
  if (single) {
    const Wide y = saturate(floor_div(Wide{x} * m + (Wide{1} << (30 - s)), Wide{1} << (31 - s)), flag);
    return {static_cast<int64_t>(y), flag};
  }
  const Wide wide = saturate(Wide{x} * (Wide{1} << (s > 0 ? s : 0)), flag);
  const Wide h = floor_div(wide * m + (Wide{1} << 30), Wide{1} << 31), d = Wide{1} << (s < 0 ? -s : 0);
  const Wide nearest = (2 * (h < 0 ? -h : h) + d) / (2 * d);
  return {static_cast<int64_t>(h < 0 ? -nearest : nearest), flag};
}

bool same(int64_t x, int64_t m, int s, bool single) {
  const auto want = exact(x, m, s, single);
  const auto got = requantise<int64_t>(x, m, s, single);
  return got.value == want.value && got.flag == want.flag;
}

}  // namespace

TEST_CASE("activation: requantise equals exact 128-bit arithmetic over all shifts, with ties and extremes, in both modes") {
  const std::vector<int64_t> multipliers{0, 1ll << 30, (1ll << 30) + 1, 3ll << 29, (1ll << 31) - 1, (1ll << 31) - 2};
  std::vector<int64_t> values{INT32_MIN, INT32_MIN + 1, INT32_MAX, INT32_MAX - 1, 0, 1, -1, 2, -2, 3, -3};
  for (int bit = 1; bit < 31; ++bit)  // around powers of two, and odd multiples of them: ties of every shift
    for (int64_t d = -1; d <= 1; ++d)
      for (const int64_t x : {1ll << bit, 3ll << (bit - 1), 5ll << (bit < 29 ? bit : 28)})
        if (x + d <= INT32_MAX) values.push_back(x + d), values.push_back(-x - d);
  int wrong = 0;
  for (const int64_t m : multipliers)
    for (const int64_t x : values)
      for (int s = -31; s <= 30; ++s) wrong += !same(x, m, s, true) + !same(x, m, s, false);
  CHECK(wrong == 0);
}

TEST_CASE("activation: requantise equals exact 128-bit arithmetic on random values") {
  test::Random random{11};
  int wrong = 0;
  for (int i = 0; i < 300000; ++i) {
    const int64_t x = static_cast<int32_t>(random.next()) >> random.below(32);
    const int64_t m = (1ll << 30) + static_cast<int64_t>(random.next() >> 34);
    wrong += !same(x, m, random.range(-31, 30), random.chance(50));
  }
  CHECK(wrong == 0);
}

TEST_CASE("activation: double rounding takes ties away from zero, single rounding upwards") {
  const int64_t half = 1ll << 30;  // with shift 0 the factor is 1/2
  CHECK(requantise<int64_t>(1, half, 0, 1).value == 1);
  CHECK(requantise<int64_t>(-1, half, 0, 1).value == 0);
  CHECK(requantise<int64_t>(2, half, -1, 0).value == 1);  // h = 1, h/2 = 0.5
  CHECK(requantise<int64_t>(-2, half, -1, 0).value == -1);
  CHECK(requantise<int64_t>(-3, half, -1, 0).value == -1);  // h = -1 (ties up in the first rounding), then -0.5
}

TEST_CASE("activation: the worked examples of the specification hold") {
  const int64_t half = 1ll << 30;
  CHECK(requantise<int64_t>(1000, half, -1, 0).value == 250);
  CHECK(requantise<int64_t>(1001, half, -1, 0).value == 251);
  CHECK(requantise<int64_t>(-1002, half, -1, 0).value == -251);
  CHECK(requantise<int64_t>(-1002, half, -1, 1).value == -250);
  CHECK(requantise<int64_t>(1 << 20, half, 12, 0).value == 1 << 30);
  CHECK(requantise<int64_t>(1 << 20, half, 12, 0).flag == 1);
  CHECK(zero_point_clamp<int64_t>(120, 10, -128, 127, 0).value == 127);
  CHECK(zero_point_clamp<int64_t>(120, 10, -128, 127, 0).flag == 1);
  CHECK(zero_point_clamp<int64_t>(100, 0, 0, 6, 0).value == 6);
  CHECK(zero_point_clamp<int64_t>(100, 0, 0, 6, 0).flag == 0);
}

TEST_CASE("activation: zero point and clamp saturate to the destination format only in the flag") {
  const auto clamped = [](int64_t y, int64_t zp, int64_t lo, int64_t hi, int64_t u) { return zero_point_clamp<int64_t>(y, zp, lo, hi, u); };
  CHECK(clamped(100, 27, -128, 127, 0).value == 127);
  CHECK(clamped(100, 27, -128, 127, 0).flag == 0);
  CHECK(clamped(100, 28, -128, 127, 0).value == 127);
  CHECK(clamped(100, 28, -128, 127, 0).flag == 1);
  CHECK(clamped(100, 0, -10, 10, 0).value == 10);
  CHECK(clamped(100, 0, -10, 10, 0).flag == 0);
  CHECK(clamped(-1, 0, 0, 255, 1).flag == 1);
  CHECK(clamped(255, 0, 0, 255, 1).flag == 0);
  CHECK(clamped(INT32_MAX, 255, 0, 255, 1).value == 255);
  CHECK(clamped(INT32_MIN, -128, -128, 127, 0).value == -128);
}
