// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "cosim/npu/stimulus/landing.hpp"

namespace assay::npu {
namespace {

using functional::ColumnParams;
using functional::OutputMode;

int32_t requantised(int32_t x, const ColumnParams& params, bool single) {
  bool saturated = false;
  return single ? functional::requantise_single(x, params.multiplier, params.shift, saturated)
                : functional::requantise_double(x, params.multiplier, params.shift, saturated);
}

uint32_t any_multiplier(Random& random) {
  constexpr std::array<uint32_t, 3> corners{1u << 30, (1u << 31) - 1, (1u << 30) + 1};
  const auto any = static_cast<uint32_t>(random.range(1 << 30, INT32_MAX));
  return random.chance(0.2) ? corners[random.below(corners.size())] : any;
}

/// x·m = (2t + 1)·2^(30 − s), with 2t + 1 = d·q, m = d·2^j in [2^30, 2^31) and x = q·2^(30 − s − j): a tie of mode single, and of mode double in its only or
/// its second rounding, since the first is exact then, or a tie, too, when s is 0.
Requantisation tie(bool around_zero, Random& random) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto d = 2 * static_cast<int64_t>(random.below(around_zero ? 1 : 128)) + 1;
    const int log = 63 - std::countl_zero(static_cast<uint64_t>(d));
    const int shift = static_cast<int>(random.range(-16, std::min(log, 6)));
    int64_t q = 2 * static_cast<int64_t>(random.below(around_zero ? 1 : static_cast<uint64_t>(600 / (2 * d) + 1))) + 1;
    if (random.chance(0.5)) q = -q;
    const int64_t x = q * (int64_t{1} << (log - shift));
    if (x < INT32_MIN || x > INT32_MAX) continue;
    return {{0, static_cast<uint32_t>(d << (30 - log)), shift}, static_cast<int32_t>(x)};
  }
  return {{0, 1u << 30, 0}, 1};
}

/// The first x whose requantised value is at least `goal` (they rise with x); INT32_MAX when none is.
int32_t first_reaching(int64_t goal, const ColumnParams& params, bool single) {
  int64_t below = int64_t{INT32_MIN} - 1, there = INT32_MAX;
  while (there - below > 1) {
    const int64_t middle = below + (there - below) / 2;
    (requantised(static_cast<int32_t>(middle), params, single) >= goal ? there : below) = middle;
  }
  return static_cast<int32_t>(there);
}

Requantisation edge(const OutputMode& mode, Random& random) {
  Requantisation out;
  out.params.multiplier = any_multiplier(random);
  out.params.shift = static_cast<int>(random.range(-20, 8));
  if (out.params.shift > 0 && random.chance(0.5)) {  // x·2^s at an end of INT32
    const int64_t end = int64_t{1} << (31 - out.params.shift);
    out.x = static_cast<int32_t>(random.chance(0.5) ? end - (random.chance(0.5) ? 1 : 0) : -end - (random.chance(0.5) ? 1 : 0));
    return out;
  }
  const int64_t lo = mode.output_unsigned ? 0 : -128;
  const std::array<int64_t, 6> goals{
      lo - mode.zero_point,  lo + 256 - mode.zero_point, int64_t{mode.clamp_lo} - mode.zero_point, int64_t{mode.clamp_hi} + 1 - mode.zero_point, INT32_MAX,
      int64_t{INT32_MIN} + 1};
  out.x = first_reaching(goals[random.below(random.chance(0.85) ? 4 : 6)], out.params, mode.single);
  return out;
}

}  // namespace

Requantisation solve_requantisation(Landing landing, const OutputMode& mode, Random& random) {
  Requantisation out;
  switch (landing) {
    case Landing::Tie:
      return tie(false, random);
    case Landing::Zero:
      return tie(true, random);
    case Landing::NearTie: {
      out = tie(false, random);
      const bool of_x = random.chance(0.5), up = random.chance(0.5);
      if (of_x)
        out.x += up ? (out.x < INT32_MAX ? 1 : -1) : (out.x > INT32_MIN ? -1 : 1);
      else
        out.params.multiplier += up && out.params.multiplier < INT32_MAX ? 1 : out.params.multiplier > 1u << 30 ? ~0u : 1;
      return out;
    }
    case Landing::Saturate:
      return edge(mode, random);
    case Landing::Overflow:
      out.params = {0, any_multiplier(random), static_cast<int>(random.range(-31, 0))};
      out.x = random.chance(0.5) ? INT32_MAX - static_cast<int32_t>(random.below(3)) : INT32_MIN + static_cast<int32_t>(random.below(3));
      return out;
    default: {
      constexpr std::array<int, 4> shifts{-31, -30, 30, 29};
      constexpr std::array<int32_t, 6> values{0, 1, -1, INT32_MAX, INT32_MIN, 1 << 30};
      out.params = {0, random.chance(0.3) ? 0 : any_multiplier(random), shifts[random.below(shifts.size())]};
      out.x = values[random.below(values.size())];
      return out;
    }
  }
}

}  // namespace assay::npu
