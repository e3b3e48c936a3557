// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/stimulus/operands.hpp"

#include <algorithm>

#include "cosim/npu/lanes.hpp"
#include "model/functional/float_numerics.hpp"

namespace assay::npu {
namespace {

/// Range of the integer operands a command takes.
struct Range {
  int lo, hi;
};

Range range_of(const Command& command) {
  const bool is_unsigned = command.op == Op::LoadWeights ? command.weight_unsigned : command.activation_unsigned;
  return is_unsigned ? Range{0, 255} : Range{-128, 127};
}

/// Bell-shaped, as trained weights are; activations behind a ReLU are half zeros.
int bell(Range range, bool activation, Random& random) {
  int64_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += random.range(-32, 31);
  const int64_t value = sum / 2;
  const bool cut = activation && value < 0;
  return static_cast<int>(std::clamp<int64_t>(range.lo == 0 ? (cut ? 0 : value + (activation ? 0 : 128)) : (cut ? 0 : value), range.lo, range.hi));
}

int power(Range range, Random& random) {
  const int value = 1 << random.below(range.lo == 0 ? 8 : 7);
  const bool negative = random.chance(0.5);
  return range.lo < 0 && negative ? -value - (value == 64 && random.chance(0.2) ? 64 : 0) : value;
}

RandomClass integer_class(Values cls, Random& random) {
  switch (cls) {
    case Values::Zeros:
      return RandomClass::Zeros;
    case Values::Extremes:
    case Values::Storm:
      return RandomClass::Extremes;
    case Values::Corners:
    case Values::Subnormal:
    case Values::Specials:
      return random.chance(0.5) ? RandomClass::Corners : RandomClass::Extremes;
    case Values::Sparse:
      return RandomClass::Sparse;
    case Values::Small:
    case Values::Ties:
      return RandomClass::Small;
    default:
      return RandomClass::Uniform;
  }
}

/// Pairs along K whose products cancel: the activation twice, the weight once with either sign.
void cancel_pairs(std::vector<int32_t>& values, Range range, int rows, int cols, bool weights, Random& random) {
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < cols; ++c) {
      const int place = weights ? r : c;
      if (place % 2 == 0) continue;
      const auto at = static_cast<size_t>(r) * static_cast<size_t>(cols) + static_cast<size_t>(c);
      const int32_t first = values[at - (weights ? static_cast<size_t>(cols) : 1)];
      const int32_t step = random.chance(0.85) ? 0 : random.chance(0.5) ? 1 : -1;
      values[at] = std::clamp(weights && range.lo < 0 ? -first + step : first + step, range.lo, range.hi);
    }
  }
}

std::vector<int32_t> integer_values(Values cls, const Command& command, int rows, int cols, Random& random) {
  const Range range = range_of(command);
  const size_t count = static_cast<size_t>(rows) * static_cast<size_t>(cols);
  const bool weights = command.op == Op::LoadWeights;
  std::vector<int32_t> out(count);
  switch (cls) {
    case Values::Ones:
      for (int32_t& v : out) v = random.chance(0.5) || range.lo == 0 ? 1 : -1;
      return out;
    case Values::Powers:
      for (int32_t& v : out) v = power(range, random);
      return out;
    case Values::Network:
      for (int32_t& v : out) v = bell(range, !weights, random);
      return out;
    default:
      break;
  }
  out = random_values(integer_class(cls, random), count, range.lo, range.hi, random);
  if (cls == Values::Cancel) cancel_pairs(out, range, rows, cols, weights, random);
  return out;
}

FloatClass float_class(Values cls) {
  switch (cls) {
    case Values::Uniform:
      return FloatClass::Uniform;
    case Values::Zeros:
      return FloatClass::Zeros;
    case Values::Ones:
      return FloatClass::Ones;
    case Values::Powers:
      return FloatClass::Powers;
    case Values::Corners:
      return FloatClass::Corners;
    case Values::Subnormal:
      return FloatClass::Subnormal;
    case Values::Specials:
      return FloatClass::Specials;
    case Values::Ties:
      return FloatClass::Ties;
    case Values::Cancel:
      return FloatClass::Cancel;
    case Values::Sparse:
      return FloatClass::Sparse;
    case Values::Small:
      return FloatClass::Small;
    default:
      return FloatClass::Normal;
  }
}

/// Nearly every value is one that an exception is made for: where two such values meet is decided by priority.
uint32_t storm_code(Format format, Random& random) {
  const functional::FloatLayout& layout = functional::layout_of(format);
  const uint32_t sign = static_cast<uint32_t>(random.below(2)) << (layout.exponent_bits + layout.mantissa_bits);
  const uint32_t infinity = functional::infinity_code(format), greatest = functional::greatest_code(format);
  const uint32_t one = functional::encode_value(1, format);
  const uint32_t signalling = layout.infinity ? infinity + 1 : layout.nan;
  const std::array<uint32_t, 11> codes{0, 0, 1, one, one, greatest, infinity, infinity, layout.nan, signalling, 1u << layout.mantissa_bits};
  return codes[random.below(codes.size())] | sign;
}

std::vector<int32_t> float_values(Values cls, Format format, int rows, int cols, bool weights, Random& random) {
  const functional::FloatLayout& layout = functional::layout_of(format);
  const int32_t sign = 1 << (layout.exponent_bits + layout.mantissa_bits);
  const size_t count = static_cast<size_t>(rows) * static_cast<size_t>(cols);
  std::vector<int32_t> out(count);
  if (cls == Values::Storm) {
    for (int32_t& v : out) v = static_cast<int32_t>(storm_code(format, random));
    return out;
  }
  if (cls == Values::Extremes) {
    for (int32_t& v : out) v = static_cast<int32_t>(random.chance(0.6) ? functional::greatest_code(format) : 1) | (random.chance(0.5) ? sign : 0);
    return out;
  }
  out = random_codes(float_class(cls), format, rows, cols, weights ? KAxis::Rows : KAxis::Columns, random);
  if (cls == Values::Zeros || cls == Values::Ones)
    for (int32_t& v : out) v |= random.chance(0.5) ? sign : 0;
  if (cls == Values::Network && !weights)
    for (int32_t& v : out) v = (v & sign) != 0 ? 0 : v;
  return out;
}

}  // namespace

std::vector<int32_t> operand_values(Values cls, const HwConfig& config, const Command& command, int rows, int cols, Random& random) {
  if (!config.floating()) return integer_values(cls, command, rows, cols, random);
  return float_values(cls, static_cast<Format>(command.format), rows, cols, command.op == Op::LoadWeights, random);
}

std::vector<uint8_t> stream_bytes(const HwConfig& config, const Command& command, int rows, int cols, const std::vector<int32_t>& values) {
  LaneRows lanes(config, rows, cols, config.floating() ? format_bits(static_cast<Format>(command.format)) : 8);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < cols; ++c) lanes.put(r, c, values[static_cast<size_t>(r) * static_cast<size_t>(cols) + static_cast<size_t>(c)]);
  return lanes.take();
}

int draw_size(Shape shape, int limit, int most, Random& random) {
  const auto any = static_cast<int>(random.range(1, std::max(1, std::min(limit, most))));
  const auto times = static_cast<int>(random.range(2, 3));
  int size = any;
  switch (shape) {
    case Shape::Any:
      break;
    case Shape::One:
      size = 1;
      break;
    case Shape::Below:
      size = limit - 1;
      break;
    case Shape::Tile:
      size = limit;
      break;
    case Shape::Above:
      size = limit + 1;
      break;
    case Shape::Multiple:
      size = times * limit;
      break;
    case Shape::Max:
      size = most;
      break;
  }
  return std::clamp(size, 1, most);
}

std::vector<Format> operand_formats_of(const HwConfig& config) {
  std::vector<Format> out;
  for (int code = 0; code < kFormats; ++code)
    if (config.has(static_cast<Format>(code))) out.push_back(static_cast<Format>(code));
  return out;
}

uint32_t float_parameter(Values cls, Random& random) { return static_cast<uint32_t>(float_values(cls, Format::Fp32, 1, 1, true, random)[0]); }

}  // namespace assay::npu
