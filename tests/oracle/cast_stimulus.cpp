// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>

#include "tests/oracle/stimulus.hpp"

namespace assay::oracle {

namespace {

constexpr uint32_t kSign = 0x80000000u;

uint32_t bits_of(double v) { return std::bit_cast<uint32_t>(static_cast<float>(v)); }

/// Both signs of a magnitude and of its FP32 neighbours.
void add_point(std::vector<uint32_t>& points, uint32_t magnitude) {
  for (const int by : {-1, 0, 1}) {
    const int64_t near = int64_t{magnitude} + by;
    if (near < 0 || near > 0x7F800000) continue;
    points.push_back(static_cast<uint32_t>(near));
    points.push_back(static_cast<uint32_t>(near) | kSign);
  }
}

void add_float_points(std::vector<uint32_t>& points, Format g) {
  const Layout l = layout(g);
  const std::vector<float>& values = values_of(g);
  for (uint32_t code = 0; code <= l.max_finite; ++code) {
    const double value = values[code];
    const double below = code == 0 ? 0.0 : static_cast<double>(values[code - 1]);
    const double next = code == l.max_finite ? 2 * value - below : static_cast<double>(values[code + 1]);  // above max finite: one more step
    add_point(points, bits_of(value));
    if ((value + next) / 2 < 0x1p128) add_point(points, bits_of((value + next) / 2));
    if (next < 0x1p128) add_point(points, bits_of(next));
  }
  // Where tininess ends: the midpoint below the smallest normal number of a grid that goes on with l.precision() bits.
  const double normal = std::ldexp(1.0, l.min_normal_exponent());
  add_point(points, bits_of(normal - std::ldexp(normal, -l.precision() - 1)));
}

void add_integer_points(std::vector<uint32_t>& points, Format g) {
  for (int halves = 0; halves <= 2 * 300; ++halves) add_point(points, bits_of(halves / 2.0));
  if (g != Format::Int32) return;
  for (int e = 8; e <= 33; ++e)  // where halves still exist, and the ends of the range
    for (int m = -8; m <= 8; ++m) add_point(points, bits_of(std::ldexp(1.0, e) + m / 2.0));
}

}  // namespace

std::vector<uint32_t> encode_points(Format g) {
  std::vector<uint32_t> points;
  if (is_integer(g)) {
    add_integer_points(points, g);
  } else if (g != Format::Fp32) {
    add_float_points(points, g);
  }
  for (const uint32_t magnitude : {0u, 1u, 2u, 0x7FFFFFu, 0x800000u, 0x7F7FFFFFu, 0x7F800000u}) {
    points.push_back(magnitude);
    points.push_back(magnitude | kSign);
  }
  for (const uint32_t nan : {0x7F800001u, 0x7FBFFFFFu, 0x7FC00000u, 0x7FC00001u, 0x7FFFFFFFu}) {
    points.push_back(nan);
    points.push_back(nan | kSign);
  }
  return points;
}

CastCase CastStimulus::at(uint64_t i) const {
  Random r(seed_, i);
  const bool narrow = !is_integer(g_) && g_ != Format::Fp32;
  const bool stochastic = narrow && (r.next() & 1) != 0;
  const auto random = static_cast<uint16_t>(r.below(4) == 0 ? (r.below(2) == 0 ? 0 : 0xFFFF) : r.next() >> 48);
  CastCase c{0, g_, narrow && (r.next() & 1) != 0, stochastic ? std::optional<uint16_t>(random) : std::nullopt};
  const uint64_t kind = i % 4;
  if (kind == 0) {
    c.x = static_cast<uint32_t>(r.next());
  } else if (kind == 1 || !narrow) {
    c.x = points_[r.below(points_.size())];
  } else if (kind == 2) {  // the fraction at which R decides, and the FP32 numbers next to it
    const Layout l = layout(g_);
    const auto code = static_cast<uint32_t>(r.below(l.max_finite + 1));
    const double value = values_of(g_)[code];
    const double step = code == l.max_finite ? value - static_cast<double>(values_of(g_)[code - 1]) : static_cast<double>(values_of(g_)[code + 1]) - value;
    const double x = value + step * (0x1p17 - 2.0 * random - 1.0) * 0x1p-17;
    const int64_t bits = int64_t{bits_of(x)} + r.range(-2, 2);
    c.x = static_cast<uint32_t>(std::clamp<int64_t>(bits, 0, 0x7F7FFFFF)) | ((r.next() & 1) != 0 ? kSign : 0);
  } else {  // around the ends of the format's range
    const Layout l = layout(g_);
    const int e =
        (r.next() & 1) != 0 ? l.bias + static_cast<int>(r.range(-1, 2)) : l.min_normal_exponent() - static_cast<int>(r.range(-2, l.mantissa_bits + 4));
    const auto field = static_cast<uint32_t>(std::clamp(e + 127, 0, 254));
    c.x = ((r.next() & 1) != 0 ? kSign : 0) | (field << 23) | static_cast<uint32_t>(r.next() & 0x7FFFFF);
  }
  return c;
}

CastCase uniform_cast(Format g, uint64_t seed, uint64_t i) {
  Random r(seed ^ 0x55, i);
  const uint64_t word = r.next(), modes = r.next();
  const bool narrow = !is_integer(g) && g != Format::Fp32;
  const bool stochastic = narrow && (modes & 1) != 0;
  return {static_cast<uint32_t>(word), g, narrow && (modes & 2) != 0, stochastic ? std::optional<uint16_t>(static_cast<uint16_t>(word >> 48)) : std::nullopt};
}

}  // namespace assay::oracle
