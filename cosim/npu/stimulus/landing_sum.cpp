// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "cosim/npu/stimulus/landing.hpp"
#include "model/functional/float_numerics.hpp"

namespace assay::npu {
namespace {

using functional::encode_value;
using functional::value_of;

/// Products of codes of two formats.
class Products {
 public:
  Products(Format activation, Format weight, Random& random) : activation_(activation), weight_(weight), random_(random) {}

  /// Bits of an activation's significand.
  int bits() const { return functional::layout_of(activation_).mantissa_bits + 1; }
  int highest() const { return top_of(activation_) + top_of(weight_); }  ///< greatest exponent of a product's leading bit, of powers of two
  int lowest() const { return bottom_of(activation_) + bottom_of(weight_); }

  /// A term of exactly significand·2^exponent, the weight a power of two; nothing when no pair of codes has that product.
  std::optional<Term> exactly(int64_t significand, int exponent) {
    const int first = bottom_of(weight_), count = top_of(weight_) - first + 1;
    const auto start = static_cast<int>(random_.below(static_cast<uint64_t>(count)));
    for (int i = 0; i < count; ++i) {
      const int w = first + (start + i) % count;
      if (const auto code = activation(std::ldexp(static_cast<double>(significand), exponent - w)))
        return Term{*code, encode_value(std::ldexp(1.0, w), weight_)};
    }
    return std::nullopt;
  }
  uint32_t special(Format format, int kind) const;
  Format format(bool weight) const { return weight ? weight_ : activation_; }

 private:
  static int top_of(Format f) { return std::ilogb(functional::layout_of(f).greatest); }
  static int bottom_of(Format f) { return std::ilogb(functional::layout_of(f).least_normal) - functional::layout_of(f).mantissa_bits; }
  std::optional<uint32_t> activation(double value) const {
    const uint32_t code = encode_value(value, activation_);
    return value_of(code, activation_) == value ? std::optional(code) : std::nullopt;
  }

  Format activation_, weight_;
  Random& random_;
};

/// 0 … 6: zero, one, infinity (or NaN), quiet NaN, signalling NaN (or NaN), greatest, least subnormal.
uint32_t Products::special(Format format, int kind) const {
  const functional::FloatLayout& layout = functional::layout_of(format);
  const uint32_t infinity = functional::infinity_code(format);
  const std::array<uint32_t, 7> codes{
      0, encode_value(1, format), infinity, layout.nan, layout.infinity ? infinity + 1 : layout.nan, functional::greatest_code(format), 1};
  return codes[static_cast<size_t>(kind)];
}

class SumSolver {
 public:
  SumSolver(Products products, Random& random) : products_(products), random_(random) {}

  std::optional<std::vector<Term>> solve(Landing landing) {
    switch (landing) {
      case Landing::Tie:
        return tie(false);
      case Landing::NearTie:
        return tie(true);
      case Landing::Overflow:
      case Landing::Saturate:
        return overflow();
      case Landing::Subnormal:
        return subnormal();
      case Landing::Zero:
        return zero();
      case Landing::Special:
        return special();
    }
    return std::nullopt;
  }

 private:
  bool add(int64_t significand, int exponent) {
    const auto term = products_.exactly(significand, exponent);
    if (term) terms_.push_back(*term);
    return term.has_value();
  }
  int sign() { return random_.chance(0.5) ? 1 : -1; }
  /// A significand of all an activation's bits, the leading one set.
  int64_t full() { return (int64_t{1} << (products_.bits() - 1)) | static_cast<int64_t>(random_.below(uint64_t{1} << (products_.bits() - 1))); }
  std::optional<std::vector<Term>> done(bool all) { return all ? std::optional(std::move(terms_)) : std::nullopt; }

  /// Leading bit at 2^e, last FP32 place 2^(e − 23) odd or even, then half of it: all of it or a little more or less.
  std::optional<std::vector<Term>> tie(bool near) {
    const int p = products_.bits();
    const int e = static_cast<int>(random_.range(std::max(products_.lowest() + 25, -125), std::min(products_.highest(), 126)));
    const int s = sign();
    const bool odd = random_.chance(0.5), half = !near;
    // No power of two: below one the places are half as wide, and half a place is a number.
    const int64_t first = full() | 1, second = 2 * static_cast<int64_t>(random_.below(uint64_t{1} << (p - 1))) + 1;
    const int direction = sign(), off = sign();
    bool all = add(s * first, e - (p - 1));
    if (odd) all = all && add(s * second, e - 23);
    if (half) return done(all && add(s * direction, e - 24));
    return done(all && add(s * direction * ((int64_t{1} << (p - 1)) + off), e - 24 - (p - 1)));
  }

  /// All ones up to 2^128 − 2^104, then half of the last place, or a little less, or more.
  std::optional<std::vector<Term>> overflow() {
    const int p = products_.bits(), s = sign();
    for (int top = 127; top >= 104; top -= p) {
      const int width = std::min(p, top - 103);
      if (!add(s * ((int64_t{1} << width) - 1), top - (width - 1))) return std::nullopt;
    }
    switch (random_.below(4)) {
      case 0:
        return done(add(s, 103));
      case 1:
        return done(add(s * ((int64_t{1} << p) - 1), 103 - p));
      case 2:
        return done(add(s * ((int64_t{1} << (p - 1)) + 1), 103 - (p - 1)));
      default:
        return done(add(-s, 103 - static_cast<int>(random_.below(3))));
    }
  }

  /// The same with either sign.
  int64_t signed_full() {
    const int64_t magnitude = full();
    return sign() * magnitude;
  }

  /// Around 2^−126, where the grid stops getting finer, and below.
  std::optional<std::vector<Term>> subnormal() {
    const int p = products_.bits(), s = sign();
    const auto depth = static_cast<int>(random_.range(0, 3));
    const auto what = random_.below(4);
    if (what == 0) return done(add(s, -126) && add(-s * static_cast<int>(random_.range(1, 3)), -150 - depth + 1));
    if (what == 1) return done(add(s * ((int64_t{1} << p) - 1), -126 - p) && add(s * static_cast<int>(random_.range(1, 3)), -151 + depth));
    if (what == 2) {  // one product, cut by the grid
      const auto place = static_cast<int>(random_.range(-p, 4));
      return done(add(signed_full(), -149 + place));
    }
    const int64_t one = signed_full(), two = signed_full();
    const auto above = static_cast<int>(random_.range(0, 20)), below = static_cast<int>(random_.range(1, p + 2));
    return done(add(one, -149 + above) && add(two, -149 - below));
  }

  std::optional<std::vector<Term>> zero() {
    const int p = products_.bits();
    const int e = static_cast<int>(random_.range(std::max(products_.lowest() + 2 * p, -140), std::min(products_.highest() - p, 120)));
    const int64_t one = signed_full(), two = static_cast<int64_t>(random_.below(uint64_t{1} << (p - 1))) + 1;
    if (random_.chance(0.5)) return done(add(one, e) && add(-one, e));
    return done(add(one, e) && add(two, e) && add(-two, e) && add(-one, e));
  }

  /// A NaN, infinity or number, then a pair that asks which rule comes first.
  std::optional<std::vector<Term>> special() {
    const auto code = [&](bool weight, int kind) {
      const Format f = products_.format(weight);
      const functional::FloatLayout& layout = functional::layout_of(f);
      return products_.special(f, kind) | static_cast<uint32_t>(random_.below(2)) << (layout.exponent_bits + layout.mantissa_bits);
    };
    constexpr std::array<std::array<int, 2>, 6> first{{{1, 1}, {3, 1}, {4, 1}, {2, 1}, {5, 5}, {6, 6}}};
    constexpr std::array<std::array<int, 2>, 9> second{{{2, 0}, {0, 2}, {2, 1}, {1, 2}, {4, 1}, {3, 2}, {3, 0}, {2, 4}, {0, 0}}};
    for (const auto& [a, w] : {first[random_.below(first.size())], second[random_.below(second.size())]}) terms_.push_back({code(false, a), code(true, w)});
    return done(true);
  }

  Products products_;
  Random& random_;
  std::vector<Term> terms_;
};

}  // namespace

std::optional<std::vector<Term>> solve_sum(Landing landing, Format activation, Format weight, Random& random) {
  for (int attempt = 0; attempt < 8; ++attempt)
    if (auto terms = SumSolver(Products(activation, weight, random), random).solve(landing)) return terms;
  return std::nullopt;
}

}  // namespace assay::npu
