// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cosim/common/random.hpp"
#include "model/functional/numerics.hpp"
#include "tests/catch.hpp"

using namespace assay;
using namespace assay::functional;

namespace {

__extension__ typedef __int128 Int128;  // the oracle's width: nothing of section 5 comes near its limits

Int128 floor_divide(Int128 a, Int128 b) {
  const Int128 q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

struct Result {
  int32_t value;
  bool saturated;
  bool operator==(const Result&) const = default;
};

Result saturate(Int128 v) {
  const Int128 c = std::min<Int128>(std::max<Int128>(v, INT32_MIN), INT32_MAX);
  return {static_cast<int32_t>(c), c != v};
}

Result oracle_double(int32_t x, uint32_t m, int s) {
  const Result scaled = saturate(Int128{x} * (Int128{1} << std::max(s, 0)));
  const Int128 h = floor_divide(Int128{scaled.value} * m + (Int128{1} << 30), Int128{1} << 31);
  const Int128 unit = Int128{1} << std::max(-s, 0);
  const Int128 magnitude = (2 * (h < 0 ? -h : h) + unit) / (2 * unit);  // nearest, ties away from zero, as a rational
  return {static_cast<int32_t>(h < 0 ? -magnitude : magnitude), scaled.saturated};
}

Result oracle_single(int32_t x, uint32_t m, int s) { return saturate(floor_divide(Int128{x} * m + (Int128{1} << (30 - s)), Int128{1} << (31 - s))); }

Result run(bool single, int32_t x, uint32_t m, int s) {
  Result out{0, false};
  out.value = single ? requantise_single(x, m, s, out.saturated) : requantise_double(x, m, s, out.saturated);
  return out;
}

constexpr std::array<int32_t, 17> kCorners{INT32_MIN, INT32_MIN + 1, -(1 << 30), -65536, -256, -129, -3, -2, -1, 0, 1, 2, 3, 127, 255, 1 << 30, INT32_MAX};
constexpr std::array<uint32_t, 7> kMultipliers{0, 1u << 30, (1u << 30) + 1, 3u << 29, 0x5A5A5A5A, (1u << 31) - 2, (1u << 31) - 1};

}  // namespace

TEST_CASE("functional: requantisation equals 128-bit arithmetic on corners at every shift") {
  for (int s = -31; s <= 30; ++s)
    for (const uint32_t m : kMultipliers)
      for (const int32_t x : kCorners) {
        INFO("x " << x << " m " << m << " s " << s);
        REQUIRE(run(false, x, m, s) == oracle_double(x, m, s));
        REQUIRE(run(true, x, m, s) == oracle_single(x, m, s));
      }
}

TEST_CASE("functional: requantisation equals 128-bit arithmetic on random operands and on ties") {
  Random random(3, 1);
  for (int i = 0; i < 300000; ++i) {
    const int s = static_cast<int>(random.range(-31, 30));
    // The power of two makes x·m a multiple of the divisor's half, where ties are.
    const uint32_t m = random.chance(0.5) ? 1u << 30 : static_cast<uint32_t>(random.range(1 << 30, INT32_MAX));
    const auto x = static_cast<int32_t>(random.range(INT32_MIN, INT32_MAX) >> random.below(32));
    INFO("x " << x << " m " << m << " s " << s);
    REQUIRE(run(false, x, m, s) == oracle_double(x, m, s));
    REQUIRE(run(true, x, m, s) == oracle_single(x, m, s));
  }
}

TEST_CASE("functional: the two modes differ exactly where the second rounding makes a tie") {
  // 5 · 2^30 / 2^31 = 2.5: double rounds to 3, then 3/4 = 0.75 to 1; single computes 5/8 = 0.625 to 1.
  CHECK(run(false, 5, 1u << 30, -2).value == 1);
  CHECK(run(true, 5, 1u << 30, -2).value == 1);
  // 3 · ½ = 1.5 → 2, 2/4 = 0.5 → 1; single: 0.375 → 0.
  CHECK(run(false, 3, 1u << 30, -2).value == 1);
  CHECK(run(true, 3, 1u << 30, -2).value == 0);
  // Negative ties: −1.5 → −1 (half up at 2^31), −1/4 → 0.
  CHECK(run(false, -3, 1u << 30, -2).value == 0);
  CHECK(run(false, -1, 1u << 30, 0).value == 0);
  CHECK(run(true, -1, 1u << 30, 0).value == 0);
  CHECK(run(false, -4, 1u << 30, -2).value == -1);  // −2 / 4 = −0.5, away from zero
  CHECK(run(true, -4, 1u << 30, -2).value == 0);    // ⌊−0.5 + 0.5⌋
}

TEST_CASE("functional: a lane saturates by flag, clamps silently and looks up bytes of either signedness") {
  Table table;
  for (size_t i = 0; i < 256; ++i) table.entries[i] = static_cast<uint8_t>(255 - i);
  table.written.fill(true);
  table.written[16] = false;  // entries 128 … 135: −128 … −121
  const ColumnParams identity{0, 1u << 30, 1};
  Flags flags;
  OutputMode mode;
  CHECK(output_lane(100, identity, mode, table, flags) == 100);
  mode.clamp_hi = 6;
  CHECK(output_lane(100, identity, mode, table, flags) == 6);
  CHECK(flags.bits() == 0);
  CHECK(output_lane(128, identity, mode, table, flags) == 6);
  CHECK(flags.bits() == 16);
  flags = {};
  mode.table = true;
  CHECK(output_lane(5, identity, mode, table, flags) == -6);  // entry 5 is 250
  mode.output_unsigned = true;
  CHECK(output_lane(5, identity, mode, table, flags) == 250);
  CHECK(flags.bits() == 0);
  mode.output_unsigned = false;
  CHECK(output_lane(-128, identity, mode, table, flags) == 0);
  CHECK(flags.bits() == 8);
  flags = {};
  const ColumnParams biased{1, 1u << 30, 1};
  CHECK(output_lane(INT32_MAX, biased, mode, table, flags) == 0);
  CHECK(flags.act_overflow);
  flags = {};
  mode.raw = true;
  CHECK(output_lane(INT32_MIN, biased, mode, table, flags) == INT32_MIN);
  CHECK(flags.bits() == 0);
}
