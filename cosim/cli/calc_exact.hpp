// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace assay::cli {

/// An exact binary number: sign and magnitude, in fixed point from 2^-320 to 2^319. Every product of two operands and every FP32 number lies in
/// [2^-266, 2^256], and so does their sum; the arithmetic here shares nothing with the model's.
class Exact {
 public:
  Exact() = default;
  /// ± significand · 2^exponent.
  Exact(bool negative, uint64_t significand, int exponent);
  /// A finite double.
  explicit Exact(double value);

  bool negative() const { return negative_; }
  bool zero() const;
  int top() const;                                  ///< exponent of the leading one; the number is not 0
  int bottom() const;                               ///< exponent of the last one; the number is not 0
  bool bit(int exponent) const;                     ///< the bit that weighs 2^exponent
  bool any_below(int exponent) const;               ///< whether a bit below 2^exponent is 1
  uint64_t units(int exponent) const;               ///< ⌊|x| / 2^exponent⌋; fits 64 bits
  Exact magnitude() const;                          ///< |x|
  int compare_magnitude(const Exact& other) const;  ///< −1, 0, 1 as |x| is less than, equal to, greater than the other's

  friend Exact operator+(const Exact& a, const Exact& b);  ///< an exact 0 is +0
  friend Exact operator*(const Exact& a, const Exact& b);  ///< of numbers of at most 32 significant bits

  /// Hexadecimal, as C prints it: -0x1.8p-3. A digit repeated 12 times and more is written once with its count: 0x1.0{57}8p+0.
  std::string text() const;

 private:
  static constexpr int kLow = -320, kWords = 10;
  std::array<uint64_t, kWords> words_{};  ///< least significant first; bit 0 weighs 2^kLow
  bool negative_ = false;
};

/// One rounding to a grid of step 2^unit.
struct Rounding {
  int unit = 0;
  bool last = false, guard = false, round = false, sticky = false;  ///< last bit kept, the two after it, whether any further one is 1
  uint64_t fraction = 0;                                            ///< stochastic: ⌊δ·2^17⌋
  std::optional<uint16_t> random;
  bool up = false, exact = true;
  Exact result;
};

/// To nearest, ties to even; with a random number, up when ⌊δ·2^17⌋ + 2R + 1 ≥ 2^17.
Rounding round_on_grid(const Exact& x, int unit, std::optional<uint16_t> random);

/// The rounding in words: kept value, guard, round, sticky or the stochastic comparison, the decision.
std::string rounding_text(const Rounding& r);

}  // namespace assay::cli
