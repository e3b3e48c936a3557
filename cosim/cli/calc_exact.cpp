// SPDX-License-Identifier: Apache-2.0
#include "cosim/cli/calc_exact.hpp"

#include <bit>
#include <cmath>

#include "cosim/cli/calc.hpp"
#include "model/common/assert.hpp"

namespace assay::cli {

Exact::Exact(bool negative, uint64_t significand, int exponent) : negative_(negative && significand != 0) {
  if (significand == 0) return;
  const int at = exponent - kLow;
  ASSAY_ASSERT(at >= 0 && at + 64 <= 64 * kWords);  // so that 64 significant bits fit below the top
  const auto word = static_cast<size_t>(at / 64);
  const int shift = at % 64;
  words_[word] = significand << shift;
  if (shift != 0 && word + 1 < kWords) words_[word + 1] = significand >> (64 - shift);
}

Exact::Exact(double value) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);  // in [1/2, 1): 2^53 of it is an integer
  auto significand = static_cast<uint64_t>(std::ldexp(fraction, 53));
  const int zeros = significand == 0 ? 0 : std::countr_zero(significand);
  *this = Exact(std::signbit(value), significand >> zeros, exponent - 53 + zeros);
}

bool Exact::zero() const {
  for (const uint64_t word : words_)
    if (word != 0) return false;
  return true;
}

int Exact::top() const {
  for (int w = kWords; w-- > 0;)
    if (words_[static_cast<size_t>(w)] != 0) return kLow + 64 * w + 63 - std::countl_zero(words_[static_cast<size_t>(w)]);
  return kLow;
}

int Exact::bottom() const {
  for (int w = 0; w < kWords; ++w)
    if (words_[static_cast<size_t>(w)] != 0) return kLow + 64 * w + std::countr_zero(words_[static_cast<size_t>(w)]);
  return kLow;
}

bool Exact::bit(int exponent) const {
  const int at = exponent - kLow;
  return at >= 0 && at < 64 * kWords && (words_[static_cast<size_t>(at / 64)] >> (at % 64) & 1) != 0;
}

bool Exact::any_below(int exponent) const { return !zero() && bottom() < exponent; }

uint64_t Exact::units(int exponent) const {
  ASSAY_ASSERT(zero() || top() - exponent < 64);
  uint64_t value = 0;
  for (int i = 63; i >= 0; --i) value = value << 1 | (bit(exponent + i) ? 1u : 0u);
  return value;
}

Exact Exact::magnitude() const {
  Exact x = *this;
  x.negative_ = false;
  return x;
}

int Exact::compare_magnitude(const Exact& other) const {
  for (size_t w = kWords; w-- > 0;)
    if (words_[w] != other.words_[w]) return words_[w] < other.words_[w] ? -1 : 1;
  return 0;
}

Exact operator+(const Exact& a, const Exact& b) {
  const bool a_larger = a.compare_magnitude(b) >= 0, subtract = a.negative_ != b.negative_;
  const Exact& large = a_larger ? a : b;
  const Exact& small = a_larger ? b : a;
  Exact sum;
  uint64_t carry = 0;
  for (size_t w = 0; w < Exact::kWords; ++w) {
    using Wide = unsigned __int128;
    const Wide wide = subtract ? Wide{large.words_[w]} - small.words_[w] - carry : Wide{large.words_[w]} + small.words_[w] + carry;
    sum.words_[w] = static_cast<uint64_t>(wide);
    carry = static_cast<uint64_t>(wide >> 64) & 1;  // of a difference: the borrow
  }
  sum.negative_ = large.negative_ && !sum.zero();
  return sum;
}

Exact operator*(const Exact& a, const Exact& b) {
  if (a.zero() || b.zero()) return {};
  return {a.negative_ != b.negative_, a.units(a.bottom()) * b.units(b.bottom()), a.bottom() + b.bottom()};
}

std::string Exact::text() const {
  if (zero()) return "0x0p+0";
  const int first = top(), last = bottom();
  std::string digits;
  for (int at = first - 4; at > last - 4; at -= 4)
    digits += hex_digits((bit(at + 3) ? 8u : 0u) | (bit(at + 2) ? 4u : 0u) | (bit(at + 1) ? 2u : 0u) | (bit(at) ? 1u : 0u), 1);
  std::string shown;
  for (size_t i = 0; i < digits.size();) {
    const size_t end = std::min(digits.find_first_not_of(digits[i], i), digits.size());
    shown += end - i >= 12 ? digits[i] + ("{" + std::to_string(end - i) + "}") : digits.substr(i, end - i);
    i = end;
  }
  return std::string(negative_ ? "-" : "") + "0x1" + (shown.empty() ? "" : ".") + shown + "p" + (first < 0 ? "-" : "+") + std::to_string(std::abs(first));
}

Rounding round_on_grid(const Exact& x, int unit, std::optional<uint16_t> random) {
  Rounding r;
  r.unit = unit;
  r.last = x.bit(unit);
  r.guard = x.bit(unit - 1);
  r.round = x.bit(unit - 2);
  r.sticky = x.any_below(unit - 2);
  r.exact = !r.guard && !r.round && !r.sticky;
  r.random = random;
  for (int i = 1; i <= 17; ++i) r.fraction = r.fraction << 1 | (x.bit(unit - i) ? 1u : 0u);
  r.up = random ? !r.exact && r.fraction + 2u * *random + 1 >= 1u << 17 : r.guard && (r.round || r.sticky || r.last);
  r.result = Exact(x.negative(), x.units(unit) + (r.up ? 1u : 0u), unit);
  return r;
}

std::string rounding_text(const Rounding& r) {
  const auto digit = [](bool bit) { return std::string(bit ? "1" : "0"); };
  const std::string step = "step 2^" + std::to_string(r.unit) + ": ";
  if (r.exact) return step + "nothing is lost: " + r.result.text();
  std::string why;
  if (r.random) {
    const uint64_t sum = r.fraction + 2u * *r.random + 1;
    why = "fraction " + hex_digits(r.fraction, 5) + " + 2 * R " + hex_digits(*r.random, 4) + " + 1 = " + hex_digits(sum, 5) +
          (r.up ? ", 20000 or more" : ", below 20000");
  } else {
    const bool tie = r.guard && !r.round && !r.sticky;
    why = "last " + digit(r.last) + ", guard " + digit(r.guard) + ", round " + digit(r.round) + ", sticky " + digit(r.sticky) +
          (tie       ? ": a tie, to even"
           : r.guard ? ": more than half"
                     : ": less than half");
  }
  return step + why + ", " + (r.up ? "up" : "down") + ": " + r.result.text();
}

}  // namespace assay::cli
