// SPDX-License-Identifier: Apache-2.0
#include "vectors/digits/int8_net.hpp"
#include "tests/catch.hpp"

using namespace assay::vectors;

TEST_CASE("int8_net: splitmix64 gives the published sequence of seed 1234567") {
  SplitMix64 random(1234567);
  CHECK(random.next() == 6457827717110365317u);
  CHECK(random.next() == 3203168211198807973u);
  CHECK(random.next() == 9817491932198370423u);
}

TEST_CASE("int8_net: double rounding takes ties away from zero, single rounding upwards") {
  const Scale half{1 << 30, 0}, eighth{1 << 30, -2};
  CHECK(requantise(3, half, true) == 2);
  CHECK(requantise(-3, half, true) == -1);
  CHECK(requantise(-3, half, false) == -1);    // its first step rounds upwards too
  CHECK(requantise(-12, eighth, true) == -1);  // −1.5
  CHECK(requantise(-12, eighth, false) == -2);
  CHECK(requantise(3, eighth, true) == 0);   // 0.375
  CHECK(requantise(3, eighth, false) == 1);  // 1.5 → 2, then 0.5 → 1
  CHECK(requantise(INT32_MIN, {INT32_MAX, 30}, false) == -2147483647);
  CHECK(requantise(INT32_MIN, {INT32_MAX, 30}, true) == INT32_MIN);
  CHECK(requantise(INT32_MAX, {0, -31}, false) == 0);
}

TEST_CASE("int8_net: a factor becomes multiplier and shift, rounded half away") {
  CHECK(quantize_multiplier(1.0).multiplier == 1 << 30);
  CHECK(quantize_multiplier(1.0).shift == 1);
  CHECK(quantize_multiplier(0.75 * 0x1p-6).multiplier == 3 << 29);
  CHECK(quantize_multiplier(0.75 * 0x1p-6).shift == -6);
  CHECK(quantize_multiplier(1.0 - 0x1p-40).multiplier == 1 << 30);
  CHECK(quantize_multiplier(1.0 - 0x1p-40).shift == 1);
  CHECK(quantize_multiplier(0.0).multiplier == 0);
  CHECK_THROWS(quantize_multiplier(0x1p-40));
}

TEST_CASE("int8_net: the exponential is within 2 ulp of the library's") {
  for (int i = 0; i <= 4000; ++i) {
    const double x = -0.01 * i, want = std::exp(x);
    CHECK(std::fabs(exp_negative(x) - want) <= 2.0 * 0x1p-52 * want);
  }
  CHECK(exp_negative(0.0) == 1.0);
  CHECK(exp_negative(-1000.0) == 0.0);
}
