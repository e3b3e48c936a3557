// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cmath>

#include "cosim/npu/stimulus/landing.hpp"
#include "model/functional/float_numerics.hpp"

namespace assay::npu {
namespace {

using functional::layout_of;
using functional::value_of;

uint32_t bits_of(double value) { return std::bit_cast<uint32_t>(static_cast<float>(value)); }

/// One FP32 step away from zero or towards it, or none.
uint32_t beside(uint32_t bits, Random& random) {
  const uint32_t step = static_cast<uint32_t>(random.below(3)) - 1;
  return (bits & 0x7FFFFFFFu) == 0 && step == ~0u ? bits : bits + step;
}

/// Half way between a finite code and the next one (of the greatest: where the next one would stand).
double between(uint32_t code, Format format) {
  const double value = value_of(code, format);
  const double step = code == functional::greatest_code(format) ? value - value_of(code - 1, format) : value_of(code + 1, format) - value;
  return value + step / 2;
}

uint32_t any_code(Format format, Random& random) {
  const auto greatest = uint64_t{functional::greatest_code(format)};
  return static_cast<uint32_t>(random.below(greatest));
}

uint32_t special_bits(Random& random) {
  constexpr std::array<uint32_t, 6> codes{0x7F800000, 0x7FC00000, 0x7F800001, 0x7FBFFFFF, 0x7FFFFFFF, 0x7F7FFFFF};
  return codes[random.below(codes.size())];
}

uint32_t to_float(Landing landing, Format format, Random& random) {
  const functional::FloatLayout& layout = layout_of(format);
  const uint32_t least_normal = 1u << layout.mantissa_bits;
  switch (landing) {
    case Landing::Tie:
      return bits_of(between(any_code(format, random), format));
    case Landing::NearTie: {
      const uint32_t bits = bits_of(between(any_code(format, random), format));
      return random.chance(0.5) ? bits + 1 : bits - 1;
    }
    case Landing::Overflow:
    case Landing::Saturate: {
      const uint32_t greatest = functional::greatest_code(format);
      return beside(bits_of(random.chance(0.7) ? between(greatest, format) : value_of(greatest, format)), random);
    }
    case Landing::Subnormal: {
      const auto code = static_cast<uint32_t>(random.below(least_normal));
      const double quarter = value_of(1, format) / 4;
      const bool edge = random.chance(0.4);
      return beside(bits_of(edge ? layout.least_normal - quarter * static_cast<double>(random.below(4)) : between(code, format)), random);
    }
    case Landing::Zero: {
      const auto tiny = static_cast<uint32_t>(random.below(3));
      return random.chance(0.5) ? beside(bits_of(value_of(1, format) / 2), random) : tiny;
    }
    case Landing::Special:
      return special_bits(random);
  }
  return 0;
}

uint32_t to_integer_format(Landing landing, Format format, Random& random) {
  const double lo = format == Format::Uint8  ? 0
                    : format == Format::Int8 ? -128
                                             : -2147483648.0,
               hi = format == Format::Uint8  ? 255
                    : format == Format::Int8 ? 127
                                             : 2147483647.0;
  const auto reach = static_cast<int64_t>(std::min(hi, 8388607.0));
  const auto whole = static_cast<double>(random.range(static_cast<int64_t>(std::max(lo, -8388607.0)), reach));
  switch (landing) {
    case Landing::Tie:
      return bits_of(whole + 0.5);
    case Landing::NearTie: {
      const uint32_t bits = bits_of(whole + 0.5);
      return random.chance(0.5) ? bits + 1 : bits - 1;
    }
    case Landing::Overflow:
    case Landing::Saturate:
      return beside(bits_of(random.chance(0.5) ? hi + 0.5 : lo - 0.5), random);
    case Landing::Subnormal:
      return static_cast<uint32_t>(random.range(1, 0x3F000001));
    case Landing::Zero:
      return beside(bits_of(random.chance(0.5) ? 0.5 : 0.0), random);
    case Landing::Special:
      return special_bits(random);
  }
  return 0;
}

}  // namespace

uint32_t solve_conversion(Landing landing, Format format, Random& random) {
  const uint32_t sign = static_cast<uint32_t>(random.below(2)) << 31;
  if (format == Format::Fp32) return (landing == Landing::Special ? special_bits(random) : static_cast<uint32_t>(random.next())) ^ sign;
  if (is_integer(format))
    return to_integer_format(landing, format, random) ^
           (landing == Landing::Overflow || landing == Landing::Saturate || landing == Landing::Tie || landing == Landing::NearTie ? 0 : sign);
  return to_float(landing, format, random) ^ sign;
}

}  // namespace assay::npu
