// SPDX-License-Identifier: Apache-2.0
#include "cosim/npu/random_values.hpp"

#include <algorithm>

#include "model/functional/float_numerics.hpp"

namespace assay::npu {
namespace {

using functional::FloatLayout;

/// Draws codes of one format.
class CodeMaker {
 public:
  CodeMaker(Format format, Random& random) : format_(format), layout_(functional::layout_of(format)), random_(random) {}

  uint32_t draw(FloatClass cls);
  /// The second term of a pair: on the other side of 0 (`negate`) or the same, as it is or one step off.
  uint32_t partner(uint32_t first, bool negate) {
    const uint32_t sign_bit = 1u << (layout_.exponent_bits + layout_.mantissa_bits);
    const uint32_t step = random_.chance(0.5) ? 0 : random_.chance(0.5) ? 1 : ~0u;
    const bool has_room = (first & (sign_bit - 1)) > 1;
    return (has_room ? first + step : first) ^ (negate ? sign_bit : 0);
  }

 private:
  /// With a random sign: callers draw the other parts before, so that the order of draws is fixed.
  uint32_t code(uint32_t exponent, uint32_t mantissa) { return (sign() << layout_.exponent_bits | exponent) << layout_.mantissa_bits | mantissa; }
  uint32_t number(double value) const { return functional::encode_value(value, format_); }
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(random_.below(n)); }
  uint32_t sign() { return below(2); }
  uint32_t ones() const { return (1u << layout_.mantissa_bits) - 1; }
  uint32_t top() const { return (1u << layout_.exponent_bits) - (layout_.infinity ? 2u : 1u); }  ///< greatest exponent field of finite numbers
  /// A sum of four uniform numbers: bell-shaped, standard deviation 1.15, within ±4.
  uint32_t normal() {
    const uint64_t bits = random_.next();
    const auto sum = static_cast<int64_t>((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48));
    return number(static_cast<double>(sum - 131070) * 0x1p-15);
  }
  uint32_t small() { return number(static_cast<double>(random_.range(-4, 4))); }
  uint32_t corner();
  uint32_t special();
  uint32_t tie();

  Format format_;
  const FloatLayout& layout_;
  Random& random_;
};

/// Finite: exponents at both ends and around 1, mantissas of few bits. The greatest exponent is rare, or all sums would be infinite.
uint32_t CodeMaker::corner() {
  const auto middle = static_cast<uint32_t>(layout_.bias);
  const uint32_t exponents[] = {0, 0, 1, middle - 1, middle, middle, middle + 1, random_.chance(0.3) ? top() : 2};
  const uint32_t mantissas[] = {0, 1, ones(), ones() - 1, (ones() + 1) / 2, below(ones() + 1)};
  const uint32_t exponent = exponents[below(8)], mantissa = mantissas[below(6)];
  const uint32_t out = code(exponent, mantissa);
  return functional::is_nan(out, format_) ? out - 1 : out;  // the greatest exponent of a format without infinity has one NaN
}

/// NaN of either kind and any payload, infinity or a zero of either sign; in a format without one of them another.
uint32_t CodeMaker::special() {
  const uint32_t all = (1u << layout_.exponent_bits) - 1;
  switch (below(4)) {
    case 0:
      return code(0, 0);
    case 1:
      return code(all, layout_.infinity ? 0 : ones());
    case 2:
      return layout_.nan;
    default: {
      const uint32_t payload = layout_.infinity ? 1 + below(ones()) : ones();
      return code(all, payload);
    }
  }
}

/// Powers of two, now and then with the last mantissa bit, whose products lie 24 and 25 places apart.
uint32_t CodeMaker::tie() {
  const int reach = std::min(12, layout_.bias - 1);
  const int exponents[] = {0, 0, reach, -reach, -reach, 1 - reach, -1};
  const auto exponent = static_cast<uint32_t>(exponents[below(7)] + layout_.bias);
  const uint32_t mantissa = random_.chance(0.7) ? 0 : random_.chance(0.5) ? 1 : ones();
  return code(exponent, mantissa);
}

uint32_t CodeMaker::draw(FloatClass cls) {
  switch (cls) {
    case FloatClass::Normal:
    case FloatClass::Cancel:
      return normal();
    case FloatClass::Uniform:
      return static_cast<uint32_t>(random_.next()) & ((1u << (layout_.exponent_bits + layout_.mantissa_bits) << 1) - 1);
    case FloatClass::Corners:
      return corner();
    case FloatClass::Subnormal: {
      const bool normal_too = random_.chance(0.1);
      const uint32_t mantissa = below(normal_too ? 2 : ones() + 1);
      return code(normal_too ? 1 : 0, mantissa);
    }
    case FloatClass::Specials:
      return random_.chance(0.08) ? special() : small();
    case FloatClass::Ties:
      return tie();
    case FloatClass::Powers: {
      const uint32_t exponent = below(top() + 1);
      const uint32_t mantissa = exponent == 0 ? 1u << below(static_cast<uint32_t>(layout_.mantissa_bits)) : 0;
      return code(exponent, mantissa);
    }
    case FloatClass::Sparse:
      return random_.chance(0.9) ? code(0, 0) : normal();
    case FloatClass::Zeros:
      return 0;
    case FloatClass::Ones:
      return number(1.0);
    case FloatClass::Small:
      return small();
  }
  return 0;
}

}  // namespace

std::vector<int32_t> random_values(RandomClass cls, size_t count, int64_t lo, int64_t hi, Random& random) {
  const auto inside = [&](int64_t v) { return std::clamp(v, lo, hi); };
  const std::array<int64_t, 7> corners{lo, inside(lo + 1), inside(-1), inside(0), inside(1), inside(hi - 1), hi};
  std::vector<int32_t> out(count);
  for (int32_t& v : out) {
    int64_t value = 0;
    switch (cls) {
      case RandomClass::Uniform:
        value = random.range(lo, hi);
        break;
      case RandomClass::Zeros:
        break;
      case RandomClass::Ones:
        value = 1;
        break;
      case RandomClass::Extremes:
        value = random.below(2) ? hi : lo;
        break;
      case RandomClass::Corners:
        value = corners[random.below(corners.size())];
        break;
      case RandomClass::Sparse:
        value = random.chance(0.9) ? inside(0) : random.range(lo, hi);
        break;
      case RandomClass::Small:
        value = random.range(inside(-4), inside(lo < 0 ? 4 : lo + 8));
        break;
    }
    v = static_cast<int32_t>(value);
  }
  return out;
}

std::vector<int32_t> random_codes(FloatClass cls, Format format, int rows, int cols, KAxis axis, Random& random) {
  CodeMaker maker(format, random);
  const auto width = static_cast<size_t>(cols);
  std::vector<int32_t> out(static_cast<size_t>(rows) * width);
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t place = axis == KAxis::Columns ? i % width : i / width;
    const bool second = cls == FloatClass::Cancel && place % 2 != 0;
    const size_t first = i - (axis == KAxis::Columns ? 1 : width);
    out[i] = static_cast<int32_t>(second ? maker.partner(static_cast<uint32_t>(out[first]), axis == KAxis::Columns) : maker.draw(cls));
  }
  return out;
}

}  // namespace assay::npu
